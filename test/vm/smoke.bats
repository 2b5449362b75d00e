#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --processors 2
#
# On every kernel: the packages are whole, the module loads with rules and without, refuses, and goes without a trace.

load helpers/suite

setup() {
	bare
}

teardown_file() {
	bare
}

web='COMPARTMENT web NUMBER 2'

@test "the packages are installed and nothing is loaded" {
	dpkg -s cgcompt cgcompt-dkms | grep -c '^Status: install ok installed' | grep -qx 2
	dkms status cgcompt | grep -q "$(uname -r).*: installed"
	run ! loaded
	ctl status
	done_with 3
}

@test "modprobe with the shipped rules enforces and leaves the machine on the network" {
	modprobe cgcompt rules=/etc/cgcompt
	ctl status
	done_with 0
	socat -u TCP-LISTEN:80,bind=127.0.0.1 CREATE:"$BATS_TEST_TMPDIR/got" &
	succeeds sh -c 'echo here | socat -u - TCP:127.0.0.1:80'
	wait $!
	grep -qx here "$BATS_TEST_TMPDIR/got"
	ping -c 1 -W 5 127.0.0.1
}

@test "modprobe alone enforces: nothing is allowed" {
	modprobe cgcompt
	ctl status
	done_with 0
	ctl list rules
	run ! grep -v -e '^#' -e '^$' <<<"$output"
	ip link add there type dummy
	ip addr add 192.0.2.1/24 dev there
	ip link set there up
	run socat -u OPEN:/dev/null TCP:192.0.2.2:80
	ip link del there
	[[ $output == *'Permission denied'* ]]
}

@test "rules with an error: modprobe fails and the kernel log names the line" {
	printf '%s\n' "$web" 'COMPARTMENT web -> NOWHERE' >"$BATS_TEST_TMPDIR/bad.rules"
	run modprobe cgcompt "rules=$BATS_TEST_TMPDIR/bad.rules"
	[ "$status" -ne 0 ]
	run ! loaded
	dmesg | tail -n 20 | grep -q 'bad.rules:2:'
}

@test "KERN-07 a kernel without a function that is hooked: not loading, and it says which" {
	local module=$BATS_TEST_TMPDIR/cgcompt.ko
	xz -dc "$(modinfo -n cgcompt)" >"$module" || cp "$(modinfo -n cgcompt)" "$module"
	sed -i 's/security_create_user_ns/security_create_user_nz/g' "$module"
	modinfo -F depends "$module" | tr , '\n' | xargs -r modprobe -a
	run insmod "$module"
	[ "$status" -ne 0 ]
	run ! loaded
	dmesg | tail -n 5 | grep -q 'this kernel has no security_create_user_nz(): not loading'
}

@test "a process in a compartment has no network until a rule gives it some" {
	armed <<<"$web"
	run cgcomptctl exec web -- socat -u OPEN:/dev/null UDP:192.0.2.1:9
	[ "$status" -ne 0 ]
	run cgcomptctl exec web -- python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 255)'
	[[ $output == *PermissionError* ]]
	printf '%s\n' "$web" 'COMPARTMENT web -> HOST * METHOD raw' | armed
	cgcomptctl exec web -- python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 255)'
}

@test "the module stays while a process is labelled, and goes when none is" {
	armed <<<"$web"
	cgcomptctl exec web -- sleep 60 &
	succeeds grep -q 'sleep' "/proc/$!/comm"
	run rmmod cgcompt
	[ "$status" -ne 0 ]
	cgcomptctl exec supervisor -- kill $!
	wait $! || true
	succeeds rmmod cgcompt
	[ ! -e /proc/cgcompt ]
}
