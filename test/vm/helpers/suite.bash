# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the suites in guests share. A test says what it needs: `bare`, a kernel without the module, or
# `armed`, the module with the rules on standard input.
bats_require_minimum_version 1.5.0

# bats follows every command in a DEBUG trap, to tell where a test failed; in an emulated guest that takes longer than
# all the rest. Here the ERR trap tells it.
set +T
eval "of_bats_$(declare -f bats_error_trap)"
bats_error_trap() {
	of_bats_bats_error_trap
	[ -n "${failure_told-}" ] || bats_capture_stack_trace
	failure_told=yes
}

unset SSH_CONNECTION CGCOMPT_CONFIG
export LC_ALL=C

# helper NAME… - programs of helpers/*.c, and helpers/*.py, on the path; in setup_file
helper() {
	local name
	mkdir -p /run/helpers
	for name; do
		[[ $name == *.py ]] || name=build/$name
		install -m 755 "${BASH_SOURCE[0]%/*}/$name" /run/helpers/ || {
			echo 'the helpers are not compiled: make -C test/vm/helpers'
			return 1
		}
	done
	export PATH=/run/helpers:$PATH
}

loaded() {
	[ -e /sys/module/cgcompt ]
}

# bare - the stock kernel; whoever was contained last may be on the way out
bare() {
	! loaded || succeeds rmmod cgcompt
}

# armed - the module is there and enforces what standard input says, and nothing else
armed() {
	local added
	loaded || modprobe cgcompt
	cgcomptctl load --force - >/dev/null
	# what `add` put there stays through a load
	added=$(cgcomptctl --json list | awk -F'"' '/"reference"/ { ref = $4 } /"owner": "command line"/ { print ref }')
	# shellcheck disable=SC2086
	[ -z "$added" ] || cgcomptctl del --force $added
	cgcomptctl mode --force enforce
}

# ctl ARGUMENT… - run the tool: $status, $output (stdout), $stderr
ctl() {
	run --separate-stderr cgcomptctl "$@"
	printf '%s\n' "$ cgcomptctl $*" "status $status" "$output" "$stderr"
}

# done_with STATUS [TEXT] - what ctl ran ended so, and stderr has TEXT
done_with() {
	[ "$status" -eq "$1" ] || { echo "expected status $1" && return 1; }
	case $stderr in
	*"${2-}"*) ;;
	*) echo "expected: $2" && return 1 ;;
	esac
}

# status_of NAME - a figure of `status`: rules, generation, processes, denials, try_seconds …
status_of() {
	cgcomptctl --json status 2>/dev/null | sed -n "s/^ *\"$1\": \"\?\([^\",]*\)\"\?,\?\$/\1/p"
}

# becomes WHAT COMMAND… - COMMAND prints WHAT, at the latest in 20 s
becomes() {
	local what=$1 got tries=0
	shift
	while got=$("$@"); [ "$got" != "$what" ]; do
		[ $((tries += 1)) -le 200 ] || { echo "$*: $got, expected $what" && return 1; }
		sleep 0.1
	done
}

# succeeds COMMAND… - at the latest in 20 s
succeeds() {
	local tries=0
	until "$@"; do
		[ $((tries += 1)) -le 200 ] || { echo "never: $*" && return 1; }
		sleep 0.1
	done
}

# as COMPARTMENT COMMAND… - there, or without the module where the kernel is bare
as() {
	if loaded; then cgcomptctl exec "$1" -- "${@:2}"; else "${@:2}"; fi
}

# lives PID - whichever compartment it is in
lives() {
	as supervisor kill -0 "$1"
}

# started FILE TEXT - a program in the background has written TEXT to FILE
started() {
	succeeds grep -q -- "$2" "$1"
}

# requires WHAT COMMAND… - in CI a skip is a failure
requires() {
	local what=$1
	shift
	"$@" && return
	skip "needs $what"
}
