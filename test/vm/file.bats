#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Descriptors that are passed between compartments (I1, L2), watches over files, and what of files no rule keeps apart.

load helpers/suite
load helpers/net
# shellcheck disable=SC2034
program=unixprobe.py
by_rule='COMPARTMENT web -> COMPARTMENT tomcat METHOD unix'
# all kinds; those that a kernel does not pass at all are dropped by the comparison with the run without the module
kinds='file dir pipe fifo tty proc memfd eventfd epoll timerfd signalfd inotify fanotify userfaultfd uring pidfd bpf perf
mnt inet unix listener'

setup_file() {
	net_setup
	[ ! -e /proc/sys/kernel/io_uring_disabled ] || sysctl -qw kernel.io_uring_disabled=0
	sysctl -qw vm.unprivileged_userfaultfd=1
	agent zero
	agent other
	passed stream zero other >"$BATS_FILE_TMPDIR/bare"
	passed dgram zero other >"$BATS_FILE_TMPDIR/bare-dgram"
	watched zero >"$BATS_FILE_TMPDIR/watched-bare"
	rules
	in_compartments web tomcat
	rules "$by_rule" 'COMPARTMENT web -> COMPARTMENT default METHOD unix' \
		'COMPARTMENT default -> COMPARTMENT web METHOD unix'
	passed stream web tomcat >"$BATS_FILE_TMPDIR/across"
	passed dgram web tomcat >"$BATS_FILE_TMPDIR/across-dgram"
	passed stream web web >"$BATS_FILE_TMPDIR/within"
	passed dgram web web >"$BATS_FILE_TMPDIR/within-dgram"
	passed stream web zero >"$BATS_FILE_TMPDIR/up"
	passed stream zero web >"$BATS_FILE_TMPDIR/down"
	watched web >"$BATS_FILE_TMPDIR/watched-web"
	watched zero >"$BATS_FILE_TMPDIR/watched-zero"
}

setup() {
	afresh web tomcat
}

# passed TYPE FROM TO: what comes of a descriptor of each kind
passed() {
	local type=$1 from=$2 to=$3 kind got
	fresh "$from" "$to"
	expect ok "$to" bind l "$type" @passed
	expect ok "$from" connect c "$type" @passed
	[ "$type" = dgram ] || expect ok "$to" accept l a
	for kind in $kinds; do
		got=$(tell "$from" give c "$kind")
		[ "$got" != ok ] || got=$(tell "$to" take "$([ "$type" = dgram ] && echo l || echo a)")
		echo "$kind $got"
	done
	fresh "$from" "$to"
}

# watched AGENT: what it may watch; 0x20 is an open, 0x10000 asks for permission
watched() {
	echo "inotify $(tell "$1" inotify)"
	echo "file $(tell "$1" fanotify 0 0x20)"
	echo "mount $(tell "$1" fanotify 0x10 0x20)"
	echo "filesystem $(tell "$1" fanotify 0x100 0x20)"
	echo "permission $(tell "$1" fanotify 0 0x10000)"
}

# arrives FILE KIND…: the other end got it
arrives() {
	local kind file=$1
	shift
	for kind; do
		grep -H "^$kind " "$BATS_FILE_TMPDIR/$file"
		grep -qx "$kind got it" "$BATS_FILE_TMPDIR/$file"
	done
}

# lost FILE KIND…: it did without the module, and here the message came without it
lost() {
	local kind file=$1
	shift
	for kind; do
		grep -H "^$kind " "$BATS_FILE_TMPDIR/$file" "$BATS_FILE_TMPDIR/bare"
		grep -qx "$kind got none" "$BATS_FILE_TMPDIR/$file"
		[ "$kind" = uring ] || grep -qx "$kind got it" "$BATS_FILE_TMPDIR/bare"
	done
}

# but_for_looks FILE: what a compartment has none of, as it looks into the kernel, cannot be passed from there
but_for_looks() {
	grep -vE '^(bpf|perf) ' "$BATS_FILE_TMPDIR/$1"
}

@test "I1 within a compartment every descriptor passes that passes without the module" {
	diff <(but_for_looks bare) <(but_for_looks within)
	diff <(but_for_looks bare-dgram) <(but_for_looks within-dgram)
}

@test "I1 compartment 0 gets what it got" {
	diff <(but_for_looks bare) <(but_for_looks up)
}

@test "I1 IPC-29 a file passes where a rule lets the message pass" {
	arrives across file
	arrives across-dgram file
	arrives down file
}

@test "IPC-17 eventfd, timerfd, signalfd, epoll, inotify, userfaultfd, pidfd, perf, bpf do not" {
	for file in across across-dgram down; do
		lost $file eventfd epoll timerfd signalfd inotify fanotify userfaultfd pidfd
	done
	lost down bpf perf
	for kind in bpf perf; do
		grep -x "$kind EPERM" "$BATS_FILE_TMPDIR/across"
	done
	denied 'COMPARTMENT tomcat -> COMPARTMENT web' security_file_receive || denied security_file_receive
}

@test "IPC-17 UNIX-16 UNIX-17 a ring of io_uring does not" {
	for file in across across-dgram down; do
		grep '^uring ' "$BATS_FILE_TMPDIR/$file"
		grep -qxE 'uring (got none|EINVAL)' "$BATS_FILE_TMPDIR/$file" # newer kernels pass none to anybody
	done
}

@test "IPC-18 pipes, terminals, shared memory, directories and what is in /proc do not" {
	for file in across across-dgram down; do
		lost $file dir pipe fifo tty proc memfd mnt
	done
}

@test "UNIX-14 sockets do not, unless the receiver may talk with their other end" {
	for file in across across-dgram; do
		lost $file inet unix listener
	done
	lost down inet listener
	# a connection of web's with compartment 0, for which tomcat has a rule of its own
	expect ok zero bind l stream @zero
	expect ok tomcat bind l stream @tomcat
	rules "$by_rule" 'COMPARTMENT web -> COMPARTMENT default METHOD unix' \
		'COMPARTMENT tomcat -> COMPARTMENT default METHOD unix[stream]'
	expect ok web connect z stream @zero
	expect ok web connect c stream @tomcat
	expect ok tomcat accept l a
	expect ok zero accept l a
	expect ok web give c z
	expect 'got it' tomcat take a
	expect ok tomcat send taken hello
	expect 'got hello' zero recv a
	expect ok zero send a answer
	expect 'got answer' tomcat recv taken
	# it is taken away
	rules "$by_rule" 'COMPARTMENT web -> COMPARTMENT default METHOD unix'
	expect EACCES tomcat send taken hello
	expect ok zero send a secret
	expect EACCES tomcat recv taken
	expect ok web give c z
	expect 'got none' tomcat take a
}

@test "I1 the first descriptor that is refused ends the list, and the message itself arrives" {
	rules "$by_rule"
	expect ok tomcat bind l stream @l
	expect ok web connect c stream @l
	expect ok tomcat accept l a
	expect ok web give c memfd
	expect 'got none' tomcat take a
	expect ok web give c file
	expect 'got it' tomcat take a
}

@test "I1 a receiver that waits before the other compartment first sends gets nothing more" {
	rules "$by_rule"
	expect ok tomcat bind l dgram @l
	start tomcat take l
	expect ok web connect c dgram @l
	expect ok web give c memfd
	await 'got none' tomcat
}

@test "UNIX-14 pidfd_getfd() gives no socket of another compartment" {
	for kind in inet listener unix; do
		read -r _ pid fd <<<"$(tell zero where $kind)"
		expect ok other getfd "$pid" "$fd"
		read -r _ pid fd <<<"$(tell tomcat where $kind)"
		rules "$by_rule"
		expect ESRCH web getfd "$pid" "$fd"
		rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD list,trace'
		expect EACCES web getfd "$pid" "$fd"
		expect ok tomcat getfd "$pid" "$fd"
	done
}

@test "IPC-25 a compartment watches single files, and neither mounts nor file systems, nor is it asked for permission" {
	head "$BATS_FILE_TMPDIR"/watched-*
	[ "$(sort -u -k2 "$BATS_FILE_TMPDIR/watched-bare" | wc -l)" = 1 ]
	diff "$BATS_FILE_TMPDIR/watched-bare" "$BATS_FILE_TMPDIR/watched-zero"
	for what in inotify file; do
		grep -qx "$what ok" "$BATS_FILE_TMPDIR/watched-web"
	done
	for what in mount filesystem permission; do
		grep -qx "$what EACCES" "$BATS_FILE_TMPDIR/watched-web"
	done
}

@test "IPC-23 there are no notifications by watch queues to be had" {
	# these kernels are built without; security_watch_key() is the place if one is not
	expect ENOPKG web watch_queue
}

@test "IPC-24 IPC-28 IPC-29 no rule keeps apart: the contents and locks of a file that both can open" {
	# as the manual says (test/cli/manual.bats)
	rm -f /tmp/shared
	expect ok zero write hello
	expect 'got hello' web read
	chmod 666 /tmp/shared
	expect ok web lock hold
	expect EAGAIN tomcat lock try
	expect ok web stop
	expect ok tomcat lock try
	chmod 600 /tmp/shared
	# as everywhere: the file system's modes, and the compartment's root, are what keeps them apart
	expect 'got hello' zero read
}
