#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --hosts 1
# kernel: 6.12
#
# The ways to begin and end a TCP connection that do not go by connect() and accept().

load helpers/suite
load helpers/net

gate=10.99.1.1 host=10.99.1.2

setup_file() {
	net_setup
	# a client and a server without cookies, so that the first SYN has data
	sysctl -qw net.ipv4.tcp_fastopen=519
	on_host 1
	onhost 1 sysctl -qw net.ipv4.tcp_fastopen=519
	agent zero
}

setup() {
	afresh web tomcat cgi
}

# listener NAME ADDR PORT [fastopen]: as NAME's socket 1
listener() {
	expect ok "$1" open 1 tcp
	[ -z "${4-}" ] || expect ok "$1" set 1 fastopen 16
	expect ok "$1" bind 1 "$2" "$3"
	expect ok "$1" listen 1
}

@test "without the module Fast Open carries data in the SYN" {
	listener zero 0.0.0.0 8007 fastopen
	agent other
	expect ok other open 1 tcp
	expect ok other sendto 1 127.0.0.1 8007 early fastopen
	expect ok zero accept 1 2
	expect "got early" zero recv 2
	expect ok host1 open 1 tcp
	expect ok host1 sendto 1 $gate 8007 early fastopen
	expect ok zero accept 1 2
	expect "got early" zero recv 2
}

@test "NET-08 Fast Open to another compartment is refused at once, and its data not delivered" {
	listener tomcat 127.0.0.1 8007 fastopen
	expect ok web open 1 tcp
	expect ECONNREFUSED web sendto 1 127.0.0.1 8007 early fastopen
	denied 'COMPARTMENT web -> COMPARTMENT tomcat PORT 8007 METHOD tcp'
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8007'
	expect ok web open 1 tcp
	expect ok web sendto 1 127.0.0.1 8007 late fastopen
	expect ok tomcat accept 1 2
	expect "got late" tomcat recv 2
	expect ok tomcat patience 1
	expect timeout tomcat accept 1 2
}

@test "NET-08 Fast Open to a host is refused at once" {
	listener host1 0.0.0.0 80 fastopen
	expect ok web open 1 tcp
	expect ECONNREFUSED web sendto 1 $host 80 early fastopen
	denied "COMPARTMENT web -> HOST $host PORT 80 METHOD tcp"
	rules "COMPARTMENT web -> HOST $host METHOD tcp PORT 80"
	expect ok web open 1 tcp
	expect ok web sendto 1 $host 80 late fastopen
	expect ok host1 accept 1 2
	expect "got late" host1 recv 2
}

@test "NET-08 TCP_FASTOPEN_CONNECT is refused by connect()" {
	listener host1 0.0.0.0 80 fastopen
	expect ok web open 1 tcp
	expect ok web set 1 fastopen-connect 1
	expect EACCES web connect 1 $host 80
	rules "COMPARTMENT web -> HOST $host METHOD tcp PORT 80"
	expect ok web connect 1 $host 80
	rules
	# nothing has been sent until now
	[[ $(tell web send 1 early) = ECONN* ]]
}

@test "NET-08 Fast Open from outside is dropped without an answer" {
	listener web 0.0.0.0 80 fastopen
	expect ok host1 open 1 tcp
	expect ok host1 sendto 1 $gate 80 early fastopen
	expect ok host1 patience 2000
	expect timeout host1 recv 1
	expect ok web patience 1
	expect timeout web accept 1 2
	denied "HOST $host" 'COMPARTMENT web PORT 80 METHOD tcp'
	expect ok host1 close 1 # or it would be sent again, and allowed then
	rules "HOST $host -> COMPARTMENT web METHOD tcp PORT 80"
	expect ok host1 open 2 tcp
	expect ok host1 sendto 2 $gate 80 late fastopen
	expect ok web patience 15000
	expect ok web accept 1 2
	expect "got late" web recv 2
}

# cross A B PATIENCE: both connect to each other, from port 6001 and 6002; the first SYNs are lost, so that each one's
# second meets a socket that is opening itself
cross() {
	local name
	for name in "$1" "$2"; do
		expect ok "$name" patience "$3"
		expect ok "$name" open 1 tcp
	done
	expect ok "$1" bind 1 127.0.0.1 6001
	expect ok "$2" bind 1 127.0.0.1 6002
	tc qdisc add dev lo root netem loss 100%
	start "$1" connect 1 127.0.0.1 6002
	start "$2" connect 1 127.0.0.1 6001
	succeeds grep -q '0100007F:1771 0100007F:1772 02' /proc/net/tcp
	succeeds grep -q '0100007F:1772 0100007F:1771 02' /proc/net/tcp
	tc qdisc del dev lo root
	both="$(answered "$1") $(answered "$2")"
	echo "$both"
}

@test "NET-10 a simultaneous open needs a rule, and is the connection of one that has it" {
	modprobe sch_netem
	cross web tomcat 3000
	[ "$both" = 'timeout timeout' ]
	denied 'COMPARTMENT tomcat -> COMPARTMENT web PORT 6001 METHOD tcp'
	fresh web tomcat
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 6002'
	cross web tomcat 15000
	[ "$both" = 'ok ok' ]
	expect ok web send 1 hello
	expect "got hello" tomcat recv 1
	reverse | grep -x 'COMPARTMENT tomcat PORT 6002 -> COMPARTMENT web PORT 6001 METHOD tcp'
	rules
	expect ECONNABORTED tomcat recv 1
	expect ECONNRESET web recv 1
}

@test "NET-13 a SYN to a connection in TIME_WAIT is decided as any other" {
	listener web 0.0.0.0 80
	rules "HOST $host -> COMPARTMENT web METHOD tcp PORT 80"
	expect ok host1 open 1 tcp
	expect ok host1 bind 1 $host 7001
	expect ok host1 connect 1 $gate 80
	expect ok web accept 1 2
	expect ok web close 2
	expect eof host1 recv 1
	expect ok host1 close 1
	succeeds grep -q "0101630A:0050 0201630A:1B59 06" /proc/net/tcp
	rules
	expect ok host1 open 1 tcp
	expect ok host1 bind 1 $host 7001
	expect ok host1 patience 2000
	expect timeout host1 connect 1 $gate 80
	denied "HOST $host -> COMPARTMENT web PORT 80 METHOD tcp" 'source port 7001'
	rules "HOST $host -> COMPARTMENT web METHOD tcp PORT 80"
	expect ok host1 patience 15000
	expect ok host1 open 2 tcp
	expect ok host1 connect 2 $gate 80
	expect ok web accept 1 2
}

sent_again() {
	awk '/^Tcp:/ { segments = $13 } END { print segments }' /proc/net/snmp
}

more_than() {
	[ "$("${@:2}")" -gt "$1" ]
}

@test "NET-13 a SYN-ACK that is sent again does not end the time in which the peer learns a label" {
	local before
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 80'
	listener tomcat 127.0.0.1 80
	expect ok tomcat set 1 defer-accept 1
	expect ok web open 1 tcp
	before=$(sent_again)
	expect ok web connect 1 127.0.0.1 80
	succeeds more_than "$before" sent_again
	expect ok web send 1 hello
	expect ok tomcat accept 1 2
	expect "got hello" tomcat recv 2
}

@test "NET-13 connections made of SYN cookies are decided and labelled" {
	sysctl -qw net.ipv4.tcp_syncookies=2
	listener web 0.0.0.0 80
	expect ok host1 patience 1500
	expect "connect timeout" host1 get tcp $gate 80
	expect "connect EACCES" cgi get tcp 127.0.0.1 80
	rules "HOST $host -> COMPARTMENT web METHOD tcp PORT 80" 'COMPARTMENT cgi -> COMPARTMENT web METHOD tcp'
	for name in host1 cgi; do
		expect ok $name patience 15000
		expect ok $name open 1 tcp
		expect ok $name connect 1 $gate 80
		expect ok web accept 1 2
		expect ok $name send 1 hello
		expect "got hello" web recv 2
		[ "$(cgcomptctl list sockets | grep -c '^web .* 80 ')" = 2 ]
		expect ok web close 2
	done
	[ "$(nstat -asz | awk '/TcpExtSyncookiesRecv / { print $2 }')" -ge 2 ]
	sysctl -qw net.ipv4.tcp_syncookies=1
}

@test "NET-13 the kernel's resets reach both sides" {
	expect ok web serve tcp 127.0.0.1 80
	rules 'COMPARTMENT cgi -> COMPARTMENT web METHOD tcp' "HOST $host -> COMPARTMENT web METHOD tcp"
	expect ok cgi open 1 tcp
	expect ok cgi connect 1 127.0.0.1 80
	expect ok web stop
	expect eof cgi recv 1
	expect ok cgi send 1 hello
	expect ECONNRESET cgi recv 1 || expect eof cgi recv 1
	expect "connect ECONNREFUSED" cgi get tcp 127.0.0.1 80
	expect "connect ECONNREFUSED" host1 get tcp $gate 80
}

@test "NET-26 MPTCP: refused where its subflows cannot be told apart, else decided as TCP" {
	expect ok zero open 1 mptcp
	if [ "$(tell tomcat open 1 mptcp)" = EACCES ]; then
		grep -q '^6\.[1-4]\.' /proc/sys/kernel/osrelease
		denied 'COMPARTMENT tomcat'
		return
	fi
	expect ok tomcat bind 1 0.0.0.0 8007
	expect ok tomcat listen 1
	expect "connect EACCES" web get mptcp 127.0.0.1 8007
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8007'
	expect ok web open 1 mptcp
	expect ok web connect 1 127.0.0.1 8007
	expect ok tomcat accept 1 2
	expect ok web send 1 hello
	expect "got hello" tomcat recv 2
	# the subflows too
	[ "$(cgcomptctl list sockets | grep -c '^web .* 8007')" -ge 2 ]
	! cgcomptctl list sockets | grep -E '^default .* 8007' || false
	# cut, they carry nothing more; MPTCP itself hopes for another one (net.mptcp.close_timeout)
	rules
	becomes 0 sh -c "cgcomptctl list sockets | grep -c '^web  *inet  *6 .* 8007'"
	expect ok web send 1 hello
	expect ok tomcat patience 1000
	expect timeout tomcat recv 2
}
