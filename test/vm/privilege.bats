#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --processors 2
#
# Privileges: a sealed compartment gains none (mission S1), and capabilities are within the bound (S2). Who tries is a
# user that has the capabilities for it (helpers/privprobe.py): without the module, in a compartment, in a sealed one.

load helpers/suite

definitions='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT tomcat NUMBER 3 CAPS +all'
sealed='COMPARTMENT web NUMBER 2 SEALED CAPS +all
COMPARTMENT tomcat NUMBER 3 CAPS +all'
programs=/srv/programs

setup_file() {
	helper privprobe.py probe.py
	dmesg -n 5
	mkdir -p $programs
	install -m 4755 /usr/bin/id $programs/setuid
	install -m 2755 /usr/bin/id $programs/setgid
	install -m 4755 /usr/bin/env $programs/own
	cp /usr/bin/grep $programs/filecaps
	setcap cap_sys_admin+ep $programs/filecaps
	cd "$BATS_FILE_TMPDIR" || return
	bare
	acts >bare
	armed <<<"$definitions"
	acts >open
	armed <<<"$sealed"
	acts >sealed
	cgcomptctl denials >recorded
}

teardown() {
	as supervisor pkill -f 'privprobe.py (climb|nested|wait)' || true
}

# user COMMAND… - in web, as a user with capabilities
user() {
	local caps=+setuid,+setgid,+sys_ptrace,+dac_override,+fsetid
	as web setpriv --securebits +no_setuid_fixup --reuid 33 --regid 33 --clear-groups --inh-caps $caps \
		--ambient-caps $caps "$@"
}

# acts - all of them; a process of web that runs as root is there, too
acts() {
	mkfifo in
	as web privprobe.py wait <>in >out 3>&- 4>&- &
	started out ready
	as web sh -c "cp $programs/setuid $programs/copied; chmod 4755 $programs/copied"
	user privprobe.py acts $programs "$(pgrep -f 'privprobe.py wait')"
	as web pkill -f 'privprobe.py wait'
	rm in out
	wait
}

# only_sealed ACT… - is refused in a sealed compartment, not in others, and not without the module
only_sealed() {
	local way
	cd "$BATS_FILE_TMPDIR"
	for way; do
		grep -H "^$way " bare open sealed
		grep -qx "$way allowed" bare
		grep -qx "$way allowed" open
		grep -qxE "$way refused E(PERM|ACCES)" sealed
	done
}

@test "S1 ROOT-01 no user id becomes 0" {
	only_sealed setuid setreuid setresuid setfsuid
}

@test "S1 nor a group id" {
	only_sealed setgid setregid setresgid setfsgid setgroups
}

@test "S1 ROOT-02 ROOT-03 ROOT-10 ROOT-16 ROOT-19 set-id programs and file capabilities give nothing" {
	only_sealed suid sgid filecaps suid_fd preload copied own
}

@test "S1 ROOT-06 ROOT-08 no user namespace" {
	only_sealed unshare clone
}

@test "S1 who runs as root in it is not traced by who does not" {
	only_sealed trace memory
}

@test "S1 other users and groups are there to change to" {
	cd "$BATS_FILE_TMPDIR"
	for way in other_user other_group; do
		grep -qx "$way allowed" bare
		grep -qx "$way allowed" open
		grep -qx "$way allowed" sealed
	done
}

@test "O5 a refused gain is on record" {
	cat "$BATS_FILE_TMPDIR/recorded"
	grep -q '^COMPARTMENT web SEALED .*commit_creds: it gains no privilege$' "$BATS_FILE_TMPDIR/recorded"
}

@test "S1 what runs as root goes on, and starts programs as root" {
	armed <<<"$sealed"
	[ "$(cgcomptctl exec web -- sh -c 'id -u; sh -c "id -u"')" = $'0\n0' ]
	cgcomptctl exec web -- sh -c ': >/srv/rooted; chown 33 /srv/rooted; rm /srv/rooted'
}

@test "S1 ROOT-04 root that gave its capabilities away does not get them back by a program" {
	armed <<<"$definitions"
	lacks='import ctypes, os, struct
libc = ctypes.CDLL(None)
libc.capset(struct.pack("Ii", 0x20080522, 0), bytes(24))
os.execv("/bin/grep", ["grep", "CapEff", "/proc/self/status"])'
	[ "$(cgcomptctl exec web -- python3 -Sc "$lacks" | tr -d '[:space:]0')" != CapEff: ]
	armed <<<"$sealed"
	[ "$(cgcomptctl exec web -- python3 -Sc "$lacks" | tr -d '[:space:]0')" = CapEff: ]
}

# inside COMMAND… - privprobe.py in web, as a user; what it writes is in `out`, and `in` is its input
inside() {
	mkfifo in
	user privprobe.py "$@" <>in >out 3>&- 4>&- &
	started out ready
}

# climbs - a thread has become root
climbs() {
	echo >in
	grep -q 'climb allowed' out
}

@test "S1 ROOT-17 ROOT-18 seal: when it returns no thread is or becomes root any more" {
	cd "$BATS_TEST_TMPDIR"
	armed <<<"$definitions"
	for _ in 1 2 3; do
		inside climb
		succeeds climbs
		cgcomptctl seal web
		pid=$(as supervisor pgrep -f 'privprobe.py climb')
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			run ! as supervisor sh -c "grep -P '^Uid:\t\d+\t0' /proc/$pid/task/*/status"
		done
		echo >in
		succeeds grep -q 'climb refused EPERM' out
		as web pkill -f 'privprobe.py climb'
		wait
		rm in out
		succeeds empty
	done
}

# empty - nobody is in web
empty() {
	! cgcomptctl list processes | grep -q '^web '
}

@test "S1 a seal lasts until the compartment is empty, whatever is loaded" {
	cd "$BATS_TEST_TMPDIR"
	armed <<<"$definitions"
	inside wait
	cgcomptctl seal web
	cgcomptctl list compartments | grep '^COMPARTMENT web NUMBER 2 CAPS +all  #.*, sealed$'
	armed <<<"$definitions"
	cgcomptctl list compartments | grep '^COMPARTMENT web NUMBER 2 CAPS +all  #.*, sealed$'
	[ "$(user $programs/setuid | grep -c euid=0)" = 0 ]
	cgcomptctl exec web -- pkill -f 'privprobe.py wait'
	wait
	succeeds empty
	[ "$(user $programs/setuid | grep -c euid=0)" = 1 ]
	rm in out
}

@test "S1 ROOT-06 ROOT-07 a user namespace from before the seal gives nothing more, nor does it to who joins it" {
	cd "$BATS_TEST_TMPDIR"
	bare
	for seal in '' '' 'cgcomptctl seal web'; do
		inside nested
		pid=$(as supervisor pgrep -f 'privprobe.py nested')
		$seal
		user privprobe.py join "$pid" >>joined
		echo >in
		started out nested
		tail -1 out >>deeper
		as web pkill -f 'privprobe.py nested'
		wait
		rm in out
		loaded || armed <<<"$definitions"
		succeeds empty
	done
	cat joined deeper
	[ "$(cat joined)" = $'join allowed\njoin allowed\njoin refused EPERM' ]
	[ "$(cat deeper)" = $'nested allowed\nnested allowed\nnested refused EPERM' ]
}

@test "S1 a set without SEALED does not unseal who is there, revert seals again" {
	cd "$BATS_TEST_TMPDIR"
	armed <<<"$sealed"
	inside wait
	cgcomptctl load --force - <<<"$definitions"
	[ "$(user $programs/setuid | grep -c euid=0)" = 0 ]
	cgcomptctl exec web -- pkill -f 'privprobe.py wait'
	wait
	succeeds empty
	[ "$(user $programs/setuid | grep -c euid=0)" = 1 ]
	cgcomptctl revert --force
	[ "$(user $programs/setuid | grep -c euid=0)" = 0 ]
	rm in out
}

@test "S1 seal refuses what it cannot do, and says why" {
	armed <<<"$definitions"
	ctl seal web
	done_with 1 'there is no process in it'
	ctl seal nowhere
	done_with 1 'unknown compartment nowhere'
	ctl seal default
	done_with 1 'compartment 0 and the supervisor cannot be sealed'
	ctl seal
	done_with 2 'expected one compartment'
	ctl load --force - <<<'COMPARTMENT default NUMBER 0 SEALED'
	done_with 1 '<stdin>:1:30: compartment default cannot be SEALED'
}

@test "S1 CTRL-16 a kernel whose commit_creds() somebody else holds: not loading, and it says so" {
	local holder=$BATS_TEST_TMPDIR/holder
	cp -r "$BATS_TEST_DIRNAME/helpers/holder" "$holder"
	make -s -C "/lib/modules/$(uname -r)/build" M="$holder" modules
	bare
	insmod "$holder/holder.ko" function=commit_creds
	run modprobe cgcompt
	[ "$status" -ne 0 ]
	run ! loaded
	dmesg | tail -n 5 | grep 'the hooks cannot be planted: -EBUSY'
	rmmod holder
	modprobe cgcompt
}

@test "S1 L2 it is not unsealed from inside" {
	armed <<<"$sealed"
	run ! cgcomptctl exec web -- cgcomptctl load --force /etc/cgcompt
	run ! cgcomptctl exec web -- cgcomptctl exec default -- true
	run ! cgcomptctl exec web -- rmmod cgcompt
}

bounded='COMPARTMENT web NUMBER 2 CAPS +all,-cap_chown,-cap_sys_admin,-cap_net_bind_service'
unable="$bounded,-cap_setpcap"

# chowns - as root, in web
chowns() {
	: >/srv/owned
	as web chown 33 /srv/owned
}

@test "S2 a capability that is not in the bound is as if root did not have it" {
	bare
	chowns
	armed <<<"$definitions"
	chowns
	armed <<<"$bounded"
	run ! chowns
	[[ $output == *'Operation not permitted'* ]]
	cgcomptctl denials | grep '^COMPARTMENT web CAPS +cap_chown .*security_capable: its CAPS are without it$'
	# nor is one without it told about
	denials=$(status_of denials)
	run ! as web setpriv --reuid 33 --clear-groups chown 34 /srv/owned
	[ "$(status_of denials)" = "$denials" ]
	# others are there
	as web sh -c ': >/srv/other; chmod 600 /srv/other; setpriv --reuid 33 --clear-groups true'
}

@test "S2 it is cut out of what a process has, when it enters and whatever it becomes" {
	armed <<<"$bounded"
	has='grep -E "^Cap(Prm|Eff|Bnd|Inh|Amb)" /proc/self/status'
	run -0 cgcomptctl exec web -- sh -c "$has; setpriv --inh-caps +all --ambient-caps +all sh -c '$has' || true"
	while read -r _ bits; do
		((0x$bits & (1 << 0 | 1 << 21 | 1 << 10))) && return 1
	done <<<"$output"
	armed <<<"$definitions"
	[ "$(cgcomptctl exec web -- sh -c "$has" | awk '/CapEff/ { print $2 }')" != 0 ]
}

@test "S2 nor in a user namespace" {
	bare
	in_namespace=(unshare --user --map-root-user setpriv --bounding-set -kill true)
	as web "${in_namespace[@]}"
	armed <<<"$definitions"
	as web "${in_namespace[@]}"
	armed <<<"$unable"
	run ! as web "${in_namespace[@]}"
	run ! as web unshare --user --map-root-user sh -c "grep CapEff: /proc/self/status | grep -i '[2367abef]......$'"
}

@test "S2 a bound that comes later applies to who is there" {
	cd "$BATS_TEST_TMPDIR"
	armed <<<"$definitions"
	mkfifo in
	: >/srv/owned
	cgcomptctl exec web -- sh -c 'echo ready
		while read -r user; do chown "$user" /srv/owned && echo changed || echo refused; done' <>in >out 2>&1 3>&- &
	started out ready
	echo 33 >in
	started out changed
	armed <<<"$bounded"
	echo 34 >in
	started out refused
	[ "$(stat -c %u /srv/owned)" = 33 ]
	cgcomptctl exec supervisor -- pkill -f 'while read -r user'
	wait
	rm in out
}

@test "S1 S2 ROOT-13 what the kernel does with credentials of its own goes on, and gives nothing" {
	local fs=/srv/overlay
	armed <<<'COMPARTMENT web NUMBER 2 SEALED CAPS -all'
	mkdir -p "$fs/lower" "$fs/upper" "$fs/scratch" "$fs/merged"
	echo before >"$fs/lower/file"
	chown 33 "$fs/lower/file"
	chmod 755 "$fs/lower" "$fs/upper" "$fs/merged" "$fs"
	modprobe overlay
	mount -t overlay -o "lowerdir=$fs/lower,upperdir=$fs/upper,workdir=$fs/scratch" overlay "$fs/merged"
	run cgcomptctl exec web --user 33:33 -- sh -c \
		"echo after >$fs/merged/file && grep CapEff /proc/self/status; true >$fs/scratch/more; true >$fs/merged/more"
	umount "$fs/merged"
	[[ $output == *'CapEff:'*0000000000000000* && $output == *'scratch/more: Permission denied'* ]]
	[[ $output == *'merged/more: Permission denied'* ]]
	[ "$(cat "$fs/upper/file")" = after ]
}

@test "S2 list compartments shows the bound" {
	armed <<<"$bounded"
	cgcomptctl list compartments | grep '^COMPARTMENT web NUMBER 2 CAPS +all,-cap_chown,-cap_net_bind_service,-cap_sys_admin '
	ctl load --force - <<<'COMPARTMENT default NUMBER 0 CAPS -cap_chown'
	done_with 1 '<stdin>:1:35: compartment default has all capabilities'
}

# bound COMPARTMENT - what root in it has
bound() {
	as "$1" awk '/CapBnd/ { print $2 }' /proc/self/status
}

@test "S2 a definition without CAPS has a bound, and so has a number without a definition; list compartments prints it" {
	armed <<<'COMPARTMENT web NUMBER 2'
	[ "$(bound web)" = 00000000200425fb ]
	[ "$(bound 0x7)" = 00000000200425fb ]
	[ "$(bound supervisor)" = "$(bound default)" ]
	[ "$(bound default)" = "$(awk '/CapBnd/ { print $2 }' /proc/self/status)" ]
	chowns
	run ! as web mknod /srv/null c 1 3
	cgcomptctl denials | grep '^COMPARTMENT web CAPS +cap_mknod '
	cgcomptctl list compartments | grep '^# without CAPS: cap_chown,cap_dac_override,.*,cap_audit_write$'
	cgcomptctl list compartments | grep '^COMPARTMENT web NUMBER 2  #'
	cgcomptctl --json list compartments | grep '"cap_setpcap"'
	armed <<<'COMPARTMENT web NUMBER 2 CAPS +cap_mknod'
	as web mknod /srv/null c 1 3
	rm /srv/null
}
