#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --processors 2 --hosts 2
# kernel: 6.12
#
# Labels of interfaces: which interface gets which, when, and what passes by it.
#
#   host 1 (10.99.1.2) -- eth0 guest eth1 -- host 2 (10.99.2.2)

load helpers/suite
load helpers/net

setup_file() {
	net_setup
	helper flood.py router.py
	on_host 1
	on_host 2
	onhost 2 sh -c 'cat >/tmp/flood.py' </run/helpers/flood.py
	modprobe -a tun ppp_generic ppp_async
	agent zero
	sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0
}

setup() {
	local host
	afresh web tomcat
	for host in host1 host2; do
		expect ok $host serve tcp 0.0.0.0 80
	done
}

teardown() {
	local name
	for name in t0 t1 t2 t3 t4 t5 t6 t7 t8; do
		ip link del $name 2>/dev/null || true
	done
	onhost 2 pkill -f flood.py || true
	cgcomptctl exec supervisor -- pkill -f 'router.py hear' || true
	if [ -e /sys/class/net/other1 ]; then
		ip link set other1 down
		ip link set other1 name eth1
	fi
	ip link set eth1 up
	for name in beside inner; do
		ip netns del $name 2>/dev/null || true
	done
	# shellcheck disable=SC2046
	[ ! -e "$BATS_TEST_TMPDIR/pids" ] || as supervisor kill $(cat "$BATS_TEST_TMPDIR/pids") 2>/dev/null || true
	if loaded; then cgcomptctl netdev clear eth1; fi
}

# both hosts' interfaces keep theirs
ours='
NETDEV name eth0 -> LABEL ext
NETDEV name eth1 -> LABEL int'

# label_of INTERFACE [NAMESPACE]: its label's name
label_of() {
	cgcomptctl list netdevs | awk -v name="$1" -v other="${2:+1}" '$1 == name && ($3 != "initial") == other + 0 { print $4 }'
}

# labelled INTERFACE LABEL
labelled() {
	[ "$(label_of "$1")" = "$2" ] || { echo "$1 is $(label_of "$1"), expected $2" && return 1; }
}

# flood: host 2 sends to this guest's port 53, by eth1, until the test ends
flood() {
	onhost 2 sh -c 'setsid python3 /tmp/flood.py send 10.99.2.1 53 </dev/null >/dev/null 2>&1 &'
}

# counting [COMMAND…]: a server of port 53 that writes down what it gets
counting() {
	got=$BATS_TEST_TMPDIR/got
	background "$@" flood.py count 10.99.2.1 53 "$got"
	started "$got" ready
}

# background COMMAND…: killed when the test ends
background() {
	"$@" 3>&- 4>&- &
	echo $! >>"$BATS_TEST_TMPDIR/pids"
}

received() {
	cat "/sys/class/net/$1/statistics/rx_packets"
}

# flooded INTERFACE: a hundred more packets have come in by it
flooded() {
	local until
	until=$(($(received "$1") + 100))
	succeeds eval "[ \"\$(received $1)\" -ge $until ]"
}

@test "without the module packets come in by an interface from its first moment on" {
	ip link set eth1 down
	flood
	counting
	ip link set eth1 up
	started "$got" '^9$'
}

@test "N5 before its first packet: not one of a flood gets in by an interface in quarantine, all by one with a label" {
	rules 'NETDEV name eth0 -> LABEL ext' 'HOST * -> COMPARTMENT web METHOD udp PORT 53'
	ip link set eth1 down
	labelled eth1 none
	flood
	counting cgcomptctl exec web --
	ip link set eth1 up
	flooded eth1
	labelled eth1 quarantine
	run ! grep -q '^1$' "$got"
	cgcomptctl denials | grep -F 'the interface is in quarantine'
	# down and up again with another set: the first packet has the label
	ip link set eth1 down
	labelled eth1 none
	rules "$ours" 'HOST * -> COMPARTMENT web METHOD udp PORT 53 NETDEV @ext'
	ip link set eth1 up
	flooded eth1
	labelled eth1 int
	run ! grep -q '^1$' "$got"
	rules "$ours" 'HOST * -> COMPARTMENT web METHOD udp PORT 53 NETDEV @int'
	started "$got" '^9$'
}

@test "N5 each attribute: name, kind, driver, mac, address, peer, vlan, master, altname, alias" {
	rules "$ours" 'NETDEV name t0 -> LABEL byname' 'NETDEV kind vlan vlan 7 -> LABEL seven' \
		'NETDEV kind vlan -> LABEL byvlan' 'NETDEV kind macvlan mac 02:00:00:00:00:00/24 -> LABEL bymac' \
		'NETDEV master br* -> LABEL port' 'NETDEV kind bridge -> LABEL bridge' 'NETDEV kind bond -> LABEL bond' \
		'NETDEV kind wireguard -> LABEL wg' 'NETDEV kind tun -> LABEL tun' 'NETDEV address fd88::/64 -> LABEL six' \
		'NETDEV address 10.87.0.0/16 -> LABEL byaddress' 'NETDEV peer 10.64.0.0/16 -> LABEL bypeer' \
		'NETDEV altname uplink -> LABEL byalt' 'NETDEV alias "to the *" -> LABEL byalias'
	ip link add t0 type dummy
	labelled t0 none
	ip link set t0 up
	labelled t0 byname
	ip link add link t0 name t1 type vlan id 7
	ip link add link t0 name t2 type vlan id 8
	ip link add link t0 name t3 address 02:00:00:11:22:33 type macvlan
	ip link add t4 type bridge
	ip link add t5 type bond
	ip link add t6 type wireguard
	ip tuntap add t7 mode tun
	ip link add t8 type dummy
	for name in t1 t2 t3 t4 t5 t6 t7 t8; do
		ip link set $name up
	done
	labelled t1 seven
	labelled t2 byvlan
	labelled t3 bymac
	labelled t4 bridge
	labelled t5 bond
	labelled t6 wg
	labelled t7 tun
	labelled t8 quarantine
	# and again when they change, while it is up
	ip addr add 10.87.1.1/24 dev t8
	labelled t8 byaddress
	ip addr add fd88::8/64 dev t8 nodad
	labelled t8 six
	ip addr del fd88::8/64 dev t8
	labelled t8 byaddress
	ip addr del 10.87.1.1/24 dev t8
	labelled t8 quarantine
	ip addr add 10.1.1.1 peer 10.64.5.6 dev t8
	labelled t8 bypeer
	ip addr flush dev t8
	ip link property add dev t8 altname uplink
	labelled t8 byalt
	ip link property del dev t8 altname uplink
	labelled t8 quarantine
	ip link set t8 alias 'to the ISP'
	labelled t8 byalias
	ip link set t8 alias ''
	ip link set t4 down
	ip link set t4 name br9
	ip link set t8 master br9
	labelled t8 port
	ip link set br9 name t4
	labelled t8 quarantine
	ip link set t8 nomaster
	ip link set t3 address 02:00:01:11:22:33
	labelled t3 quarantine
	ip link set t8 down
	labelled t8 none
	[ "$(status_of netdev_maps)" = 16 ]
	[ "$(status_of netdevs_quarantined)" -ge 1 ]
	cgcomptctl list netdevs | grep -E '^t1 .* seven 4: NETDEV kind vlan vlan 7 -> LABEL seven'
	# the driver is that of the device behind it
	rules 'NETDEV driver virtio_net -> LABEL hardware'
	labelled eth0 hardware
	labelled eth1 hardware
	labelled lo none
	labelled t0 quarantine
}

@test "N5 a label is matched in both directions, by its name" {
	rules "$ours" 'COMPARTMENT web -> HOST * METHOD tcp NETDEV @ext' 'HOST * -> COMPARTMENT web METHOD tcp PORT 8080 NETDEV @int'
	expect ok web serve tcp 0.0.0.0 8080
	expect ok web get tcp 10.99.1.2 80
	expect "connect EACCES" web get tcp 10.99.2.2 80
	expect ok host2 get tcp 10.99.2.1 8080
	dropped host1 tcp 10.99.1.1 8080
	cgcomptctl list | grep -F 'COMPARTMENT web -> HOST * METHOD tcp NETDEV @ext'
	cgcomptctl list >"$BATS_TEST_TMPDIR/again.rules"
	cgcomptctl load --force "$BATS_TEST_TMPDIR/again.rules"
	expect ok web get tcp 10.99.1.2 80
	diff "$BATS_TEST_TMPDIR/again.rules" <(cgcomptctl list)
	grep -F 'NETDEV name eth0 -> LABEL ext' /proc/cgcompt/rules
}

@test "N5 quarantine: every flow is refused whatever the rules say, and at once" {
	rules 'NETDEV name eth0 -> LABEL ext' 'COMPARTMENT web -> HOST * METHOD all' 'HOST * -> COMPARTMENT web METHOD all' \
		'COMPARTMENT default -> HOST * METHOD all' 'HOST * -> COMPARTMENT default METHOD all'
	labelled eth1 quarantine
	[ "$(status_of netdevs_quarantined)" = 1 ]
	expect ok web serve tcp 0.0.0.0 8080
	expect ok web get tcp 10.99.1.2 80
	expect "connect EACCES" web get tcp 10.99.2.2 80
	denied 'COMPARTMENT web -> HOST 10.99.2.2 PORT 80 METHOD tcp' 'the interface is in quarantine'
	expect "connect EACCES" zero get tcp 10.99.2.2 80
	expect ok host1 get tcp 10.99.1.1 8080
	dropped host2 tcp 10.99.2.1 8080
	denied 'HOST 10.99.2.2 -> COMPARTMENT web PORT 8080 METHOD tcp' 'the interface is in quarantine'
	# lo never is
	expect ok web get tcp 127.0.0.1 8080
	# the supervisor reaches all
	run -0 cgcomptctl exec supervisor -- timeout 10 bash -c 'exec 3<>/dev/tcp/10.99.2.2/80'
	ctl why 'COMPARTMENT web -> HOST 10.99.2.2 METHOD tcp NETDEV eth1'
	done_with 1
	[[ $output == *'the interface is in quarantine' ]]
}

@test "N5 in quarantine DHCP passes for compartment 0, by rule, and for nobody else" {
	rules 'NETDEV name eth0 -> LABEL ext' 'COMPARTMENT web -> HOST * METHOD all' 'COMPARTMENT default -> HOST * METHOD all'
	for pair in '68 67' '546 547'; do
		expect ok zero open 1 udp
		expect ok zero bind 1 0.0.0.0 "${pair% *}"
		expect ok zero sendto 1 10.99.2.2 "${pair#* }" hello
		expect "EACCES" zero sendto 1 10.99.2.2 53 hello
		expect ok zero close 1
		expect ok web open 1 udp
		expect ok web bind 1 0.0.0.0 "${pair% *}"
		expect "EACCES" web sendto 1 10.99.2.2 "${pair#* }" hello
		expect ok web close 1
	done
	# neighbours are found: ARP and ND are not asked about
	ip neigh flush dev eth1
	run -0 cgcomptctl exec supervisor -- timeout 10 bash -c 'exec 3<>/dev/tcp/10.99.2.2/80'
	# without a rule nothing
	rules 'NETDEV name eth0 -> LABEL ext'
	expect ok zero open 1 udp
	expect ok zero bind 1 0.0.0.0 68
	expect "EACCES" zero sendto 1 10.99.2.2 67 hello
}

@test "N5 in quarantine an offer of DHCP comes in for compartment 0, by rule, and nothing else does" {
	rules 'NETDEV name eth0 -> LABEL ext' 'HOST * -> COMPARTMENT web METHOD all' 'HOST * -> COMPARTMENT default METHOD all'
	expect ok zero open 1 udp
	expect ok zero bind 1 0.0.0.0 68
	expect ok host2 open 1 udp
	expect ok host2 bind 1 0.0.0.0 67
	expect ok host2 sendto 1 10.99.2.1 68 offer
	expect "got offer from 10.99.2.2 67" zero recv 1
	expect ok zero close 1
	expect ok web open 1 udp
	expect ok web bind 1 0.0.0.0 68
	expect ok host2 sendto 1 10.99.2.1 68 offer
	expect ok host2 close 1
	expect ok web patience 1500
	expect timeout web recv 1
	denied 'HOST 10.99.2.2 -> COMPARTMENT web PORT 68 METHOD udp' 'source port 67' 'the interface is in quarantine'
	expect ok web patience 15000
	expect ok web close 1
}

# hears COMPARTMENT TYPE [TIMES]: it begins to, or has heard so many by now
hears() {
	local heard=$BATS_TEST_TMPDIR/heard-$1-$2
	if [ -z "${3-}" ]; then
		as "$1" router.py hear "$2" >"$heard" 3>&- 4>&- &
		started "$heard" ready
	else
		[ "$(grep -c heard "$heard")" = "$3" ]
	fi
}

@test "N5 in quarantine a router is heard in compartment 0, by rule, in no other; and an echo in none" {
	local router=134 echo=128
	rules 'NETDEV name eth0 -> LABEL ext' 'HOST * -> COMPARTMENT * METHOD all' 'COMPARTMENT * -> HOST * METHOD all'
	sysctl -qw net.ipv6.conf.eth1.accept_ra=2
	labelled eth1 quarantine
	# gone when it was down
	ip address replace fd99:2::1/64 dev eth1 nodad
	for name in default web; do
		hears $name $router
		hears $name $echo
	done
	announce() { onhost 2 python3 - announce eth0 fd77:: </run/helpers/router.py; }
	announce
	succeeds hears default $router 1
	# the kernel itself takes the one, and answers the other
	succeeds sh -c 'ip -6 address show dev eth1 | grep -q " fd77:"'
	onhost 2 ping -6 -c 1 -W 5 fd99:2::1
	denied 'HOST fd99:2::2 -> COMPARTMENT default METHOD icmp' 'the interface is in quarantine'
	denied 'COMPARTMENT web METHOD icmp' 'the interface is in quarantine'
	cgcomptctl netdev set eth1 ext
	announce
	onhost 2 ping -6 -c 1 -W 5 fd99:2::1
	for name in default web; do
		succeeds hears $name $echo 1
	done
	succeeds hears default $router 2
	succeeds hears web $router 1
	as supervisor pkill -f 'router.py hear'
	cgcomptctl netdev clear eth1
	sysctl -qw net.ipv6.conf.eth1.accept_ra=0
	ip -6 address flush dev eth1 to fd77::/64
}

@test "N5 by hand: over what the statements say, until it is cleared; through down and up" {
	rules "$ours" 'COMPARTMENT web -> HOST * METHOD tcp NETDEV @ext'
	expect "connect EACCES" web get tcp 10.99.2.2 80
	cgcomptctl netdev set eth1 ext
	expect ok web get tcp 10.99.2.2 80
	cgcomptctl netdev list | grep -E '^eth1 .* ext by hand'
	rules 'NETDEV name eth0 -> LABEL ext' 'COMPARTMENT web -> HOST * METHOD tcp NETDEV @ext'
	expect ok web get tcp 10.99.2.2 80
	cgcomptctl netdev clear eth1
	labelled eth1 quarantine
	expect "connect EACCES" web get tcp 10.99.2.2 80
	ctl netdev set eth1 nobody
	done_with 1 'unknown label nobody'
	ctl netdev set nosuch ext
	done_with 1 'there is no interface nosuch'
}

@test "N5 an open connection ends with the label that it hung on" {
	rules "$ours" 'COMPARTMENT web -> HOST * METHOD tcp NETDEV @int'
	expect ok web open 1 tcp
	expect ok web connect 1 10.99.2.2 80
	expect ok web send 1 hello
	expect "got hello" web recv 1
	cgcomptctl netdev set eth1 ext
	becomes ECONNABORTED tell web send 1 hello
	expect ok web close 1
}

@test "N5 LABEL-28 renamed while traffic flows" {
	local before
	rules "$ours" 'HOST * -> COMPARTMENT web METHOD udp PORT 53 NETDEV @int'
	flood
	counting cgcomptctl exec web --
	started "$got" '^9$'
	# newer kernels rename one that is up
	if ip link set eth1 name other1 2>/dev/null; then
		labelled other1 quarantine
		flooded other1 # what had been let in is read now
		before=$(wc -l <"$got")
		flooded other1
		[ "$(wc -l <"$got")" = "$before" ]
		ip link set other1 name eth1
		labelled eth1 int
		succeeds eval "[ \"\$(wc -l <$got)\" -gt $((before + 3)) ]"
	fi
	ip link set eth1 down
	ip link set eth1 name other1
	ip link set other1 up
	labelled other1 quarantine
	flooded other1
	before=$(wc -l <"$got")
	flooded other1
	[ "$(wc -l <"$got")" = "$before" ]
	ip link set other1 down
	ip link set other1 name eth1
	ip link set eth1 up
	labelled eth1 int
	succeeds eval "[ \"\$(wc -l <$got)\" -gt $((before + 3)) ]"
}

@test "N5 moved between namespaces: a label is of a namespace, and quarantine in each" {
	ip netns add inner
	ip -n inner link set lo up
	ip link add t0 type dummy
	ip link set t0 up
	rules "$ours" 'NETDEV name t0 -> LABEL here'
	labelled t0 here
	cgcomptctl netdev set t0 int
	labelled t0 int
	ip link set t0 netns inner
	[ "$(label_of t0 inner)" = none ]
	ip -n inner link set t0 up
	[ "$(label_of t0 inner)" = quarantine ]
	[ -z "$(label_of t0)" ]
	rules "$ours" 'NETDEV name t0 -> LABEL here' 'NETDEV kind dummy netns other -> LABEL there'
	[ "$(label_of t0 inner)" = there ]
	ip -n inner link set t0 netns $$
	labelled t0 none
	ip link set t0 up
	labelled t0 here
	ip netns del inner
}

@test "N5 ppp: two pppd over a pty; its peer's address is its label" {
	rules "$ours" 'NETDEV kind ppp peer 10.64.0.0/16 -> LABEL isp1' 'NETDEV kind ppp -> LABEL isp2' \
		'NETDEV netns other -> LABEL far' 'HOST * -> COMPARTMENT default METHOD tcp' \
		'COMPARTMENT web -> HOST * METHOD tcp NETDEV @isp1' 'HOST * -> COMPARTMENT tomcat METHOD tcp PORT 8080'
	ip netns add beside
	background socat PTY,link=/run/a,raw,echo=0 PTY,link=/run/b,raw,echo=0
	succeeds test -e /run/b
	background ip netns exec beside pppd /run/b noauth local nodetach nodefaultroute noipv6 10.64.0.1:10.1.1.1
	background pppd /run/a noauth local nodetach nodefaultroute noipv6 unit 9 10.1.1.1:10.64.0.1
	succeeds test -e /sys/class/net/ppp9
	becomes isp1 label_of ppp9
	background ip netns exec beside socat TCP-LISTEN:80,fork,reuseaddr SYSTEM:cat
	succeeds eval 'ip netns exec beside ss -ltn | grep -q ":80 "'
	expect ok web get tcp 10.64.0.1 80
	ip addr flush dev ppp9
	labelled ppp9 isp2
}

@test "N5 NETDEVS bounds a compartment to interfaces, whatever the rules say" {
	# shellcheck disable=SC2034
	definitions='COMPARTMENT web NUMBER 2 CAPS +all NETDEVS eth0,@none
COMPARTMENT tomcat NUMBER 3 CAPS +all NETDEVS @int
COMPARTMENT cgi NUMBER 4 CAPS +all'
	rules "$ours" 'NETDEV name none -> LABEL none' 'COMPARTMENT web -> HOST * METHOD all' 'COMPARTMENT tomcat -> HOST * METHOD all' \
		'HOST * -> COMPARTMENT web METHOD all' 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp'
	expect ok web serve tcp 0.0.0.0 8080
	expect ok tomcat serve tcp 127.0.0.1 8081
	expect ok web get tcp 10.99.1.2 80
	expect "connect EACCES" web get tcp 10.99.2.2 80
	denied 'COMPARTMENT web -> HOST 10.99.2.2 PORT 80 METHOD tcp' 'its NETDEVS are without the interface'
	expect ok tomcat get tcp 10.99.2.2 80
	expect "connect EACCES" tomcat get tcp 10.99.1.2 80
	expect ok host1 get tcp 10.99.1.1 8080
	dropped host2 tcp 10.99.2.1 8080
	# what stays in the machine goes by none
	expect ok web get tcp 127.0.0.1 8081
	cgcomptctl list compartments | grep -F 'COMPARTMENT web NUMBER 2 CAPS +all NETDEVS eth0,@none'
	ctl why 'COMPARTMENT web -> HOST 10.99.2.2 METHOD tcp NETDEV eth1'
	done_with 1
	[[ $output == *'its NETDEVS are without the interface' ]]
}

@test "O7 N5 a set that would put the administrator's interface in quarantine is refused" {
	rules 'COMPARTMENT default -> HOST * METHOD all' 'HOST * -> COMPARTMENT default METHOD all'
	expect ok zero serve tcp 0.0.0.0 2222
	expect ok host1 open 1 tcp
	expect ok host1 bind 1 10.99.1.2 5555
	expect ok host1 connect 1 10.99.1.1 2222
	export SSH_CONNECTION='10.99.1.2 5555 10.99.1.1 2222'
	ctl load - <<-'END'
		NETDEV name eth1 -> LABEL int
		COMPARTMENT default -> HOST * METHOD all
		HOST * -> COMPARTMENT default METHOD all
	END
	done_with 1 'this would cut the connection that you are on'
	ctl load - <<-'END'
		NETDEV name eth0 -> LABEL ext
		HOST * -> COMPARTMENT default METHOD all NETDEV @int
	END
	done_with 2 'unknown label int'
	ctl load - <<-'END'
		NETDEV name eth0 -> LABEL ext
		COMPARTMENT default -> HOST * METHOD all
		HOST * -> COMPARTMENT default METHOD all NETDEV @ext
	END
	done_with 0
	ctl netdev set eth0 0xFFFF0009
	done_with 1 'this would cut the connection that you are on'
	ctl netdev set eth1 0xFFFF0009
	done_with 0
	labelled eth0 ext
	unset SSH_CONNECTION
	expect ok host1 send 1 hello
	expect "got hello" host1 recv 1
}

@test "N5 add and del of a statement; a name keeps its number" {
	rules "$ours"
	number=$(cgcomptctl list labels | sed -n 's/.*LABEL ext  # //p')
	ctl add 'NETDEV name t0 -> LABEL more'
	done_with 0
	ctl add 'NETDEV name t0 -> LABEL more'
	done_with 0 'the statement is there already'
	ip link add t0 type dummy
	ip link set t0 up
	labelled t0 more
	# through a load, behind those of the files
	rules 'NETDEV name eth* -> LABEL int' 'NETDEV name xx -> LABEL ext'
	labelled t0 more
	[ "$(cgcomptctl list labels | sed -n 's/.*LABEL ext  # //p')" = "$number" ]
	ctl del 'NETDEV name t0 -> LABEL more'
	done_with 0
	labelled t0 quarantine
	ctl del 'NETDEV name t0 -> LABEL ext'
	done_with 1 'there is no such statement'
	rules
	labelled t0 none
	labelled eth0 none
}
