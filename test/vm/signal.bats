#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Signals (hooks/signal.c). A target in compartment tomcat writes down what comes; another process sends in every
# way, with a signal of its own for each (helpers/sigprobe.py): without the module, from web without a rule, from web
# with one.

load helpers/suite

rules='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT tomcat NUMBER 3 CAPS +all
COMPARTMENT * -> COMPARTMENT * METHOD list'
rule='COMPARTMENT web -> COMPARTMENT tomcat METHOD signal'

declare -gA number=([kill]=40 [tkill]=41 [tgkill]=42 [sigqueue]=43 [tgsigqueue]=44 [pidfd]=45 [pidfd_thread]=46
	[pidfd_group]=47 [directory]=48 [group]=49 [setown]=50 [setown_group]=51 [setown_ex]=52 [fiosetown]=53
	[sigio]=29 [urgent]=23 [all]=28 [chld]=17 [cont]=18)

# target DIRECTORY [COMPARTMENT] - one in the background: its $pid, its log in DIRECTORY/log
target() {
	in=$1/in log=$1/log
	rm -f "$in" "$log" && mkfifo "$in"
	if loaded; then
		setsid cgcomptctl exec "${2-tomcat}" -- sigprobe.py target <>"$in" >"$log" 3>&- &
	else
		setsid sigprobe.py target <>"$in" >"$log" 3>&- &
	fi
	started "$log" ready
	read -r _ pid _ <"$log"
}

# alive - the target is there and takes what the supervisor sends; the highest is the last that it writes down
alive() {
	as supervisor kill -64 "$pid"
	started "$log" 'got 64'
}

over() {
	as supervisor kill -KILL "$pid"
	wait
}

# counted - how often security_task_kill() was decided, and refused
counted() {
	cgcomptctl list hooks | awk '$2 == "security_task_kill" { print $5, $6 }'
}

# ways NAME - what web sends to a target
ways() {
	local directory=$BATS_FILE_TMPDIR/$1
	mkdir -p "$directory"
	target "$directory"
	as web sigprobe.py send "$pid" >"$directory/sent" 2>&1 || cat "$directory/sent"
	alive
	over
}

setup_file() {
	helper sigprobe.py probe.py
	dmesg -n 5
	ip link set lo up
	bare
	ways bare
	armed <<<"$rules"
	ways web
	armed <<<"$rules"$'\n'"$rule"
	ways allowed
	armed <<<"$rules"
}

# refused WAY… - comes without the module and with a rule, and not otherwise
refused() {
	local way
	cd "$BATS_FILE_TMPDIR" || return
	for way; do
		grep -H "^$way " {bare,web,allowed}/sent
		if grep -qx "$way unsupported" bare/sent; then # pidfd flags before 6.9
			! grep -qx "got ${number[$way]}" web/log || return 1
			continue
		fi
		grep -qx "$way allowed" bare/sent
		grep -qx "$way allowed" allowed/sent
		grep -qx "got ${number[$way]}" bare/log
		grep -qx "got ${number[$way]}" allowed/log
		! grep -qx "got ${number[$way]}" web/log || return 1
	done
}

# says WAY ERROR - and the sender is told so
says() {
	grep -qxE "$1 refused $2" "$BATS_FILE_TMPDIR/web/sent"
}

@test "I3 PROC-SIG-01 kill: not delivered without a rule, EPERM; neither is looking whether it is there" {
	refused kill chld cont
	for way in look kill chld stop cont; do
		says $way EPERM
	done
	grep -qx 'look allowed' "$BATS_FILE_TMPDIR/bare/sent"
	grep -qx 'look allowed' "$BATS_FILE_TMPDIR/allowed/sent"
}

@test "I3 PROC-SIG-05 tkill and tgkill, rt_sigqueueinfo and rt_tgsigqueueinfo" {
	refused tkill tgkill sigqueue tgsigqueue
	says tgkill EPERM
}

@test "I3 PROC-SIG-07 PROC-SIG-10 by a pidfd, to the process, a thread, its group" {
	refused pidfd pidfd_thread pidfd_group
}

@test "I3 PROC-SIG-09 by a descriptor of /proc/PID" {
	refused directory
}

@test "I3 PROC-SIG-20 SIGCONT and SIGSTOP, whoever the user is and whatever the session" {
	refused cont
	target "$BATS_TEST_TMPDIR"
	for user in nobody root; do
		cgcomptctl exec web --user $user -- sigprobe.py one "$pid" 18 | grep -x 'one refused EPERM'
		cgcomptctl exec web --user $user -- sigprobe.py one "$pid" 19 | grep -x 'one refused EPERM'
	done
	alive
	over
}

@test "I3 PROC-SIG-03 kill(-1) by root reaches its own compartment and no other" {
	refused all
	target "$BATS_TEST_TMPDIR"
	setsid cgcomptctl exec web -- sh -c 'read -r _' <>"$in" >/dev/null 3>&- &
	other=$!
	becomes 2 sh -c "cgcomptctl list processes | grep -cE '^(web|tomcat) '"
	cgcomptctl exec web -- sh -c 'kill -KILL -1; exit 0'
	run wait "$other"
	[ "$status" = 137 ]
	alive
	over
}

@test "I3 PROC-SIG-04 a process group of two compartments: only the sender's own" {
	cd "$BATS_TEST_TMPDIR" || return
	mkfifo in
	setsid sh -c 'cgcomptctl exec web -- sigprobe.py target <in >web & exec cgcomptctl exec tomcat -- sigprobe.py target >tomcat' \
		<>in 3>&- &
	started web ready
	started tomcat ready
	read -r _ pid group <tomcat
	cgcomptctl exec web -- kill -USR1 -- "-$group"
	started web 'got 10'
	log=tomcat alive
	! grep -x 'got 10' tomcat || return 1
	cgcomptctl exec supervisor -- kill -KILL -- "-$group"
	wait
	refused group
}

@test "I3 PROC-SIG-08 a pidfd from before its process changed compartments" {
	run sigprobe.py old cgcomptctl exec default -- sigprobe.py target
	echo "$output"
	[ "${lines[1]}" = 'old allowed' ]
	[ "${lines[2]}" = 'got 10' ]
	run sigprobe.py old cgcomptctl exec tomcat -- sigprobe.py target
	echo "$output"
	[ "${lines[1]}" = 'old refused EPERM' ]
	[ "${#lines[@]}" = 2 ]
}

@test "I3 PROC-SIG-11 SIGIO and any signal by F_SETOWN, F_SETOWN_EX: in the name of who set it" {
	refused setown setown_group setown_ex sigio
}

@test "I3 PROC-SIG-13 SIGURG by SIOCSPGRP, SIGIO by FIOSETOWN" {
	refused urgent fiosetown
}

@test "I3 PROC-SIG-14 PDEATHSIG: cleared when the compartment changes, asked for when it is new" {
	# shellcheck disable=SC2016
	new='import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 50); os.execvp("sigprobe.py", ["sigprobe.py", "target"])'
	run sigprobe.py pdeath 50 cgcomptctl exec default -- sigprobe.py target
	[ "${lines[1]}" = 'got 50' ]
	run sigprobe.py pdeath 50 cgcomptctl exec tomcat -- sigprobe.py target
	[ "${#lines[@]}" = 1 ]
	[[ ${lines[0]} == ready* ]]
	run sigprobe.py pdeath 51 cgcomptctl exec tomcat -- python3 -Sc "$new"
	[ "${#lines[@]}" = 1 ]
	armed <<<"$rules"$'\nCOMPARTMENT default -> COMPARTMENT tomcat METHOD signal'
	run sigprobe.py pdeath 51 cgcomptctl exec tomcat -- python3 -Sc "$new"
	[ "${lines[1]}" = 'got 50' ]
	armed <<<"$rules"
}

@test "I3 PROC-SIG-15 of a child's end its parent gets SIGCHLD and the status, no other signal" {
	[ "$(sigprobe.py exitsig)" = 'status 7 signals 10' ]
	[ "$(sigprobe.py exitsig cgcomptctl exec tomcat -- sh -c 'exit 7')" = 'status 7 signals 17' ]
	[ "$(cgcomptctl exec web -- sigprobe.py exitsig)" = 'status 7 signals 10' ]
}

@test "I3 PROC-SIG-16 Ctrl-C reaches what was started from the terminal with exec" {
	run sigprobe.py terminal cgcomptctl exec tomcat -- sigprobe.py target
	echo "$output"
	[ "$(grep -c 'got 2$' <<<"$output")" = 2 ]
}

# PROC-SIG-17 is in mqueue.bats, what types on another's terminal (TIOCSTI) in device.bats.

@test "I3 PROC-SIG-16 who was given a terminal signals nobody by it: window size, foreground, hangup" {
	run sigprobe.py terminal sigprobe.py disturb
	echo "$output"
	[[ $output == *'winsize allowed'* ]]
	[[ $output == *'leader got 28'* ]]
	run sigprobe.py terminal cgcomptctl exec tomcat -- sigprobe.py disturb
	echo "$output"
	[[ $output == *'leader done 0'* ]]
	[[ $output != *'leader got 28'* ]]
	armed <<<"$rules"$'\nCOMPARTMENT tomcat -> COMPARTMENT default METHOD signal'
	run sigprobe.py terminal cgcomptctl exec tomcat -- sigprobe.py disturb
	[[ $output == *'leader got 28'* ]]
	armed <<<"$rules"
}

@test "I3 PROC-SIG-16 nor hangs it up" {
	run sigprobe.py terminal sigprobe.py hangup
	[[ $output != *'leader done'* ]]
	run sigprobe.py terminal cgcomptctl exec tomcat -- sigprobe.py hangup
	echo "$output"
	[[ $output == *'leader done 0'* ]]
	[[ $output != *'leader got 1'[^0-9]* ]]
}

# frozen COMPARTMENT - may it stop and kill the target by its cgroup?
frozen() {
	as "$1" sh -c 'echo 1 >/sys/fs/cgroup/probe/cgroup.freeze'
	sleep 0.3
	grep -x 'frozen 1' /sys/fs/cgroup/probe/cgroup.events
}

@test "I3 cgroup.kill and cgroup.freeze touch no other compartment's processes" {
	[ -e /sys/fs/cgroup/probe ] || mkdir /sys/fs/cgroup/probe
	target "$BATS_TEST_TMPDIR"
	as supervisor sh -c "echo $pid >/sys/fs/cgroup/probe/cgroup.procs"
	! frozen default || return 1
	as default sh -c 'echo 0 >/sys/fs/cgroup/probe/cgroup.freeze'
	as default sh -c 'echo 1 >/sys/fs/cgroup/probe/cgroup.kill'
	# a compartment does not even write there
	run ! as web sh -c 'echo 1 >/sys/fs/cgroup/probe/cgroup.freeze'
	run ! as web sh -c 'echo 1 >/sys/fs/cgroup/probe/cgroup.kill'
	alive
	frozen supervisor
	as supervisor sh -c 'echo 0 >/sys/fs/cgroup/probe/cgroup.freeze'
	armed <<<"$rules"$'\nCOMPARTMENT default -> COMPARTMENT tomcat METHOD signal'
	frozen default
	as default sh -c 'echo 1 >/sys/fs/cgroup/probe/cgroup.kill'
	wait
	armed <<<"$rules"
}

@test "I3 R2 signal[…] lets these through and no others" {
	armed <<<"$rules"$'\nCOMPARTMENT web -> COMPARTMENT tomcat METHOD signal[USR1,RTMIN+3]'
	target "$BATS_TEST_TMPDIR"
	for number in 10 37; do
		cgcomptctl exec web -- sigprobe.py one "$pid" $number | grep -x 'one allowed'
	done
	for number in 1 9 15 19 36 38; do
		cgcomptctl exec web -- sigprobe.py one "$pid" $number | grep -x 'one refused EPERM'
	done
	alive
	grep -qx 'got 10' "$log"
	grep -qx 'got 37' "$log"
	over
	armed <<<"$rules"
}

@test "I3 the rule is one-directional, and within one compartment none is needed" {
	armed <<<"$rules"$'\n'"$rule"
	target "$BATS_TEST_TMPDIR" web
	cgcomptctl exec tomcat -- sigprobe.py one "$pid" 10 | grep -x 'one refused EPERM'
	sigprobe.py one "$pid" 10 | grep -x 'one refused EPERM'
	cgcomptctl exec web -- sigprobe.py one "$pid" 10 | grep -x 'one allowed'
	started "$log" 'got 10'
	alive
	over
	armed <<<"$rules"
}

@test "L4 the first process takes signals by exact rule only" {
	sigprobe.py one 1 18 | grep -x 'one refused EPERM'
	armed <<<"$rules"$'\nCOMPARTMENT default -> COMPARTMENT * METHOD signal'
	sigprobe.py one 1 18 | grep -x 'one refused EPERM'
	armed <<<"$rules"$'\nCOMPARTMENT default -> COMPARTMENT supervisor METHOD signal'
	sigprobe.py one 1 18 | grep -x 'one allowed'
	cgcomptctl exec web -- sigprobe.py one 1 18 | grep -x 'one refused EPERM'
	armed <<<"$rules"
}

@test "O4 permissive lets a signal through and counts it" {
	before=$(status_of denials)
	target "$BATS_TEST_TMPDIR"
	cgcomptctl mode permissive
	cgcomptctl exec web -- sigprobe.py one "$pid" 10 | grep -x 'one allowed'
	cgcomptctl mode enforce
	started "$log" 'got 10'
	over
	cgcomptctl list hooks | grep -E 'signal +security_task_kill'
	[ -n "$before" ]
}

@test "I3 with all of that nothing keeps the module in" {
	run sigprobe.py pdeath 50 cgcomptctl exec tomcat -- sigprobe.py target
	succeeds rmmod cgcompt
	modprobe cgcompt
}

@test "KERN-06 of a million signals from two processors at once none gets past the hook, with a kprobe and a tracer on it" {
	local tracing=/sys/kernel/tracing hits denials before pids=()
	armed <<<"$rules"
	target "$BATS_TEST_TMPDIR"
	mountpoint -q $tracing || mount -t tracefs tracefs $tracing
	echo 'p:cgc security_task_kill' >$tracing/kprobe_events
	echo security_task_kill >$tracing/set_ftrace_filter
	echo function >$tracing/current_tracer
	echo 1 >$tracing/events/kprobes/cgc/enable
	before=$(counted)
	for _ in 1 2; do
		as web sigprobe.py flood "$pid" 500000 >"$BATS_TEST_TMPDIR/flood.${#pids[@]}" 3>&- 4>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	read -r hits denials <<<"$(counted)"
	echo 0 >$tracing/events/kprobes/cgc/enable
	echo nop >$tracing/current_tracer
	echo >$tracing/set_ftrace_filter
	echo >$tracing/kprobe_events
	echo "before $before; after $hits $denials"
	[ "$(cat "$BATS_TEST_TMPDIR"/flood.*)" = 'refused 500000
refused 500000' ]
	[ $((hits - ${before% *})) -ge 1000000 ]
	[ $((denials - ${before#* })) -eq 1000000 ]
	alive
	over
	run ! grep -v -e ready -e 'got 64' "$log"
}
