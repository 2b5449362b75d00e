#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# A routing table per compartment (mission N7): what is ROUTED goes by its own routes and by no other way, what it is
# shown of them, and that they are what the set in force says whatever becomes of interfaces. The tests follow one another.
#
# run: --hosts 2 --timeout 1500

load helpers/suite

definitions='
COMPARTMENT mail NUMBER 3 ROUTED CAPS +all
COMPARTMENT only NUMBER 4 ROUTED ONLY CAPS +all
COMPARTMENT free NUMBER 5 CAPS +all
'
rules='
COMPARTMENT mail -> HOST * METHOD all
COMPARTMENT free -> HOST * METHOD all
COMPARTMENT only -> HOST 192.0.2.7 METHOD raw
COMPARTMENT mail -> COMPARTMENT default METHOD unix
HOST * -> COMPARTMENT mail METHOD tcp PORT 8080
'
routes='
ROUTE COMPARTMENT mail 10.99.1.0/24 DEV eth0
ROUTE COMPARTMENT mail fd99:1::/64 DEV eth0
ROUTE COMPARTMENT only 10.99.1.2 DEV eth0
ROUTE COMPARTMENT only fd99:1::2 DEV eth0
'
first=0x63670000 # CGC_TABLE_FIRST

setup_file() {
	local host
	dmesg -n 1
	helper routeprobe.py routesock.py
	for host in 1 2; do
		onhost $host sh -c 'setsid socat TCP6-LISTEN:7000,fork,reuseaddr,ipv6only=0 /dev/null </dev/null >/dev/null 2>&1 &'
		until onhost $host ss -ltn | grep -q ':7000 '; do :; done
	done
	mkdir -p /run/route
	cd /run/route || return
}

teardown() {
	local pid
	for pid in "${pids[@]}"; do as supervisor kill "$pid" 2>/dev/null || true; done
	pids=()
}

pids=()

# probe [COMPARTMENT] HOST [ACT…] - reach a host in every way, by the interface towards it
probe() {
	local host=$2
	if loaded; then
		cgcomptctl exec "$1" -- routeprobe.py "10.99.$host.2" "fd99:$host::2" "eth$((host - 1))" "${@:3}"
	else
		routeprobe.py "10.99.$host.2" "fd99:$host::2" "eth$((host - 1))" "${@:3}"
	fi
}

# told NAME LINE… - what the sockets' program of that name (agent) answers
told() {
	echo "${*:2}" >&"${inputs[$1]}"
	read -r -t 30 answer <&"${outputs[$1]}"
	echo "$answer"
}

# says ANSWER NAME LINE… - it answers that
says() {
	local got
	got=$(told "${@:2}")
	[ "$got" = "$1" ] || { echo "${*:2}: $got, expected $1" && return 1; }
}

declare -gA inputs=() outputs=()

# agent NAME COMPARTMENT - a program with a socket
agent() {
	local input output
	rm -f "/run/route/$1.in" "/run/route/$1.out"
	mkfifo "/run/route/$1.in" "/run/route/$1.out"
	cgcomptctl exec "$2" -- routesock.py <>"/run/route/$1.in" 1<>"/run/route/$1.out" 2>"/run/route/$1.err" 3>&- 4>&- &
	pids+=($!)
	exec {input}<>"/run/route/$1.in" {output}<>"/run/route/$1.out"
	inputs[$1]=$input outputs[$1]=$output
}

# following - what a daemon does: routes follow the set and the interfaces
following() {
	cgcomptctl route follow 3>&- 4>&- &
	pids+=($!)
}

# table COMPARTMENT [-6] - its table, as the kernel has it
table() {
	local number
	number=$(cgcomptctl --json list compartments | awk -v name="\"$1\"," '/"name"/ { its = $2 == name } its && /"table"/ { print $2 + 0 }')
	# shellcheck disable=SC2086
	ip ${2-} route show table "$number" 2>/dev/null | sed 's/ *$//; s/ metric.*//; s/ proto [^ ]*//; s/ scope link//'
}

# no PATTERN FILE - no line is like that
no() {
	run grep -E "$@"
	echo "$output"
	[ "$status" = 1 ]
}

same() {
	diff "$1" "$2"
}

@test "NET-33 NET-34 without the module every way out is open" {
	bare
	mkdir -p bare
	probe '' 1 | tee bare/1
	probe '' 2 >bare/2
	no refused bare/1
	same bare/1 bare/2
}

@test "NET-33 NET-34 N7 a compartment chooses no marks, source routes and routing headers, and does all else" {
	armed <<<"$definitions$rules"
	probe free 1 | tee free
	diff bare/1 free | sed -n 's/^> //p' >refused || true
	cat refused
	same refused - <<-'END'
		raw4_source_route refused EACCES
		udp4_source_route refused EACCES
		udp4_source_route_once refused EACCES
		udp6_routing_header refused EACCES
		udp6_routing_header_once refused EACCES
		mark_set refused EACCES
		mark_once refused EACCES
		mark_get refused EACCES
		mark_receive refused EACCES
	END
	probe supervisor 1 mark_set mark_get udp4_source_route | tee out
	no refused out
	cgcomptctl denials | grep "it does not choose its packets' way"
}

@test "N7 an empty table: the network is unreachable, at once, in every way and for both families" {
	for name in mail only; do
		probe $name 1 | tee empty
		no allowed empty
		for act in tcp4 tcp6 udp4 udp6 udp4_connect udp6_connect tcp4_device udp4_device udp4_pktinfo; do
			grep -qx "$act refused ENETUNREACH" empty
		done
	done
	cgcomptctl denials | grep 'its routing table has no route there'
}

@test "N7 NET-33 NET-34 a route leads to where it says, and nothing leads anywhere else" {
	local name
	armed <<<"$definitions$rules$routes"
	cgcomptctl list routes
	[ "$(table mail)" = '10.99.1.0/24 dev eth0' ]
	[ "$(table mail -6)" = 'fd99:1::/64 dev eth0' ]
	for name in mail only; do
		probe $name 1 | tee routed
		for act in tcp4 tcp6 udp4 udp6 udp4_connect udp6_connect tcp4_device udp6_device udp4_unicast_if; do
			grep -qx "$act allowed" routed
		done
		# what goes to more than one is nothing that its table leads to
		no '(broadcast|everybody|group|link_local|source_route|header_once|mark).* allowed' routed
		probe $name 2 | tee other
		no allowed other
	done
	# the interface that a program insists on is not the one of its route
	cgcomptctl exec mail -- routeprobe.py 10.99.1.2 fd99:1::2 eth1 | tee wrong
	no '(device|ifindex|udp._unicast|pktinfo|group|everybody).* allowed' wrong
	grep -qx 'tcp4 allowed' wrong
}

@test "N7 ROUTED: both must allow; ROUTED ONLY: the route is the permission, but for raw packets" {
	armed <<<"$definitions$routes"
	probe mail 1 tcp4 udp6 | tee out
	same out <(printf '%s\n' 'tcp4 refused EACCES' 'udp6 refused EACCES')
	probe only 1 tcp4 tcp6 udp4 udp6 raw4_own_header | tee out
	same out <(printf '%s allowed\n' tcp4 tcp6 udp4 udp6; echo 'raw4_own_header refused EACCES')
	ctl why 'COMPARTMENT only -> HOST 10.99.1.2 METHOD tcp PORT 7000'
	[[ $status == 0 && $output == 'tcp: allowed: its routes decide (ROUTED ONLY): ROUTE COMPARTMENT only 10.99.1.2 DEV eth0' ]]
	ctl why 'COMPARTMENT only -> HOST 10.99.2.2 METHOD tcp PORT 7000'
	[[ $status == 1 && $output == 'tcp: refused: its routing table has no route there' ]]
	ctl why 'COMPARTMENT mail -> HOST 10.99.1.2 METHOD tcp PORT 7000'
	[[ $status == 1 && $output == 'tcp: refused: no rule allows it' ]]
	# nor is it one for what comes in, or for what stays here
	cgcomptctl exec only -- socat TCP-LISTEN:8080,fork,reuseaddr /dev/null 3>&- 4>&- &
	pids+=($!)
	succeeds sh -c "ss -ltn | grep -q ':8080 '"
	run onhost 1 timeout 3 socat -u /dev/null TCP:10.99.1.1:8080
	[ "$status" != 0 ]
	run cgcomptctl exec mail -- socat -u /dev/null TCP:10.99.1.1:8080
	[ "$status" != 0 ]
}

@test "N7 an ip rule that is gone: refused, and what there was is cut; its compartment plants none" {
	armed <<<"$definitions$rules$routes"
	agent a mail
	says ok a tcp
	says ok a to 10.99.1.2
	says ok a say
	ip rule show | tee rules
	grep "fwmark 0x1000000/0xff000000 lookup $((first + 1))" rules
	grep 'not from all fwmark 0/0xff000000 unreachable' rules
	# root in a compartment edits neither rules nor tables
	for word in 'rule add pref 80 lookup main' 'rule del pref 90' 'route add 10.99.2.0/24 dev eth1 table 1668743169' \
		'route del 10.99.1.0/24 dev eth0 table main' 'link set eth1 down' 'addr add 192.0.2.3/32 dev eth0'; do
		# shellcheck disable=SC2086
		run cgcomptctl exec mail -- ip $word
		echo "$word: $output"
		[ "$status" != 0 ]
	done
	while ip rule del pref 90 2>/dev/null || ip rule del pref 91 2>/dev/null; do :; done
	while ip -6 rule del pref 90 2>/dev/null || ip -6 rule del pref 91 2>/dev/null; do :; done
	succeeds eval '[[ $(told a say) == E* ]]'
	probe mail 1 | tee out
	no allowed out
	probe only 1 | tee out
	no allowed out
	probe free 1 tcp4 udp6 | tee out
	no refused out
	cgcomptctl load --force - <<<"$definitions$rules$routes"
	probe mail 1 tcp4 udp6 | tee out
	no refused out
}

@test "I5 N7 a routed compartment is shown its own table, and nobody else is" {
	local all='ip route show table all; ip -6 route show table all; ip route; ip -6 route; ip rule; cat /proc/net/route; cat /proc/net/ipv6_route /proc/net/fib_trie; ip route get 10.99.1.2; ip -6 route get fd99:1::2'
	cgcomptctl exec mail -- sh -c "$all" 2>&1 | tee shown
	grep '10.99.1.0/24 dev eth0' shown
	grep 'fd99:1::/64 dev eth0' shown
	# which it calls its main one
	[ "$(cgcomptctl exec mail -- ip route)" = '10.99.1.0/24 dev eth0 proto 204 scope link ' ]
	[[ $(cgcomptctl exec mail -- ip -6 route) == 'fd99:1::/64 dev eth0 proto 204 '* ]]
	no '10\.99\.2|fd99:2|10\.99\.1\.2 dev|fwmark|eth1|main|local' shown
	cgcomptctl exec free -- sh -c "$all" 2>&1 | tee shown
	no "table $((first + 1))|table $((first + 2))|fwmark" shown
	grep '10.99.2.0/24 dev eth1' shown
	ip route show table all | grep "table $((first + 1))"
}

@test "N7 a socket passed on keeps its way, and one that was there before gets it" {
	agent giver mail
	agent taker supervisor
	echo 'take /run/route/socket' >&"${inputs[taker]}"
	read -r -t 30 answer <&"${outputs[taker]}"
	[ "$answer" = waiting ]
	says ok giver tcp
	says ok giver give /run/route/socket
	read -r -t 30 answer <&"${outputs[taker]}"
	[ "$answer" = ok ]
	says ENETUNREACH taker to 10.99.2.2
	says ok taker to 10.99.1.2
	armed <<<"${definitions/ROUTED CAPS/CAPS}$rules"
	says ok giver udp
	says ok giver to 10.99.2.2
	armed <<<"$definitions$rules$routes"
	says ENETUNREACH giver to 10.99.2.2
	says ok giver to 10.99.1.2
}

@test "N7 replies of a listening socket follow its table; echoes and compartment 0 know nothing of it" {
	agent server mail
	says ok server listen 8080
	[ "$(onhost 1 timeout 10 socat -u TCP:10.99.1.1:8080 -)" = hello ]
	run onhost 2 timeout 3 socat -u TCP:10.99.2.1:8080 -
	[ "$status" != 0 ]
	# a network that the machine's own table thinks elsewhere
	onhost 1 ip addr add 192.0.2.1/24 dev eth0
	ip route add 192.0.2.0/24 dev eth1
	cgcomptctl route add mail 192.0.2.0/24 via 10.99.1.2 dev eth0
	[ "$(onhost 1 timeout 10 socat -u TCP:10.99.1.1:8080,bind=192.0.2.1 -)" = hello ]
	cgcomptctl route del mail 192.0.2.0/24 via 10.99.1.2 dev eth0
	run onhost 1 timeout 3 socat -u TCP:10.99.1.1:8080,bind=192.0.2.1 -
	[ "$status" != 0 ]
	ip route del 192.0.2.0/24 dev eth1
	onhost 1 ping -c 1 -W 5 10.99.1.1
	onhost 2 ping -c 1 -W 5 10.99.2.1
	cgcomptctl add COMPARTMENT default -\> HOST \* METHOD all
	ping -c 1 -W 5 10.99.2.2
	cgcomptctl del COMPARTMENT default -\> HOST \* METHOD all
}

@test "N7 R6 R7 routes in the set: added, listed, deleted, and refused with their place" {
	ctl route add mail 198.51.100.0/24 via 10.99.1.2
	done_with 0
	ctl list routes
	[[ $output == *'ROUTE COMPARTMENT mail 198.51.100.0/24 VIA 10.99.1.2'* ]]
	[[ $(table mail) == *'198.51.100.0/24 via 10.99.1.2 dev eth0 onlink'* ]]
	ctl route add mail 198.51.100.0/24 via 10.99.1.2
	done_with 0 'is there already'
	cgcomptctl list >again.rules
	ctl check again.rules
	done_with 0
	ctl del 'ROUTE COMPARTMENT mail 198.51.100.0/24 VIA 10.99.1.2'
	done_with 0
	[[ $(table mail) != *198.51.100* ]]
	ctl route del mail 198.51.100.0/24 via 10.99.1.2
	done_with 1 'there is no such statement'
	ctl --json list routes
	[[ $output == *'"destination": "fd99:1::"'* ]]
	printf '%s\n' "$definitions" 'ROUTE COMPARTMENT mail 10.99.3.0/24 DEV eth7' >wrong.rules
	ctl load --force wrong.rules
	done_with 1 'wrong.rules:6:41: there is no interface eth7'
	ctl route add free 10.99.3.0/24 dev eth1
	done_with 1 ':1:19: the compartment has no routing table'
	ctl add 'ROUTE COMPARTMENT mail 10.99.3.0/24 VIA 127.0.0.1 DEV eth1'
	done_with 1 ':1:1: the kernel refuses this route: Invalid argument'
	[[ $(cgcomptctl list routes) != *127.0.0.1* ]]
	[[ $(table mail) == *'10.99.1.0/24 dev eth0'* ]]
	sysctl -qw net.ipv4.conf.eth1.rp_filter=1
	ctl route add mail 10.99.2.0/24 dev eth1
	done_with 1 'net.ipv4.conf.eth1.rp_filter is 1'
	sysctl -qw net.ipv4.conf.eth1.rp_filter=2
	ctl route add mail 10.99.2.0/24 dev eth1
	done_with 0
	probe mail 2 tcp4 | grep allowed
	ctl route del mail 10.99.2.0/24 dev eth1
	done_with 0
	sysctl -qw net.ipv4.conf.eth1.rp_filter=0
	[ "$(status_of mark_mask)" = 4278190080 ]
}

@test "N7 O7 routes follow what is put back: revert, and a trial that nobody confirms" {
	following
	cgcomptctl load --force - <<<"$definitions$rules"
	[ -z "$(table mail)" ]
	cgcomptctl revert --force
	[ "$(table mail)" = '10.99.1.0/24 dev eth0' ]
	printf '%s\n' "$definitions$rules" 'ROUTE COMPARTMENT mail default DEV eth1' >trial.rules
	cgcomptctl try --force trial.rules -t 3s
	[ "$(table mail)" = 'default dev eth1' ]
	becomes '10.99.1.0/24 dev eth0' table mail
}

@test "N7 interfaces that come and go: no route, then the route again; another name is another interface" {
	ip link add gone0 type dummy
	ip link set gone0 up
	cgcomptctl route add mail 203.0.113.0/24 dev gone0
	following
	[[ $(table mail) == *'203.0.113.0/24 dev gone0'* ]]
	ip link set gone0 down
	succeeds eval '[[ $(table mail) != *gone0* ]]'
	probe mail 1 tcp4 | grep allowed
	cgcomptctl exec mail -- routeprobe.py 203.0.113.1 fd99:1::2 eth0 udp4 | grep 'refused ENETUNREACH'
	ip link set gone0 up
	succeeds eval '[[ $(table mail) == *"203.0.113.0/24 dev gone0"* ]]'
	cgcomptctl exec mail -- routeprobe.py 203.0.113.1 fd99:1::2 eth0 udp4 | grep allowed
	ip link set gone0 down
	ip link set gone0 name other0
	ip link set other0 up
	succeeds eval '[[ $(table mail) != *203.0.113* ]]'
	cgcomptctl exec mail -- routeprobe.py 203.0.113.1 fd99:1::2 eth0 udp4 | grep 'refused ENETUNREACH'
	ip link del other0
	ip link add gone0 type dummy
	ip link set gone0 up
	succeeds eval '[[ $(table mail) == *"203.0.113.0/24 dev gone0"* ]]'
	# rules that somebody takes away come back too
	ip rule del pref 91
	succeeds sh -c "ip rule | grep -q '^91:'"
	ip link del gone0
	cgcomptctl route del mail 203.0.113.0/24 dev gone0
}

@test "N7 a route taken away ends what went by it; a route in the table that no statement is for is none" {
	cgcomptctl route add mail 10.99.2.0/24 dev eth1
	agent a mail
	says ok a tcp
	says ok a to 10.99.2.2
	says ok a say
	cgcomptctl route del mail 10.99.2.0/24 dev eth1
	succeeds eval '[[ $(told a say) == E* ]]'
	ip route add 10.99.2.0/24 dev eth1 table $((first + 1))
	probe mail 2 tcp4 udp4 | tee out
	no allowed out
	ip route del 10.99.2.0/24 dev eth1 table $((first + 1))
}

@test "V2 N7 figure 13 by routes: each service reaches what it has a route to, without a rule, and nothing else" {
	local reach='exec 3<>/dev/tcp/$0/7000'
	onhost 2 ip address add 10.99.2.3/24 dev eth0
	armed <<-'END'
		COMPARTMENT service0 NUMBER 10 ROUTED ONLY
		COMPARTMENT service1 NUMBER 11 ROUTED ONLY
		COMPARTMENT serviceN NUMBER 12 ROUTED ONLY
		ROUTE COMPARTMENT service0 10.99.1.0/24 DEV eth0
		ROUTE COMPARTMENT service1 10.99.1.0/24 DEV eth0
		ROUTE COMPARTMENT serviceN 10.99.2.2 DEV eth1
	END
	for name in service0 service1; do
		as $name timeout 20 bash -c "$reach" 10.99.1.2
		run ! as $name timeout 20 bash -c "$reach" 10.99.2.2
		[[ $output == *unreachable* ]]
		run ! as $name timeout 20 bash -c "$reach" 10.99.2.3
	done
	as serviceN timeout 20 bash -c "$reach" 10.99.2.2
	run ! as serviceN timeout 20 bash -c "$reach" 10.99.2.3
	[[ $output == *unreachable* ]]
	run ! as serviceN timeout 20 bash -c "$reach" 10.99.1.2
	onhost 2 ip address del 10.99.2.3/24 dev eth0
}

@test "N7 F1 start brings a compartment's routes, stop takes them away" {
	mkdir -p /compt/jail /etc/cgcompt/start.d
	cp /run/guest/busybox /compt/jail/
	printf '%s\n' '#!/busybox sh' 'exit 0' >/compt/jail/startup
	chmod 755 /compt/jail/startup
	armed <<<"$definitions$rules$routes
COMPARTMENT jail NUMBER 7 ROUTED ONLY ROOT /compt/jail"
	echo 'ROUTE COMPARTMENT jail 10.99.2.0/24 DEV eth1' >/etc/cgcompt/start.d/jail.rules
	ctl start --here jail
	done_with 0
	[ "$(table jail)" = '10.99.2.0/24 dev eth1' ]
	ctl stop --here jail
	done_with 0
	[ -z "$(table jail)" ]
	[[ $(cgcomptctl list routes) != *jail* ]]
	echo 'ROUTE COMPARTMENT mail 10.99.2.0/24 DEV eth1' >/etc/cgcompt/start.d/jail.rules
	ctl start --here jail
	done_with 1 'a route of another compartment, expected one of jail'
}

@test "N7 O1 at boot an interface may be missing: the rest is in force, and the route comes with it" {
	armed <<<''
	ip rule show | tee rules
	no fwmark rules
	bare
	printf '%s\n' "$definitions$rules$routes" 'ROUTE COMPARTMENT mail 203.0.113.0/24 DEV gone0' >/run/boot.rules
	modprobe cgcompt rules=/run/boot.rules mark_mask=0x00ff0000
	ip rule show | grep "fwmark 0x10000/0xff0000 lookup $((first + 1))"
	[ "$(table mail)" = '10.99.1.0/24 dev eth0' ]
	probe mail 1 tcp4 udp6 | tee out
	no refused out
	following
	ip link add gone0 type dummy
	ip link set gone0 up
	succeeds eval '[[ $(table mail) == *"203.0.113.0/24 dev gone0"* ]]'
	ip link del gone0
	teardown
	armed <<<''
	bare
	run modprobe cgcompt mark_mask=0x0f0f0000
	[ "$status" != 0 ]
	run modprobe cgcompt mark_mask=0
	[ "$status" != 0 ]
}
