# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154

# modules_in COPY FLAVOUR: the modules of cgcompt that DKMS has put in place for kernels of that flavour
modules_in() {
	find "$1/lib/modules" "$1/usr/lib/modules" -path "*$2/updates/dkms/cgcompt.ko*" 2>/dev/null
}

# traces_in COPY: what is left of the packages, but for the archives that they came in
traces_in() {
	find "$1" -xdev -name '*cgcompt*' ! -path "$1/proc/*" ! -path "$1/debs/*" ! -path "$1/var/log/*"
}

# tap WHAT COMMAND…: a test; what it printed if it failed
tap() {
	local what=$1 out status
	count=$((${count:-0} + 1))
	shift
	# not in an if itself: bash would not stop at errors in there
	set +e
	out=$(set -e && "$@" 2>&1)
	status=$?
	set -e
	if [ "$status" = 0 ]; then
		echo "ok $count $what"
	else
		echo "not ok $count $what"
		tail -n 40 <<<"$out" | sed 's/^/# /'
	fi
}

installed_compiles() {
	local debs
	mapfile -t debs < <(cd "$copy" && find debs -name '*.deb' -printf '/%p\n')
	install_in "$copy" "${debs[@]}"
	[ -n "$(modules_in "$copy" -amd64)" ]
	inside "$copy" dkms status cgcompt | grep ': installed'
}

added_kernel_gets_it() {
	[ -z "$(modules_in "$copy" -cloud-amd64)" ]
	install_in "$copy" linux-headers-cloud-amd64
	inside "$copy" dkms status cgcompt
	[ -n "$(modules_in "$copy" -cloud-amd64)" ]
}

# bookworm's DKMS then lets apt end with an error, later ones do not
rt_is_refused() {
	install_in "$copy" linux-headers-rt-amd64 >"$copy/rt.log" 2>&1 || true
	cat "$copy/rt.log"
	[ -z "$(modules_in "$copy" -rt-amd64)" ]
	grep 'BUILD_EXCLUSIVE' "$copy/rt.log"
}

purged_leaves_nothing() {
	inside "$copy" dpkg --purge cgcompt cgcompt-dkms libcgcompt-dev
	inside "$copy" dkms status cgcompt
	[ -z "$(traces_in "$copy" | tee /dev/stderr)" ]
}

# dkms_tests PACKAGES COPY: TAP
dkms_tests() {
	local packages=$1 copy=$2
	mkdir "$copy/debs"
	cp "$packages"/*.deb "$copy/debs/"
	tap 'O1 installing the packages compiles the module for the kernel that is there' installed_compiles
	tap 'O1 O8 a kernel that is added (cloud) gets its module by itself' added_kernel_gets_it
	tap 'O8 a kernel that cannot have it (rt) is refused, with the reason' rt_is_refused
	tap 'O1 purging them leaves no module, no source and no configuration' purged_leaves_nothing
	echo "1..$count"
}
