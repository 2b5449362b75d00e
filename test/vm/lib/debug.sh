# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2154
#
# `--kernel debug`: trixie's kernel from its source, with lockdep, KASAN and kmemleak, which no kernel of
# the archive has. It takes a quarter of an hour and more to compile, once.

debug_packages=(linux-source-6.12 bc bison flex libelf-dev libssl-dev rsync xz-utils)

# debug_base RELEASE VERSION: like base, for a release named trixie-debug
debug_base() {
	local stock key
	stock=$(base "${1%-debug}" "$2")
	key=$(key_of "$stock" "${debug_packages[*]}" "$(declare -f make_debug_base make_debug_base_in)" <"$here/debug.config")
	cached debug "$1-$key" "a debug kernel from the source of Linux $2" make_debug_base "$stock/root"
}

make_debug_base() {
	cp -a --reflink=auto "$1" "$2/root"
	in_copy_of "$1" "$2.work" make_debug_base_in "$2"
}

# Compiles in a copy that is thrown away, and puts the kernel, its modules and what modules are compiled with into DIR/root.
make_debug_base_in() {
	local copy=$2 release root=$1/root
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
		make -s modules_install INSTALL_MOD_PATH=/debug
		mkdir -p /debug/boot /debug/usr/src
		release=$(make -s kernelrelease)
		cp arch/x86/boot/bzImage "/debug/boot/vmlinuz-$release"
		cp .config "/debug/boot/config-$release"
		cp System.map "/debug/boot/System.map-$release"
		SRCARCH=x86 srctree=. CC=gcc HOSTCC=gcc MAKE=make scripts/package/install-extmod-build "/debug/usr/src/linux-headers-$release"
		rm -f "/debug/lib/modules/$release/build" "/debug/lib/modules/$release/source"
		ln -s "/usr/src/linux-headers-$release" "/debug/lib/modules/$release/build"
	'
	rm -rf "${root:?}"/boot/* "$root"/usr/lib/modules/* "$root"/usr/src/linux-headers-*
	cp -a "$copy/debug/boot/." "$root/boot/"
	cp -a "$copy/debug/lib/modules/." "$root/usr/lib/modules/"
	cp -a "$copy/debug/usr/src/." "$root/usr/src/"
	release=$(ls "$root/usr/lib/modules")
	depmod -b "$root" "$release"
}
