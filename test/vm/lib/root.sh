# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
#
# Root file systems: making one from packages, and working in a copy of one that is thrown away.

# What the guests have beside the kernel: what DKMS needs, and what tests use
guest_packages=(
	linux-image-amd64 linux-headers-amd64 dkms gcc make kmod libmnl0
	python3 iproute2 iputils-ping procps psmisc util-linux strace socat netcat-openbsd bats libcap2-bin attr e2fsprogs
	lsof net-tools wireguard-tools nftables ppp btrfs-progs xfsprogs
)

# Left out of the guests: never looked at there, and most of the size
guest_without=(
	'/usr/share/doc/*' '/usr/share/locale/*' '/usr/share/man/*'
	'/lib/modules/*/kernel/'{sound,'drivers/'{gpu,media,infiniband,staging,iio,isdn,net/wireless,net/ethernet}}'/*'
	'/usr/lib/modules/*/kernel/'{sound,'drivers/'{gpu,media,infiniband,staging,iio,isdn,net/wireless,net/ethernet}}'/*'
)

# bootstrap RELEASE VARIANT PACKAGES OPTIONS… DIR: a root of that release in DIR/root
bootstrap() {
	local release=$1 variant=$2 packages=$3 dir=${!#} options=("${@:4:$#-4}") setting
	while read -r setting; do
		options+=(--aptopt="$setting")
	done < <(apt-config dump --format '%f "%v";%n' Acquire::http Acquire::https)
	# INITRD=No: the harness makes an initramfs of its own
	INITRD=No LC_ALL=C mmdebstrap --mode=root --variant="$variant" --include="$packages" \
		--dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' --aptopt='Acquire::GzipIndexes "true"' \
		--aptopt='APT::Install-Recommends "false"' --skip=cleanup/apt/lists "${options[@]}" \
		--setup-hook='mkdir -p "$1"/etc/apt/preferences.d' \
		--setup-hook="copy-in $cache/apt/$release/preferences /etc/apt" \
		--customize-hook='printf "#!/bin/sh\nexit 101\n" >"$1"/usr/sbin/policy-rc.d; chmod 755 "$1"/usr/sbin/policy-rc.d' \
		"${release%-backports}" "$dir/root" "$cache/apt/$release/sources.list"
}

# in_copy_of ROOT WORK FUNCTION…: runs FUNCTION… COPY, where COPY has what ROOT has, can be changed and
# is thrown away. It is an overlay where the machine has that and a real copy elsewhere. WORK is a scratch directory.
in_copy_of() {
	local root=$1 work=$2 status=0
	shift 2
	rm -rf "$work"
	mkdir -p "$work/upper" "$work/work" "$work/copy"
	# a mount namespace of its own: whatever happens, nothing stays mounted
	unshare --mount --propagation private bash -euo pipefail -c '
		here=$1 root=$2 work=$3
		shift 3
		for file in "$here"/lib/*.sh; do . "$file"; done
		mount -t overlay -o "lowerdir=$root,upperdir=$work/upper,workdir=$work/work" none "$work/copy" 2>/dev/null ||
			cp -a --reflink=auto "$root/." "$work/copy/"
		mount -t proc proc "$work/copy/proc"
		"$@" "$work/copy"
	' - "$here" "$root" "$work" "$@" || status=$?
	rm -rf "$work"
	return $status
}

# inside COPY COMMAND…: runs COMMAND there; the network is the machine's, for apt
inside() {
	local copy=$1
	shift
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive INITRD=No \
		chroot "$copy" "$@"
}

# install_in COPY PACKAGE…: by apt; lists that have grown old are fetched again
install_in() {
	local copy=$1
	shift
	inside "$copy" apt-get -q -y --download-only install "$@" || inside "$copy" apt-get -q update
	inside "$copy" apt-get -q -y -o Dpkg::Use-Pty=0 install "$@"
}
