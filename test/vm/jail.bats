#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --processors 2
#
# Jails: a compartment's ROOT is not left, by root neither (mission F1, F2). The ways out are those of
# helpers/escape.c: without the module, in a compartment that has no ROOT, in one that has.

load helpers/suite

jail=/srv/jail/web
open='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT other NUMBER 3 CAPS +all'
jailed='COMPARTMENT web NUMBER 2 CAPS +all ROOT /srv/jail/web
COMPARTMENT other NUMBER 3 CAPS +all ROOT /srv/jail/other'

setup_file() {
	helper escape
	dmesg -n 5
	[ ! -e /proc/sys/kernel/io_uring_disabled ] || sysctl -qw kernel.io_uring_disabled=0
	: >/outside
	mkdir -p $jail/d $jail/proc /srv/jail/other
	cp /run/helpers/escape /run/guest/busybox $jail/
	cp /run/guest/busybox /srv/jail/other/
	mount -t proc proc $jail/proc
	cd "$BATS_FILE_TMPDIR" || return
	sleep 3600 3>&- 4>&- &
	echo $! >sleeper
	bare
	outsider escape outside $jail
	acts chroot $jail /escape >bare
	ended
	armed <<<"$open"
	outsider cgcomptctl exec web -- escape outside $jail
	acts cgcomptctl exec web -- chroot $jail /escape >open
	ended
	armed <<<"$jailed"
	outsider cgcomptctl exec web --no-root -- escape outside $jail
	acts cgcomptctl exec web -- /escape >jailed
	ended
	cgcomptctl denials >recorded
}

teardown_file() {
	kill "$(cat "$BATS_FILE_TMPDIR/sleeper")"
	umount $jail/proc
}

# outsider COMMAND… - a process that stays outside
outsider() {
	"$@" >"$BATS_FILE_TMPDIR/door" 3>&- 4>&- &
	echo $! >"$BATS_FILE_TMPDIR/outsider"
	started "$BATS_FILE_TMPDIR/door" ready
}

ended() {
	as supervisor kill "$(cat "$BATS_FILE_TMPDIR/outsider")"
	wait "$(cat "$BATS_FILE_TMPDIR/outsider")" || true
}

# acts COMMAND… - all of them, by way of the outsider and of a process of compartment 0
acts() {
	"$@" acts "$(cat "$BATS_FILE_TMPDIR/outsider")" "$(cat "$BATS_FILE_TMPDIR/sleeper")"
}

# shows RUN ACT RESULT
shows() {
	grep -H "^$2 " "$BATS_FILE_TMPDIR/$1"
	grep -qxE "$2 $3" "$BATS_FILE_TMPDIR/$1"
}

# closed ACT… - leads out without the module, and in a compartment without a ROOT; from a jail it does not
closed() {
	local way
	for way; do
		shows bare "$way" out
		shows open "$way" out
		shows jailed "$way" 'refused E(PERM|ACCES)'
	done
}

@test "F2 CHROOT-01 no other root, with which one would leave this one" {
	closed chroot chroot_fd chroot_thread
}

@test "F2 CHROOT-02 no directory from outside by a message, nor out of another process" {
	closed received received_path getfd
	for run in bare open jailed; do
		shows $run received_inside in
	done
}

@test "F2 CHROOT-02 no directory is inherited" {
	armed <<<"$jailed"
	exec 7</ 8</srv
	run cgcomptctl exec web -- /busybox ls -l /proc/self/fd </
	exec 7<&- 8<&-
	echo "$output"
	[[ $output != *' /' && $output != *' /srv'* && $output != *' 7 '* ]]
}

@test "F2 CHROOT-03 CHROOT-11 CHROOT-13 no way through a process of the compartment that is outside" {
	closed proc_root proc_cwd proc_fd link trace_outsider
}

@test "F2 CHROOT-03 CHROOT-11 nor through those of others" {
	for way in init_root trace_other; do
		shows bare "$way" out
		shows open "$way" 'refused E(PERM|ACCES|NOENT|SRCH)'
		shows jailed "$way" 'refused E(PERM|ACCES|NOENT|SRCH)'
	done
}

@test "F2 CHROOT-04 no node of a device, though one of a FIFO" {
	shows bare mknod_disk out
	shows bare mknod_mem 'out|refused EFAULT'
	shows jailed mknod_disk 'refused EPERM'
	shows jailed mknod_mem 'refused EPERM'
	for run in bare open jailed; do
		shows $run mkfifo in
	done
}

@test "F2 CHROOT-05 the directory that one is in is not moved out" {
	shows bare moved out
	shows open moved out
	shows jailed moved 'refused EXDEV'
}

@test "F2 CHROOT-05 mv copies it instead, and what is inside may change places there" {
	armed <<<"$jailed"
	mkdir -p $jail/d/in/deep $jail/d/x /srv/elsewhere
	mkfifo "$BATS_TEST_TMPDIR/in"
	cgcomptctl exec web -- /busybox sh -c 'cd /d/in/deep && echo ready && read -r _ && cd .. && cd .. && /busybox ls -a' \
		<>"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 3>&- 4>&- &
	started "$BATS_TEST_TMPDIR/out" ready
	mv $jail/d/in $jail/d/x/
	mv $jail/d/x/in /srv/elsewhere/
	[ -d /srv/elsewhere/in/deep ]
	[ ! -e $jail/d/x/in ]
	echo >"$BATS_TEST_TMPDIR/in"
	wait $! || true
	cat "$BATS_TEST_TMPDIR/out"
	run ! grep -q elsewhere "$BATS_TEST_TMPDIR/out"
	# with nobody in the jail it is moved like any other
	mkdir $jail/d/in
	python3 -Sc "import os; os.rename('$jail/d/in', '/srv/elsewhere/moved')"
	rm -r /srv/elsewhere $jail/d/x
}

@test "F2 CHROOT-06 CHROOT-09 no mount and no mount namespace, as in any compartment" {
	for way in mount setns; do
		shows bare $way out
		shows open $way 'refused EPERM'
		shows jailed $way 'refused EPERM'
	done
}

@test "F2 CHROOT-08 no directory that is shared with a process outside" {
	bare
	[ "$(escape share chroot $jail /escape wait)" = 'share out' ]
	armed <<<"$open"
	[ "$(cgcomptctl exec web -- escape share chroot $jail /escape wait)" = 'share out' ]
	armed <<<"$jailed"
	run escape share cgcomptctl exec web -- /escape wait
	echo "$output"
	[[ $output == *'Operation not permitted'*'share refused' ]]
}

@test "F2 CHROOT-10 no user namespace, as in any root that is not the machine's" {
	for run in bare open jailed; do
		shows $run userns 'refused EPERM'
	done
}

@test "F2 CHROOT-12 CHROOT-15 names are looked up from the root, by links, openat2(), races and io_uring" {
	for way in walk race uring; do
		for run in bare open jailed; do
			shows $run "$way" in
		done
	done
}

@test "F2 CHROOT-15 a core of what ends in there is written in there" {
	local pattern
	pattern=$(sysctl -n kernel.core_pattern)
	armed <<<"$jailed"
	sysctl -qw kernel.core_pattern=/core.jailed
	run bash -c "ulimit -c unlimited; cgcomptctl exec web -- /busybox sh -c 'kill -SEGV \$\$'"
	sysctl -qw "kernel.core_pattern=$pattern"
	[ -s $jail/core.jailed ]
	[ ! -e /core.jailed ]
	rm $jail/core.jailed
}

@test "F2 CHROOT-13 no file by its handle" {
	closed handle
}

@test "O5 F2 a refused way out is on record" {
	cat "$BATS_FILE_TMPDIR/recorded"
	for hook in security_path_chroot security_inode_mknod do_handle_open security_file_receive security_path_rename \
		security_ptrace_access_check; do
		grep -q "^COMPARTMENT web ROOT .*$hook: nothing leads out of its ROOT\$" "$BATS_FILE_TMPDIR/recorded"
	done
}

# chroots - somebody in web has another root
chroots() {
	cgcomptctl exec web --no-root -- chroot $jail /busybox true
}

@test "F2 where it is only logged, it is let through" {
	armed <<<"$jailed"
	run ! chroots
	cgcomptctl mode permissive web
	chroots
	cgcomptctl mode --force enforce web
	run ! chroots
	cgcomptctl disable
	chroots
	cgcomptctl enable --force
	run ! chroots
}

# inside COMMAND… - somebody is in web; what is written to `in` is run there, and `out` has what comes of it
inside() {
	mkfifo in
	cgcomptctl exec web -- /busybox sh -c 'echo ready; while read -r line; do $line && echo "$line: done" ||
		echo "$line: refused"; done' <>in >out 2>&1 3>&- 4>&- &
	started out ready
}

empty() {
	! cgcomptctl list processes | grep -q '^web '
}

@test "F2 a set without the ROOT frees nobody who is there" {
	cd "$BATS_TEST_TMPDIR"
	armed <<<"$jailed"
	inside
	cgcomptctl load --force - <<<"$open"
	echo '/busybox chroot /d /busybox true' >in
	started out ': refused'
	run ! cgcomptctl exec web -- chroot $jail /busybox true
	as supervisor kill $!
	wait || true
	succeeds empty
	cgcomptctl exec web -- chroot $jail /busybox true
	cgcomptctl revert --force
	run ! chroots
	rm in out
}

@test "F2 a ROOT that comes later holds who is there" {
	cd "$BATS_TEST_TMPDIR"
	armed <<<"$open"
	mkfifo in
	cgcomptctl exec web -- sh -c "echo ready; read -r _; chroot $jail /busybox true && echo done || echo refused" \
		<>in >out 2>&1 3>&- 4>&- &
	started out ready
	cgcomptctl load --force - <<<"$jailed"
	echo >in
	started out refused
	wait
	rm in out
}

# refuses TEXT - exec says so, and nothing runs
refuses() {
	ctl exec web -- /busybox touch /ran
	done_with 125 "$1"
	[ ! -e $jail/ran ]
	[ ! -e /ran ]
}

@test "F1 CHROOT-16 CHROOT-17 a root that others could exchange is not entered" {
	armed <<<"$jailed"
	cgcomptctl exec web -- /busybox true
	chmod g+w $jail
	refuses "/srv/jail/web: /srv/jail/web can be written by others than root, expected directories of root's"
	chmod g-w $jail
	chown 33 $jail
	refuses "/srv/jail/web: /srv/jail/web belongs to another user than root"
	chown 0 $jail
	chmod o+w /srv/jail
	refuses "/srv/jail/web: /srv/jail can be written by others than root"
	chmod o-w /srv/jail
	mv /srv/jail /srv/jail.real
	ln -s jail.real /srv/jail
	refuses "/srv/jail/web: /srv/jail is a symbolic link"
	rm /srv/jail
	mv /srv/jail.real /srv/jail
	mv /srv/jail/web /srv/jail/web.real
	ln -s / /srv/jail/web
	refuses "/srv/jail/web: /srv/jail/web is a symbolic link"
	rm /srv/jail/web
	refuses '/srv/jail/web: No such file or directory'
	: >/srv/jail/web
	refuses '/srv/jail/web: Not a directory'
	rm /srv/jail/web
	mv /srv/jail/web.real /srv/jail/web
	cgcomptctl exec web -- /busybox true
}

@test "F4 an administrators' compartment is not held by its ROOT" {
	armed <<<"$open"
	run cgcomptctl exec supervisor -- bash -c '
		cgcomptctl load --force - <<<"ADMIN COMPARTMENT web NUMBER 2 CAPS +all ROOT /srv/jail/web"
		cgcomptctl exec web -- /busybox chroot / /busybox echo changed
		cgcomptctl load --force - <<<""'
	echo "$output"
	[ "${lines[1]}" = changed ]
}

@test "F4 a script whose root is /compt reads the configuration there, loads and lists rules, and sees each root" {
	local dir
	armed <<<"$jailed"
	mkdir -p /compt/web /compt/etc/cgcompt /compt/usr
	for dir in bin lib lib64; do
		ln -sfn "usr/$dir" "/compt/$dir"
	done
	mount --bind /usr /compt/usr
	mount --bind /etc/cgcompt /compt/etc/cgcompt
	echo 'HOST * -> COMPARTMENT web METHOD tcp PORT 81' >/etc/cgcompt/rules.d/f4.rules
	echo 'COMPARTMENT web NUMBER 2 ROOT /compt/web' >>/etc/cgcompt/rules.d/f4.rules
	cat >/compt/script <<-'END'
		set -e
		[ -d /web ]
		grep -q 'PORT 81' /etc/cgcompt/rules.d/f4.rules
		cgcomptctl check /etc/cgcompt
		cgcomptctl load --force
		cgcomptctl list
	END
	run chroot /compt /bin/sh /script
	umount /compt/usr /compt/etc/cgcompt
	rm /etc/cgcompt/rules.d/f4.rules
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" = *'HOST * -> COMPARTMENT web METHOD tcp PORT 81'* ]]
	cgcomptctl list | grep -F 'COMPARTMENT web METHOD tcp PORT 81'
}
