#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Mounts and namespaces (hooks/mount.c, namespace.c): no process of a compartment changes them, nor leaves a root that
# way. What systemd or an administrator sets up before a program enters its compartment is kept.

load helpers/suite
load helpers/kernel

setup_file() {
	helper kernprobe.py probe.py
	dmesg -n 5
	mkdir -p "$place"/{there,other,gone,new,ns}
	mount --bind "$place"/ns "$place"/ns
	mount --make-private "$place"/ns
	touch "$place"/ns/{mnt,uts,ipc,pid,net,cgroup,time}
	unshare --mount="$place"/ns/mnt --uts="$place"/ns/uts --ipc="$place"/ns/ipc --pid="$place"/ns/pid --net="$place"/ns/net \
		--cgroup="$place"/ns/cgroup --time="$place"/ns/time --fork true
	everywhere acts
}

# acts WORD… - in a namespace of mounts that goes with them
acts() {
	unshare --mount sh -c "mount -t tmpfs none $place/there && mkdir $place/there/old
		mount -t tmpfs -o nosuid none $place/other && mount -t tmpfs none $place/gone"'
		exec "$@"' - "$@" kernprobe.py mounts "$place"
	"$@" kernprobe.py namespaces "$place"/ns
}

@test "S3 CHROOT-06 nothing is mounted, moved, changed or unmounted" {
	bound mount mount_proc bind bind_file remount remount_bind shared private umount move
}

@test "S3 CHROOT-04 IMMUT-05 CHROOT-13 nor is a device, by a node of one's own" {
	bound block_device
}

@test "S3 CHROOT-06 ROOT-09 nor by the newer system calls" {
	bound move_mount open_tree mount_setattr fsopen fsmount fspick
	# since 6.15
	! grep -qx 'open_tree_attr allowed' "$BATS_FILE_TMPDIR/bare" || bound open_tree_attr
	free open_tree_only
}

@test "S3 KERN-07 nor as a program of 32 bits" {
	bound fsopen_32 open_tree_32 unshare_uts_32
}

@test "S3 CHROOT-06 the root is not changed" {
	bound pivot_root
}

@test "S3 CHROOT-09 a root is not left by entering a namespace, not even one's own" {
	bound leave_root
}

@test "S3 ROOT-06 CHROOT-09 namespaces are not entered" {
	bound setns_{mnt,cgroup,uts,ipc,pid,net,time}
}

@test "S3 nor made, not with a user namespace either" {
	bound unshare_{mnt,cgroup,uts,ipc,pid,net,time} clone_{mnt,cgroup,uts,ipc,pid,net} clone3_time user_and_mnt
	free unshare_files
}

@test "S3 CGROUP-04 a child is not made in another cgroup" {
	bound into_cgroup
}

@test "S3 O5 a refusal is on record" {
	cat "$BATS_FILE_TMPDIR/recorded"
	grep -q '^COMPARTMENT web .*security_sb_mount: it does not act on the kernel$' "$BATS_FILE_TMPDIR/recorded"
	grep -q '^COMPARTMENT web .*mntns_install: it does not act on the kernel$' "$BATS_FILE_TMPDIR/recorded"
}

@test "S3 what was made for a program before it entered its compartment is there" {
	armed <<<"$definitions"
	inside=$(unshare --mount --uts sh -c "mount -t tmpfs none $place/new; : >$place/new/mine; hostname elsewhere
		exec cgcomptctl exec web -- sh -c 'hostname; ls $place/new; readlink /proc/self/ns/mnt'")
	echo "$inside"
	[[ $inside == $'elsewhere\nmine\nmnt:'* ]]
	[ "${inside##*$'\n'}" != "$(readlink /proc/self/ns/mnt)" ]
}

@test "O4 permissive lets it through, and says so" {
	armed <<<"$definitions"
	cgcomptctl mode --force permissive web
	cgcomptctl exec web -- unshare --mount true
	cgcomptctl denials | tail -n 20 | grep 'would deny\|unshare_nsproxy_namespaces'
	cgcomptctl mode --force enforce
}
