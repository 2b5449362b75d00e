#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --hosts 2
# kernel: 6.12
#
# V2, figure 13, when a service was taken over: root in Service0, with all capabilities, sends HostX behind eth1 a word
# in every way that there is (helpers/takeover.py). HostX records what it gets: all of it without the module, nothing
# with the figure's rules.

load helpers/suite

definitions='COMPARTMENT service0 NUMBER 10 CAPS +all
COMPARTMENT service1 NUMBER 11
COMPARTMENT serviceN NUMBER 12
COMPARTMENT default -> HOST * METHOD udp PORT 8000'
rules='COMPARTMENT service0 -> NET 10.99.1.0/24 METHOD tcp NETDEV eth0
COMPARTMENT service1 -> NET 10.99.1.0/24 METHOD tcp NETDEV eth0
COMPARTMENT serviceN -> HOST 10.99.2.2 METHOD tcp NETDEV eth1
HOST * -> COMPARTMENT service0 METHOD tcp PORT 80 NETDEV eth0'
log=/tmp/arrived

setup_file() {
	local host file
	helper takeover.py probe.py
	dmesg -n 5
	ip link set lo up
	modprobe -a tun ipip 2>/dev/null || true
	sysctl -qw net.ipv4.ping_group_range='0 2147483647'
	for host in 1 2; do
		for file in takeover.py probe.py; do
			onhost $host sh -c "cat >/tmp/$file" </run/helpers/$file
		done
		onhost $host sh -c "setsid python3 /tmp/takeover.py record $log </dev/null >/dev/null 2>/tmp/errors &"
		succeeds onhost $host grep -qx ready $log
	done
}

teardown() {
	as supervisor pkill -f TCP-LISTEN:1080 || true
}

# tries [COMPARTMENT] - what HostX gets of it, in $arrived, and what the sender saw, in $saw
tries() {
	local linklocal
	linklocal=$(onhost 2 ip -6 -o address show dev eth0 scope link | awk '{ sub("/.*", "", $4); print $4 }')
	as serviceN socat TCP-LISTEN:1080,bind=127.0.0.1,fork,reuseaddr TCP:10.99.2.2:8000 3>&- 4>&- &
	succeeds sh -c 'ss -ltn | grep -q 127.0.0.1:1080'
	onhost 2 sh -c "while pkill -f '^python3 /tmp/takeover'; do :; done; rm -f $log"
	onhost 2 sh -c "setsid python3 /tmp/takeover.py record $log </dev/null >/dev/null 2>/tmp/errors &"
	succeeds onhost 2 grep -qx ready $log
	saw=$(as "${1:-service0}" takeover.py try 10.99.2.2 10.99.2.1 "$linklocal" eth1 10.99.1.2 1080)
	as default takeover.py end 10.99.2.2
	succeeds onhost 2 grep -qx end $log
	arrived=$(onhost 2 grep -vx -e ready -e end $log | sort)
	printf '%s\n' "saw:" "$saw" "arrived:" "$arrived"
	as supervisor pkill -f TCP-LISTEN:1080
	wait || true
}

# changes [COMPARTMENT] - ACT allowed, ACT refused …
changes() {
	as "${1:-service0}" takeover.py change eth1 10.99.2.9
	as supervisor sh -c 'ip link del own1; ip link del own2; ip link del own3; ip neigh del 10.99.2.9 dev eth1
		ip route del 192.0.2.0/24; ip rule del table 77; ip address del 192.0.2.7/32 dev eth1
		ip link set eth1 mtu 1500' 2>/dev/null || true
}

@test "V2 without the module every way leads there, and everything can be changed" {
	bare
	tries
	# UDP-Lite is not in every kernel
	[ "$(grep -c . <<<"$saw")" -le "$(($(grep -c . <<<"$arrived") + $(grep -c '^udplite refused' <<<"$saw")))" ]
	run changes
	echo "$output"
	[ "$(grep -c ' allowed$' <<<"$output")" = 12 ]
	run ! grep refused <<<"$output"
}

@test "V2 NET-28 NET-29 NET-34 LABEL-27 from Service0 none does: other interface, other or spoofed address, raw, packets, ARP, source route, link-local, multicast, proxy" {
	printf '%s\n' "$definitions" "$rules" | armed
	tries
	[ -z "$arrived" ]
	[ "$(grep -c refused <<<"$saw")" -ge 15 ]
}

@test "V2 nor from a service with the default capabilities, which has its Subnet1" {
	printf '%s\n' "$definitions" "$rules" | armed
	tries service1
	[ -z "$arrived" ]
	as service1 bash -c 'exec 3<>/dev/tcp/10.99.1.2/8000'
	run ! as serviceN bash -c 'exec 3<>/dev/tcp/10.99.1.2/8000'
}

@test "V2 HostX's own service has no other way than its rule, and HostN on the same wire gets nothing" {
	printf '%s\n' "$definitions" "$rules" | armed
	tries serviceN
	run ! grep -vxE 'tcp|tcp_fast_open|mptcp|netdev_tcp|proxy' <<<"$arrived"
	grep -qx tcp <<<"$arrived"
	onhost 2 ip address replace 10.99.2.3/24 dev eth0
	run ! as serviceN bash -c 'exec 3<>/dev/tcp/10.99.2.3/8000'
}

@test "V2 by a rule for all of it, each way is the rule's" {
	printf '%s\n' "$definitions" "$rules" 'COMPARTMENT service0 -> NET 10.99.2.0/24 METHOD all NETDEV eth1' | armed
	tries
	local way
	for way in udp tcp tcp_fast_open mptcp netdev netdev_tcp source pktinfo raw raw_spoofed ping ping_user spoofed; do
		grep -qx $way <<<"$arrived"
	done
	# not another compartment's service, nor the wire itself
	run ! grep -E 'proxy|arp|packet|linklocal' <<<"$arrived"
}

routes='COMPARTMENT service0 NUMBER 10 CAPS +all ROUTED ONLY
COMPARTMENT service1 NUMBER 11 ROUTED ONLY
COMPARTMENT serviceN NUMBER 12 ROUTED ONLY
COMPARTMENT default -> HOST * METHOD udp PORT 8000
ROUTE COMPARTMENT service0 10.99.1.0/24 DEV eth0
ROUTE COMPARTMENT service1 10.99.1.0/24 DEV eth0
ROUTE COMPARTMENT serviceN 10.99.2.2 DEV eth1'

@test "V2 N7 by routing tables instead of rules it is the same" {
	local service
	armed <<<"$routes"
	tries
	[ -z "$arrived" ]
	tries serviceN
	grep -qx tcp <<<"$arrived"
	run ! grep -E 'arp|packet|linklocal|cast|raw|source_route' <<<"$arrived"
	for service in service0 service1; do
		as $service bash -c 'exec 3<>/dev/tcp/10.99.1.2/8000'
		run ! as $service bash -c 'exec 3<>/dev/tcp/10.99.2.2/8000'
	done
	onhost 2 ip address replace 10.99.2.3/24 dev eth0
	run ! as serviceN bash -c 'exec 3<>/dev/tcp/10.99.2.3/8000'
	run ! as serviceN bash -c 'exec 3<>/dev/tcp/10.99.1.2/8000'
}

@test "V2 NET-28 NET-29 nor can it change anything first: no tap, tunnel, interface, neighbour, route, address, namespace" {
	printf '%s\n' "$definitions" "$rules" 'COMPARTMENT service0 -> NET 10.99.2.0/24 METHOD all NETDEV eth1' | armed
	run changes
	echo "$output"
	[ "$(grep -c ' refused E' <<<"$output")" = 12 ]
}
