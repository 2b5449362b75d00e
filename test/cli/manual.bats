#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What the manual must say because a test, or an administrator, relies on it.

rules=$BATS_TEST_DIRNAME/../../ctl/man/cgcompt.rules.5

# section NAME: of the page
section() {
	sed -n "/^\.S[sh] $1\$/,/^\.S[sh] /p" "$rules"
}

@test "N4 the manual names every address family, whatever becomes of it" {
	run comm -23 <(grep -ohE '\bAF_[A-Za-z0-9]+' /usr/include/*/bits/socket.h /usr/include/*/asm/socket.h \
		/usr/include/bits/socket.h 2>/dev/null |
		grep -vxE 'AF_(UNSPEC|UNIX|LOCAL|FILE|ROUTE|MAX|SECURITY|ASH|ECONET|SNA|DECnet|BRIDGE|NETBEUI)' | sort -u) \
		<(section 'Other families' | grep -oE '\bAF_[A-Za-z0-9]+' | sort -u)
	echo "$output"
	[ -z "$output" ]
}

@test "IPC-24 IPC-28 IPC-29 the manual says what of files no rule keeps apart" {
	for word in contents locks leases inotify fanotify; do
		section 'What no rule keeps apart' | grep -w "$word"
	done
}
