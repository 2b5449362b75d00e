#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# EXEC mappings (mission L3): a program lands in its compartment, whichever way it is run, by whoever the mapping is for;
# and the library's call (L2). Who runs and what is run is helpers/mapprobe.c; `refused' says that it is in web.
#
# kernel: 6.12

load helpers/suite

programs=/srv/programs
definitions='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT tomcat NUMBER 3 CAPS +all
COMPARTMENT tomcat -> HOST * METHOD raw
COMPARTMENT shut NUMBER 4 CAPS +all SEALED
COMPARTMENT jail NUMBER 5 ROOT /srv'
mappings="EXEC $programs/tool -> COMPARTMENT web
EXEC $programs/other FROM COMPARTMENT tomcat, 0 -> COMPARTMENT web
EXEC $programs/script -> COMPARTMENT web
EXEC $programs/broken -> COMPARTMENT web
EXEC $programs/later -> COMPARTMENT web
EXEC $programs/shut -> COMPARTMENT shut
EXEC $programs/setuid -> COMPARTMENT web
EXEC $programs/setuid-shut -> COMPARTMENT shut"

setup_file() {
	helper mapprobe
	dmesg -n 5
	mkdir -p $programs /srv/elsewhere
	local name
	for name in tool other shut new plain; do
		cp /run/helpers/mapprobe $programs/$name
	done
	install -m 4755 /usr/bin/id $programs/setuid
	install -m 4755 /usr/bin/id $programs/setuid-shut
	printf '#!%s/plain act\n' $programs >$programs/script
	printf '#!%s/tool act\n' $programs >$programs/by-tool
	head -c 64 /dev/zero >$programs/broken
	chmod +x $programs/{script,by-tool,broken}
	ln -s ../programs/tool /srv/elsewhere/symbolic
	ln $programs/tool /srv/elsewhere/hard
	touch /srv/elsewhere/mount
	mount --bind $programs/tool /srv/elsewhere/mount
	mkdir /srv/elsewhere/directory
	mount --bind $programs /srv/elsewhere/directory
}

setup() {
	if [[ $BATS_TEST_DESCRIPTION == without* ]]; then bare; else
		printf '%s\n' "$definitions" "$mappings" | armed
	fi
}

teardown() {
	rm -f $programs/later
}

# runs WHAT COMMAND… - and prints WHAT
runs() {
	local got
	got=$("${@:2}" 2>&1) || true
	[ "$got" = "$1" ] || { echo "${*:2}: $got, expected $1" && return 1; }
}

@test "without the module every program is where it was" {
	runs allowed $programs/tool act
	runs allowed /srv/elsewhere/hard act
	runs allowed $programs/script
	[ "$(mapprobe ways $programs/tool | grep -c allowed)" = 8 ]
	[ "$(mapprobe prepared web true)" = ENOSYS ]
	runs 'file directory path memory event epoll pidfd pipe unix tcp listening netlink zero status ' \
		mapprobe opened $programs/tool
}

@test "L3 a program lands in its compartment, its children with it" {
	runs refused $programs/tool act
	runs refused $programs/other act
	runs allowed $programs/plain act
	mkfifo "$BATS_TEST_TMPDIR/in"
	cp /bin/cat $programs/later
	$programs/later <>"$BATS_TEST_TMPDIR/in" 3>&- &
	succeeds sh -c "cgcomptctl list processes | grep -q '^web .* later$'"
	as supervisor kill $!
	wait || true
}

@test "L3 LABEL-06 whichever way it is run" {
	mapprobe ways $programs/tool >"$BATS_TEST_TMPDIR/out"
	cat "$BATS_TEST_TMPDIR/out"
	[ "$(grep -c ' refused$' "$BATS_TEST_TMPDIR/out")" = 8 ]
	mapprobe ways $programs/plain >"$BATS_TEST_TMPDIR/out"
	[ "$(grep -c ' allowed$' "$BATS_TEST_TMPDIR/out")" = 8 ]
}

@test "L3 by file identity: symbolic and hard links, bind mounts, another root" {
	runs refused /srv/elsewhere/symbolic act
	runs refused /srv/elsewhere/hard act
	runs refused /srv/elsewhere/mount act
	runs refused /srv/elsewhere/directory/tool act
	runs refused chroot /srv /programs/tool act
	cp $programs/tool /srv/elsewhere/copy
	runs allowed /srv/elsewhere/copy act
}

@test "L3 an upgrade puts another file there: it is mapped at once; so is one that was not there yet" {
	[ ! -e $programs/later ]
	cp $programs/plain $programs/later.new
	mv $programs/later.new $programs/later
	runs refused $programs/later act
	cp $programs/plain $programs/other.new
	mv $programs/other.new $programs/other
	runs refused $programs/other act
	rm $programs/other
	runs allowed $programs/plain act
	cp $programs/plain $programs/other
	runs refused $programs/other act
	mv $programs/tool /srv/elsewhere/moved
	runs refused /srv/elsewhere/moved act
	mv /srv/elsewhere/moved $programs/tool
	runs refused $programs/tool act
}

@test "L3 only from the compartments that it says" {
	runs allowed as tomcat env $programs/tool act
	runs refused as tomcat env $programs/other act
	runs allowed as supervisor env $programs/tool act
	runs allowed as supervisor env $programs/other act
	[ "$(as web $programs/plain act)" = refused ]
}

@test "L3 of a script the script counts, not what interprets it" {
	runs refused $programs/script
	runs allowed $programs/by-tool
}

@test "L3 a program that cannot be run leaves nothing behind" {
	runs $'ENOEXEC\nallowed' mapprobe failing $programs/broken $programs/plain
	runs $'ENOEXEC\nrefused' mapprobe failing $programs/broken $programs/tool
}

@test "L3 who prepares an exec enters what was asked for, not what is mapped" {
	runs allowed as tomcat $programs/plain act
	runs allowed as tomcat mapprobe failing $programs/plain $programs/plain
	runs allowed cgcomptctl exec tomcat -- $programs/tool act
}

@test "L3 S1 a set-id program keeps what it gains, in a sealed compartment it gains nothing" {
	[[ $(setpriv --reuid nobody --clear-groups $programs/setuid) == *euid=0* ]]
	[[ $(setpriv --reuid nobody --clear-groups $programs/setuid-shut) != *euid=0* ]]
}

@test "L3 one that is traced by somebody else does not enter" {
	run strace -f -o /dev/null $programs/tool act
	echo "$output"
	[[ $output != *refused* && $output != *allowed* ]]
	runs refused as supervisor strace -f -o /dev/null cgcomptctl exec default -- env $programs/tool act
}

@test "L3 ROOT-07 from a user namespace nothing sealed is entered" {
	runs refused unshare -Ur $programs/tool act
	run unshare -Ur $programs/shut act
	echo "$output"
	[[ $output == *'not permitted'* ]]
	runs refused $programs/shut act
	cgcomptctl denials | grep -F 'COMPARTMENT shut SEALED'
}

@test "L3 LABEL-16 LABEL-17 descriptors: what may not stay is closed" {
	runs 'file pipe unix zero ' mapprobe opened $programs/tool
	runs refused $programs/tool act </dev/zero
	for input in / /dev/kmsg; do
		run $programs/tool act <$input
		echo "$output"
		[[ $output == *'not permitted'* ]]
	done
	runs refused $programs/tool act </etc/passwd
}

@test "L2 the library's call: by name and number, for one execve, by administrators" {
	runs refused mapprobe prepared web $programs/plain act
	runs refused mapprobe prepared 2 $programs/plain act
	runs refused mapprobe prepared 0x2 $programs/plain act
	runs allowed mapprobe prepared tomcat $programs/plain act
	runs allowed mapprobe prepared default $programs/plain act
	runs ENOENT mapprobe prepared nowhere true
	runs EINVAL mapprobe prepared 0xFFFF0000 true
	runs EPERM setpriv --reuid nobody --clear-groups mapprobe prepared web true
	[[ $(as web mapprobe prepared tomcat true) == E* ]]
	[ -e /usr/include/cgcompt.h ]
	ls /usr/lib/*/libcgcompt.a
}

@test "L3 R7 list, del and add; what is listed loads again" {
	cgcomptctl list files >"$BATS_TEST_TMPDIR/files"
	grep -x "EXEC $programs/other FROM COMPARTMENT tomcat -> COMPARTMENT web" "$BATS_TEST_TMPDIR/files"
	grep -x "EXEC $programs/other -> COMPARTMENT web" "$BATS_TEST_TMPDIR/files"
	diff <(cgcomptctl list) <(sed 's/  # 0x.*//' /proc/cgcompt/rules; ) || diff <(cgcomptctl list) /proc/cgcompt/rules
	cgcomptctl list >"$BATS_TEST_TMPDIR/all.rules"
	cgcomptctl load --force "$BATS_TEST_TMPDIR/all.rules"
	diff "$BATS_TEST_TMPDIR/files" <(cgcomptctl list files)
	cgcomptctl del --force "EXEC $programs/tool -> COMPARTMENT web"
	runs allowed $programs/tool act
	cgcomptctl add "EXEC $programs/tool -> COMPARTMENT web"
	runs refused $programs/tool act
	cgcomptctl del --force "EXEC $programs/tool -> COMPARTMENT web"
	runs allowed $programs/tool act
	cgcomptctl revert --force
	runs refused $programs/tool act
	cgcomptctl del --force "EXEC $programs/tool -> COMPARTMENT web"
}

@test "L3 R7 what cannot be is refused, with its place, and nothing changes" {
	local generation
	generation=$(status_of generation)
	while read -r where what statement; do
		printf '%s\n' "$definitions" "$statement" >"$BATS_TEST_TMPDIR/wrong.rules"
		ctl load "$BATS_TEST_TMPDIR/wrong.rules"
		[ "$status" != 0 ]
		[[ $stderr == *"wrong.rules:6:$where: "*"${what//_/ }"* ]]
	done <<-END
		6 there_is_no_such_directory EXEC /srv/none/tool -> COMPARTMENT web
		6 there_is_a_symbolic_link EXEC /srv/elsewhere/symbolic -> COMPARTMENT web
		6 it_is_no_program EXEC /srv/elsewhere/directory -> COMPARTMENT web
		40 jail_has_a_ROOT EXEC $programs/tool -> COMPARTMENT jail
	END
	[ "$(status_of generation)" = "$generation" ]
}

@test "L3 S3 a mapping is a way into an ADMIN compartment, for who is trusted" {
	local admin="$programs/admin" rules="$BATS_TEST_TMPDIR/admin.rules"
	cp "$(command -v cgcomptctl)" $admin
	cp $programs/plain $programs/secure
	printf '%s\n' "$definitions" 'ADMIN COMPARTMENT admin NUMBER 9' >"$rules"
	ctl load "$rules"
	done_with 1 'no way in'
	printf '%s\n' "EXEC $admin -> COMPARTMENT admin" "EXEC $programs/secure -> COMPARTMENT admin" >>"$rules"
	cgcomptctl load "$rules"
	ctl list
	done_with 1 'administrators'
	run $admin list
	[[ $output == *"EXEC $admin -> COMPARTMENT admin"* ]]
	# who comes from compartment 0 brings nothing along
	runs 1 $programs/secure secure
	runs 0 $programs/plain secure
	run unshare -Ur $programs/secure secure
	[[ $output == *'not permitted'* ]]
	run setpriv --reuid nobody --clear-groups $admin list
	[[ $output == *'CAP_SYS_ADMIN'* ]]
	echo "$definitions" >"$rules"
	$admin exec supervisor -- cgcomptctl load "$rules"
	cgcomptctl list >/dev/null
}

@test "L3 unloading with mappings leaves nothing behind" {
	bare
	runs allowed $programs/tool act
	umount /srv/elsewhere/directory
}
