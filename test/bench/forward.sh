#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# test/bench/forward.sh [KERNEL…]: instructions for a packet that is forwarded, connections tracked in any case: without
# the module, with it and no rule about forwarding, with such rules. Default: 6.12. Fails above 300 more.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
most=300

inside() {
	local mac rule
	ip netns add ext
	ip link add vext type veth peer name eth0 netns ext
	ip addr add 10.9.0.1/24 dev vext
	ip link set vext up
	ip -n ext link set eth0 up
	ip link add out type dummy
	ip addr add 10.8.0.1/24 dev out
	ip link set out up
	ip neigh add 10.8.0.2 lladdr 02:00:00:00:00:02 dev out
	sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.vext.rp_filter=0
	mac=$(cat /sys/class/net/vext/address)
	nft 'table ip t { chain c { type filter hook forward priority 0; ct state invalid drop; }; }'
	one() { # NAME: a line, and whether the packets got through
		local before after instructions
		before=$(cat /sys/class/net/out/statistics/tx_packets)
		instructions=$(ip netns exec ext /share/build/forward eth0 "$mac" 10.9.0.2 10.8.0.2)
		after=$(cat /sys/class/net/out/statistics/tx_packets)
		[ "$((after - before))" = 16000 ] || echo "$1: $((after - before)) packets got through" >&2
		echo "$1 $instructions"
	}
	one without
	one again
	{
		echo 'COMPARTMENT default -> HOST * METHOD all'
		for rule in {1..1000}; do
			echo "COMPARTMENT default -> HOST 10.1.$((rule / 250)).$((rule % 250)) METHOD tcp PORT $rule"
		done
	} >/run/base.rules
	modprobe cgcompt rules=/run/base.rules
	cgcomptctl netdev set vext @0xFFFF0001
	cgcomptctl netdev set out @0xFFFF0002
	one no-rule
	{
		cat /run/base.rules
		echo 'COMPARTMENT @0xFFFF0001 -> COMPARTMENT @0xFFFF0002 METHOD udp PORT 53'
		echo 'COMPARTMENT @0xFFFF0001 -> COMPARTMENT @0xFFFF0002 METHOD tcp'
		echo 'COMPARTMENT @0xFFFF0002 -> COMPARTMENT @0xFFFF0001 METHOD all'
	} >/run/forward.rules
	cgcomptctl load --force /run/forward.rules >/dev/null
	one by-rule
}

if [ "${1-}" = --inside ]; then
	inside
	exit
fi
[ "$#" != 0 ] || set -- 6.12
mkdir -p test/bench/build
gcc -O2 -static -o test/bench/build/forward test/bench/forward.c
for kernel in "$@"; do
	test/vm/run --kernel "$kernel" --icount --share test/bench --install nftables --timeout 1200 -- \
		bash /share/forward.sh --inside | awk -v kernel="$kernel" -v most="$most" '
		{ n[$1] = $2; printf "%s %-8s %6d instructions, %+d\n", kernel, $1, $2, $2 - n["without"] }
		END { exit n["by-rule"] - n["without"] > most }'
done
