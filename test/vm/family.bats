#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# run: --hosts 1
# kernel: 6.12
#
# N4: what is not TCP or UDP. A compartment has none of it but by a rule; compartment 0 has what it always had.

load helpers/suite
load helpers/net

host=10.99.1.2

# name, family, type, protocol: all but unix, rtnetlink, TCP and UDP; 768 is ETH_P_ALL
families='
packet-raw 17 3 768
packet-dgram 17 2 768
vsock 40 1 0
alg 38 5 0
key 15 3 2
bluetooth 31 3 1
can 29 3 1
tipc 30 2 0
xdp 44 3 0
x25 9 5 0
appletalk 5 2 0
ax25 3 5 0
llc 26 1 0
pppox 24 1 0
rds 21 5 0
rxrpc 33 2 2
kcm 41 5 0
qrtr 42 2 0
smc 43 1 0
phonet 35 2 0
ieee802154 36 2 0
nfc 39 3 0
mctp 45 2 0
netlink-generic 16 3 16
netlink-sock-diag 16 3 4
netlink-audit 16 3 9
netlink-xfrm 16 3 6
netlink-netfilter 16 3 12
netlink-uevent 16 3 15
netlink-user 16 3 2
inet-raw 2 3 253
inet-raw-tcp 2 3 6
inet-raw-ip 2 3 255
inet-raw-icmp 2 3 1
inet-ping 2 2 1
inet-sctp 2 1 132
inet-sctp-many 2 5 132
inet-dccp 2 6 33
inet-udplite 2 2 136
inet6-raw 10 3 253
inet6-raw-icmp 10 3 58
inet6-ping 10 2 58
inet6-sctp 10 1 132
inet6-udplite 10 2 136
'

setup_file() {
	net_setup
	on_host 1
	agent zero
	sysctl -qw net.ipv4.ping_group_range='0 2147483647'
}

setup() {
	afresh web tomcat
}

# each_family NAME: what comes of each
each_family() {
	local name numbers
	while read -r name numbers; do
		[ -z "$name" ] || echo "$name $(tell "$1" open 1 "$numbers")"
	done <<<"$families"
}

@test "without the module, to compare with" {
	each_family zero >"$BATS_FILE_TMPDIR/before"
	cat "$BATS_FILE_TMPDIR/before"
	[ "$(grep -c ' ok$' "$BATS_FILE_TMPDIR/before")" -ge 15 ]
}

@test "N4 compartment 0 has every family that it had" {
	each_family zero >"$BATS_TEST_TMPDIR/now"
	diff "$BATS_FILE_TMPDIR/before" "$BATS_TEST_TMPDIR/now"
}

@test "N4 NET-20 NET-21 NET-26 NET-42 NET-43 NET-44 NET-47 UNIX-07 IPC-32 a compartment has none of them" {
	run ! grep -v ' EACCES$' <(each_family web)
	denied 'COMPARTMENT web' 'security_socket_create'
}

# offered NAME: the families, types and protocols that a socket can be had of, but for the Internet's
offered() {
	local family type protocol
	for family in {1..9} {11..63}; do
		# each try asks for modules
		[ "$family" != 2 ] || continue
		[ "$(tell "$1" open 1 "$family 3 0")" != EAFNOSUPPORT ] || continue
		for type in 1 2 3 5; do
			[ "$(tell "$1" open 1 "$family $type 0")" != ok ] || echo "$family $type 0"
		done
	done
	for protocol in {1..31}; do
		[ "$(tell "$1" open 1 "16 3 $protocol")" != ok ] || echo "16 3 $protocol"
	done
}

@test "N4 of all families that this kernel offers a compartment has unix and rtnetlink" {
	offered zero >"$BATS_TEST_TMPDIR/zero"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/zero")" -ge 15 ]
	[ "$(offered web | xargs)" = "$(grep -E '^(1 [1235]|16 [23]) 0' "$BATS_TEST_TMPDIR/zero" | xargs)" ]
}

@test "N4 HOST rules for TCP and UDP give none of them" {
	rules 'COMPARTMENT web -> HOST * METHOD tcp,udp' 'HOST * -> COMPARTMENT web METHOD tcp,udp'
	run ! grep -v ' EACCES$' <(each_family web)
}

@test "N4 a compartment keeps unix sockets and rtnetlink" {
	expect ok web open 1 1 1 0
	expect ok web open 1 1 2 0
	expect ok web open 1 16 3 0
	expect ok web open 1 tcp
	expect ok web open 1 udp6
}

@test "N4 ICMP by rule: to that host, and no other" {
	rules "COMPARTMENT web -> HOST $host METHOD icmp" 'COMPARTMENT web -> HOST fd99:1::2 METHOD icmp'
	for kind in icmp rawicmp; do
		expect ok web open 1 $kind
		expect ok web echo 1 $host
		expect EACCES web echo 1 10.99.1.3
	done
	expect ok web open 1 icmp6
	expect ok web echo 1 fd99:1::2
	# icmpv6_push_pending_frames() tells its caller of no error
	expect ok web patience 500
	expect timeout web echo 1 fd99:1::3
	denied 'COMPARTMENT web -> HOST fd99:1::3 METHOD icmp' LOCAL_OUT
	expect ok web patience 15000
	expect ok web open 1 rawicmp6
	expect ok web echo 1 fd99:1::2
	expect EACCES web echo 1 fd99:1::3
	expect EACCES web open 2 raw
	expect EACCES tomcat open 1 icmp
	rules
	expect EACCES web echo 1 fd99:1::2
}

@test "N4 NET-20 raw IP by rule: to that host, and back" {
	rules "COMPARTMENT web -> HOST $host METHOD raw" 'COMPARTMENT web -> HOST fd99:1::2 METHOD raw'
	expect ok web open 1 raw
	expect EACCES web open 2 icmp
	expect ok web sendto 1 $host 0 hello
	expect EACCES web sendto 1 10.99.1.3 0 hello
	# without an IP header before the data
	expect ok web open 1 raw6
	expect ok host1 open 1 raw6
	expect ok web sendto 1 fd99:1::2 0 hello
	expect "got hello from fd99:1::1 0" host1 recv 1
	expect ok host1 sendto 1 fd99:1::1 0 hi
	expect "got hi from fd99:1::2 0" web recv 1
	expect EACCES web sendto 1 fd99:1::3 0 hello
}

@test "NET-20 a raw socket gets nothing that is another compartment's" {
	# a rule for hosts opens it; what stays on this machine is no host's
	rules 'HOST * -> COMPARTMENT web METHOD raw' 'COMPARTMENT tomcat -> COMPARTMENT default METHOD tcp'
	expect ok web open 1 rawtcp
	expect ok zero serve tcp 127.0.0.1 8007
	expect ok tomcat get tcp 127.0.0.1 8007
	expect ok tomcat get tcp 127.0.0.1 8007
	expect ok web patience 1
	expect timeout web recv 1
	# a rule for it does
	expect ok web patience 15000
	rules 'HOST * -> COMPARTMENT web METHOD raw' 'COMPARTMENT tomcat -> COMPARTMENT default METHOD tcp' \
		'COMPARTMENT tomcat -> COMPARTMENT web METHOD raw'
	expect ok tomcat get tcp 127.0.0.1 8007
	[[ $(tell web recv 1) = "got "*" from 127.0.0.1 0" ]]
	rules
	expect ok tomcat open 1 tcp
	expect EACCES tomcat connect 1 127.0.0.1 8007
}

@test "NET-23 an echo to this machine carries nothing to another compartment" {
	rules 'COMPARTMENT web -> HOST * METHOD icmp' 'HOST * -> COMPARTMENT tomcat METHOD icmp'
	expect ok tomcat open 1 rawicmp
	expect ok web open 1 icmp
	expect ok web patience 500
	tell web echo 1 127.0.0.1
	expect ok tomcat patience 1
	expect timeout tomcat recv 1
	expect ok tomcat patience 15000
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD icmp' 'COMPARTMENT web -> HOST * METHOD icmp' \
		'HOST * -> COMPARTMENT tomcat METHOD icmp'
	expect ok tomcat open 1 rawicmp
	tell web echo 1 127.0.0.1
	[[ $(tell tomcat recv 1) = "got "*" from 127.0.0.1 0" ]]
}

@test "R3 ping within compartment 0 needs no rule" {
	expect ok zero open 1 icmp
	expect ok zero echo 1 127.0.0.1
	expect ok zero open 1 icmp6
	expect ok zero echo 1 ::1
}

@test "N4 the listing of routes and addresses goes on in a compartment" {
	cgcomptctl exec web -- ip -br addr show lo | grep -q 127.0.0.1
}
