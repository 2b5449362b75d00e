# SPDX-License-Identifier: GPL-2.0-only
# What the tests of the tool share. They need no module and change nothing.
bats_require_minimum_version 1.5.0

TREE=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
CGCOMPTCTL=${CGCOMPTCTL:-$TREE/ctl/cgcomptctl/cgcomptctl}
unset CGCOMPT_CONFIG SSH_CONNECTION
export LC_ALL=C

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	[ -x "$CGCOMPTCTL" ]
}

# ctl ARGUMENT… - run the tool: $status, $output (stdout), $stderr
ctl() {
	run --separate-stderr "$CGCOMPTCTL" "$@"
	printf '%s\n' "$ cgcomptctl $*" "status $status" "$output" "$stderr"
}

# rules NAME - a file from standard input, which check is run on
check() {
	cat >"$1"
	ctl check "$1"
}

# refused STATUS TEXT - it ended so, said so on stderr, and nothing on stdout
refused() {
	[ "$status" -eq "$1" ] || return 1
	[ -z "$output" ] || return 1
	case $stderr in
	*"$2"*) ;;
	*) echo "expected: $2" && return 1 ;;
	esac
}

accepted() {
	[ "$status" -eq 0 ]
}

# requires WHAT COMMAND… - in CI a skip is a failure
requires() {
	local what=$1
	shift
	"$@" && return
	[ -z "$CI" ] || { echo "needs $what" && return 1; }
	skip "needs $what"
}
