#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Terminals and devices (attacks IPC-26, IPC-27, IPC-31, IPC-32). A terminal is its maker's; a device that is not in
# the list of everybody's is compartment default's, and `trace` opens it, or DEVICES of the definition (mission F1).

load helpers/suite

rules='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT db NUMBER 3 CAPS +all'
nodes=/srv/nodes
traces='COMPARTMENT web -> COMPARTMENT default METHOD trace'
# raw memory, ports and the image of hibernation, which no rule opens (S3, lockdown.bats)
kernels="/dev/mem /dev/port /dev/snapshot $nodes/memory"
modules='loop nbd tun fuse uinput uhid evdev udmabuf vhost_net vfio dm_mod binder_linux snd_dummy vivid vgem kvm'
everybodys='null zero full random urandom ptmx pts/ptmx'
others='console tty0 tty1 ttyS0 vcs vcs1 vcsa1 vcsu1 input/event0 input/mice uinput uhid fb0 dri/card0 snd/controlC0
snd/timer video0 binder kvm vhost-net vfio/vfio udmabuf dma_heap/system fuse net/tun mem port nvram hpet rtc0
mapper/control loop-control loop0 nbd0 vda cpu_dma_latency userfaultfd snapshot'

setup_file() {
	local name
	helper nodes.py ioctl32
	dmesg -n 5
	for name in $modules; do
		modprobe "$name" 2>/dev/null || true
	done
	[ ! -e /proc/sys/dev/tty/legacy_tiocsti ] || sysctl -qw dev.tty.legacy_tiocsti=1
	cd "$BATS_FILE_TMPDIR"
	mkdir -p $nodes
	mknod $nodes/disk b 254 0
	mknod $nodes/null c 1 3
	mknod $nodes/memory c 1 1
	ways >bare
	armed <<<"$rules"
	ways cgcomptctl exec web -- >contained
	ways cgcomptctl exec default -- >outside
	printf '%s\n' "$rules" "$traces" | armed
	ways cgcomptctl exec web -- >allowed
	armed <<<"$rules"
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

# ways COMMAND…: every device by its name under /dev, and what can be done to the terminal of who started it
ways() {
	local name paths=()
	for name in $everybodys $others; do
		[ ! -e "/dev/$name" ] || paths+=("/dev/$name")
	done
	"$@" nodes.py open "${paths[@]}" "$nodes/disk" "$nodes/null" "$nodes/memory"
	nodes.py taking slave "$@" nodes.py ioctl
	# TIOCSIG, with SIGWINCH; KDGKBTYPE
	nodes.py taking master "$@" ioctl32 0x40045436 28 | sed 's/^\(allowed\|refused\|failed\)/signal32 &/'
	"$@" ioctl32 0x4B32 4 </dev/tty1 | sed 's/^/led32 /'
}

# guarded ACT…: it is refused in the compartment, and neither outside, nor where a rule allows it, unless it is the
# kernel's own
guarded() {
	local act
	for act; do
		grep -H "^$act " bare contained outside allowed
		grep -qx "$act refused EACCES" contained
		[ "$(grep "^$act " bare)" != "$act refused EACCES" ]
		[ "$(grep "^$act " bare)" = "$(grep "^$act " outside)" ]
		case " $kernels " in
		*" $act "*) grep -qx "$act failed EPERM" allowed ;;
		*) [ "$(grep "^$act " bare)" = "$(grep "^$act " allowed)" ] ;;
		esac
	done
}

# in_background FILE COMMAND…: with standard output to FILE, until a line comes
in_background() {
	in=$BATS_TEST_TMPDIR/in out=$1
	shift
	[ -e "$in" ] || mkfifo "$in"
	"$@" <>"$in" >"$out" 3>&- &
	pid=$!
	started "$out" 'own_type'
}

finish() {
	lives $pid
	echo >"$in"
	wait $pid
}

@test "I1 everybody's devices are a compartment's too" {
	local name
	for name in $everybodys; do
		grep -H "^/dev/$name " bare contained
		grep -qx "/dev/$name allowed" contained
	done
	grep -qx "$nodes/null allowed" contained
}

@test "I1 IPC-27 IPC-32 every other device is refused to a compartment without trace" {
	local name found=0
	for name in $others; do
		[ -e "/dev/$name" ] || continue
		guarded "/dev/$name"
		: $((found += 1))
	done
	echo "$found devices"
	[ "$found" -ge 25 ]
}

@test "I1 IPC-27 the console, memory and screens are among them" {
	guarded /dev/console /dev/tty0 /dev/tty1 /dev/vcs /dev/mem /dev/uinput
}

@test "I1 IPC-31 binder is among them" {
	requires binder test -e /dev/binder
	guarded /dev/binder
}

@test "I1 IPC-32 loops, network disks, tunnels, vhost, vfio, mapped and user buffers are among them" {
	guarded /dev/loop0 /dev/loop-control /dev/nbd0 /dev/net/tun /dev/vhost-net /dev/vfio/vfio /dev/mapper/control \
		/dev/fuse /dev/vda
	# not in every kernel
	[ ! -e /dev/udmabuf ] || guarded /dev/udmabuf
}

@test "I1 IPC-32 AF_ALG sockets are refused" {
	alg='import socket; socket.socket(38, 5, 0)'
	python3 -Sc "$alg"
	run ! cgcomptctl exec web -- python3 -Sc "$alg"
	[[ $output == *'Errno 13'* ]]
}

@test "I1 IPC-27 a node that somebody made is the device that it stands for" {
	guarded "$nodes/disk" "$nodes/memory"
}

# adds DEVICES - in web's definition
adds() {
	armed <<<"COMPARTMENT web NUMBER 2 CAPS +all DEVICES $1
COMPARTMENT db NUMBER 3 CAPS +all"
}

# opens COMPARTMENT PATH… - those that it may
opens() {
	cgcomptctl exec "$1" -- nodes.py open "${@:2}" >opened
	cat opened
	sed -n 's/ allowed$//p' opened
}

@test "F1 I1 what the definition adds is opened without a rule, by any node, and nothing else is" {
	mknod $nodes/loop b 7 0
	mknod $nodes/vcs c 7 0 # the number of a block device that it has
	all="/dev/net/tun /dev/loop0 $nodes/loop /dev/loop1 $nodes/vcs /dev/vhost-net /dev/vda"
	# shellcheck disable=SC2086
	nodes.py open $all | tee bare_now
	[ "$(grep -c ' allowed$' bare_now)" = 7 ]
	adds /dev/net/tun,/dev/loop0
	cgcomptctl list compartments | grep -F 'COMPARTMENT web NUMBER 2 CAPS +all DEVICES /dev/net/tun,/dev/loop0 '
	cgcomptctl --json list compartments | grep -A3 '"devices"' | tr -d ' \n' | grep -F '"/dev/net/tun","/dev/loop0"'
	grep -F 'DEVICES /dev/net/tun,/dev/loop0' /proc/cgcompt/rules
	# shellcheck disable=SC2086
	opens web $all >got
	[ "$(tail -n 3 got | tr '\n' ' ')" = "/dev/net/tun /dev/loop0 $nodes/loop " ]
	[ "$(grep -c 'refused EACCES$' opened)" = 4 ]
	# shellcheck disable=SC2086
	opens db $all
	[ "$(grep -c 'refused EACCES$' opened)" = 7 ]
}

@test "F1 I1 it is read, written and mapped; once the definition is without it, it is not opened any more" {
	use='import mmap, os, sys
fd = os.open(sys.argv[1], os.O_RDWR)
os.pwrite(fd, b"written", 512)
memory = mmap.mmap(fd, 4096)
memory[0:6] = b"mapped"
print(os.pread(fd, 6, 0), memory[512:519])'
	truncate -s 1M disk
	losetup /dev/loop0 disk
	run ! cgcomptctl exec db -- python3 -Sc "$use" /dev/loop0
	[[ $output == *'Errno 13'* ]]
	[ "$(cgcomptctl exec web -- python3 -Sc "$use" /dev/loop0)" = "b'mapped' b'written'" ]
	adds /dev/kmsg
	cgcomptctl exec web -- sh -c 'echo by a device of the definition >/dev/kmsg'
	dmesg | grep 'by a device of the definition'
	run ! cgcomptctl exec web -- python3 -Sc "$use" /dev/loop0
	[[ $output == *'Errno 13'* ]]
	armed <<<"$rules"
	run ! cgcomptctl exec web -- sh -c 'echo by nothing >/dev/kmsg'
	[[ $output == *'Permission denied'* ]]
	losetup -d /dev/loop0
}

@test "F1 S3 raw memory stays refused, and an interface by a tunnel's device" {
	tun='import fcntl, os
fd = os.open("/dev/net/tun", os.O_RDWR)
print("opened", flush=True)
fcntl.ioctl(fd, 0x400454CA, b"mine0".ljust(16, b"\0") + b"\x02\x10".ljust(24, b"\0"))'
	python3 -Sc "$tun"
	adds /dev/mem,/dev/net/tun
	[ "$(cgcomptctl exec web -- nodes.py open /dev/mem)" = '/dev/mem failed EPERM' ]
	run ! cgcomptctl exec web -- python3 -Sc "$tun"
	[[ $output == opened*'Errno '* ]]
}

@test "F1 a device that is not one, or is not there, is refused with its place; add knows another number" {
	touch /dev/plain
	mknod /dev/moves b 7 1
	cgcomptctl load --force - <<<"$rules" >/dev/null
	for wrong in /dev/plain /dev/gone; do
		ctl load --force - <<<"COMPARTMENT web NUMBER 2 CAPS +all DEVICES /dev/null,$wrong"
		done_with 1 "cgcomptctl: <stdin>:1:54: $wrong"
	done
	rm /dev/plain
	definition='COMPARTMENT later NUMBER 9 DEVICES /dev/moves'
	ctl add "$definition"
	done_with 0
	ctl add "$definition"
	done_with 0 'the definition is there already'
	[ "$(opens later /dev/loop1 /dev/loop2 | tail -n 1)" = /dev/loop1 ]
	rm /dev/moves
	mknod /dev/moves b 7 2
	opens later /dev/moves
	grep -qx '/dev/moves refused EACCES' opened
	printf '%s\n' "$rules" "$definition" | armed
	[ "$(opens later /dev/loop1 /dev/loop2 | tail -n 1)" = /dev/loop2 ]
	rm /dev/moves
	armed <<<"$rules"
}

@test "I1 IPC-26 the terminal of who started it: what types into it or takes it is refused" {
	guarded type exclusive discipline console steal hangup
	grep -qx 'alive allowed' contained
}

@test "I1 IPC-26 so it is for a program of 32 bits" {
	requires 'programs of 32 bits' grep -q '^signal32' bare
	guarded signal32 led32
}

@test "I1 IPC-26 what a terminal is for is not: size, settings" {
	grep -qx 'size allowed' contained
	grep -qx 'settings allowed' contained
}

@test "I1 IPC-26 a compartment's own terminal is its own" {
	cgcomptctl exec web -- nodes.py taking slave nodes.py ioctl >own
	cat own
	[ "$(grep -c refused own)" = 0 ]
	grep -qx 'type allowed' own
}

@test "I1 IPC-26 another's /dev/pts/N is refused without trace, both ways" {
	in_background "$BATS_TEST_TMPDIR/zero" nodes.py terminal
	zero=$(sed -n 's/^terminal //p' "$out")
	[ "$(nodes.py open "$zero")" = "$zero allowed" ]
	[ "$(cgcomptctl exec web -- nodes.py open "$zero")" = "$zero refused EACCES" ]
	printf '%s\n' "$rules" "$traces" | armed
	[ "$(cgcomptctl exec web -- nodes.py open "$zero")" = "$zero allowed" ]
	armed <<<"$rules"
	finish
	in_background "$BATS_TEST_TMPDIR/web" cgcomptctl exec web -- nodes.py terminal
	cat "$out"
	web=$(sed -n 's/^terminal //p' "$out")
	grep -qx 'own allowed' "$out"
	grep -qx 'tty allowed' "$out"
	[ "$(cgcomptctl exec web -- nodes.py open "$web")" = "$web allowed" ]
	[ "$(cgcomptctl exec db -- nodes.py open "$web")" = "$web refused EACCES" ]
	[ "$(nodes.py open "$web")" = "$web refused EACCES" ]
	[ "$(cgcomptctl exec supervisor -- nodes.py open "$web")" = "$web allowed" ]
	printf '%s\n' "$rules" 'COMPARTMENT default -> COMPARTMENT web METHOD trace' | armed
	[ "$(nodes.py open "$web")" = "$web allowed" ]
	[ "$(cgcomptctl exec db -- nodes.py open "$web")" = "$web refused EACCES" ]
	armed <<<"$rules"
	finish
}

@test "I1 IPC-26 a number that is given anew is its new maker's" {
	in_background "$BATS_TEST_TMPDIR/web" cgcomptctl exec web -- nodes.py terminal
	web=$(sed -n 's/^terminal //p' "$out")
	finish
	in_background "$BATS_TEST_TMPDIR/zero" nodes.py terminal
	[ "$(sed -n 's/^terminal //p' "$out")" = "$web" ]
	[ "$(nodes.py open "$web")" = "$web allowed" ]
	[ "$(cgcomptctl exec web -- nodes.py open "$web")" = "$web refused EACCES" ]
	finish
}

@test "I1 no label of a terminal is left: the module can be removed" {
	succeeds rmmod cgcompt
}

@test "F1 O1 at boot a device may be missing: the rest is in force, and nothing is opened by it" {
	printf '%s\n' "$rules" 'COMPARTMENT later NUMBER 9 DEVICES /dev/gone,/dev/loop1' >/run/boot.rules
	modprobe cgcompt rules=/run/boot.rules
	dmesg | grep -F '/run/boot.rules:3:36: warning: /dev/gone: there is no such device'
	cgcomptctl list compartments | grep -F 'DEVICES /dev/gone,/dev/loop1 '
	[ "$(opens later /dev/loop1 /dev/loop2 | tail -n 1)" = /dev/loop1 ]
}
