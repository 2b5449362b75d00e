#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel: 6.12
#
# Message queues of POSIX: of one compartment in the hands of another (mission I2, L5).

load helpers/suite
load helpers/ipc

setup_file() {
	ipc_ready
	run_acts mq
}

@test "IPC-12 a queue of another compartment is not opened by name, with O_CREAT neither, nor removed" {
	refused_without mq_open_read mq_open_create mq_unlink
	# what was not opened was not used; with a rule it is
	cd "$BATS_FILE_TMPDIR"
	for way in mq_receive mq_send mq_notify mq_getattr; do
		grep -x "$way allowed" bare own allowed
		run ! grep "^$way " denied
	done
}

@test "IPC-13 the mounted file system leads to no queue: a descriptor from there is refused at every use" {
	refused_without mq_file_receive mq_file_send mq_file_getattr mq_file_notify mq_file_read mq_file_poll
}

@test "IPC-13 the names of queues are listed to administrators only" {
	cd "$BATS_FILE_TMPDIR"
	grep -x 'mq_list allowed' bare zero
	grep -x 'mq_list refused EACCES' denied own allowed
	find /dev/mqueue -name probe | grep .
}

@test "I2 a list rule opens no queue, and neither do other methods" {
	only_by none mq_open_read mq_open_create mq_file_send mq_unlink
}

@test "IPC-14 who makes a name first has it: the other gets EACCES and never talks to a stranger" {
	with
	cgcomptctl exec supervisor -- ipcprobe clean
	cgcomptctl exec web -- ipcprobe make
	cgcomptctl exec cgi -- ipcprobe use mq >"$BATS_TEST_TMPDIR/cgi"
	grep -x 'mq_open_create refused EACCES' "$BATS_TEST_TMPDIR/cgi"
	cgcomptctl exec web -- ipcprobe clean
	cgcomptctl exec cgi -- ipcprobe make
	run -0 cgcomptctl exec cgi -- ipcprobe use mq
	[ "${lines[0]}" = 'mq_open_read allowed' ]
}

# notified COMPARTMENT - what the notification that cgi waits for comes to, when COMPARTMENT sends
notified() {
	mkfifo "$BATS_TEST_TMPDIR/in"
	cgcomptctl exec cgi -- ipcprobe notify <>"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 3>&- &
	started "$BATS_TEST_TMPDIR/out" ready
	cgcomptctl exec "$1" -- ipcprobe poke
	echo q >"$BATS_TEST_TMPDIR/in"
	wait
	tail -n1 "$BATS_TEST_TMPDIR/out"
	rm "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
	cgcomptctl exec cgi -- ipcprobe clean
}

@test "PROC-SIG-17 a message that is refused sends no notification's signal" {
	with
	run notified cgi
	[ "$output" = $'poke allowed\nsignal' ]
	run notified web
	[ "$output" = $'poke refused EBADF\nnothing' ]
	with 'COMPARTMENT web -> COMPARTMENT cgi METHOD mq'
	run notified web
	[ "$output" = $'poke allowed\nsignal' ]
}

@test "I5 list ipc shows queues with their compartment" {
	with
	cgcomptctl exec supervisor -- ipcprobe clean
	cgcomptctl exec cgi -- ipcprobe make
	run cgcomptctl list ipc
	echo "$output"
	grep -xE 'cgi +mq +/probe' <<<"$output"
	cgcomptctl --json list ipc | grep -F '"/probe"'
}

@test "R8 a descriptor that was open when its rule went is refused" {
	with 'COMPARTMENT web -> COMPARTMENT cgi METHOD mq'
	mkfifo "$BATS_TEST_TMPDIR/in"
	cgcomptctl exec web -- python3 -Sc 'import ctypes, sys
c = ctypes.CDLL("libc.so.6", use_errno=True)
fd = c.mq_open(b"/probe", 2)
for line in sys.stdin:
    print(c.mq_send(fd, b"x", 1, 1), flush=True)' <>"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 3>&- &
	echo >"$BATS_TEST_TMPDIR/in"
	started "$BATS_TEST_TMPDIR/out" '^0$'
	with
	echo >"$BATS_TEST_TMPDIR/in"
	started "$BATS_TEST_TMPDIR/out" '^-1$'
	cgcomptctl exec supervisor -- kill $!
	wait $! || true
}

@test "L5 the queues of a namespace that ends leave no label behind" {
	with
	cgcomptctl exec supervisor -- ipcprobe clean
	unshare -i cgcomptctl exec web -- ipcprobe make
	rm /dev/shm/probe /dev/shm/probe.gone || cgcomptctl exec supervisor -- ipcprobe clean
	succeeds rmmod cgcompt
}
