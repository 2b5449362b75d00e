#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --hosts 2
# kernel: 6.12
#
# V2: the dual-homed gateway of figure 13, by rules, and again by routing tables: the demo.

load helpers/suite

@test "V2 each service reaches what figure 13 gives it, nothing else, and from outside only what a rule allows" {
	run bash "$BATS_TEST_DIRNAME/helpers/gateway.bash"
	echo "$output"
	[ "$status" = 0 ]
	[ "$(grep -c passes <<<"$output")" = 8 ]
	[ "$(grep -c '✗ refused' <<<"$output")" -ge 50 ]
}
