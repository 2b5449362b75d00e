# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Debian packages that a script needs on this machine.

# install_needed PACKAGE… - by apt, those that are missing; says which
install_needed() {
	local package log missing=()
	for package; do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
	done
	[ "${#missing[@]}" != 0 ] || return 0
	echo "installing: ${missing[*]}"
	[ "$(id -u)" = 0 ] || { echo 'that takes root' >&2 && exit 2; }
	log=$(mktemp)
	{
		apt-get -q update &&
			DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "${missing[@]}"
	} >"$log" 2>&1 || { tail -n 20 "$log" >&2 && exit 2; }
	rm -f "$log"
}

# What test/vm/run works with.
# shellcheck disable=SC2034
guests_need=(
	busybox-static ca-certificates debian-archive-keyring e2fsprogs gcc kmod libc6-dev make mmdebstrap python3
	util-linux xz-utils zstd
)
