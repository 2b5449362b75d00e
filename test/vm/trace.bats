#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What one process can do to another (hooks/trace.c, keyring.c, exec.c). A target in compartment tomcat stays; web does
# everything to it that there is (helpers/traceprobe.py): without the module, without a rule, with one.

load helpers/suite

rules='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT tomcat NUMBER 3 CAPS +all
COMPARTMENT * -> COMPARTMENT * METHOD list'
rule='COMPARTMENT web -> COMPARTMENT tomcat METHOD trace'

# target DIRECTORY COMPARTMENT COMMAND… - in the background: its $words, its log in DIRECTORY/log
target() {
	in=$1/in log=$1/log
	rm -f "$in" "$log" && mkfifo "$in"
	if loaded; then
		setsid cgcomptctl exec "$2" -- "${@:3}" <>"$in" >"$log" 3>&- &
	else
		setsid "${@:3}" <>"$in" >"$log" 3>&- &
	fi
	pid=$!
	started "$log" ready
	read -r _ words <"$log"
}

# over - and the target says goodbye
over() {
	as supervisor kill -TERM "$pid"
	wait "$pid" || true
}

# everything NAME - of what web does to targets
everything() {
	local to=$BATS_FILE_TMPDIR/$1
	mkdir -p "$to"
	[ -e /sys/fs/cgroup/probe ] || mkdir /sys/fs/cgroup/probe
	{
		target "$to" tomcat traceprobe.py target
		# shellcheck disable=SC2086
		as web traceprobe.py acts $words
		over
		target "$to" tomcat unshare -U traceprobe.py target
		as web traceprobe.py userns "$pid"
		over
		target "$to" tomcat traceprobe.py holder
		# shellcheck disable=SC2086
		as web traceprobe.py keys $words
		over
		as web traceprobe.py own
		as web traceprobe.py ownkeys
	} >"$to/acts" 2>&1 || cat "$to/acts"
}

setup_file() {
	helper traceprobe.py probe.py
	dmesg -n 5
	bare
	traceprobe.py ownkeys >/dev/null # the user's keyring is compartment 0's
	everything bare
	armed <<<"$rules"
	everything web
	armed <<<"$rules"$'\n'"$rule"
	everything allowed
	armed <<<"$rules"
}

# refused ACT… - done without the module and with a rule, and not otherwise
refused() {
	local act
	cd "$BATS_FILE_TMPDIR" || return
	for act; do
		grep -H "^$act " {bare,web,allowed}/acts
		grep -qx "$act allowed" bare/acts
		grep -qx "$act allowed" allowed/acts
		grep -qE "^$act refused (EPERM|EACCES|ESRCH|ENOENT|ENOKEY)\$" web/acts
	done
}

@test "I4 PROC-TRACE-01 ptrace by root: attach, seize" {
	refused attach seize
}

@test "I4 PROC-TRACE-04 process_vm_readv, process_vm_writev, process_madvise" {
	refused vm_readv vm_writev madvise
}

@test "I4 PROC-TRACE-05 PROC-TRACE-06 what /proc has of its memory and state" {
	refused mem environ auxv maps smaps pagemap stack syscall io personality thread_maps
}

@test "I4 PROC-TRACE-08 links of /proc/PID: to be read, to be followed, to be listed" {
	refused cwd root exe fd/0 ns/mnt ns/net through_root through_cwd through_exe list_fd list_map_files
}

@test "I4 PROC-TRACE-10 writing to /proc/PID" {
	refused write_oom_score_adj write_oom_adj write_coredump_filter write_clear_refs write_timerslack_ns
	for file in sched autogroup; do # not in every configuration
		! grep -qx "write_$file allowed" "$BATS_FILE_TMPDIR/bare/acts" || refused write_$file
	done
	refused write_uid_map write_setgroups write_gid_map write_projid_map
}

@test "I4 PROC-TRACE-18 pidfd_getfd" {
	refused getfd
}

@test "I4 PROC-TRACE-20 kcmp, and where robust futexes are" {
	refused kcmp robust_list
}

# IPC-19: a futex that two processes share is in memory that they share; that is shm's and the files' to refuse.

@test "I4 PROC-TRACE-21 migrate_pages and move_pages" {
	refused migrate_pages move_pages
}

@test "I4 PROC-TRACE-25 setpriority, by process and by group; scheduling policy and processors" {
	refused setpriority setpriority_group setscheduler getscheduler setaffinity getaffinity getattr rr_interval
}

@test "I4 PROC-TRACE-26 getpriority asks nobody: the nice value is no secret (documented)" {
	grep -x 'getpriority allowed' "$BATS_FILE_TMPDIR/web/acts"
}

@test "I4 PROC-TRACE-27 ioprio; limits" {
	refused ioprio_set ioprio_get prlimit_get prlimit_set
}

@test "I4 PROC-TRACE-29 getpgid and getsid; to join another compartment's process group" {
	refused getpgid getsid
	# a shell of default has both groups in its session; the pipeline that it makes itself works
	run bash -c 'set -m; cgcomptctl exec tomcat -- sh -c "echo one" | cat'
	[ "$output" = one ]
	run traceprobe.py beside cgcomptctl exec web -- sh -c 'traceprobe.py join "$0"; exit 0'
	echo "$output"
	[ "$output" = 'join refused EPERM' ]
	armed <<<"$rules"$'\nCOMPARTMENT web -> COMPARTMENT default METHOD trace'
	run traceprobe.py beside cgcomptctl exec web -- sh -c 'traceprobe.py join "$0"; exit 0'
	echo "$output"
	[ "$output" = 'join allowed' ]
	armed <<<"$rules"
}

@test "I4 perf of another's process; moving it to another cgroup" {
	cd "$BATS_FILE_TMPDIR" || return
	for act in perf cgroup; do
		grep -qx "$act allowed" bare/acts
		grep -qx "$act refused EPERM" web/acts
		grep -qx "$act refused EPERM" allowed/acts
	done
	# of default, which may have them: by rule
	target "$BATS_TEST_TMPDIR" tomcat traceprobe.py target
	# shellcheck disable=SC2086
	traceprobe.py acts $words | grep -xc -e 'perf refused EPERM' -e 'cgroup refused EPERM' | grep -x 2
	over
	armed <<<"$rules"$'\nCOMPARTMENT default -> COMPARTMENT tomcat METHOD trace'
	target "$BATS_TEST_TMPDIR" tomcat traceprobe.py target
	# shellcheck disable=SC2086
	traceprobe.py acts $words | grep -xc -e 'perf allowed' -e 'cgroup allowed' | grep -x 2
	over
	armed <<<"$rules"
}

@test "I4 PROC-TRACE-16 PROC-TRACE-31 bpf and perf are for no compartment; userfaultfd and one's own are" {
	cd "$BATS_FILE_TMPDIR" || return
	for act in bpf perf_self; do
		grep -qx "$act allowed" bare/acts
		grep -qx "$act refused EPERM" web/acts
		grep -qx "$act refused EPERM" allowed/acts
	done
	for act in userfaultfd own_memory own_comm own_nice; do
		grep -qx "$act allowed" web/acts
	done
	traceprobe.py own | grep -x 'bpf allowed'
}

@test "I4 PROC-TRACE-35 to wait for who is no child" {
	grep -x 'wait refused ECHILD' "$BATS_FILE_TMPDIR/web/acts"
	grep -x 'wait refused ECHILD' "$BATS_FILE_TMPDIR/allowed/acts"
}

@test "I4 PROC-TRACE-02 PTRACE_TRACEME asks for the parent's right" {
	[ "$(cgcomptctl exec tomcat -- traceprobe.py traceme)" = 'traceme refused EPERM' ]
	[ "$(cgcomptctl exec tomcat -- sh -c 'traceprobe.py traceme; exit 0')" = 'traceme allowed' ]
	armed <<<"$rules"$'\nCOMPARTMENT default -> COMPARTMENT tomcat METHOD trace'
	[ "$(cgcomptctl exec tomcat -- traceprobe.py traceme)" = 'traceme allowed' ]
	armed <<<"$rules"
}

@test "I4 PROC-TRACE-03 who is traced enters no compartment that the tracer may not trace" {
	traceprobe.py traced true | grep -x 'status 0'
	traceprobe.py traced cgcomptctl exec default -- true | grep -x 'status 0'
	run traceprobe.py traced cgcomptctl exec tomcat -- touch "$BATS_TEST_TMPDIR/ran"
	echo "$output"
	[[ $output == *'status 126'* ]]
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
	armed <<<"$rules"$'\nCOMPARTMENT default -> COMPARTMENT tomcat METHOD trace'
	traceprobe.py traced cgcomptctl exec tomcat -- true | grep -x 'status 0'
	armed <<<"$rules"
}

@test "L2 who shares its root directory with another process enters no compartment" {
	traceprobe.py sharing cgcomptctl exec default -- true | grep -x 'status 0'
	run traceprobe.py sharing cgcomptctl exec tomcat -- touch "$BATS_TEST_TMPDIR/ran"
	echo "$output"
	[[ $output == *'status 126'* ]]
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "L2 PROC-SIG-19 a seccomp supervisor from before is none in the compartment" {
	[ "$(traceprobe.py listener traceprobe.py nice)" = 'nice 5' ]
	[ "$(traceprobe.py listener cgcomptctl exec default -- traceprobe.py nice)" = 'nice 5' ]
	[ "$(traceprobe.py listener cgcomptctl exec tomcat -- traceprobe.py nice)" = 'nice ENOSYS' ]
	[ "$(traceprobe.py listener cgcomptctl exec tomcat -- sh -c 'traceprobe.py nice; exit 0')" = 'nice ENOSYS' ]
	[ "$(cgcomptctl exec tomcat -- traceprobe.py listener traceprobe.py nice)" = 'nice 5' ]
	armed <<<"$rules"$'\nCOMPARTMENT default -> COMPARTMENT tomcat METHOD trace'
	[ "$(traceprobe.py listener cgcomptctl exec tomcat -- traceprobe.py nice)" = 'nice 5' ]
	armed <<<"$rules"
}

@test "I4 PROC-TRACE-05 files of /proc/PID from before it changed compartments" {
	run traceprobe.py old cgcomptctl exec default -- traceprobe.py target
	echo "$output"
	[[ $output == *'oom allowed'* ]]
	run traceprobe.py old cgcomptctl exec tomcat -- traceprobe.py target
	echo "$output"
	[[ $output == *'mem nothing'*'oom refused EPERM'*'environ 0'* ]]
}

@test "L1 PROC-TRACE-36 a PID that was chosen has its maker's label, whoever had it before" {
	target "$BATS_TEST_TMPDIR" tomcat traceprobe.py target
	old=$pid
	over
	target "$BATS_TEST_TMPDIR" web traceprobe.py set_tid "$old"
	[ "$words" = "$old" ]
	cgcomptctl list processes | grep -E "^web +$old "
	! cgcomptctl list processes | grep -E "^tomcat +$old " || return 1
	cgcomptctl exec supervisor -- kill -KILL "$old"
	wait || true
}

@test "I4 IPC-21 keys and keyrings of another compartment, whose user is the same" {
	refused key_describe key_read key_update key_setperm key_timeout key_link ring_list ring_search ring_add \
		ring_clear key_revoke key_invalidate
}

@test "I4 IPC-21 a user's keyring is its maker's; a compartment has its own session, process and keys" {
	cd "$BATS_FILE_TMPDIR" || return
	grep -HE '^(user|session)_' {bare,web,allowed}/acts
	grep -x 'user_add allowed' bare/acts
	grep -xE 'user_add refused (EACCES|ENOKEY)' web/acts
	grep -xE 'session_add refused (EACCES|ENOKEY)' web/acts
	for act in join session_own process_own; do
		grep -x "$act allowed" web/acts
	done
}

@test "I4 IPC-22 no compartment has the kernel start request-key" {
	cd "$BATS_FILE_TMPDIR" || return
	grep -H '^request ' {bare,web,allowed}/acts
	! grep -x 'request refused EACCES' bare/acts || return 1
	grep -x 'request refused EACCES' web/acts
	grep -x 'request refused EACCES' allowed/acts
	grep -E '^assume refused' web/acts
}

@test "I4 IPC-21 no session keyring for a parent in another compartment" {
	traceprobe.py session | grep -x 'session allowed'
	cgcomptctl exec web -- traceprobe.py session | grep -x 'session refused EACCES'
}

@test "I4 IPC-23 to watch another's key" {
	if grep -x 'key_watch allowed' "$BATS_FILE_TMPDIR/bare/acts"; then
		refused key_watch
	else
		grep -E '^key_watch refused' "$BATS_FILE_TMPDIR/web/acts"
	fi
}

@test "I4 trace is one-directional" {
	armed <<<"$rules"$'\n'"$rule"
	target "$BATS_TEST_TMPDIR" web traceprobe.py target
	# shellcheck disable=SC2086
	cgcomptctl exec tomcat -- traceprobe.py acts $words | grep -x 'attach refused EPERM'
	# shellcheck disable=SC2086
	cgcomptctl exec supervisor -- traceprobe.py acts $words | grep -x 'attach allowed'
	grep -x changed "$log" && return 1
	over
	armed <<<"$rules"
}
