#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel: 6.12
#
# Shared memory that is files: /dev/shm and memfds of one compartment in the hands of another (mission I2, L5).

load helpers/suite
load helpers/ipc

setup_file() {
	ipc_ready
	run_acts file
}

@test "IPC-15 a file of another compartment in /dev/shm is not read, mapped or written" {
	refused_without file_read file_map_read file_map_private file_write file_map_write file_allocate
}

@test "IPC-15 nor opened, where the kernel has a function for it" {
	if ! grep -q ' shmem_file_open$' /proc/kallsyms; then # 6.1
		grep -x 'file_open_read allowed' "$BATS_FILE_TMPDIR/denied"
		return
	fi
	refused_without file_open_read file_open_write
}

@test "IPC-15 nor changed in size or mode, linked, renamed or removed" {
	refused_without file_truncate file_chmod file_link file_rename file_unlink
}

@test "I2 R2 shm[ro] reads and maps for reading, and gives no mapping that could be written later" {
	only_by some file_read file_map_read file_map_private
	only_by none file_write file_map_write file_map_later_write file_truncate file_chmod file_unlink
}

@test "IPC-15 it is refused through another mount of the same file system, and in a root of one's own" {
	with
	mkdir -p /srv/other/shm
	mount --bind /dev/shm /srv/other/shm
	run -1 cgcomptctl exec web -- cat /srv/other/shm/probe
	run -0 cgcomptctl exec cgi -- sh -c 'cat /srv/other/shm/probe | wc -c'
	[ "$output" = 4096 ]
	umount /srv/other/shm
}

@test "L4 other file systems in memory are files like others" {
	with
	mkdir -p /srv/tmp
	mount -t tmpfs none /srv/tmp
	cgcomptctl exec cgi -- sh -c 'echo text >/srv/tmp/file'
	[ "$(cgcomptctl exec web -- cat /srv/tmp/file)" = text ]
	cgcomptctl exec web -- sh -c 'echo more >>/srv/tmp/file; chmod 600 /srv/tmp/file; mv /srv/tmp/file /srv/tmp/f'
	cgcomptctl exec cgi -- rm /srv/tmp/f
	umount /srv/tmp
}

@test "L5 a program's own shared memory goes on working: memfd, shared anonymous memory, segments" {
	with
	run -0 cgcomptctl exec web -- python3 -Sc 'import mmap, os
m = mmap.mmap(-1, 4096)
m[0] = 7
if not os.fork():
    m[0] += 1
    os._exit(0)
os.wait()
f = os.memfd_create("mine")
os.write(f, b"abc")
n = mmap.mmap(f, 3)
print(m[0], n[:], os.pread(f, 3, 0))'
	[ "$output" = "8 b'abc' b'abc'" ]
}

@test "L2 IPC-15 a memfd is its maker's: a program in another compartment that is handed it reads nothing" {
	with
	[ "$(cgcomptctl exec web -- ipcprobe stdin cat)" = secret ]
	run ipcprobe stdin cgcomptctl exec web -- cat
	echo "$output"
	[[ $output != *secret* ]]
	with 'COMPARTMENT web -> COMPARTMENT default METHOD shm[ro]'
	[ "$(ipcprobe stdin cgcomptctl exec web -- cat)" = secret ]
}

@test "L5 files that are removed leave no label behind" {
	with
	cgcomptctl exec supervisor -- ipcprobe clean
	succeeds rmmod cgcompt
}
