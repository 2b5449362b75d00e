#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --hosts 1
# kernel: 6.12
#
# The kernel's own tunnels: their packets are compartment 0's, out and in; what is inside comes by the tunnel's interface.
#
#   guest 10.99.1.1, fd99:1::1 -- host 1 10.99.1.2, fd99:1::2; in the tunnel 10.77.0.1 and 10.77.0.2

load helpers/suite
load helpers/net

inside='
HOST * -> COMPARTMENT default METHOD all NETDEV tun9
COMPARTMENT default -> HOST * METHOD all NETDEV tun9'

setup_file() {
	net_setup
	on_host 1
	agent zero
}

setup() {
	bare
	fresh zero host1
}

teardown() {
	gone 2>/dev/null || true
}

gone() {
	for end in '' 'onhost 1'; do
		$end ip link del tun9
		$end ip xfrm state flush
		$end ip xfrm policy flush
	done
}

# seen_from OUR PEER COMMAND…: with these ends' addresses for OUR4 and OUR6, PEER4 and PEER6
seen_from() {
	local words=${*:3}
	words=${words//OUR4/10.99.1.$1}
	words=${words//OUR6/fd99:1::$1}
	words=${words//PEER4/10.99.1.$2}
	echo "${words//PEER6/fd99:1::$2}"
}

# both COMMAND…: here, and on the host, as seen from each
both() {
	sh -euc "$(seen_from 1 2 "$@")"
	onhost 1 sh -euc "$(seen_from 2 1 "$@")"
}

# tunnel KIND ARGUMENT…: an interface tun9 at both ends
tunnel() {
	both ip link add tun9 type "$@"
	ip addr add 10.77.0.1/24 dev tun9
	onhost 1 ip addr add 10.77.0.2/24 dev tun9
	both ip link set tun9 up
}

# checked OUT IN HOOK: a tunnel whose packets need these two rules is of use with both and not with one
checked() {
	expect ok zero serve tcp 0.0.0.0 8080
	expect ok host1 serve tcp 0.0.0.0 8080
	expect ok zero get tcp 10.77.0.2 8080
	expect ok host1 get tcp 10.77.0.1 8080

	rules "$inside" "$1"
	dropped zero tcp 10.77.0.2 8080
	dropped host1 tcp 10.77.0.1 8080
	denied "$2" "$3"
	rules "$inside" "$2"
	dropped host1 tcp 10.77.0.1 8080
	dropped zero tcp 10.77.0.2 8080
	denied "$1" 'LOCAL_OUT'
	rules "$inside" "$1" "$2"
	expect ok zero get tcp 10.77.0.2 8080
	expect ok host1 get tcp 10.77.0.1 8080
	rules "$1" "$2" # and inside nothing
	expect "connect EACCES" zero get tcp 10.77.0.2 8080
	dropped host1 tcp 10.77.0.1 8080
}

out4='COMPARTMENT default -> HOST 10.99.1.2 METHOD raw'
in4='HOST 10.99.1.2 -> COMPARTMENT default METHOD raw'

@test "N1 NET-27 GRE is compartment 0's raw IP, out and in" {
	tunnel gre local OUR4 remote PEER4
	checked "$out4" "$in4" '__iptunnel_pull_header'
}

@test "N1 NET-27 so is IPIP" {
	tunnel ipip local OUR4 remote PEER4
	checked "$out4" "$in4" '__iptunnel_pull_header'
}

@test "N1 NET-27 so is GRE in IPv6" {
	tunnel ip6gre local OUR6 remote PEER6
	checked "${out4/10.99.1.2/fd99:1::2}" "${in4/10.99.1.2/fd99:1::2}" '__iptunnel_pull_header'
}

@test "N1 NET-27 VXLAN is compartment 0's UDP, out and in" {
	tunnel vxlan id 9 remote PEER4 dstport 4789
	checked 'COMPARTMENT default -> HOST 10.99.1.2 PORT 4789 METHOD udp' \
		'HOST 10.99.1.2 -> COMPARTMENT default PORT 4789 METHOD udp' 'udp_queue_rcv_one_skb'
}

# keys: one for each end
keys() {
	wg genkey >/run/here.key
	wg genkey >/run/there.key
	onhost 1 sh -c 'cat >/run/there.key' </run/there.key
	wg set tun9 listen-port 51820 private-key /run/here.key \
		peer "$(wg pubkey </run/there.key)" allowed-ips 0.0.0.0/0 endpoint "$1"
	onhost 1 wg set tun9 listen-port 51820 private-key /run/there.key \
		peer "$(wg pubkey </run/here.key)" allowed-ips 0.0.0.0/0 endpoint "$2"
}

# wireguard OUT IN: either rule is enough for both ways, as for every exchange of datagrams
wireguard() {
	expect ok zero serve tcp 0.0.0.0 8080
	expect ok host1 serve tcp 0.0.0.0 8080
	expect ok host1 get tcp 10.77.0.1 8080
	rules "$inside"
	dropped host1 tcp 10.77.0.1 8080
	denied "${2/ PORT 51820 METHOD udp/}" 'udp_queue_rcv_one_skb'
	dropped zero tcp 10.77.0.2 8080
	denied "${1/ PORT 51820 METHOD udp/}" 'LOCAL_OUT'
	rules "$inside" "$2"
	expect ok host1 get tcp 10.77.0.1 8080
	rules "$inside" "$1"
	expect ok zero get tcp 10.77.0.2 8080
	rules "$1" "$2"
	expect "connect EACCES" zero get tcp 10.77.0.2 8080
	dropped host1 tcp 10.77.0.1 8080
}

@test "N1 NET-27 WireGuard is compartment 0's UDP, out and in" {
	tunnel wireguard
	keys 10.99.1.2:51820 10.99.1.1:51820
	wireguard 'COMPARTMENT default -> HOST 10.99.1.2 PORT 51820 METHOD udp' \
		'HOST 10.99.1.2 -> COMPARTMENT default PORT 51820 METHOD udp'
}

@test "N1 NET-27 so is WireGuard over IPv6" {
	tunnel wireguard
	keys '[fd99:1::2]:51820' '[fd99:1::1]:51820'
	wireguard 'COMPARTMENT default -> HOST fd99:1::2 PORT 51820 METHOD udp' \
		'HOST fd99:1::2 -> COMPARTMENT default PORT 51820 METHOD udp'
}

# esp HERE THERE OURS PEERS: what is TCP between the two goes in ESP
esp() {
	local from to key
	key=0x$(printf '00%.0s' {1..32})
	for from in "$1" "$2"; do
		to=$1
		[ "$from" != "$1" ] || to=$2
		both ip xfrm state add src "$from" dst "$to" proto esp spi 0x10 mode transport \
			auth "'hmac(sha256)'" "$key" enc "'ecb(cipher_null)'" "''"
	done
	both "ip xfrm policy add dir out src $3 dst $4 proto 6 tmpl proto esp mode transport
		ip xfrm policy add dir in src $4 dst $3 proto 6 tmpl proto esp mode transport"
}

# ipsec HOST TO FROM: what is inside is checked as without it, and it all as compartment 0's raw IP
ipsec() {
	local out="COMPARTMENT default -> HOST $1 METHOD raw" in="HOST $1 -> COMPARTMENT default METHOD raw"
	local allowed="
COMPARTMENT web -> HOST $1 METHOD tcp PORT 8080
HOST $1 -> COMPARTMENT web METHOD tcp PORT 8081"
	rules "$allowed" "$out" "$in"
	expect ok web get tcp6 "$2" 8080
	expect ok host1 get tcp6 "$3" 8081
	rules "$allowed" "$out"
	expect ok web patience 1500
	expect "connect timeout" web get tcp6 "$2" 8080
	denied "$in" xfrm_input
	rules "$allowed" "$in"
	[[ $(tell web get tcp6 "$2" 8080) = connect* ]]
	denied "$out" LOCAL_OUT
	rules "$out" "$in"
	expect "connect EACCES" web get tcp6 "$2" 8080
	rules "$allowed" "$out" "$in"
	expect ok web patience 15000
	expect ok web get tcp6 "$2" 8080
}

@test "N1 NET-27 IPsec is compartment 0's raw IP, and what is inside its own" {
	esp 10.99.1.1 10.99.1.2 OUR4 PEER4
	esp fd99:1::1 fd99:1::2 OUR6 PEER6
	expect ok host1 serve tcp6 :: 8080
	expect ok zero get tcp 10.99.1.2 8080
	expect ok zero get tcp6 fd99:1::2 8080
	rules
	in_compartments web
	expect ok web serve tcp6 :: 8081
	ipsec 10.99.1.2 ::ffff:10.99.1.2 ::ffff:10.99.1.1
	ipsec fd99:1::2 fd99:1::2 fd99:1::1
}
