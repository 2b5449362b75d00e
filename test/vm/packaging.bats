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

# contained - a process in compartment 2; its number in $contained
contained() {
	cgcomptctl exec 2 -- sleep 1000 3>&- 4>&- &
	contained=$!
	succeeds grep -q sleep "/proc/$contained/comm"
	[ "$(cgcomptctl list processes | awk '$1 == 2 { print $2 }')" = "$contained" ]
}

@test "an upgrade changes nothing of what is in force: it waits for the next boot" {
	local before scripts=/var/lib/dpkg/info
	contained
	before=$(cgcomptctl list rules && cgcomptctl list processes && status_of generation)
	# as dpkg calls them
	$scripts/cgcompt-dkms.prerm upgrade 99
	[ ! -e $scripts/cgcompt.prerm ] || $scripts/cgcompt.prerm upgrade 99
	[ ! -e $scripts/cgcompt.postinst ] || $scripts/cgcompt.postinst configure 0.1
	systemctl daemon-reload || true
	[ "$(cgcomptctl list rules && cgcomptctl list processes && status_of generation)" = "$before" ]
	run rmmod cgcompt
	[ "$status" -ne 0 ]
	cgcomptctl exec supervisor -- kill "$contained"
	wait "$contained" || true
}

@test "removing them leaves the module, its rules and its labels in force" {
	local rules
	contained
	rules=$(cgcomptctl list rules)
	[ -n "$rules" ]
	cp /usr/sbin/cgcomptctl "$BATS_FILE_TMPDIR/cgcomptctl"
	dpkg --remove cgcompt cgcompt-dkms
	loaded
	PATH=$BATS_FILE_TMPDIR:$PATH
	[ "$(cgcomptctl list rules)" = "$rules" ]
	[ "$(cgcomptctl list processes | awk '$1 == 2 { print $2 }')" = "$contained" ]
	[ -e /etc/cgcompt/rules.d/default.rules ]
	run rmmod cgcompt
	[ "$status" -ne 0 ]
	cgcomptctl exec supervisor -- kill "$contained"
	wait "$contained" || true
	succeeds rmmod cgcompt
}

@test "purging them leaves no trace" {
	mkdir -p /etc/cgcompt/rules.d /var/lib/cgcompt
	touch /etc/cgcompt/rules.d/mine.rules /var/lib/cgcompt/names
	dpkg --purge cgcompt cgcompt-dkms libcgcompt-dev
	find / -xdev -name '*cgcompt*' ! -path '/var/log/*' ! -path '/tmp/*' ! -path '/var/lib/dpkg/*' | tee "$BATS_TEST_TMPDIR/left"
	[ ! -s "$BATS_TEST_TMPDIR/left" ]
	run modprobe cgcompt
	[ "$status" -ne 0 ]
}
