#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Immutable files (mission F3), on five kinds of file system. Who tries is root with every capability
# (helpers/immprobe.py): without the module, in a compartment, in compartment 0, in the supervisor.

load helpers/suite

kinds='ext4 xfs btrfs tmpfs overlay'
fs=/srv/fs
definitions='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT jail NUMBER 3 ROOT /srv/fs/ext4'

mounted() { # KIND SIZE
	mkdir -p $fs/"$1"
	case $1 in
	tmpfs) mount -t tmpfs tmpfs $fs/tmpfs ;;
	overlay)
		mkdir -p $fs/ext4/{lower,upper,work}
		immprobe.py make $fs/ext4/lower single # there each name of a file is another one
		mount -t overlay -o lowerdir=$fs/ext4/lower,upperdir=$fs/ext4/upper,workdir=$fs/ext4/work overlay $fs/overlay
		return
		;;
	*)
		truncate -s "$2" /srv/"$1".img
		mkfs."$1" -q /srv/"$1".img
		mount -o loop /srv/"$1".img $fs/"$1"
		;;
	esac
	immprobe.py make $fs/"$1"
}

setup_file() {
	helper immprobe.py
	dmesg -n 5
	modprobe -a loop xfs btrfs overlay
	mounted ext4 64M
	mounted xfs 400M
	mounted btrfs 200M
	mounted tmpfs 0
	mounted overlay 0
	cd "$BATS_FILE_TMPDIR" || return
	bare
	acts bare env
	immutable | armed
	acts web as web
	acts default env
	acts supervisor as supervisor
	cgcomptctl denials >recorded
	armed <<<"$definitions"
	acts lifted as web
}

teardown() {
	pkill -f 'immprobe.py (hold|map)' || true
}

# immutable - the rules
immutable() {
	local kind
	echo "${1-$definitions}"
	for kind in $kinds; do
		echo "IMMUTABLE COMPARTMENT web $fs/$kind/way/etc/file"
		echo "IMMUTABLE COMPARTMENT web $fs/$kind/way/fixed"
	done
}

acts() { # NAME COMMAND…
	local kind
	for kind in $kinds; do
		"${@:2}" immprobe.py acts $fs/"$kind" | sed "s/^/$kind /" >>"$1"
	done
}

# free KIND - nothing is refused there
free() {
	local refused
	refused=$(immprobe.py acts $fs/"$1" | sed -n '/ refused E[^N]/p')
	[ -z "$refused" ] || { echo "$refused" && return 1; }
}

# refused ACT… - to everybody in all file systems that know it, which are at least $least
refused() {
	local act who kind known
	cd "$BATS_FILE_TMPDIR"
	for act; do
		known=$(sed -n "s/ $act allowed$//p" bare)
		[ "$(wc -w <<<"$known")" -ge "${least:-5}" ] || { echo "$act: only $known" && return 1; }
		for who in web default supervisor; do
			for kind in $known; do
				grep -x "$kind $act refused EPERM" "$who" || { echo "$who $kind $act" && return 1; }
			done
		done
	done
}

@test "F3 IMMUT-03 IMMUT-08: content stays: open for writing, by a hard link and by /proc too, truncate, mmap; on each kind of file system" {
	refused write append read_write open_truncate reopen map_shared truncate
	least=4 refused direct by_hard_link # tmpfs has O_DIRECT from 6.6 on
}

@test "F3 IMMUT-02: the name stays: unlink, rename, rename over it, exchange, link" {
	refused unlink rename rename_out rename_over link
	least=4 refused unlink_hard_link rename_exchange rename_exchanged # overlayfs has none with a lower file
}

@test "F3 IMMUT-02: the directories that it is found by stay where they are, whatever else is in them" {
	least=4 refused rename_directory exchange_directory exchanged_directory rename_top
}

@test "F3 IMMUT-04: attributes stay: mode, owner, times, extended attributes, file capabilities, ACL" {
	refused chmod chown utimes touch xattr_trusted file_caps
	least=4 refused xattr acl
}

@test "F3 IMMUT-01: the flag stays: FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR, file_setattr" {
	least=3 refused chattr_minus_i chattr_plus_i chattr_plus_d fssetxattr
	least=0 refused file_setattr
}

@test "F3 IMMUT-02 IMMUT-05: no compartment mounts over it, or writes by the device below; administrators may" {
	local act
	cd "$BATS_FILE_TMPDIR"
	for act in mount_over mount_over_directory; do
		for who in bare default; do
			[ "$(grep -c " $act allowed" $who)" = 5 ]
		done
		[ "$(grep -c " $act refused EPERM" web)" = 5 ]
	done
	[ "$(grep -c ' raw_device allowed' bare)" = 3 ]
	[ "$(grep -c ' raw_device refused EACCES' web)" = 3 ]
}

@test "F3: in an immutable directory nothing is made, removed or renamed" {
	refused fixed_create fixed_mkdir fixed_unlink fixed_rename fixed_link fixed_move_in fixed_chmod
	least=3 refused fixed_chattr
	least=4 refused fixed_rmdir
}

@test "F3: everything beside it is as before" {
	local who
	cd "$BATS_FILE_TMPDIR"
	for who in web default supervisor; do
		run ! grep -E ' free_.* refused' $who
	done
	diff <(grep ' free_' bare) <(grep ' free_' web)
	# mounts and devices are no compartment's in any case (mount.bats, device.bats)
	diff <(grep -Ev ' (mount_over|raw_device)' bare) <(grep -Ev ' (mount_over|raw_device)' lifted)
}

@test "F3 O5: what the module itself refused is recorded, with its reason" {
	cd "$BATS_FILE_TMPDIR"
	grep -F 'COMPARTMENT web IMMUTABLE' recorded
	grep -F 'the file, or one that is found by it, is immutable' recorded
	cgcomptctl hooks | awk '$1 == "immutable" { print; n += $6 > 0 } END { exit n < 2 }'
}

@test "F3 IMMUT-03: a file that is open for writing, or mapped so, is not immutable: refused, with its place, and nothing changes" {
	local how generation
	armed <<<"$definitions"
	generation=$(status_of generation)
	cd "$BATS_TEST_TMPDIR"
	for how in hold map; do
		mkfifo in
		as web immprobe.py $how $fs/ext4/way/etc/file <in >out &
		exec 5>in
		started out ready
		immutable >set.rules
		ctl load set.rules
		done_with 1 "set.rules:3:27: $fs/ext4/way/etc/file: it is open for writing"
		# nor is what comes before it
		{ echo "$definitions" && tac set.rules | grep ^IMM; } >backwards.rules
		ctl load backwards.rules
		done_with 1 "$fs/ext4/way/etc/file: it is open for writing"
		[ "$(cgcomptctl list files | wc -l)" = 0 ]
		exec 5>&-
		wait
		rm in out
	done
	[ "$(status_of generation)" = "$generation" ]
	free xfs
	free ext4
}

@test "F3: a path that leads nowhere, by a symbolic link, out of the ROOT or to no file is refused" {
	local generation
	armed <<<"$definitions"
	generation=$(status_of generation)
	ln -sfn etc $fs/ext4/way/link
	cd "$BATS_TEST_TMPDIR"
	while read -r compartment path what; do
		{ immutable && echo "IMMUTABLE COMPARTMENT $compartment $path"; } >bad.rules
		ctl load bad.rules
		done_with 1 "bad.rules:13:"
		done_with 1 "$path: $what"
	done <<-END
		web $fs/ext4/way/etc/none there is no such file, expected one
		web $fs/ext4/way/etc/file/none there is no such file, expected one
		web $fs/ext4/way/link/file there is a symbolic link in the path
		jail $fs/ext4/way/etc/file there is no such file, expected one
		web /dev/null it is neither a file nor a directory
		web /proc/sys/kernel/hostname it is neither a file nor a directory
	END
	[ "$(status_of generation)" = "$generation" ]
	free ext4
}

@test "F3: a path begins at its compartment's ROOT, and .. does not lead out of it" {
	{ echo "$definitions" && echo 'IMMUTABLE COMPARTMENT jail /way/etc/../../../../way/etc/file'; } | armed
	grep -x 'write refused EPERM' <(immprobe.py acts $fs/ext4)
	grep -x 'rename_top refused EPERM' <(immprobe.py acts $fs/ext4)
	mv $fs/ext4 $fs/moved 2>&1 | grep -e busy -e 'not permitted'
}

@test "F3 IMMUT-05 IMMUT-07: it survives drop_caches and a remount; its file system cannot be unmounted" {
	local kind
	immutable | armed
	for kind in ext4 xfs btrfs tmpfs; do
		mount -o remount,ro $fs/$kind
		mount -o remount,rw $fs/$kind
	done
	sync
	echo 3 >/proc/sys/vm/drop_caches
	for kind in $kinds; do
		run umount $fs/"$kind"
		[[ $output == *busy* ]]
		grep -x 'write refused EPERM' <(as web immprobe.py acts $fs/"$kind")
	done
}

@test "F3 IMMUT-02: a subvolume of btrfs stays with what is in it" {
	local volume=$fs/btrfs/volume
	bare
	btrfs subvolume create $volume
	touch $volume/file
	btrfs subvolume delete $volume
	btrfs subvolume create $volume
	touch $volume/file
	{ echo "$definitions" && echo "IMMUTABLE COMPARTMENT web $volume/file"; } | armed
	run ! btrfs subvolume delete $volume
	run ! as web btrfs subvolume delete $volume
	ls $volume/file
	cgcomptctl denials | grep '^COMPARTMENT web .*btrfs_delete_subvolume'
	armed <<<"$definitions"
	btrfs subvolume delete $volume
}

# shut KIND WORD… - a file system that is on has been shut down: it takes no more files
shut() {
	"${@:2}" immprobe.py shut $fs/down || return
	run ! touch $fs/down/file
	umount $fs/down
	mount -o loop /srv/down."$1" $fs/down
}

@test "S3 IMMUT-05: no compartment shuts a file system down" {
	local kind
	mkdir -p $fs/down
	dmesg -n 1 # it complains
	for kind in ext4 xfs; do
		truncate -s 400M /srv/down.$kind
		mkfs.$kind -q /srv/down.$kind
		mount -o loop /srv/down.$kind $fs/down
		bare
		shut $kind env
		armed <<<"$definitions"
		run ! shut $kind as web
		touch $fs/down/alive
		cgcomptctl denials | grep '^COMPARTMENT web .*\(ext4_ioctl\|xfs_fs_goingdown\): it does not act on the kernel$'
		shut $kind env
		umount $fs/down
	done
}

@test "F3: what chattr(1) had made immutable stays so when the rules no longer say it" {
	touch $fs/ext4/own
	chattr +i $fs/ext4/own
	{ echo "$definitions" && echo "IMMUTABLE COMPARTMENT web $fs/ext4/own"; } | armed
	run chattr -i $fs/ext4/own
	[ "$status" != 0 ]
	armed <<<"$definitions"
	run -1 rm -f $fs/ext4/own
	chattr -i $fs/ext4/own
	rm $fs/ext4/own
}

@test "F3 R7: it comes and goes with its set: revert, try, confirm" {
	local file=$fs/ext4/way/etc/file
	armed <<<"$definitions"
	writable() { sh -c ": >>$file" 2>/dev/null && echo allowed || echo 'refused EPERM'; }
	[ "$(writable)" = allowed ]
	cgcomptctl try --force -t 60s <(echo "$definitions"; echo "IMMUTABLE COMPARTMENT web $file")
	[ "$(writable)" = 'refused EPERM' ]
	cgcomptctl revert --force
	[ "$(writable)" = allowed ]
	cgcomptctl revert --force
	[ "$(writable)" = 'refused EPERM' ]
	# as long as it may come back, it does not go
	cgcomptctl try --force -t 60s <(echo "$definitions")
	[ "$(writable)" = 'refused EPERM' ]
	cgcomptctl confirm
	[ "$(writable)" = allowed ]
	mkfifo "$BATS_TEST_TMPDIR/in"
	immprobe.py hold $file <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" &
	exec 5>"$BATS_TEST_TMPDIR/in"
	started "$BATS_TEST_TMPDIR/out" ready
	ctl revert --force
	done_with 1 'it is open for writing'
	exec 5>&-
	wait
	cgcomptctl try --force -t 2s <(echo "$definitions"; echo "IMMUTABLE COMPARTMENT web $file")
	[ "$(writable)" = 'refused EPERM' ]
	becomes allowed writable
}

@test "F3 R7: add and del, list and /proc/cgcompt/rules; what list shows loads again" {
	local statement="IMMUTABLE COMPARTMENT web $fs/tmpfs/way/etc/file"
	immutable | armed
	cgcomptctl list files >"$BATS_TEST_TMPDIR/before"
	diff "$BATS_TEST_TMPDIR/before" <(immutable '' | sed 1d)
	diff <(cgcomptctl list) <(sed 's/  # 0x.*//' /proc/cgcompt/rules)
	cgcomptctl list >"$BATS_TEST_TMPDIR/all.rules"
	cgcomptctl load --force "$BATS_TEST_TMPDIR/all.rules"
	diff "$BATS_TEST_TMPDIR/before" <(cgcomptctl list files)
	cgcomptctl del --force "$statement"
	grep -x 'write allowed' <(immprobe.py acts $fs/tmpfs)
	grep -x 'write refused EPERM' <(immprobe.py acts $fs/btrfs)
	ctl del --force "$statement"
	done_with 1 'there is no such statement'
	cgcomptctl add "$statement"
	grep -x 'write refused EPERM' <(immprobe.py acts $fs/tmpfs)
	ctl add "$statement"
	done_with 0 'the statement is there already'
	# what add put there stays through a load
	armed <<<"$definitions"
	[ "$(cgcomptctl list files)" = "$statement" ]
	cgcomptctl --json list files | grep '"owner": "command line"'
	cgcomptctl del --force "$statement"
	[ -z "$(cgcomptctl list files)" ]
}

@test "F3 O4: disable and permissive lift nothing; unloading does" {
	immutable | armed
	cgcomptctl disable
	grep -x 'write refused EPERM' <(immprobe.py acts $fs/ext4)
	grep -x 'chattr_minus_i refused EPERM' <(immprobe.py acts $fs/ext4)
	grep -x 'rename_directory refused EPERM' <(immprobe.py acts $fs/ext4)
	cgcomptctl enable --force
	cgcomptctl mode --force permissive
	grep -x 'chattr_minus_i refused EPERM' <(immprobe.py acts $fs/ext4)
	cgcomptctl mode --force enforce
	bare
	free ext4
	lsattr $fs/ext4/way/etc/file | grep -v -e '^[^ ]*i'
}
