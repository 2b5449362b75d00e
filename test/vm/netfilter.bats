#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --hosts 2
# kernel: 6.12
#
# What crosses the machine's edge: to hosts by address, port and interface, from hosts by the interface it came in by.
#
#   host 1 (10.99.1.2, fd99:1::2) -- eth0 guest eth1 -- host 2 (10.99.2.2, fd99:2::2)

load helpers/suite
load helpers/net

setup_file() {
	net_setup
	helper genl.py
	on_host 1
	on_host 2
	agent zero
	# an interface decides, not a table of routes that thinks it knows better
	sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0
}

setup() {
	local host port
	afresh web tomcat
	for host in host1 host2; do
		for port in 80 81; do
			expect ok $host serve tcp6 :: $port
		done
	done
}

@test "without the module everything passes" {
	expect ok zero get tcp 10.99.1.2 80
	expect ok zero get tcp6 fd99:2::2 80
	expect ok zero serve tcp6 :: 8080
	expect ok host1 get tcp 10.99.1.1 8080
	expect ok host2 get tcp6 fd99:2::1 8080
}

@test "without the module a spoofed source passes" {
	onhost 2 ip addr add 10.99.1.77/32 dev lo
	ip route add 10.99.1.77 via 10.99.2.2
	expect ok zero serve tcp 0.0.0.0 8080
	expect ok host2 get tcp 10.99.2.1 8080 10.99.1.77 0
	ip route del 10.99.1.77
}

@test "N1 out: a HOST, and no other" {
	expect "connect EACCES" web get tcp 10.99.1.2 80
	denied 'COMPARTMENT web -> HOST 10.99.1.2 PORT 80 METHOD tcp' 'security_socket_connect'
	expect "connect EACCES" web get tcp6 fd99:1::2 80
	expect "connect EACCES" web get tcp6 ::ffff:10.99.1.2 80
	rules 'COMPARTMENT web -> HOST 10.99.1.2 METHOD tcp' 'COMPARTMENT web -> HOST fd99:2::2 METHOD tcp'
	expect ok web get tcp 10.99.1.2 80
	expect ok web get tcp6 ::ffff:10.99.1.2 80
	expect ok web get tcp6 fd99:2::2 80
	expect "connect EACCES" web get tcp 10.99.2.2 80
	expect "connect EACCES" web get tcp6 fd99:1::2 80
	expect "connect EACCES" tomcat get tcp 10.99.1.2 80
}

@test "N1 out: a NET, and what is outside of it" {
	rules 'COMPARTMENT web -> NET 10.99.1.0/24 METHOD tcp' 'COMPARTMENT tomcat -> NET fd99:2::/64 METHOD tcp'
	expect ok web get tcp 10.99.1.2 80
	expect "connect EACCES" web get tcp 10.99.2.2 80
	expect "connect EACCES" web get tcp6 fd99:2::2 80
	expect ok tomcat get tcp6 fd99:2::2 80
	expect "connect EACCES" tomcat get tcp6 fd99:1::2 80
}

@test "N1 out: a port, a range of ports, a source port" {
	rules 'COMPARTMENT web -> HOST * METHOD tcp PORT 81' 'COMPARTMENT tomcat -> HOST * METHOD tcp PORT 79-80' \
		'COMPARTMENT default PORT 5000 -> HOST * METHOD tcp'
	expect ok web get tcp 10.99.1.2 81
	expect "connect EACCES" web get tcp 10.99.1.2 80
	expect ok tomcat get tcp6 fd99:1::2 80
	expect "connect EACCES" tomcat get tcp6 fd99:1::2 81
	expect ok zero get tcp 10.99.1.2 80 10.99.1.1 5000
	expect "connect EACCES" zero get tcp 10.99.1.2 80 10.99.1.1 5001
}

@test "N1 out: an interface by name, by label" {
	rules 'COMPARTMENT web -> HOST * METHOD tcp NETDEV eth0' 'COMPARTMENT tomcat -> HOST * METHOD tcp NETDEV @0xFFFF0007'
	expect ok web get tcp 10.99.1.2 80
	expect "connect EACCES" web get tcp 10.99.2.2 80
	expect "connect EACCES" tomcat get tcp 10.99.2.2 80
	cgcomptctl netdev set eth1 0xFFFF0007
	expect ok tomcat get tcp 10.99.2.2 80
	expect "connect EACCES" tomcat get tcp 10.99.1.2 80
	cgcomptctl netdev clear eth1
	expect "connect EACCES" tomcat get tcp6 fd99:2::2 80
}

@test "N1 compartment 0 has the network by rule like any other" {
	expect "connect EACCES" zero get tcp 10.99.1.2 80
	rules 'COMPARTMENT default -> HOST * METHOD tcp'
	expect ok zero get tcp 10.99.1.2 80
	expect "connect EACCES" web get tcp 10.99.1.2 80
}

@test "N1 in: a SYN that no rule allows gets no answer" {
	expect ok web serve tcp6 :: 8080
	dropped host1 tcp 10.99.1.1 8080
	denied 'HOST 10.99.1.2' 'COMPARTMENT web PORT 8080 METHOD tcp' 'on eth0' 'security_sock_rcv_skb'
	dropped host1 tcp6 fd99:1::1 8080
	denied 'HOST fd99:1::2' 'COMPARTMENT web PORT 8080 METHOD tcp'
	rules 'HOST 10.99.1.2 -> COMPARTMENT web METHOD tcp PORT 8080'
	expect ok host1 get tcp 10.99.1.1 8080
	dropped host2 tcp 10.99.2.1 8080
	dropped host1 tcp6 fd99:1::1 8080
	rules 'NET fd99:1::/64 -> COMPARTMENT web METHOD tcp PORT 8080'
	expect ok host1 get tcp6 fd99:1::1 8080
}

@test "N3 in: by the interface that it came in by, whatever address it is for" {
	expect ok web serve tcp 0.0.0.0 8080
	onhost 1 ip route replace 10.99.2.1 via 10.99.1.1
	onhost 2 ip route replace 10.99.1.1 via 10.99.2.1
	rules 'HOST * -> COMPARTMENT web METHOD tcp PORT 8080 NETDEV eth0'
	expect ok host1 get tcp 10.99.1.1 8080
	expect ok host1 get tcp 10.99.2.1 8080
	dropped host2 tcp 10.99.2.1 8080
	dropped host2 tcp 10.99.1.1 8080
	rules 'HOST * -> COMPARTMENT web METHOD tcp PORT 8080 NETDEV @0xFFFF0001'
	dropped host2 tcp 10.99.2.1 8080
	cgcomptctl netdev set eth1 0xFFFF0001
	expect ok host2 get tcp 10.99.2.1 8080
	cgcomptctl netdev clear eth1
}

@test "NET-39 a source address does not stand for the interface that it belongs to" {
	# host 2 says that it is host 1, or the gateway itself
	sysctl -qw net.ipv4.conf.eth1.accept_local=1
	onhost 2 ip addr add 10.99.1.2/32 dev lo
	onhost 2 ip addr add 10.99.1.1/32 dev lo
	onhost 2 ip route del local 10.99.1.1 table local
	rules 'HOST 10.99.1.2 -> COMPARTMENT web METHOD udp PORT 53 NETDEV eth0' 'COMPARTMENT default -> COMPARTMENT web METHOD udp'
	expect ok web open 1 udp
	expect ok web bind 1 0.0.0.0 53
	expect ok host2 open 1 udp
	expect ok host2 bind 1 10.99.1.2 5353
	expect ok host2 sendto 1 10.99.2.1 53 as-host1
	expect ok host2 open 2 udp
	expect ok host2 set 2 freebind 1
	expect ok host2 set 2 transparent 1
	expect ok host2 bind 2 10.99.1.1 5353
	expect ok host2 sendto 2 10.99.2.1 53 as-gateway
	succeeds denied 'HOST 10.99.1.2 -> COMPARTMENT web PORT 53 METHOD udp' 'source port 5353' 'on eth1'
	succeeds denied 'HOST 10.99.1.1 -> COMPARTMENT web PORT 53 METHOD udp' 'source port 5353' 'on eth1'
	expect ok host1 open 1 udp
	expect ok host1 bind 1 10.99.1.2 5353
	expect ok host1 sendto 1 10.99.1.1 53 true
	expect "got true from 10.99.1.2 5353" web recv 1
	onhost 2 ip addr del 10.99.1.2/32 dev lo
	onhost 2 ip addr del 10.99.1.1/32 dev lo
}

@test "N2 the gateway's own addresses are no HOST" {
	expect ok tomcat serve tcp6 :: 8007
	rules 'COMPARTMENT web -> HOST * METHOD tcp' 'HOST * -> COMPARTMENT tomcat METHOD tcp'
	for addr in 10.99.1.1 10.99.2.1; do
		expect "connect EACCES" web get tcp $addr 8007
	done
	expect "connect EACCES" web get tcp6 fd99:1::1 8007
	expect ok host1 get tcp 10.99.1.1 8007
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp'
	expect ok web get tcp 10.99.1.1 8007
	expect ok web get tcp6 fd99:1::1 8007
	dropped host1 tcp 10.99.1.1 8007
}

@test "N4 with no rule at all the kernel answers: echo, reset, port unreachable, neighbours" {
	expect ok host1 open 1 rawicmp
	expect ok host1 echo 1 10.99.1.1
	ip neigh flush all
	onhost 1 ip neigh flush all
	expect ok host1 open 1 rawicmp6
	expect ok host1 echo 1 fd99:1::1
	expect "connect ECONNREFUSED" host1 get tcp 10.99.1.1 9
	expect "connect ECONNREFUSED" host1 get tcp6 fd99:1::1 9
	expect "recv ECONNREFUSED" host1 get udp 10.99.1.1 9
	expect "recv ECONNREFUSED" host1 get udp6 fd99:1::1 9
}

@test "NET-33 a mark, a foreign source address or a device is no way round" {
	expect ok web open 1 tcp
	tell web set 1 mark 1
	tell web set 1 transparent 1
	tell web set 1 device eth0
	expect EACCES web connect 1 10.99.1.2 80
	expect ok tomcat serve tcp 0.0.0.0 8007
	expect ok web open 1 tcp
	tell web set 1 mark 0xffffffff
	tell web set 1 transparent 1
	tell web bind 1 10.99.1.2 5000
	expect EACCES web connect 1 127.0.0.1 8007
}

@test "N9 NET-30 a new network namespace has the same rules" {
	ip netns add mine
	ip -n mine link set lo up
	agent webns genl.py enter 2 /run/netns/mine
	agent tomcatns genl.py enter 3 /run/netns/mine
	expect ok tomcatns serve tcp6 :: 8007
	expect ok webns serve tcp 127.0.0.1 8008
	expect ok webns get tcp 127.0.0.1 8008
	expect "connect EACCES" webns get tcp 127.0.0.1 8007
	expect "connect EACCES" webns get tcp6 ::1 8007
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp' 'HOST * -> COMPARTMENT web METHOD all'
	expect ok webns get tcp 127.0.0.1 8007
	expect ok webns get tcp6 ::1 8007
	expect "connect EACCES" tomcatns get tcp 127.0.0.1 8008
}

@test "N9 from namespace to namespace a packet keeps its sender's label" {
	ip netns add far
	ip link add near type veth peer name far netns far
	ip addr add 10.88.0.1/24 dev near
	ip link set near up
	ip -n far addr add 10.88.0.2/24 dev far
	ip -n far link set far up
	agent tomcatfar genl.py enter 3 /run/netns/far
	expect ok tomcatfar serve tcp 10.88.0.2 8007
	expect ok tomcatfar serve udp 10.88.0.2 8007
	expect "connect EACCES" web get tcp 10.88.0.2 8007
	rules 'COMPARTMENT web -> HOST * METHOD tcp,udp' 'HOST * -> COMPARTMENT tomcat METHOD tcp,udp'
	dropped web tcp 10.88.0.2 8007
	denied 'COMPARTMENT web -> COMPARTMENT tomcat PORT 8007 METHOD tcp'
	rules 'COMPARTMENT web -> HOST * METHOD tcp,udp' 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp,udp'
	expect ok web get tcp 10.88.0.2 8007
	expect ok web open 1 udp
	for text in one two three; do
		expect ok web sendto 1 10.88.0.2 8007 $text
		expect "got $text from 10.88.0.2 8007" web recv 1
	done
}
