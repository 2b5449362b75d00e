#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# kernel: 6.12
#
# What the packages do to a machine, and that they undo it. The tests follow one another.

load helpers/suite

@test "installing them loads nothing and enables the unit" {
	run ! loaded
	[ -L /etc/systemd/system/sysinit.target.wants/cgcompt.service ]
	run ! grep -rqs cgcompt /etc/modules /etc/modules-load.d /etc/modprobe.d
}

@test "the shipped rules are right" {
	cgcomptctl check /etc/cgcompt
	modprobe cgcompt rules=/etc/cgcompt
}

@test "only root can write the configuration" {
	[ -z "$(find /etc/cgcompt ! -user root -o ! -group root -o -perm /022)" ]
}

@test "removing them leaves the module and its rules in force" {
	local rules
	rules=$(cgcomptctl list rules)
	[ -n "$rules" ]
	cp /usr/sbin/cgcomptctl "$BATS_FILE_TMPDIR/cgcomptctl"
	dpkg --remove cgcompt cgcompt-dkms
	loaded
	[ "$("$BATS_FILE_TMPDIR/cgcomptctl" list rules)" = "$rules" ]
	[ -e /etc/cgcompt/rules.d/default.rules ]
	rmmod cgcompt
}

@test "purging them leaves no trace" {
	mkdir -p /etc/cgcompt/rules.d /var/lib/cgcompt
	touch /etc/cgcompt/rules.d/mine.rules /var/lib/cgcompt/names
	dpkg --purge cgcompt cgcompt-dkms
	find / -xdev -name '*cgcompt*' ! -path '/var/log/*' ! -path '/tmp/*' ! -path '/var/lib/dpkg/*' | tee "$BATS_TEST_TMPDIR/left"
	[ ! -s "$BATS_TEST_TMPDIR/left" ]
	run modprobe cgcompt
	[ "$status" -ne 0 ]
}
