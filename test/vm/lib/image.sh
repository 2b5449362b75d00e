# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
#
# The layers that a guest is made from:
#   base      a release's root with kernel, headers and DKMS          (key: the kernel's version, this harness)
#   packages  this tree's packages, built once, in bookworm           (key: the tree's files)
#   image     base + packages by apt, as an ext4 disk, and a kernel   (key: the two above, --install)
# Beside them is the emulator.

tree=$(cd "$here/../.." && pwd)

base() {
	local release=$1 version=$2 key without=() path
	if [[ $release == *-debug ]]; then
		debug_base "$release" "$version"
		return
	fi
	key=$(key_of "$version" "${guest_packages[*]}" "${guest_without[*]}" "$(declare -f bootstrap)" <"$cache/apt/$release/sources.list")
	for path in "${guest_without[@]}"; do
		without+=(--dpkgopt="path-exclude=$path")
	done
	cached base "$release-$key" "the base system of $release with Linux $version" \
		bootstrap "$release" minbase "$(IFS=,; echo "${guest_packages[*]}")" "${without[@]}"
	keep_newest 2 base "$release-????????????????"
}

# --- packages

# package_files: the tree's files that enter its packages, tracked by git or not
package_files() {
	(cd "$tree" && git ls-files -z --cached --others --exclude-standard -- . ':!test' ':!docs' ':!.ci' ':!.git*' |
		sort -zu | while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done)
}

packages() {
	local builder depends key
	refresh bookworm
	depends=$(awk '/^[^ ]/ { on = /^Build-Depends/ } on { sub("^Build-Depends[^:]*:", ""); print }' "$tree/debian/control" |
		sed 's/([^)]*)//g; s/|[^,]*//g' | tr -d ' \n' | sed 's/,$//; s/debhelper-compat/debhelper/')
	key=$(key_of "$depends" "$(declare -f bootstrap)" <"$cache/apt/bookworm/sources.list")
	builder=$(cached builder "$key" 'the package builder' bootstrap bookworm buildd "$depends,fakeroot")
	key=$(package_files | (cd "$tree" && xargs -0 sha256sum --zero && xargs -0 stat -c %a%n < <(package_files)) |
		key_of "$builder" "$(declare -f build_packages_in)")
	cached packages "$key" 'the packages of this tree' build_packages "$builder/root"
	keep_newest 5 packages '*'
}

build_packages() {
	in_copy_of "$1" "$2.work" build_packages_in "$2"
}

build_packages_in() {
	local dir=$1 copy=$2
	mkdir -p "$copy/build/tree"
	(cd "$tree" && package_files | tar -c --null --no-recursion -T - --owner=0 --group=0) | tar -x -C "$copy/build/tree"
	inside "$copy" sh -c 'cd /build/tree && DEB_BUILD_OPTIONS="parallel=$(nproc) nocheck noautodbgsym" dpkg-buildpackage -us -uc -b'
	cp "$copy"/build/*.deb "$dir/"
}

# --- image

# image RELEASE VERSION INSTALL PLAIN: prints the image's directory
image() {
	local release=$1 version=$2 install=$3 plain=$4 base packages='' key slot emulator
	emulator=$(emulator)
	base=$(base "$release" "$version")
	[ -n "$plain" ] || packages=$(packages)
	slot=$release-$(key_of "$install" "$plain" </dev/null)
	key=$(key_of "$emulator" "$base" "$packages" "$install" "$(declare -f make_image make_image_in make_initrd modules_of)" </dev/null)
	cached image "$slot-$key" "the image of $release with Linux $version${install:+ and $install}" \
		make_image "$base/root" "$packages" "$install" "$emulator"
	keep_newest 4 image "$slot-*"
}

make_image() {
	ln -s "$4/qemu" "$5/qemu"
	in_copy_of "$1" "$5.work" make_image_in "$2" "$3" "$5"
}

make_image_in() {
	local packages=$1 install=$2 dir=$3 copy=$4 wanted=() size file
	mkdir -p "$copy/usr/share/man/man1" # without which java cannot be installed
	[ -z "$install" ] || IFS=, read -r -a wanted <<<"$install"
	if [ -n "$packages" ]; then
		mkdir "$copy/debs"
		cp "$packages"/*.deb "$copy/debs/"
		while read -r file; do
			wanted+=("/debs/$file")
		done < <(ls "$copy/debs")
	fi
	if [ "${#wanted[@]}" != 0 ] && ! install_in "$copy" "${wanted[@]}"; then
		# what apt does not show: why the module could not be compiled
		cat "$copy"/var/lib/dkms/*/*/build/make.log || true
		return 1
	fi
	[ -z "$packages" ] || ls "$copy"/lib/modules/*/updates/dkms/cgcompt.ko*
	make_initrd "$copy" "$dir"
	rm -rf "$copy/debs" "$copy/usr/sbin/policy-rc.d"
	echo guest >"$copy/etc/hostname"
	printf '127.0.0.1 localhost guest\n::1 localhost\n' >"$copy/etc/hosts"
	mkdir -p "$copy/share"
	umount "$copy/proc"
	mount -t tmpfs none "$copy/var/lib/apt/lists"
	mount -t tmpfs none "$copy/var/cache/apt"
	size=$(du -sm --apparent-size "$copy" | cut -f1)
	mke2fs -q -F -t ext4 -L root -m 0 -O ^has_journal -E lazy_itable_init=1,nodiscard -d "$copy" \
		"$dir/disk" "$((size * 5 / 4 + 1024))M"
}

# make_initrd COPY DIR: busybox and the modules that find the disk and the share; `run` adds its own files
make_initrd() {
	local copy=$1 dir=$2 stage=$2.work/initrd kernel file name
	kernel=$(basename "$(dirname "$(ls -d "$copy"/lib/modules/*/kernel)")")
	file=$copy/boot/vmlinuz-$kernel
	[ -e "$file" ] || file=$copy/usr/lib/modules/$kernel/vmlinuz
	# what cannot be unpacked here unpacks itself
	python3 "$here/lib/vmlinux.py" "$file" >"$dir/kernel" || cp "$file" "$dir/kernel"
	mkdir -p "$stage/bin" "$stage/modules" "$stage/dev" "$stage/proc" "$stage/sys" "$stage/root"
	cp "$(command -v busybox)" "$stage/bin/busybox"
	for name in sh mount insmod switch_root sleep cp mv mkdir ln cat hostname ip dmesg ls; do
		ln -s busybox "$stage/bin/$name"
	done
	modules_of "$copy" "$kernel" virtio_pci virtio_blk crc32c_generic ext4 virtio_console virtio_net virtio_rng >"$stage/modules/disk"
	modules_of "$copy" "$kernel" 9p 9pnet_virtio >"$stage/modules/share"
	(cd "$stage" && find . | busybox cpio -o -H newc) >"$dir/initrd"
	echo "$kernel" >"$dir/release"
}

# modules_of COPY KERNEL MODULE…: puts them and what they need into the stage, prints them in the order of loading
modules_of() {
	local copy=$1 kernel=$2 file name
	shift 2
	for name in "$@"; do
		/sbin/modprobe --show-depends -d "$copy" -S "$kernel" "$name" || [ "$name" = crc32c_generic ]
	done | sed -n 's/^insmod //p' | while read -r file _; do
		name=$(basename "$file")
		name=${name%.ko*}
		case $file in
		*.xz) xz -dc "$file" ;;
		*.zst) zstd -dc "$file" ;;
		*) cat "$file" ;;
		esac >"$stage/modules/$name.ko"
		echo "$name"
	done
}
