# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154
#
# `--kernel debug`: trixie's kernel from its source, with lockdep, KASAN and kmemleak, which no kernel of
# the archive has. It takes a quarter of an hour and more to compile, once.

debug_packages=(linux-source-6.12 bc bison flex libelf-dev libssl-dev rsync xz-utils)

# debug_base RELEASE VERSION: like base, for a release named trixie-debug
debug_base() {
	local stock kernel key
	stock=$(base "${1%-debug}" "$2")
	kernel=$(debug_kernel "$2" "$stock/root")
	key=$(key_of "$stock" "$kernel" "$(declare -f make_debug_base)" </dev/null)
	cached debug "$1-$key" "the base system of $1" make_debug_base "$stock/root" "$kernel"
	keep_newest 1 debug "$1-????????????????"
}

# debug_kernel VERSION ROOT: the kernel, its modules and what modules are compiled with, compiled in a copy of ROOT
debug_kernel() {
	local key
	key=$(key_of "$1" "${debug_packages[*]}" "$(declare -f compile_debug_kernel)" <"$here/debug.config")
	cached kernel "$key" "a debug kernel from the source of Linux $1" make_debug_kernel "$2"
}

make_debug_kernel() {
	in_copy_of "$1" "$2.work" compile_debug_kernel "$2"
}

compile_debug_kernel() {
	local copy=$2
	install_in "$copy" "${debug_packages[@]}"
	cp "$here/debug.config" "$copy/usr/src/"
	inside "$copy" sh -euc '
		cd /usr/src
		tar -xf linux-source-6.12.tar.xz
		cd linux-source-6.12
		make -s x86_64_defconfig kvm_guest.config
		scripts/kconfig/merge_config.sh -m .config ../debug.config
		make -s olddefconfig
		make -s -j "$(nproc)" bzImage modules
		make -s modules_install INSTALL_MOD_PATH=/debug/usr
		mkdir -p /debug/boot /debug/usr/src
		release=$(make -s kernelrelease)
		cp arch/x86/boot/bzImage "/debug/boot/vmlinuz-$release"
		cp .config "/debug/boot/config-$release"
		cp System.map "/debug/boot/System.map-$release"
		SRCARCH=x86 srctree=. CC=gcc HOSTCC=gcc MAKE=make scripts/package/install-extmod-build "/debug/usr/src/linux-headers-$release"
		rm -f "/debug/usr/lib/modules/$release/build" "/debug/usr/lib/modules/$release/source"
		ln -s "/usr/src/linux-headers-$release" "/debug/usr/lib/modules/$release/build"
	'
	cp -a "$copy/debug" "$1/root"
}

make_debug_base() {
	local stock=$1 kernel=$2 root=$3/root
	cp -a --reflink=auto "$stock" "$root"
	rm -rf "${root:?}"/boot/* "$root"/usr/lib/modules/* "$root"/usr/src/linux-headers-*
	cp -a "$kernel/root/." "$root/"
	depmod -b "$root" "$(ls "$root/usr/lib/modules")"
}
