#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --processors 2
#
# Processes and their labels. What a child asks for in its first act is a raw socket (helpers/born.c): root may have
# one outside compartments, and in one where a rule says so.

load helpers/suite

rules='COMPARTMENT web NUMBER 2 CAPS +all'

setup_file() {
	helper born vhost
	dmesg -n 5 # the console is slow
	modprobe -a vhost_net || true
	[ ! -e /proc/sys/kernel/io_uring_disabled ] || sysctl -qw kernel.io_uring_disabled=0
	born ways >"$BATS_FILE_TMPDIR/bare"
	armed <<<"$rules"
	cgcomptctl exec web -- born ways >"$BATS_FILE_TMPDIR/web"
	cgcomptctl exec default -- born ways >"$BATS_FILE_TMPDIR/default"
	# an administrators' compartment makes namespaces
	cd "$BATS_FILE_TMPDIR" || return
	echo "$rules" >rules
	printf '%s\n' "$rules" 'ADMIN COMPARTMENT admin NUMBER 9' >administered
	cgcomptctl exec supervisor -- sh -c 'cgcomptctl load --force administered
		cgcomptctl exec admin -- born ways >admin
		cgcomptctl load --force rules'
	printf '%s\n' "$rules" 'COMPARTMENT web -> HOST * METHOD raw' | armed
	cgcomptctl exec web -- born ways >"$BATS_FILE_TMPDIR/allowed"
	armed <<<"$rules"
}

# follows WAY… - children made so are refused in the compartment, and nowhere else
follows() {
	local way
	cd "$BATS_FILE_TMPDIR" || return
	for way; do
		grep -H "^$way " bare web default allowed
		grep -qx "$way allowed" bare
		grep -qx "$way refused" web
		grep -qx "$way allowed" default
		grep -qx "$way allowed" allowed
	done
}

# in_background COMMAND…: with input from $in and output to $out, in compartment web
in_background() {
	in=$BATS_TEST_TMPDIR/in out=$BATS_TEST_TMPDIR/out
	mkfifo "$in"
	cgcomptctl exec web -- "$@" <>"$in" >"$out" 3>&- &
}

# row COMPARTMENT PID TID…: `list processes` has it
row() {
	cgcomptctl list processes | grep -E "^$1 +$2 +$3 "
}

@test "L1 a child made by fork is in its parent's compartment before its first instruction" {
	follows fork
}

@test "L1 so is one made by vfork" {
	follows vfork
}

@test "L1 so is one made by clone or clone3" {
	follows clone clone3
}

@test "L1 so is one that shares its parent's memory" {
	follows clone_vm
}

@test "L1 so is a thread" {
	follows thread
}

@test "L1 so is the first process of a PID namespace" {
	cd "$BATS_FILE_TMPDIR"
	grep -x 'pidns allowed' bare
	grep -x 'pidns refused' admin
	grep -x 'pidns allowed' default
	run ! grep -x 'pidns allowed' web # S3: none is made there
}

@test "L1 so is a child that its grandparent gets (CLONE_PARENT)" {
	follows sibling
}

@test "L1 a spawned program is in the compartment of who spawned it" {
	follows spawn
}

@test "L1 a program that another thread than the first puts in place keeps the label" {
	follows thread_exec
}

@test "L1 a child that lost its parent keeps the label, and so do its own children" {
	follows orphan
}

@test "L1 a worker of io_uring is in the compartment of its process" {
	follows uring_worker
}

@test "L1 a polling thread of io_uring is in the compartment of its process" {
	follows uring_sqpoll
}

@test "L1 a vhost worker is in the compartment of the process that it works for" {
	requires vhost_net test -e /dev/vhost-net
	printf '%s\n' "$rules" 'COMPARTMENT web -> COMPARTMENT default METHOD trace' | armed # its device is 0's
	in_background vhost
	started "$out" ready
	row web '[0-9]+' '[0-9]+' | grep -q ' vhost-[0-9]'
	echo >"$in"
	wait
	becomes '' row web '[0-9]+' '[0-9]+'
	armed <<<"$rules"
}

@test "L1 processes are listed with their compartment: children, threads, orphans" {
	in_background born stay
	started "$out" thread
	started "$out" orphan
	read -r _ self < <(grep self "$out")
	row web "$self" "$self"
	row web "$self" "$(sed -n 's/thread //p' "$out")"
	for name in child orphan; do
		pid=$(sed -n "s/$name //p" "$out")
		row web "$pid" "$pid"
	done
	printf 'xx' >"$in" # one for each of the two that wait
	wait
	becomes '' row web '[0-9]+' '[0-9]+'
}

@test "L4 L6 the first process is the supervisor; what was there before the load is in 0" {
	row supervisor 1 1
	run cgcomptctl list processes
	[ "${#lines[@]}" = 2 ] # with the table's head
}

@test "L1 forks that fail leave no label behind" {
	before=$(status_of processes)
	[ "$(cgcomptctl exec web -- born fail 300)" = 'failed 300' ]
	becomes "$before" status_of processes
}

@test "L1 forks that a cgroup refuses leave no label behind" {
	before=$(status_of processes)
	echo +pids >/sys/fs/cgroup/cgroup.subtree_control
	mkdir /sys/fs/cgroup/few
	echo 20 >/sys/fs/cgroup/few/pids.max
	sh -c 'echo $$ >/sys/fs/cgroup/few/cgroup.procs && exec cgcomptctl exec web -- born exhaust 200' |
		grep -x 'made 19 failed 200'
	becomes "$before" status_of processes
}

@test "L1 forks over RLIMIT_NPROC leave no label behind" {
	before=$(status_of processes)
	cgcomptctl exec web --user nobody -- prlimit --nproc=20 born exhaust 200 | grep -x 'made 19 failed 200'
	becomes "$before" status_of processes
}

@test "L1 of 20000 children made in every way, many killed at once, none acts without its label" {
	before=$(status_of processes)
	run cgcomptctl exec web -- born storm 20000 2
	echo "$output"
	[[ $output =~ ^made\ 20000\ allowed\ 0\ refused\ 1[6-9][0-9]{3}\ other\ 0$ ]]
	becomes "$before" status_of processes
}

@test "L1 a PID that is given anew does not have the label of who had it before" {
	before=$(status_of processes)
	sysctl -qw kernel.pid_max=500
	born storm 3000 5 >"$BATS_TEST_TMPDIR/outside" 3>&- &
	run cgcomptctl exec web -- born storm 3000 5
	wait
	sysctl -qw kernel.pid_max=32768
	cat "$BATS_TEST_TMPDIR/outside" - <<<"$output"
	[[ $output =~ ' allowed 0 refused '[0-9]+' other 0' ]]
	grep -qE ' allowed [0-9]+ refused 0 other 0' "$BATS_TEST_TMPDIR/outside"
	becomes "$before" status_of processes
}
