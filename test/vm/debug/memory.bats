#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Without memory: what the module is not given is a refusal, says so, changes nothing, and is never an opening. The
# kernel's fault injection refuses it, which no kernel of the archive has: for --kernel debug.

load ../helpers/suite
load ../helpers/net

faults=/sys/kernel/debug
allowed='COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp,udp PORT 80'

# asked_by FROM TO: what is refused is what code between these addresses asks for, in whatever process or interrupt
asked_by() {
	for kind in failslab fail_page_alloc; do
		echo "0x$1" >$faults/$kind/require-start
		echo "0x$2" >$faults/$kind/require-end
	done
}

# symbols [MODULE]: addresses of the kernel's code, or of a module's
symbols() {
	awk -v module="${1:+[$1]}" 'tolower($2) == "t" && $4 == module { print $1, $3 }' /proc/kallsyms | sort
}

setup_file() {
	net_setup
	helper born probe.py makers.py
	for place in mqueue:/dev/mqueue tmpfs:/dev/shm; do
		mkdir -p "${place#*:}"
		mountpoint -q "${place#*:}" || mount -t "${place%:*}" none "${place#*:}"
	done
	dmesg -n 3 # each refusal to the module is a page of text
	rules
	for kind in failslab fail_page_alloc; do
		echo N >$faults/$kind/ignore-gfp-wait
		echo 0 >$faults/$kind/verbose
		echo -1 >$faults/$kind/times
	done
	echo 0 >$faults/fail_page_alloc/min-order
	asked_by "$(symbols cgcompt | head -n 1 | cut -d' ' -f1)" "$(symbols cgcompt | tail -n 1 | cut -d' ' -f1)"
	agent zero
	in_compartments web tomcat
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	rules
	fresh zero web tomcat
}

teardown() {
	plenty
}

# starve KIND SPACE: after SPACE (bytes of failslab, pages of fail_page_alloc) the module gets nothing
starve() {
	echo "$2" >$faults/"$1"/space
	echo 100 >$faults/"$1"/probability
}

plenty() {
	echo 0 >$faults/failslab/probability
	echo 0 >$faults/fail_page_alloc/probability
}

listing() {
	cgcomptctl list
	cgcomptctl status | grep -E '^(mode|rules) '
}

# never_half COMMAND…: with memory for a part of it, for whatever part, it is refused and nothing changes; with enough it
# is done
never_half() {
	local kind space refusals=0
	for kind in failslab fail_page_alloc; do
		listing >before
		for ((space = 0; ; space = space * 2 + 1)); do
			starve $kind $space
			ctl "$@"
			plenty
			[ "$status" != 0 ] || break
			[[ $stderr == *memory* ]]
			listing | diff before -
			refusals=$((refusals + 1))
		done
		listing >after
		run ! diff before after
		cgcomptctl revert --force
	done
	[ "$refusals" -gt 3 ]
}

@test "a set that memory does not suffice for is refused, and changes nothing" {
	printf '%s\n' "$definitions" "$allowed" >more.rules
	never_half load more.rules
}

@test "so is a rule, and what would take one away" {
	never_half add "$allowed"
	rules "$allowed"
	never_half del "$allowed"
}

@test "no socket without its label" {
	rules "$allowed"
	starve failslab 0
	expect ENOMEM web open 1 tcp
	expect ENOMEM zero open 1 udp
	plenty
	expect ok web open 1 tcp
	expect ok zero open 1 udp
}

@test "no connection without its label; later it has the right one" {
	rules "$allowed"
	expect ok tomcat open 1 tcp
	expect ok tomcat bind 1 127.0.0.1 80
	expect ok tomcat listen 1
	expect ok web open 1 tcp
	starve failslab 0
	expect ok web connect 1 127.0.0.1 80 # the SYN asks for no memory of ours
	expect ok tomcat patience 1000
	expect timeout tomcat accept 1 2
	plenty
	expect ok tomcat patience 15000
	expect ok web send 1 hello
	expect ok tomcat accept 1 2
	expect 'got hello' tomcat recv 2
	rules # it was tomcat's, for the rule's end is its end
	expect ECONNABORTED tomcat recv 2
}

@test "no answer to a datagram whose exchange there is no memory for" {
	rules "$allowed"
	expect ok tomcat open 1 udp
	expect ok tomcat bind 1 127.0.0.1 80
	expect ok web open 1 udp
	expect ok web bind 1 127.0.0.1 5000
	starve failslab 0
	expect ok web sendto 1 127.0.0.1 80 one
	expect 'got one from 127.0.0.1 5000' tomcat recv 1
	expect EACCES tomcat sendto 1 127.0.0.1 5000 answer
	plenty
	expect ok web sendto 1 127.0.0.1 80 two
	expect 'got two from 127.0.0.1 5000' tomcat recv 1
	expect ok tomcat sendto 1 127.0.0.1 5000 answer
	expect 'got answer from 127.0.0.1 80' web recv 1
}

# child WAY: of a process in the compartment, with what it asks for in its first act
child() {
	mkfifo in
	cgcomptctl exec web -- bash -c "echo ready; read -r _; exec born way $1" <>in >out 3>&- 4>&- &
	started out ready
	"${@:2}"
	echo >in
	wait $!
	plenty
	sed 1d out
	rm in out
}

@test "no child without its label" {
	for way in fork vfork clone clone3 thread; do
		run child $way starve failslab 0
		[ "$output" = "$way not made" ]
		run child $way true
		[ "$output" = "$way refused" ]
	done
}

# made: what comes of one of everything
made() {
	: >out
	echo >in
	succeeds grep -qx end out
	grep -vx end out
}

@test "L5 I2 nothing that carries a label comes to be without it" {
	mkfifo in
	cgcomptctl exec web -- makers.py <>in >>out 3>&- 4>&- &
	started out ready
	starve failslab 0
	made >starved
	plenty
	made >enough
	rm in
	paste starved enough
	run ! grep ' made' starved
	run ! grep ' refused' enough
	diff <(cut -d' ' -f1 starved) <(cut -d' ' -f1 enough)
}

@test "the module is loaded whole or not at all" {
	local space kind failures=0
	pkill -x netprobe
	succeeds bare
	# shellcheck disable=SC2046
	asked_by $(symbols | grep -A1 ' do_init_module$' | cut -d' ' -f1)
	for kind in failslab fail_page_alloc; do
		for ((space = 0; ; space = space * 2 + 1)); do
			starve $kind $space
			run modprobe cgcompt rules=/etc/cgcompt
			plenty
			[ "$status" != 0 ] || break
			run ! loaded
			[ ! -e /proc/cgcompt ]
			failures=$((failures + 1))
		done
		[ "$(status_of mode)" = enforce ]
		bare
	done
	[ "$failures" -gt 6 ]
}
