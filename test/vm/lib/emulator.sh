# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# The emulator is that of trixie's backports (11.1), whatever this machine runs, so that a run is the same everywhere.
# Not bookworm's (7.2): before 8.1 a processor may translate code while another patches it, and run an int3 that is gone
# ("Oops: int3" where ftrace has just planted a hook; QEMU's commit deba78709ae8, "Always lock pages before translation").
# Not trixie's (10.0): a guest of two processors hung in one boot of seven on a busy machine, a timer interrupt was lost.
# CGCOMPT_VM_EMULATOR=sid takes another release's.

emulator_release=${CGCOMPT_VM_EMULATOR:-trixie-backports}

emulator() {
	refresh "$emulator_release"
	cached emulator "$emulator_release-$(key_of "$(declare -f unpack_emulator)" <"$cache/apt/$emulator_release/sources.list")" \
		'the emulator' unpack_emulator
}

# unpack_emulator DIR: DIR/qemu starts it, with its own libraries
unpack_emulator() {
	local dir=$1 root=$1/root
	LC_ALL=C mmdebstrap --mode=root --variant=extract --include=qemu-system-x86,qemu-system-data,seabios \
		--aptopt='APT::Install-Recommends "false"' --aptopt="APT::Default-Release \"$emulator_release\"" \
		"${emulator_release%-backports}" "$root" "$cache/apt/$emulator_release/sources.list"
	cat >"$dir/qemu" <<-END
		#!/bin/sh
		libraries=$root/usr/lib/x86_64-linux-gnu
		QEMU_MODULE_DIR=\$libraries/qemu exec $(find "$root" -name ld-linux-x86-64.so.2 -type f) \\
			--library-path \$libraries:\$libraries/pulseaudio:$root/lib/x86_64-linux-gnu \\
			$root/usr/bin/qemu-system-x86_64 -L $root/usr/share/qemu -L $root/usr/share/seabios "\$@"
	END
	chmod +x "$dir/qemu"
	"$dir/qemu" --version
}
