#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# cgcomptctl exec: who may, where it leads, what the program starts with.

load helpers/suite

rules='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT jail NUMBER 3 CAPS +all ROOT /srv/jail
COMPARTMENT nowhere NUMBER 4 CAPS +all ROOT /srv/nowhere
COMPARTMENT raw NUMBER 5 CAPS +all
COMPARTMENT raw -> HOST * METHOD raw'

setup_file() {
	helper born
	dmesg -n 5
	mkdir -p /srv/jail
	cp /run/helpers/born /run/guest/busybox /srv/jail/
}

setup() {
	[[ $BATS_TEST_DESCRIPTION == without* ]] || loaded || armed <<<"$rules"
}

# number_in COMPARTMENT - of the compartment that exec COMPARTMENT leads to; 0 is in no list
number_in() {
	local pid
	mkfifo "$BATS_TEST_TMPDIR/in"
	cgcomptctl exec "$1" -- sh -c 'echo there && read -r _' <>"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 3>&- &
	pid=$!
	started "$BATS_TEST_TMPDIR/out" there
	cgcomptctl --json list processes | tr -d ' \n' | grep -o "\"pid\":$pid,\"tid\":$pid,\"label\":[-0-9]*" |
		sed 's/.*://'
	echo >"$BATS_TEST_TMPDIR/in"
	wait "$pid"
	rm "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
}

@test "without the module exec runs nothing and ends with 125" {
	bare
	ctl exec 2 -- touch "$BATS_TEST_TMPDIR/ran"
	done_with 125 'not loaded'
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "L2 exec by name and by number, which no definition need name" {
	[ "$(number_in web)" = 2 ]
	[ "$(number_in 2)" = 2 ]
	[ "$(number_in 0x2)" = 2 ]
	[ "$(number_in 4711)" = 4711 ]
	[ "$(number_in 0xFFFEFFFF)" = 4294901759 ]
}

@test "L4 exec as supervisor, or -1, and back as default, or 0" {
	[ "$(number_in supervisor)" = -1 ]
	[ "$(number_in -1)" = -1 ]
	[ "$(number_in 0xFFFFFFFF)" = -1 ]
	[ "$(number_in default)" = '' ]
	[ "$(cgcomptctl exec supervisor -- cgcomptctl exec 0 -- born act)" = allowed ]
}

@test "L4 an interface's number, an unknown or a malformed name is no compartment" {
	for name in 0xFFFF0000 0xFFFFFFFE Web no-such '' 0x100000000 -2 2x; do
		ctl exec "$name" -- touch "$BATS_TEST_TMPDIR/ran"
		done_with 125 cgcomptctl:
	done
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "L2 exec ends with its command's status; 125 to 127 as env" {
	ctl exec web -- sh -c 'exit 7'
	done_with 7
	ctl exec web -- sh -c 'kill -TERM $$'
	done_with 143
	run -127 --separate-stderr cgcomptctl exec web -- /no/such/program
	done_with 127 /no/such/program
	ctl exec web -- /etc/passwd
	done_with 126 /etc/passwd
	for words in '' 'web' 'web --' '--nonsense web -- true' 'web --drop-cap cap_nonsense -- true'; do
		# shellcheck disable=SC2086
		ctl exec $words
		done_with 125 usage:
	done
}

@test "L2 the program is refused what its compartment may not, its children too" {
	[ "$(cgcomptctl exec default -- born act)" = allowed ]
	[ "$(cgcomptctl exec raw -- born act)" = allowed ]
	[ "$(cgcomptctl exec web -- born act)" = refused ]
	[ "$(cgcomptctl exec web -- sh -c 'born act; exit 0')" = refused ]
}

@test "L2 exec enters the compartment's root" {
	[ "$(cgcomptctl exec jail -- /busybox ls /)" = $'born\nbusybox' ]
	[ "$(cgcomptctl exec jail -- /busybox pwd)" = / ]
	[ "$(cgcomptctl exec jail -- /born act)" = refused ]
}

@test "L2 exec --no-root stays in the caller's root, in the compartment all the same" {
	run -127 cgcomptctl exec jail --no-root -- /born act
	[ "$(cgcomptctl exec jail --no-root -- /srv/jail/born act)" = refused ]
}

@test "L2 a root that is not there is an error, and nothing runs outside of it" {
	ctl exec nowhere -- touch "$BATS_TEST_TMPDIR/ran"
	done_with 125 /srv/nowhere
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "L2 --drop-cap takes capabilities out of every set" {
	sets() {
		cgcomptctl exec raw "$@" -- sed -n 's/^Cap\(Inh\|Prm\|Eff\|Bnd\|Amb\):\t//p' /proc/self/status
	}
	for set in $(sets --drop-cap cap_net_raw,-cap_mknod,cap_chown); do
		[ $((0x$set & (1 << 13 | 1 << 27 | 1 << 0))) = 0 ]
	done
	[ "$(sets --drop-cap all | sort -u)" = 0000000000000000 ]
	[ $((0x$(sets | sed -n 3p) & 1 << 13)) != 0 ]
	[ "$(cgcomptctl exec raw --drop-cap cap_net_raw -- born act)" = other ]
}

@test "L2 what was dropped does not come back by running a program" {
	[ "$(cgcomptctl exec raw --drop-cap cap_net_raw -- sh -c 'sh -c "born act"; exit 0')" = other ]
}

@test "L2 --user gives user, groups and no capability" {
	[ "$(cgcomptctl exec web --user nobody -- id)" = "$(setpriv --reuid nobody --regid nogroup --init-groups id)" ]
	[ "$(cgcomptctl exec web --user nobody:daemon -- sh -c 'id -u; id -gn; id -Gn')" = $'65534\ndaemon\ndaemon' ]
	[ "$(cgcomptctl exec web --user 4711:815 -- sh -c 'id -u; id -g')" = $'4711\n815' ]
	cgcomptctl exec web --user nobody -- grep -x 'CapEff:.0000000000000000' /proc/self/status
	ctl exec web --user no-such -- true
	done_with 125 no-such
	ctl exec web --user nobody:no-such -- true
	done_with 125 no-such
}

@test "L2 of descriptors above 2 none is handed on" {
	exec 5</etc/passwd 6<> <(:) 7</ 8</dev/zero
	run cgcomptctl exec web -- sh -c 'ls /proc/$$/fd'
	exec 5<&- 6<&- 7<&- 8<&-
	echo "$output"
	[ "$(xargs <<<"$output")" = '0 1 2' ]
}

@test "L2 standard input that is a directory, a device or an Internet socket is none" {
	[ "$(cgcomptctl exec web -- readlink /proc/self/fd/0 </)" = /dev/null ]
	[ "$(cgcomptctl exec web -- readlink /proc/self/fd/0 </dev/zero)" = /dev/null ]
	[ "$(cgcomptctl exec web -- readlink /proc/self/fd/0 </etc/passwd)" = /etc/passwd ]
	[ "$(cgcomptctl exec web -- cat < <(echo pipe))" = pipe ]
	run python3 -Sc 'import socket, subprocess
subprocess.run("cgcomptctl exec web -- readlink /proc/self/fd/0".split(), stdin=socket.socket())'
	[ "${lines[-1]}" = /dev/null ]
}

@test "L2 who is not root with CAP_SYS_ADMIN cannot exec" {
	for who in '--reuid nobody --clear-groups' '--bounding-set -sys_admin'; do
		# shellcheck disable=SC2086
		run setpriv $who cgcomptctl exec web -- touch "$BATS_TEST_TMPDIR/ran"
		echo "$output"
		[ "$status" = 125 ]
	done
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "L2 a compartment's root cannot exec, neither elsewhere nor where it is" {
	for name in default supervisor raw web; do
		run cgcomptctl exec web -- cgcomptctl exec $name -- touch "$BATS_TEST_TMPDIR/ran"
		echo "$output"
		[ "$status" = 125 ]
	done
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "L2 once administrators have a compartment their root can exec, and that of default cannot" {
	printf '%s\n' "$rules" 'ADMIN COMPARTMENT admin NUMBER 9' >"$BATS_TEST_TMPDIR/admin"
	echo "$rules" >"$BATS_TEST_TMPDIR/plain"
	run cgcomptctl exec supervisor -- sh -c "cgcomptctl load '$BATS_TEST_TMPDIR/admin'
		cgcomptctl exec admin -- cgcomptctl exec web -- born act
		cgcomptctl exec default -- cgcomptctl exec web -- born act
		cgcomptctl load '$BATS_TEST_TMPDIR/plain'"
	echo "$output"
	[ "${lines[1]}" = refused ]
	[[ ${lines[2]} == *CAP_SYS_ADMIN\ in\ an\ administrators* ]]
	[ "$(cgcomptctl exec default -- cgcomptctl exec web -- born act)" = refused ]
}
