#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# In the guest: every operation without the module, then enforcing 1 000 rules in compartment 0 and in another one,
# then with 10 and with 100 000 rules. nginx and ab are on the two ends of a veth pair, each in its namespace.
set -euo pipefail

cp /share/build/ops /tmp/ops
work=$(mktemp -d)

rules() { # COUNT: so many, none of which concerns what is measured
	cat /etc/cgcompt/rules.d/*.rules
	echo 'COMPARTMENT 2 -> HOST * METHOD all'
	echo 'HOST * -> COMPARTMENT 2 METHOD all'
	echo "EXEC $work/nginx-2 -> COMPARTMENT 2"
	awk -v n="$1" 'BEGIN { for (i = 0; i < n - 5; i++)
		printf "HOST 10.%d.%d.%d -> COMPARTMENT 9 METHOD tcp PORT %d\n",
		       i / 62500, i / 250 % 250, i % 250 + 1, i % 60000 + 1 }'
}

net() {
	ip netns add web
	ip link add veth0 type veth peer name veth1 netns web
	ip address add 10.98.0.1/24 dev veth0
	ip link set veth0 up
	ip -n web address add 10.98.0.2/24 dev veth1
	ip -n web link set veth1 up
	ip -n web link set lo up
	cat >"$work/nginx.conf" <<-CONF
		daemon off; master_process off; pid $work/pid; error_log /dev/null;
		events { }
		http { access_log off; keepalive_requests 1000000;
		       server { listen 10.98.0.2:80; root $work; } }
	CONF
	chmod 755 "$work"
	head -c 1024 /dev/zero | tr '\0' x >"$work/index.html"
}

request() { # COMMAND…: instructions of one
	"$@" http://10.98.0.2/index.html | awk '/Time per request.*mean\)/ { print $4 * 1e6 }'
}

# No compartment joins a namespace: there the server is a program that enters one by being run.
http() { # COMMAND…: run both ends by it
	ip netns exec web "$server" -c "$work/nginx.conf" &
	until [ -s "$work/pid" ]; do :; done
	echo "http-each $(request "$@" ab -q -n 200)"
	echo "http-kept $(request "$@" ab -q -k -n 400)"
	"$@" kill "$(cat "$work/pid")"
	wait
}

least() { # of the lines for an operation, the one with the least cost
	awk '!($1 in cost) { order[++n] = $1; cost[$1] = $2 }
		$2 < cost[$1] { cost[$1] = $2 }
		END { for (i = 1; i <= n; i++) print order[i], cost[order[i]] }'
}

# What the kernel does meanwhile for others only adds; and fork() costs a program some percent more or less for as long
# as it runs, by how its memory lies: so several programs.
measure() { # NAME COMMAND…
	local name=$1
	shift
	{
		for _ in 1 2 3 4; do
			"$@" /tmp/ops
		done
		http "$@"
	} | least >"$work/$name"
}

calls() { # OPERATION TIMES: how often each hook is called for one; what else runs here is little
	cgcomptctl hooks >"$work/before"
	/tmp/ops "$1" >/dev/null
	cgcomptctl hooks | paste "$work/before" - | awk -v operation="$1" -v times="$2" '
		($11 - $5) / times > 0.2 { printf "%-14s %-32s %4.1f\n", operation, $2, ($11 - $5) / times }'
}

now() { awk '{ print $1 }' /proc/uptime; }

server=/usr/sbin/nginx
cp $server "$work/nginx-2"
net
measure without env
measure again env

rules 1000 >"$work/1000.rules"
rules 10 >"$work/10.rules"
rules 100000 >"$work/100000.rules"
modprobe cgcompt rules="$work/1000.rules"
measure default env
server=$work/nginx-2 measure compartment cgcomptctl exec 2 --no-root --
cgcomptctl load "$work/10.rules"
measure ten env
before=$(now)
cgcomptctl load "$work/100000.rules"
after=$(now)
measure many env

printf '%-14s %12s %8s | %9s %8s | %9s %8s | %9s\n' operation instr. noise 'in 0' more 'in 2' more '1e5/10'
paste "$work"/{without,again,default,compartment,ten,many} | awk '{
	printf "%-14s %12.0f %8.3f | %9.3f %+8.0f | %9.3f %+8.0f | %9.3f\n",
	       $1, $2, $4 / $2, $6 / $2, $6 - $2, $8 / $2, $8 - $2, $12 / $10 }'
echo "100000 rules loaded in $(awk "BEGIN { print $after - $before }") s of the guest's clock (one instruction: 1 ns)"
cgcomptctl load "$work/100000.rules"
cgcomptctl status --json | python3 -c '
import json, sys
status = json.load(sys.stdin)
print("memory for a rule, with the kept set:", status["rule_bytes"] / status["rules"], "bytes")'
# Where files are immutable, that one too, and programs mapped, though not this one.
{
	cat "$work/10.rules"
	echo 'IMMUTABLE COMPARTMENT default /etc/passwd'
	for file in /usr/bin/[a-c]*; do
		[ -L "$file" ] || echo "EXEC $file -> COMPARTMENT 2"
	done
} >"$work/files.rules"
cgcomptctl load "$work/files.rules"
for _ in 1 2 3 4; do
	/tmp/ops open+close
	/tmp/ops fork+exec
done | least >"$work/files"
cgcomptctl list files | awk '{ n[$1]++ } END { for (kind in n) print "with", n[kind], kind ":" }'
awk 'NR == FNR { before[$1] = $2; next } { printf "%-14s %9.3f %+8.0f\n", $1, $2 / before[$1], $2 - before[$1] }' \
	"$work/without" "$work/files"
# To another user and back, once a compartment is sealed: in 0, in 2, in that one.
{
	cat "$work/1000.rules"
	echo 'COMPARTMENT sealed NUMBER 4 SEALED'
} >"$work/sealed.rules"
cgcomptctl load "$work/sealed.rules"
for label in 0 2 4; do
	for _ in 1 2 3 4; do
		cgcomptctl exec "$label" --no-root -- /tmp/ops setresuid
	done | least >"$work/sealed.$label"
done
echo 'once a compartment is sealed, in 0, in 2 and in that one:'
paste "$work"/sealed.{0,2,4} | awk -v without="$work/without" '
	BEGIN { while ((getline <without) > 0) before[$1] = $2 }
	{ printf "%-14s %9.3f %9.3f %9.3f\n", $1, $2 / before[$1], $4 / before[$1], $6 / before[$1] }'
# An established connection, where interfaces have labels and a compartment has routes: in 0, in 2, in that one.
{
	cat "$work/1000.rules"
	printf '%s\n' 'NETDEV kind veth -> LABEL inner' 'COMPARTMENT routed NUMBER 3 ROUTED' \
		'COMPARTMENT routed -> HOST * METHOD all' 'HOST * -> COMPARTMENT routed METHOD all' \
		'ROUTE COMPARTMENT routed 10.98.0.0/24 DEV veth0'
} >"$work/gateway.rules"
cgcomptctl load "$work/gateway.rules"
for label in 0 2 3; do
	for _ in 1 2 3 4; do
		for operation in tcp-rr tcp-64k udp-rr; do
			cgcomptctl exec "$label" --no-root -- /tmp/ops "$operation"
		done
	done | least >"$work/gateway.$label"
done
echo 'with labels of interfaces and routes, to what it is without them, in 0, 2 and the ROUTED one:'
paste "$work"/gateway.{0,2,3} | awk -v default="$work/default" -v compartment="$work/compartment" '
	BEGIN {
		while ((getline <default) > 0) in0[$1] = $2
		while ((getline <compartment) > 0) in2[$1] = $2
	}
	{ printf "%-14s %9.3f %9.3f %9.3f\n", $1, $2 / in0[$1], $4 / in2[$1], $6 / in2[$1] }'
cgcomptctl load "$work/100000.rules"
echo 'records (name, in use, all, bytes each):'
awk '/^cgcompt/ { print $1, $2, $3, $4 }' /proc/slabinfo
echo 'calls of hooks for one operation:'
calls socket+close 2000
calls socket+listen 1000
calls refused 500
calls tcp-connect 375	# a quarter of them to warm up
calls tcp-rr 2500
calls udp-rr 2500
calls fork+exit 250
cgcomptctl hooks
