# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For the network suites, after helpers/suite: agents that do with sockets what they are told (helpers/netprobe.c), each in its compartment,
# outside, or on a host; and rules that replace all others.

# The suites' own: a web server that the world sees, and two behind it.
definitions='
COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT tomcat NUMBER 3 CAPS +all
COMPARTMENT cgi NUMBER 4 CAPS +all
'
places=/run/net
program=netprobe # the agents'

# net_setup: in setup_file
net_setup() {
	helper "$program"
	mkdir -p $places
}

# agent NAME [COMMAND…]: starts one, by COMMAND… if given (cgcomptctl exec web --)
agent() {
	local name=$1
	shift
	mkfifo "$places/$name.in" "$places/$name.out"
	"$@" "$program" <>"$places/$name.in" 1<>"$places/$name.out" 2>"$places/$name.err" 3>&- 4>&- &
	expect ok "$name" patience 15000
}

# in_compartments NAME…: an agent of each name, in the compartment of that name
in_compartments() {
	local name
	for name; do
		agent "$name" cgcomptctl exec "$name" --
	done
}

# on_host I: an agent named hostI on host I
on_host() {
	onhost "$1" sh -c "cat >/tmp/netprobe && chmod 755 /tmp/netprobe" </run/helpers/netprobe
	mkfifo "$places/host$1.in" "$places/host$1.out"
	onhost "$1" /tmp/netprobe <>"$places/host$1.in" 1<>"$places/host$1.out" 2>/dev/null 3>&- 4>&- &
	expect ok "host$1" patience 15000
}

# tell NAME COMMAND…: prints the agent's answer
tell() {
	local name=$1 answer='no answer'
	shift
	echo "$*" >"$places/$name.in"
	read -r -t 30 answer <>"$places/$name.out"
	echo "$answer"
}

# reverse: the reverse rules in force, without their comments
reverse() {
	cgcomptctl list reverse | sed 's/  #.*//'
}

# start NAME COMMAND…: as tell, but the answer is awaited later
start() {
	local name=$1
	shift
	echo "$*" >"$places/$name.in"
}

# answered NAME: the answer to what was started
answered() {
	local answer='no answer'
	read -r -t 30 answer <>"$places/$1.out"
	echo "$answer"
}

# expect ANSWER NAME COMMAND…: the test fails with any other answer
expect() {
	local wanted=$1 got
	shift
	got=$(tell "$@")
	[ "$got" = "$wanted" ] || {
		echo "$*: $got; expected: $wanted"
		return 1
	}
}

# dropped NAME KIND ADDR PORT: there is no answer
dropped() {
	expect ok "$1" patience 1500
	expect "connect timeout" "$1" get "$2" "$3" "$4"
	expect ok "$1" patience 15000
}

# await ANSWER NAME: the same for what was started
await() {
	local got
	got=$(answered "$2")
	[ "$got" = "$1" ] || {
		echo "$2: $got; expected: $1"
		return 1
	}
}

# rules RULE…: these and no others are in force
rules() {
	loaded || modprobe cgcompt
	printf '%s\n' "$definitions" "$@" | cgcomptctl load --force - >/dev/null
}

# fresh NAME…: agents without sockets and children
fresh() {
	local name
	for name; do
		expect ok "$name" stop
	done
}

# afresh NAME…: for setup. No agent has a socket; but for the tests "without the module" there is an agent in each of
# these compartments, and no rule
afresh() {
	local name
	case $BATS_TEST_DESCRIPTION in
	"without the module"*) ;;
	*)
		rules
		for name; do
			[ -p "$places/$name.in" ] || in_compartments "$name"
		done
		;;
	esac
	for name in "$places"/*.in; do
		expect ok "$(basename "$name" .in)" stop
	done
}

# denied TEXT…: the last refusals have a line with all of these
denied() {
	local lines text
	lines=$(cgcomptctl denials | tail -n 20)
	for text; do
		lines=$(grep -F -e "$text" <<<"$lines") || {
			echo "no denial with: $text"
			cgcomptctl denials | tail -n 5
			return 1
		}
	done
}
