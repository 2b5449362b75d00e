# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154

# compile_in ARGUMENT… COPY
compile_in() {
	local copy=${!#} kernel
	mkdir -p "$copy/build"
	(cd "$tree" && package_files | tar -c --null --no-recursion -T -) | tar -x -C "$copy/build"
	[[ " $* " != *' C='* ]] || [ -e "$copy/usr/bin/sparse" ] || install_in "$copy" sparse >/dev/null
	kernel=$(basename "$(dirname "$(ls -d "$copy"/lib/modules/*/build)")")
	inside "$copy" make -j "$(nproc)" -C "/lib/modules/$kernel/build" M=/build "${@:1:$#-1}" modules
}
