#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel: 6.12
#
# What the machine forwards goes from one interface's label to another's by rule, and not otherwise.
#
#   ext 10.9.0.2, fd90::2 -- .1 vext                 vint 10.8.0.1, fd80::1 -- int 10.8.0.2
#                                     the machine
#                                                    vdmz 10.7.0.1, fd70::1 -- dmz 10.7.0.2
#
# The three are network namespaces, each with an agent of compartment 0, which has the network.

load helpers/suite
load helpers/net

EXT=@0xFFFF0001 INT=@0xFFFF0002 DMZ=@0xFFFF0003
everybody='
COMPARTMENT default -> HOST * METHOD all
HOST * -> COMPARTMENT default METHOD all'
about="COMPARTMENT $DMZ -> COMPARTMENT $DMZ METHOD tcp PORT 9" # a rule about forwarding, of no use

# soon COMMAND…: as succeeds, saying what was missing only once
soon() {
	succeeds "$@" >/dev/null || "$@"
}

# place NAME N: a host's namespace behind vNAME, 10.N.0.0/24 and fdN0::/64
place() {
	ip netns add "$1"
	ip link add "v$1" type veth peer name eth0 netns "$1"
	ip addr add "10.$2.0.1/24" dev "v$1"
	ip addr add "fd${2}0::1/64" dev "v$1" nodad
	ip link set "v$1" up
	ip -n "$1" addr add "10.$2.0.2/24" dev eth0
	ip -n "$1" addr add "fd${2}0::2/64" dev eth0 nodad
	ip -n "$1" link set lo up
	ip -n "$1" link set eth0 up
	ip -n "$1" route add default via "10.$2.0.1"
	ip -n "$1" -6 route add default via "fd${2}0::1"
	agent "$1" ip netns exec "$1"
}

setup_file() {
	net_setup
	helper pieces.py
	agent zero
	place ext 9
	place int 8
	place dmz 7
	sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0
}

setup() {
	fresh zero ext int dmz
	for host in int dmz; do
		for port in 25 80; do
			expect ok $host serve tcp6 :: $port
		done
		expect ok $host serve udp6 :: 53
	done
	case $BATS_TEST_DESCRIPTION in
	"without the module"*) bare ;;
	*) by ;;
	esac
}

teardown() {
	nft flush ruleset
}

# by RULE…: these are the rules about forwarding
by() {
	rules "$everybody" "$@"
	labels
}

labels() {
	cgcomptctl netdev set vext "$EXT"
	cgcomptctl netdev set vint "$INT"
	cgcomptctl netdev set vdmz "$DMZ"
}

# ping NAME ADDRESS
ping_from() {
	local kind=rawicmp
	[[ $2 != *:* ]] || kind=rawicmp6
	tell "$1" close 9 >/dev/null
	expect ok "$1" open 9 $kind
	tell "$1" echo 9 "$2"
}

# all_pass: from ext to int whatever is asked here
all_pass() {
	expect ok ext get tcp 10.8.0.2 25
	expect ok ext get tcp6 fd80::2 25
	expect ok ext get udp 10.8.0.2 53
	expect ok ext get udp6 fd80::2 53
	[ "$(ping_from ext 10.8.0.2)" = ok ]
	[ "$(ping_from ext fd80::2)" = ok ]
	expect "connect ECONNREFUSED" ext get tcp 10.8.0.2 9
	expect "recv ECONNREFUSED" ext get udp 10.8.0.2 9
	expect "recv ECONNREFUSED" ext get udp6 fd80::2 9
}

tracked() {
	[ "$(sysctl -n net.netfilter.nf_conntrack_count)" -gt 0 ]
}

@test "without the module everything is forwarded" {
	all_pass
	caught 4 10.8.0.2 10.9.0.2 253 abcd
	caught 6 fd80::2 fd90::2 253 abcd
}

# catcher NAME PROTOCOL ADDRESS SECONDS: begins to catch there
catcher() {
	: >/run/caught
	ip netns exec "$1" python3 /run/helpers/pieces.py catch "$2" "$4" "$3" >/run/caught 3>&- &
	catching=$!
	started /run/caught ready
}

# caught FAMILY TO FROM PROTOCOL HEX: one packet from ext arrives at int
caught() {
	catcher int "$4" "$2" 10
	ip netns exec ext python3 /run/helpers/pieces.py send "$3" "$2" "$4" "$5"
	started /run/caught "caught $5"
	kill "$catching"
	wait "$catching" || true
}

@test "N8 NET-37 with no rule about forwarding it is as without the module, and nothing is tracked" {
	all_pass
	[ "$(status_of forwards)" = 0 ]
	cgcomptctl status | grep -q '^forwarding    as without the module'
	run ! tracked
	by "$about"
	dropped ext tcp 10.8.0.2 25
	expect ok zero get tcp 10.8.0.2 25
	tracked
	cgcomptctl status | grep -q '^forwarding    by 1 rules'
	by
	all_pass
}

@test "N8 NET-37 with any such rule the rest is refused, in every protocol and both families, and said" {
	by "$about"
	dropped ext tcp 10.8.0.2 25
	denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 PORT 25 METHOD tcp' 'on vext' \
		'from 10.9.0.2 to 10.8.0.2' 'at FORWARD: no rule forwards it'
	dropped ext tcp6 fd80::2 25
	denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 PORT 25 METHOD tcp' 'from fd90::2 to fd80::2'
	expect ok ext patience 1500
	[ "$(tell ext get udp 10.8.0.2 53)" = "recv timeout" ]
	[ "$(tell ext get udp6 fd80::2 53)" = "recv timeout" ]
	[ "$(ping_from ext 10.8.0.2)" = timeout ]
	denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 METHOD icmp'
	[ "$(ping_from ext fd80::2)" = timeout ]
	ip netns exec ext python3 /run/helpers/pieces.py send 10.9.0.2 10.8.0.2 253 abcd
	soon denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 METHOD raw' 'from 10.9.0.2'
	ip netns exec ext python3 /run/helpers/pieces.py send fd90::2 fd80::2 253 abcd
	soon denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 METHOD raw' 'from fd90::2'
	expect ok ext patience 15000
	# not from here, and not to here
	expect ok zero get tcp 10.8.0.2 25
	expect ok zero serve tcp 0.0.0.0 8080
	expect ok ext get tcp 10.9.0.1 8080
}

@test "N8 by rule: one port, one direction, both families, and why says which" {
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp PORT 25"
	expect ok ext get tcp 10.8.0.2 25
	expect ok ext get tcp6 fd80::2 25
	dropped ext tcp 10.8.0.2 80
	dropped ext tcp6 fd80::2 80
	dropped ext tcp 10.7.0.2 25
	expect ok ext serve tcp6 :: 25
	dropped int tcp 10.9.0.2 25
	expect ok ext patience 1500
	[ "$(tell ext get udp 10.8.0.2 25)" = "recv timeout" ]
	expect ok ext patience 15000
	ctl why "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp PORT 25"
	[[ $output == "tcp: allowed: COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 METHOD tcp PORT 25  # 0x"* ]]
	ctl why "COMPARTMENT $INT -> COMPARTMENT $EXT METHOD tcp PORT 25"
	[ "$status/$output" = "1/tcp: refused: no rule forwards it" ]
	cgcomptctl list | grep -q '^COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 METHOD tcp PORT 25'
}

@test "N8 udp, icmp, raw, all; errors about what is forwarded come back" {
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD udp PORT 53" \
		"COMPARTMENT $EXT -> COMPARTMENT $INT METHOD udp PORT 9"
	expect ok ext get udp 10.8.0.2 53
	expect ok ext get udp6 fd80::2 53
	expect "recv ECONNREFUSED" ext get udp 10.8.0.2 9
	expect "recv ECONNREFUSED" ext get udp6 fd80::2 9
	dropped ext tcp 10.8.0.2 25
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD icmp"
	[ "$(ping_from ext 10.8.0.2)" = ok ]
	[ "$(ping_from ext fd80::2)" = ok ]
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD raw"
	caught 4 10.8.0.2 10.9.0.2 253 abcd
	caught 6 fd80::2 fd90::2 253 abcd
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD all"
	all_pass
}

@test "N8 R8 a rule that goes ends what it let begin; an answer is no beginning" {
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp"
	expect ok ext open 1 tcp
	expect ok ext connect 1 10.8.0.2 25
	expect ok ext send 1 one
	expect "got one" ext recv 1
	by "$about"
	expect ok ext send 1 two
	expect ok ext patience 1500
	expect timeout ext recv 1
	denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 PORT 25 METHOD tcp'
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp"
	expect ok ext patience 15000
	expect "got two" ext recv 1
	# nor is it anybody's whose interface has another label
	cgcomptctl netdev set vint "$DMZ"
	expect ok ext send 1 three
	expect ok ext patience 1500
	expect timeout ext recv 1
	denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0003 PORT 25 METHOD tcp'
	cgcomptctl netdev set vint "$INT"
	expect ok ext patience 15000
	expect "got three" ext recv 1
	# the other direction, with the same ports, is another beginning
	expect ok int open 1 tcp
	expect ok int bind 1 10.8.0.2 7025
	expect ok int patience 1500
	expect timeout int connect 1 10.9.0.2 7000
	denied 'COMPARTMENT @0xffff0002 -> COMPARTMENT @0xffff0001 PORT 7000 METHOD tcp'
	expect ok int patience 15000
}

@test "N8 what looks like an answer and is none is refused" {
	by "COMPARTMENT $INT -> COMPARTMENT $EXT METHOD tcp PORT 80"
	expect ok ext serve tcp6 :: 80
	expect ok int get tcp 10.9.0.2 80
	# SYN-ACK, ACK, from the port that int may reach; UDP likewise; an error about nothing
	ip netns exec ext python3 /run/helpers/pieces.py send 10.9.0.2 10.8.0.2 6 0050138800000001000000015012ffff00000000
	soon denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 PORT 5000 METHOD tcp' 'source port 80'
	ip netns exec ext python3 /run/helpers/pieces.py send 10.9.0.2 10.8.0.2 6 0050138900000001000000015010ffff00000000
	soon denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 PORT 5001 METHOD tcp' 'source port 80'
	ip netns exec ext python3 /run/helpers/pieces.py send 10.9.0.2 10.8.0.2 1 0303fcfc00000000"$(printf '45%038d' 0)"1388005000000000
	soon denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 METHOD icmp'
}

@test "N8 masquerade behind, redirection in front: a rule says the labels and the real port" {
	nft -f - <<-'NFT'
		table ip nat {
			chain pre { type nat hook prerouting priority dstnat; iifname vext tcp dport 2525 dnat to 10.8.0.2:25; }
			chain post { type nat hook postrouting priority srcnat; oifname vext masquerade; }
		}
	NFT
	expect ok ext serve tcp6 :: 80
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp PORT 25" "COMPARTMENT $INT -> COMPARTMENT $EXT METHOD tcp PORT 80"
	expect ok ext get tcp 10.9.0.1 2525
	expect ok int get tcp 10.9.0.2 80
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp PORT 2525"
	dropped ext tcp 10.9.0.1 2525
	denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 PORT 25 METHOD tcp'
	dropped int tcp 10.9.0.2 80
	denied 'COMPARTMENT @0xffff0002 -> COMPARTMENT @0xffff0001 PORT 80 METHOD tcp'
}

@test "N8 masquerade into the inside, and errors through it" {
	nft -f - <<-'NFT'
		table ip nat {
			chain post { type nat hook postrouting priority srcnat; oifname vint masquerade; }
		}
	NFT
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp PORT 25" "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD udp PORT 9"
	expect ok ext get tcp 10.8.0.2 25
	expect "recv ECONNREFUSED" ext get udp 10.8.0.2 9
	dropped ext tcp 10.8.0.2 80
}

@test "N8 two inner networks: each by its own rule, and nothing between them" {
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp PORT 25" "COMPARTMENT $EXT -> COMPARTMENT $DMZ METHOD tcp PORT 80"
	expect ok ext get tcp 10.8.0.2 25
	expect ok ext get tcp6 fd70::2 80
	dropped ext tcp 10.8.0.2 80
	dropped ext tcp6 fd70::2 25
	dropped int tcp 10.7.0.2 80
	dropped dmz tcp 10.8.0.2 25
	# two interfaces with one label, too
	cgcomptctl netdev set vdmz "$INT"
	dropped int tcp 10.7.0.2 80
	denied 'COMPARTMENT @0xffff0002 -> COMPARTMENT @0xffff0002 PORT 80 METHOD tcp'
	by "COMPARTMENT $INT -> COMPARTMENT $INT METHOD tcp"
	cgcomptctl netdev set vdmz "$INT"
	expect ok int get tcp 10.7.0.2 80
	# and without a label
	cgcomptctl netdev clear vdmz
	dropped int tcp 10.7.0.2 80
	denied 'COMPARTMENT @0xffff0002 -> COMPARTMENT @0xfffffffe PORT 80 METHOD tcp'
}

@test "N8 NET-37 source routing chooses a way, and gets no further by it" {
	sysctl -qw net.ipv4.conf.all.accept_source_route=1 net.ipv4.conf.vext.accept_source_route=1
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD raw"
	ip netns exec int sysctl -qw net.ipv4.conf.all.accept_source_route=1 net.ipv4.conf.eth0.accept_source_route=1
	catcher int 253 10.8.0.2 10
	ip netns exec ext python3 /run/helpers/pieces.py send 10.9.0.2 10.9.0.1 253 abcd srr=10.8.0.2
	started /run/caught "caught abcd"
	kill "$catching"
	by "$about"
	ip netns exec ext python3 /run/helpers/pieces.py send 10.9.0.2 10.9.0.1 253 abcd srr=10.8.0.2
	soon denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 METHOD raw' 'from 10.9.0.2 to 10.9.0.1'
}

@test "N8 what cannot be read to its ports is refused, whatever the rules" {
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD all"
	ip netns exec ext python3 /run/helpers/pieces.py send 10.9.0.2 10.8.0.2 17 abcd
	soon denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 METHOD udp' 'its headers cannot be read to the end'
	# a routing header that is longer than the packet
	ip netns exec ext python3 /run/helpers/pieces.py send fd90::2 fd80::2 60 11ff000000000000
	soon denied 'from fd90::2 to fd80::2' 'its headers cannot be read to the end'
}

@test "N6 NET-35 NET-36 fragments that are forwarded are whole when they are decided" {
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD udp PORT 53"
	local big
	big=$(printf 'x%.0s' {1..1900})
	for to in "udp 10.8.0.2" "udp6 fd80::2"; do
		expect ok ext open 1 "${to% *}"
		expect ok ext connect 1 "${to#* }" 53
		expect ok ext send 1 "$big"
		[[ $(tell ext recv 1) = "got xxx"*" from ${to#* } 53" ]]
		expect ok ext close 1
	done
	# a first piece too short for its ports, and the rest
	by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD udp PORT 54"
	ip netns exec ext python3 /run/helpers/pieces.py send 10.9.0.2 10.8.0.2 17 1388003500100000 more=1 id=7
	ip netns exec ext python3 /run/helpers/pieces.py send 10.9.0.2 10.8.0.2 17 6162636465666768 offset=8 id=7
	soon denied 'COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 PORT 53 METHOD udp' 'source port 5000'
}

@test "N8 NET-37 a bridge's frames are the bridge's business, also where br_netfilter shows them" {
	modprobe br_netfilter
	ip link add br9 type bridge
	for n in 1 2; do
		ip netns add "port$n"
		ip link add "vport$n" type veth peer name eth0 netns "port$n"
		ip link set "vport$n" master br9 up
		ip -n "port$n" addr add "10.66.0.$n/24" dev eth0
		ip -n "port$n" link set eth0 up
	done
	ip link set br9 up
	by "$about"
	[ -p "$places/port1.in" ] || agent port1 ip netns exec port1
	[ -p "$places/port2.in" ] || agent port2 ip netns exec port2
	sysctl -qw net.bridge.bridge-nf-call-iptables=1
	expect ok port2 serve tcp 0.0.0.0 80
	expect ok port1 get tcp 10.66.0.2 80
	# but not what the machine forwards between the bridge and something else
	ip addr add 10.66.0.9/24 dev br9
	ip -n port1 route add default via 10.66.0.9
	dropped port1 tcp 10.8.0.2 25
	denied 'COMPARTMENT @0xfffffffe -> COMPARTMENT @0xffff0002 PORT 25 METHOD tcp' 'on br9'
	cgcomptctl netdev set br9 @0xFFFF0009
	by "COMPARTMENT @0xFFFF0009 -> COMPARTMENT $INT METHOD tcp"
	expect ok port1 get tcp 10.8.0.2 25
	sysctl -qw net.bridge.bridge-nf-call-iptables=0
	ip link del br9
}

@test "N8 NET-38 a flowtable takes no packet past the rules" {
	nft -f - <<-'NFT'
		table inet fast {
			flowtable f { hook ingress priority 0; devices = { vext, vint }; }
			counter seen { }
			chain forward { type filter hook forward priority 10; ip protocol tcp flow add @f; counter name seen; }
		}
	NFT
	for offloaded in before after; do
		[ $offloaded = before ] || by "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp"
		expect ok ext open 1 tcp
		expect ok ext connect 1 10.8.0.2 25
		for n in 1 2 3 4; do
			expect ok ext send 1 n$n
			expect "got n$n" ext recv 1
		done
		if [ $offloaded = before ]; then
			seen=$(nft list counter inet fast seen)
			expect ok ext send 1 n5
			expect "got n5" ext recv 1
			[ "$(nft list counter inet fast seen)" = "$seen" ]
		fi
		by "$about"
		expect ok ext send 1 late
		expect ok ext patience 1500
		expect timeout ext recv 1
		expect ok ext patience 15000
		expect ok ext close 1
		by
	done
}

@test "N8 N9 what is forwarded within another network namespace needs a rule too" {
	ip netns add box
	for n in 1 2; do
		ip netns add "box$n"
		ip -n box link add "vbox$n" type veth peer name eth0 netns "box$n"
		ip -n box addr add "10.5$n.0.1/24" dev "vbox$n"
		ip -n box link set "vbox$n" up
		ip -n "box$n" addr add "10.5$n.0.2/24" dev eth0
		ip -n "box$n" link set eth0 up
		ip -n "box$n" route add default via "10.5$n.0.1"
		[ -p "$places/box$n.in" ] || agent "box$n" ip netns exec "box$n"
	done
	ip netns exec box sysctl -qw net.ipv4.ip_forward=1
	expect ok box2 serve tcp 0.0.0.0 80
	expect ok box1 get tcp 10.52.0.2 80
	by "$about"
	dropped box1 tcp 10.52.0.2 80
	denied 'COMPARTMENT @0xfffffffe -> COMPARTMENT @0xfffffffe PORT 80 METHOD tcp'
	by 'NETDEV name vbox1 netns other -> LABEL one' 'NETDEV name vbox2 netns other -> LABEL two' \
		'NETDEV netns other -> LABEL rest' \
		'COMPARTMENT @one -> COMPARTMENT @two METHOD tcp PORT 80'
	expect ok box1 get tcp 10.52.0.2 80
	dropped box2 tcp 10.51.0.2 80
	# a namespace that comes while there are rules
	ip netns add late
	ip netns del late
}

@test "N8 O4 permissive lets pass and says so; disabled lets pass; revert brings the rules back" {
	by "$about"
	dropped ext tcp 10.8.0.2 25
	cgcomptctl mode --force permissive
	expect ok ext get tcp 10.8.0.2 25
	cgcomptctl denials | tail -n 1 | grep -q 'would deny.*at FORWARD'
	cgcomptctl mode --force enforce
	dropped ext tcp 10.8.0.2 25
	cgcomptctl disable
	expect ok ext get tcp 10.8.0.2 25
	cgcomptctl enable --force
	by
	expect ok ext get tcp 10.8.0.2 25
	cgcomptctl revert --force
	dropped ext tcp 10.8.0.2 25
	tracked
}

@test "N8 R7 labels with compartments, methods of processes and NETDEV are refused with their place" {
	for bad in "COMPARTMENT $EXT -> COMPARTMENT web METHOD tcp" "COMPARTMENT $EXT -> HOST * METHOD tcp"; do
		ctl add "$bad"
		done_with 2 "1:13: an interface's label at one end only"
	done
	ctl add "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD shm"
	[ "$status" = 2 ]
	ctl add "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp NETDEV eth0"
	[ "$status" = 2 ]
	ctl add "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp PORT 25"
	[ "$status" = 0 ]
	ctl del "COMPARTMENT $EXT -> COMPARTMENT $INT METHOD tcp PORT 25"
	[ "$status" = 0 ]
	[ "$(status_of forwards)" = 0 ]
}
