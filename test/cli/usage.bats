#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The command line without the module: exit status and what is said.
load helper

setup_file() {
	! grep -qs '^cgcompt ' /proc/modules
}

@test "design 3.2: status without the module exits with 3 and says so" {
	ctl status
	refused 3 'cgcomptctl: the module cgcompt is not loaded: nothing is enforced'
	ctl
	refused 3 'cgcomptctl: the module cgcompt is not loaded: nothing is enforced'
}

@test "O2: status --json without the module" {
	ctl status --json
	[ "$status" -eq 3 ]
	[[ $output == *'"loaded": false'* ]]
	[[ $output == *'"enforcing": false'* ]]
}

@test "design 3.2: commands that need the module exit with 3" {
	echo 'COMPARTMENT web' >f.rules
	for command in 'add COMPARTMENT web' 'del 0x0123456789abcdef' list 'list hooks' hooks \
		"load f.rules" "try f.rules" confirm revert 'mode enforce' disable enable \
		denials 'why COMPARTMENT 1 -> HOST 10.0.0.1 METHOD tcp' 'netdev clear lo'; do
		# shellcheck disable=SC2086
		ctl $command
		refused 3 'the module cgcompt is not loaded'
	done
}

@test "design 3.2: exec fails as env(1) does" {
	ctl exec 1 -- true
	refused 125 'the module cgcompt is not loaded'
	ctl exec -1 -- true
	refused 125 'the module cgcompt is not loaded'
	ctl exec
	refused 125 'expected a compartment'
	ctl exec web --
	refused 125 'expected a command'
	ctl exec web --drop-cap cap_nix -- true
	refused 125 '--drop-cap cap_nix: expected names as cap_mknod'
	ctl exec web --user nobody-of-that-name -- true
	refused 125 'unknown user nobody-of-that-name'
}

@test "L2: exec takes the seed's -cap_mknod" {
	ctl exec 0x2 --drop-cap -cap_mknod,cap_sys_admin,all -- bash
	refused 125 'the module cgcompt is not loaded'
}

@test "design 3.2: usage errors exit with 2" {
	for command in frobnicate '--frob' 'status x' 'load --frob' 'load a b' 'try -t' 'try -t 2d x' \
		'try -t 0 x' 'try -t x x' add del why 'mode' 'mode off' 'mode enforce a b' \
		'disable --for 25h' 'disable x' 'enable x' 'list frob' 'list rules x' \
		'netdev' 'netdev set eth0' 'netdev set lo 5' 'netdev set lo 0xFFFFFFFF' \
		'denials x' 'confirm x' 'help frob' 'add -f a b' 'check --frob'; do
		# shellcheck disable=SC2086
		ctl $command
		refused 2 'cgcomptctl: '
	done
}

@test "O1: load --boot takes an absolute path only" {
	ctl load --boot f.rules
	refused 2 'load --boot f.rules: expected an absolute path'
}

@test "O2: help lists every command, and each has its own" {
	ctl help
	accepted
	for command in status add del list hooks check load try confirm revert exec mode disable \
		enable netdev denials why; do
		[[ $output == *"  $command "* ]]
		ctl "$command" --help
		accepted
		[[ $output == "usage: cgcomptctl [--json] $command"* ]]
		ctl help
	done
}

@test "O2: --version" {
	ctl --version
	accepted
	[[ $output == "cgcomptctl "* ]]
}

@test "O2: a full disk is not success" {
	: >f.rules
	run --separate-stderr bash -c '"$0" check f.rules >/dev/full' "$CGCOMPTCTL"
	refused 1 'standard output: No space left on device'
}
