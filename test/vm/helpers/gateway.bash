# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Figure 13, in the gateway's guest: every connection that the figure allows and every one that it does not, with the
# rule or the denial behind it. Ends with 0 only if all went as the figure says.
set -euo pipefail

red='' green='' bold='' plain=''
[ -z "${COLOURS:-}" ] || red=$'\e[31m' green=$'\e[32m' bold=$'\e[1m' plain=$'\e[0m'
wrong=0

rules() {
	cat <<-'RULES'
		COMPARTMENT service0 NUMBER 10
		COMPARTMENT service1 NUMBER 11
		COMPARTMENT serviceN NUMBER 12
		COMPARTMENT service0 -> NET 10.99.1.0/24 METHOD tcp NETDEV eth0
		COMPARTMENT service1 -> NET 10.99.1.0/24 METHOD tcp NETDEV eth0
		COMPARTMENT serviceN -> HOST 10.99.2.2 METHOD tcp NETDEV eth1
		HOST * -> COMPARTMENT service0 METHOD tcp PORT 80 NETDEV eth0
	RULES
}

# The same by routing tables: a route is the permission. What comes in still needs a rule.
routes() {
	cat <<-'RULES'
		COMPARTMENT service0 NUMBER 10 ROUTED ONLY
		COMPARTMENT service1 NUMBER 11 ROUTED ONLY
		COMPARTMENT serviceN NUMBER 12 ROUTED ONLY
		ROUTE COMPARTMENT service0 10.99.1.0/24 DEV eth0
		ROUTE COMPARTMENT service1 10.99.1.0/24 DEV eth0
		ROUTE COMPARTMENT serviceN 10.99.2.2 DEV eth1
		HOST * -> COMPARTMENT service0 METHOD tcp PORT 80 NETDEV eth0
	RULES
}

picture() {
	cat <<-'PICTURE'

		                      gateway
		                 ┌────────────────┐
		    Subnet1      │ service0  :80  │       HostX 10.99.2.2
		 10.99.1.0/24 ───┤ service1       ├─── eth1
		    Subnet2 eth0 │ serviceN       │       HostN 10.99.2.3
		 10.99.3.0/24    │                │
		                 └────────────────┘

	PICTURE
}

# A server that greets whoever connects, on port 8000 of both hosts.
hosts_up() {
	local host
	onhost 2 ip address add 10.99.2.3/24 dev eth0
	onhost 1 ip address add 10.99.3.2/24 dev eth0
	ip address add 10.99.3.1/24 dev eth0
	for host in 1 2; do
		onhost "$host" sh -c "setsid socat TCP-LISTEN:8000,fork,reuseaddr SYSTEM:'echo hello' </dev/null >/dev/null 2>&1 &"
		until onhost "$host" ss -ltn | grep -q ':8000 '; do :; done
	done
}

# greet ADDRESS PORT: what a program in some compartment does
# shellcheck disable=SC2016
greet='exec 3<>"/dev/tcp/$0/$1" && read -r word <&3 && [ "$word" = hello ]'

# behind SERVICE ADDRESS PORT: the rule or the denial
behind() {
	cgcomptctl why "COMPARTMENT $1 -> HOST $2 METHOD tcp PORT $3 NETDEV $4" | head -n 1 || true
}

show() { # EXPECTED GOT WHO WHAT WHY
	local colour=$green sign='✓ passes '
	[ "$2" = allowed ] || colour=$red sign='✗ refused'
	printf '%s%s%s  %-9s %s\n             %s\n' "$colour" "$sign" "$plain" "$3" "$4" "$5"
	[ "$1" = "$2" ] || {
		echo "${bold}             the figure says: $1$plain"
		wrong=1
	}
}

# out EXPECTED SERVICE ADDRESS NAME NETDEV
out() {
	local got=refused
	if cgcomptctl exec "$2" -- timeout 20 bash -c "$greet" "$3" 8000 2>/dev/null; then
		got=allowed
	fi
	show "$1" "$got" "$2" "→ $4 ($3)" "$(behind "$2" "$3" 8000 "$5")"
}

# in_from EXPECTED HOST ADDRESS NAME: from a host to service0's port 80
in_from() {
	local got=refused rule="HOST 10.99.$2.2 -> COMPARTMENT service0 METHOD tcp PORT 80 NETDEV eth$(($2 - 1))"
	if onhost "$2" timeout 5 bash -c "$greet" "$3" 80 2>/dev/null; then
		got=allowed
	fi
	show "$1" "$got" "$4" "→ service0 ($3:80)" "$(cgcomptctl why "$rule" | head -n 1 || true)"
}

# taken_over SERVICE: whoever has a shell in it, as root, tries every way to HostX (takeover.py); HostX says what came
taken_over() {
	local file linklocal saw arrived way result got here=${BASH_SOURCE[0]%/*}
	for file in takeover.py probe.py; do
		onhost 2 sh -c "cat >/tmp/$file" <"$here/$file"
	done
	onhost 2 sh -c "while pkill -f '^python3 /tmp/takeover'; do :; done; rm -f /tmp/arrived"
	onhost 2 sh -c 'setsid python3 /tmp/takeover.py record /tmp/arrived 8001 </dev/null >/dev/null 2>&1 &'
	until onhost 2 grep -qsx ready /tmp/arrived; do :; done
	linklocal=$(onhost 2 ip -6 -o address show dev eth0 scope link | awk '{ sub("/.*", "", $4); print $4 }')
	saw=$(cgcomptctl exec "$1" -- python3 "$here/takeover.py" try 10.99.2.2 10.99.2.1 "$linklocal" eth1 10.99.1.2 1080)
	cgcomptctl exec supervisor -- python3 "$here/takeover.py" end 10.99.2.2
	until onhost 2 grep -qsx end /tmp/arrived; do :; done
	arrived=$(onhost 2 cat /tmp/arrived)
	while read -r way result; do
		got=refused
		! grep -qx "$way" <<<"$arrived" || got=allowed
		show refused "$got" "$1" "→ HostX by $way" "$result"
	done <<<"$saw"
}

figure() {
	out allowed service0 10.99.1.2 Subnet1 eth0
	out allowed service1 10.99.1.2 Subnet1 eth0
	out allowed serviceN 10.99.2.2 HostX eth1
	out refused serviceN 10.99.2.3 HostN eth1
	out refused serviceN 10.99.1.2 Subnet1 eth0
	for service in service0 service1 serviceN; do
		out refused $service 10.99.3.2 Subnet2 eth0
	done
	out refused service0 10.99.2.2 HostX eth1
	out refused service1 10.99.2.2 HostX eth1
	out refused service0 10.99.2.3 HostN eth1
	out refused default 10.99.1.2 Subnet1 eth0
	in_from allowed 1 10.99.1.1 Subnet1
	in_from refused 2 10.99.2.1 HostX
}

hosts_up
printf '%s%s%s\n' "$bold" 'cgcompt: a gateway between two networks, its services each in a compartment' "$plain"
echo "Linux $(uname -r), as Debian ships it"
picture
rules >/run/gateway.rules
rules
echo
echo "${bold}without the module, everything reaches everything${plain}"
timeout 20 bash -c "$greet" 10.99.2.3 8000 && echo 'HostN answers'
timeout 20 bash -c "$greet" 10.99.3.2 8000 && echo 'Subnet2 answers'
modprobe cgcompt rules=/run/gateway.rules
cgcomptctl exec service0 -- setsid socat TCP-LISTEN:80,fork,reuseaddr SYSTEM:'echo hello' </dev/null >/dev/null 2>&1 &
until ss -ltn | grep -q ':80 '; do :; done
echo
echo "${bold}modprobe cgcompt rules=/run/gateway.rules${plain}"
figure
echo
echo "${bold}service0 is broken into; whoever it is has a shell as root, and tries every way to HostX${plain}"
cgcomptctl exec serviceN -- setsid socat TCP-LISTEN:1080,bind=127.0.0.1,fork TCP:10.99.2.2:8000 </dev/null >/dev/null 2>&1 &
until ss -ltn | grep -q '127.0.0.1:1080 '; do :; done
taken_over service0
echo
echo "${bold}the same figure by routing tables instead of rules: cgcomptctl load /run/routes.rules${plain}"
routes | tee /run/routes.rules
cgcomptctl load --force /run/routes.rules
figure
taken_over service0
echo
echo "${bold}the denials, as the kernel recorded them${plain}"
cgcomptctl denials | tail -n 7
[ "$wrong" = 0 ] && echo && echo "${bold}all as in figure 13${plain}"
exit "$wrong"
