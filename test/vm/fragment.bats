#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Pieces of one packet are joined only where all came by interfaces with one label, or all from one compartment.
#
#   left  --- vleft   10.9.0.1, fd90::1   the machine   10.8.0.1, fd80::1   vright --- right
#
# Both say that they are 10.9.0.2 and fd90::2; the packet is for the machine.

load helpers/suite
load helpers/net

everybody='
COMPARTMENT default -> HOST * METHOD all
HOST * -> COMPARTMENT default METHOD all
COMPARTMENT web -> COMPARTMENT default METHOD all
COMPARTMENT tomcat -> COMPARTMENT default METHOD all'
first=6162636465666768 second=696a6b6c6d6e6f70
way=(via=eth0)

setup_file() {
	local name n
	net_setup
	helper pieces.py
	for n in 9 8; do
		name=left
		[ $n = 9 ] || name=right
		ip netns add $name
		ip link add "v$name" type veth peer name eth0 netns $name
		ip addr add "10.$n.0.1/24" dev "v$name"
		ip addr add "fd${n}0::1/64" dev "v$name" nodad
		ip link set "v$name" up
		ip -n $name addr add "10.$n.0.2/24" dev eth0
		ip -n $name addr add "fd${n}0::2/64" dev eth0 nodad
		ip -n $name link set eth0 up
		ip -n $name route add default via "10.$n.0.1"
		ip -n $name -6 route add default via "fd${n}0::1"
		sysctl -qw "net.ipv4.conf.v$name.rp_filter=0"
	done
	sysctl -qw net.ipv4.conf.all.rp_filter=0
}

setup() {
	nft flush ruleset
	case $BATS_TEST_DESCRIPTION in
	"without the module"*) bare ;;
	*)
		rules "$everybody"
		label '' ''
		;;
	esac
}

teardown() {
	[ -z "${catching-}" ] || kill "$catching" 2>/dev/null || true
	nft flush ruleset
}

# label LEFT RIGHT: an empty one takes it away
label() {
	local name
	for name in left right; do
		if [ -n "$1" ]; then cgcomptctl netdev set "v$name" "$1"; else cgcomptctl netdev clear "v$name"; fi
		shift
	done
}

# conntrack's own defragmenter comes before
tracked() {
	nft 'table inet t { chain c { type filter hook input priority 0; ct state new accept; }; }'
}

catcher() {
	: >/run/caught
	python3 /run/helpers/pieces.py catch 253 600 "$1" >/run/caught 3>&- 4>&- &
	catching=$!
	started /run/caught ready
}

# from WHERE COMMAND…: there: a namespace, or a compartment of this one
from() {
	case $1 in
	left | right) ip netns exec "$@" ;;
	*) as "$@" ;;
	esac
}

# piece WHERE SRC DST HEX OPTION…: one, with the packet's id; from a namespace past what is asked of processes
piece() {
	case $1 in left | right) set -- "$@" "${way[@]}" ;; esac
	from "$1" python3 /run/helpers/pieces.py send "$2" "$3" 253 "${@:4}" "id=$id"
}

# next: another packet
next() {
	echo $(($(cat /run/id 2>/dev/null || echo 100) + 1)) >/run/id
	id=$(cat /run/id)
}

# pieces WHERE WHERE SRC DST: one packet, the pieces from these
pieces() {
	next
	piece "$1" "$3" "$4" $first more=1
	piece "$2" "$3" "$4" $second offset=8
}

# whole WHERE SRC DST: a packet in two pieces from there arrives, after everything that was sent before
whole() {
	next
	piece "$1" "$2" "$3" "77777777${first:8}" more=1
	piece "$1" "$2" "$3" $second offset=8
	started /run/caught "caught 77777777${first:8}$second"
}

# in_both EXPECT WHERE WHERE: pieces from these, of each family; then EXPECT WHERE SRC DST
in_both() {
	local ends
	for ends in "10.9.0.2 10.9.0.1" "fd90::2 fd90::1"; do
		[ "$2" != web ] && [ "$2" != tomcat ] || ends=$(here "$ends")
		catcher "${ends#* }"
		# shellcheck disable=SC2086
		pieces "$2" "$3" $ends
		# shellcheck disable=SC2086
		"$1" "$2" $ends
		kill $catching
	done
}

arrived() {
	started /run/caught "caught $first$second"
}

lost() {
	whole "$@"
	run ! grep "caught $first$second" /run/caught
}

# joined, apart WHERE WHERE: pieces from these are, or are not
joined() {
	in_both arrived "$@"
}

apart() {
	in_both lost "$@"
}

here() {
	[[ $1 != *:* ]] && echo "127.0.0.1 127.0.0.1" || echo "::1 ::1"
}

@test "without the module pieces are joined wherever they come from" {
	joined left left
	joined left right
	joined web tomcat
	tracked
	joined left right
}

@test "N6 NET-35 NET-36 by interfaces with different labels they are not, with one label or none they are" {
	joined left right
	label 0xFFFF0001 0xFFFF0001
	joined left right
	label 0xFFFF0001 0xFFFF0002
	apart left right
	apart right left
	joined left left
	joined right right
	label '' 0xFFFF0002
	apart left right
}

@test "N6 NET-35 NET-36 conntrack's defragmenter neither" {
	tracked
	joined left right
	label 0xFFFF0001 0xFFFF0001
	joined left right
	label 0xFFFF0001 0xFFFF0002
	apart left right
	apart right left
	joined left left
	label 0xFFFF0001 ''
	apart left right
}

@test "N6 NET-35 NET-36 from different compartments here they are not" {
	joined web web
	apart web tomcat
	tracked
	joined web web
	apart web tomcat
}

@test "N6 from processes of one compartment in two namespaces they are where the interfaces have one label" {
	way=()
	label 0xFFFF0001 0xFFFF0002
	apart left right
	label 0xFFFF0001 0xFFFF0001
	joined left right
}

@test "N6 a piece with another label spoils no packet" {
	label 0xFFFF0001 0xFFFF0002
	catcher 10.9.0.1
	next
	piece left 10.9.0.2 10.9.0.1 $first more=1
	# one that would overlap, one that would end it early
	piece right 10.9.0.2 10.9.0.1 $first$first more=1
	piece right 10.9.0.2 10.9.0.1 41 offset=8
	piece left 10.9.0.2 10.9.0.1 $second offset=8
	started /run/caught "caught $first$second"
}

@test "N6 what a datagram of an exchange is divided into is joined, here and over a link" {
	local big
	big=$(printf 'x%.0s' {1..1900})
	[ -p "$places/zero.in" ] || agent zero
	[ -p "$places/far.in" ] || agent far ip netns exec left
	in_compartments web
	expect ok zero serve udp6 :: 53
	expect ok far serve udp6 :: 53
	rules "$everybody" 'COMPARTMENT web -> HOST * METHOD udp'
	label 0xFFFF0001 0xFFFF0002
	ip link set lo mtu 1280
	for peer in "udp 10.9.0.2" "udp6 fd90::2" "udp 127.0.0.1" "udp6 ::1"; do
		expect ok web open 1 "${peer% *}"
		expect ok web connect 1 "${peer#* }" 53
		for n in 1 2 3; do
			expect ok web send 1 "$n$big"
			[[ $(tell web recv 1) = "got ${n}xxx"*" from ${peer#* } 53" ]]
		done
		expect ok web close 1
	done
	ip link set lo mtu 65536
}

@test "N6 NET-35 a flood of pieces takes what the kernel gives them, and no longer than it keeps them" {
	sysctl -qw net.ipv4.ipfrag_low_thresh=196608 net.ipv4.ipfrag_high_thresh=262144 net.ipv4.ipfrag_time=15
	label 0xFFFF0001 0xFFFF0002
	ip netns exec left python3 - <<-'PY'
		import socket, struct
		s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
		for i in range(3000):
		    for src in (b"\x0a\x09\x00\x02", b"\x0a\x09\x00\x03"):
		        s.sendto(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 36, i, 0x2000, 64, 253, 0, src, b"\x0a\x09\x00\x01") + b"x" * 16,
		                 ("10.9.0.1", 0))
	PY
	memory=$(awk '/^FRAG:/ { print $5 }' /proc/net/sockstat)
	[ "$memory" -gt 100000 ]
	[ "$memory" -le 300000 ]
	becomes 0 awk '/^FRAG:/ { print $5 }' /proc/net/sockstat
	sysctl -qw net.ipv4.ipfrag_high_thresh=4194304 net.ipv4.ipfrag_low_thresh=3145728 net.ipv4.ipfrag_time=30
	joined right right
}
