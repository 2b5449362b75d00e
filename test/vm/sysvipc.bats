#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# System V IPC: queues, segments and semaphore sets of one compartment in the hands of another (mission I2, L5).

load helpers/suite
load helpers/ipc

setup_file() {
	ipc_ready
	run_acts msg shm sem
}

# background NAME COMPARTMENT ACT… - ipcprobe, with input from $BATS_TEST_TMPDIR/NAME.in and output to NAME.out
background() {
	local name=$BATS_TEST_TMPDIR/$1 compartment=$2
	shift 2
	mkfifo "$name.in"
	cgcomptctl exec "$compartment" -- ipcprobe "$@" <>"$name.in" >"$name.out" 3>&- &
}

@test "IPC-01 a queue, segment or set of another compartment is not found by key, nor shared by IPC_CREAT" {
	refused_without msg_get msg_create shm_get shm_create sem_get sem_create
}

@test "I2 IPC-02 nor used by id" {
	refused_without msg_send msg_receive shm_attach shm_attach_ro sem_op sem_timedop sem_wait_zero
}

@test "I2 IPC-02 an empty queue of another compartment is refused to a receiver, not waited for" {
	refused_without msg_receive_empty
}

@test "IPC-03 messages are not peeked at" {
	refused_without msg_peek
}

@test "IPC-04 nor is any state told, by id, by index or to those who skip the mode" {
	refused_without msg_stat msg_stat_index msg_stat_any shm_stat shm_stat_index shm_stat_any
	refused_without sem_stat sem_stat_index sem_stat_any
	refused_without sem_getval sem_getall sem_getpid sem_getncnt sem_getzcnt
}

@test "IPC-04 a list rule tells the state, and gives nothing else" {
	cd "$BATS_FILE_TMPDIR"
	for way in {msg,shm,sem}_{stat,stat_index,stat_any}; do
		grep -x "$way allowed" list
	done
	[ "$(grep -c allowed list)" = 9 ]
}

@test "I2 it is not controlled nor removed" {
	refused_without msg_set msg_remove shm_set shm_lock shm_remove sem_set sem_remove sem_setval sem_setall
}

@test "I2 R2 msg[send] and msg[recv] are the two ends of a queue" {
	only_by some msg_send
	only_by others msg_receive msg_peek msg_receive_empty
	by_none msg_set msg_remove
	grep -x 'msg_get allowed' "$BATS_FILE_TMPDIR/some" "$BATS_FILE_TMPDIR/others"
}

@test "I2 R2 shm[ro] attaches for reading, and the mapping stays so" {
	only_by some shm_attach_ro shm_get
	by_none shm_attach shm_set shm_lock shm_remove
	grep -x 'shm_attach_ro_then_write refused EACCES' "$BATS_FILE_TMPDIR/some"
}

@test "I2 R2 sem[read] waits for zero and reads values, sem[alter] changes them" {
	only_by some sem_wait_zero sem_getval sem_getall
	only_by others sem_op sem_timedop sem_undo sem_setval sem_setall
	by_none sem_set sem_remove
}

@test "IPC-05 totals are told to administrators only, once there is something to hide" {
	with
	ipcprobe info >"$BATS_TEST_TMPDIR/default"
	cgcomptctl exec web -- ipcprobe info >"$BATS_TEST_TMPDIR/web"
	cgcomptctl exec supervisor -- ipcprobe info >"$BATS_TEST_TMPDIR/supervisor"
	paste "$BATS_TEST_TMPDIR"/*
	[ "$(grep -c ' allowed$' "$BATS_TEST_TMPDIR/default")" = 6 ]
	[ "$(grep -c ' allowed$' "$BATS_TEST_TMPDIR/supervisor")" = 6 ]
	[ "$(grep -c ' refused EACCES$' "$BATS_TEST_TMPDIR/web")" = 6 ]
}

@test "I5 IPC-06 /proc/sysvipc and ipcs show what is the caller's, and what list rules add" {
	rows() {
		cgcomptctl exec "$1" -- sh -c 'cat /proc/sysvipc/msg /proc/sysvipc/shm /proc/sysvipc/sem' |
			grep -cE '^ *171(53|54|55) '
	}
	with
	run rows cgi
	[ "$output" = 7 ]
	run rows web
	[ "$output" = 0 ]
	[ "$(cgcomptctl exec web -- head -qn1 /proc/sysvipc/{msg,shm,sem} | grep -c key)" = 3 ]
	[ "$(cgcomptctl exec cgi -- ipcs | grep -c 0x00004301)" = 3 ]
	run cgcomptctl exec web -- ipcs
	echo "$output"
	[ "$status" = 0 ]
	[[ $output != *0x0000430* ]]
	with 'COMPARTMENT web -> COMPARTMENT cgi METHOD list'
	run rows web
	[ "$output" = 7 ]
	[ "$(cgcomptctl exec web -- ipcs | grep -c 0x00004301)" = 3 ]
}

@test "I5 list ipc shows objects with their compartment" {
	with
	run cgcomptctl list ipc
	echo "$output"
	for kind in msg shm sem; do
		grep -E "^cgi +$kind +.*4301" <<<"$output"
	done
}

@test "L5 an object keeps the label of its maker, who has ended" {
	with
	run cgcomptctl exec web -- ipcprobe tell text
	[ "$output" = 'msg_send refused EACCES' ]
	run cgcomptctl exec cgi -- ipcprobe tell text
	[ "$output" = 'msg_send allowed' ]
	[ "$(cgcomptctl exec cgi -- ipcprobe wait | tail -n1)" = 'got text' ]
}

@test "L4 L6 what was there before the load is compartment 0's" {
	cgcomptctl exec supervisor -- ipcprobe clean
	succeeds rmmod cgcompt
	ipcprobe make
	with
	cgcomptctl exec web -- ipcprobe use msg shm sem >"$BATS_TEST_TMPDIR/web"
	run ! grep allowed "$BATS_TEST_TMPDIR/web"
	run ipcprobe tell text
	[ "$output" = 'msg_send allowed' ]
	ipcprobe clean
	cgcomptctl exec cgi -- ipcprobe make
}

@test "I2 the supervisor reaches all" {
	with
	run cgcomptctl exec supervisor -- ipcprobe tell text
	[ "$output" = 'msg_send allowed' ]
	[ "$(cgcomptctl exec cgi -- ipcprobe wait | tail -n1)" = 'got text' ]
}

@test "R8 who waits for a message when its rule goes does not get it" {
	with 'COMPARTMENT web -> COMPARTMENT cgi METHOD msg[recv]'
	background web web wait
	started "$BATS_TEST_TMPDIR/web.out" waiting
	waiting=$!
	succeeds cgcomptctl exec supervisor -- grep -q do_msgrcv "/proc/$waiting/stack"
	with
	cgcomptctl exec cgi -- ipcprobe tell secret
	[ "$(cgcomptctl exec cgi -- ipcprobe wait | tail -n1)" = 'got secret' ]
	run ! grep secret "$BATS_TEST_TMPDIR/web.out"
	cgcomptctl exec supervisor -- kill "$waiting"
	wait "$waiting" || true
}

@test "IPC-08 SEM_UNDO of an ending process undoes what a rule allowed, and nothing else" {
	with
	run cgcomptctl exec web -- ipcprobe undo </dev/null
	[ "${lines[0]}" = 'sem_undo refused EACCES' ]
	before=$(cgcomptctl exec cgi -- ipcprobe value)
	with 'COMPARTMENT web -> COMPARTMENT cgi METHOD sem[alter]'
	background web web undo
	started "$BATS_TEST_TMPDIR/web.out" 'sem_undo allowed'
	[ "$(cgcomptctl exec cgi -- ipcprobe value)" = $((before + 5)) ]
	echo >"$BATS_TEST_TMPDIR/web.in"
	wait
	[ "$(cgcomptctl exec cgi -- ipcprobe value)" = "$before" ]
}

@test "IPC-09 a mapping ends with the program at exec into a compartment; past a rule's end none is made" {
	with 'COMPARTMENT web -> COMPARTMENT cgi METHOD shm[ro]'
	background web web hold
	started "$BATS_TEST_TMPDIR/web.out" 'shm_attach_ro allowed'
	with
	# what is mapped stays mapped: ipcs tells the administrator
	echo >"$BATS_TEST_TMPDIR/web.in"
	started "$BATS_TEST_TMPDIR/web.out" 'holds 0'
	[ "$(awk '$1 == 17153 { print $7 }' /proc/sysvipc/shm)" = 1 ]
	run cgcomptctl exec web -- ipcprobe hold </dev/null
	[ "${lines[0]}" = 'shm_attach_ro refused EACCES' ]
	cgcomptctl exec supervisor -- kill $!
	wait $! || true
	becomes 0 awk '$1 == 17153 { print $7 }' /proc/sysvipc/shm
	run python3 -Sc 'import ctypes, os, subprocess
c = ctypes.CDLL(None)
c.shmat.restype = ctypes.c_void_p
i = c.shmget(0, 4096, 0o1666)
c.shmat(i, None, 0)
c.shmctl(i, 0, None)
print(subprocess.run(["cgcomptctl", "exec", "web", "--", "grep", "-c", "SYSV", "/proc/self/maps"], stdout=subprocess.PIPE, text=True).stdout)'
	[ "${lines[0]}" = 0 ]
}

@test "IPC-10 limits are the namespace's: a compartment in one of its own cannot use up another's" {
	with
	run unshare -i sh -c 'sysctl -qw kernel.msgmni=1
		exec cgcomptctl exec web -- sh -c "ipcmk -Q; ipcmk -Q"'
	echo "$output"
	grep -qi 'no space' <<<"$output"
	run cgcomptctl exec web -- ipcmk -Q
	[ "$status" = 0 ]
	id=$(grep -oE '[0-9]+$' <<<"$output")
	cgcomptctl exec web -- ipcrm -q "$id"
}

@test "IPC-11 an id that was chosen (msg_next_id) leads to nothing that is another's" {
	with
	requires msg_next_id test -e /proc/sys/kernel/msg_next_id
	id=$(cut -d' ' -f1 /run/ipcprobe.ids)
	run ! cgcomptctl exec web -- sh -c "echo $id >/proc/sys/kernel/msg_next_id"
	echo "$id" >/proc/sys/kernel/msg_next_id
	run cgcomptctl exec web -- ipcmk -Q
	echo "$output"
	made=$(grep -oE '[0-9]+$' <<<"${lines[-1]}")
	[ "$made" != "$id" ]
	run cgcomptctl exec web -- ipcprobe tell text
	[ "$output" = 'msg_send refused EACCES' ]
	cgcomptctl exec web -- ipcrm -q "$made"
}

@test "N9 I2 it is the same in an IPC and a PID namespace of one's own" {
	with
	cgcomptctl exec supervisor -- ipcprobe clean
	run unshare -ipf --mount-proc sh -c 'cgcomptctl exec cgi -- ipcprobe make
		cgcomptctl exec web -- ipcprobe tell text
		cgcomptctl exec cgi -- ipcprobe tell text
		cgcomptctl exec supervisor -- ipcprobe clean'
	echo "$output"
	[ "${lines[0]}" = 'msg_send refused EACCES' ]
	[ "${lines[1]}" = 'msg_send allowed' ]
	cgcomptctl exec cgi -- ipcprobe make
}

@test "L5 with its namespace an object's label goes, and the module can go when all are gone" {
	with
	before=$(cgcomptctl list ipc | wc -l)
	unshare -i cgcomptctl exec web -- ipcmk -Q -M 4096 -S 1
	becomes "$before" sh -c 'cgcomptctl list ipc | wc -l'
	run rmmod cgcompt
	[ "$status" != 0 ]
	cgcomptctl exec supervisor -- ipcprobe clean
	succeeds rmmod cgcompt
}
