#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# cgcompt-mkroot (mission F5): what it makes on this machine, from Debian's archive; without the module.

setup_file() {
	bats_require_minimum_version 1.5.0
	export LC_ALL=C
	mkroot=$BATS_TEST_DIRNAME/../ctl/cgcompt-mkroot dir=$BATS_FILE_TMPDIR/compt
	export mkroot dir
	"$mkroot" --root "$dir/web" --user www-data --run 'sh -c "id -u >/tmp/who; echo done >/tmp/ran"' web busybox-static \
		>"$BATS_FILE_TMPDIR/said"
}

@test "F5 a root with the package, startup and shutdown, which only root can write" {
	[ "$(stat -c '%u %g %a' "$dir/web")" = '0 0 755' ]
	[ "$(stat -c '%u %a' "$dir")" = '0 700' ]
	[ "$(ls -A "$dir")" = web ]
	[ -x "$dir/web/startup" ]
	[ -x "$dir/web/shutdown" ]
	[ "$(chroot "$dir/web" /bin/busybox echo runs)" = runs ]
}

@test "F5 without package manager, documentation, device nodes and set-id bits" {
	[ ! -e "$dir/web/usr/bin/apt" ]
	[ -z "$(find "$dir/web" -xdev ! -type l -perm /6000)" ]
	[ -z "$(find "$dir/web" -xdev '(' -type b -o -type c ')')" ]
	[ -z "$(find "$dir/web/usr/share/man" "$dir/web/usr/share/locale" -type f)" ]
	[ -z "$(find "$dir/web/usr/share/doc" -type f ! -name copyright)" ]
	[ -z "$(find "$dir/web" -xdev -perm -2 ! -perm -1000 ! -type l)" ]
}

@test "F5 startup runs the service, as the user that start makes of it" {
	# `start' mounts a /dev
	mknod -m 666 "$dir/web/dev/null" c 1 3
	chroot --userspec=33:33 "$dir/web" /startup
	for _ in $(seq 100); do
		[ ! -e "$dir/web/tmp/ran" ] || break
		sleep 0.1
	done
	[ "$(cat "$dir/web/tmp/who")" = 33 ]
	chroot "$dir/web" /shutdown
}

@test "F1 the definition names the user, by number where this machine means another one by the name" {
	grep -F "its definition: COMPARTMENT web ROOT $dir/web USER www-data" "$BATS_FILE_TMPDIR/said"
	printf '%s\n' '#!/bin/sh' 'echo "$2:x:1000:1000::/:/bin/sh"' >"$BATS_TEST_TMPDIR/getent"
	chmod 755 "$BATS_TEST_TMPDIR/getent"
	PATH=$BATS_TEST_TMPDIR:$PATH run -0 "$mkroot" --root "$BATS_TEST_TMPDIR/compt/web" --user www-data web busybox-static
	[[ $output == *"its definition: COMPARTMENT web ROOT $BATS_TEST_TMPDIR/compt/web USER 33:33" ]]
	run chroot --userspec=33:33 "$BATS_TEST_TMPDIR/compt/web" /startup
	[[ $output == *'/startup: expected to be edited: PROGRAM &' ]]
}

@test "F5 what cannot be made is refused, and nothing is left" {
	run -1 "$mkroot" --root "$dir/web" web busybox-static
	[[ $output == *"$dir/web is there already"* ]]
	run -1 "$mkroot" --root "$dir/other" other no-such-package-at-all
	[[ $output == *'mmdebstrap failed: nothing is made'* ]]
	run -2 "$mkroot" ../web busybox-static
	run -2 "$mkroot" web
	run -2 "$mkroot" --user
	[ "$(ls -A "$dir")" = web ]
}
