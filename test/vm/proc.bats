#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --processors 2
# kernel: 6.12
#
# /proc/cgcompt/rules (O6): what is in force, without the tool.

load helpers/suite

rules='
COMPARTMENT web NUMBER 2
COMPARTMENT tomcat NUMBER 3
HOST * -> COMPARTMENT web METHOD tcp PORT 80 NETDEV eth0
COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8007
COMPARTMENT web -> NET fd99:1::/64 METHOD udp PORT 53
NET 10.0.0.0/8 PORT 1024-65535 -> COMPARTMENT 7 METHOD tcp,sctp PORT 5000-5010
'

setup() {
	armed <<<"$rules"
}

# bare_rules: the statements on standard input, without their comments
bare_rules() {
	sed 's/ *#.*//; /^$/d'
}

@test "O6 it lists the definitions and rules that are in force" {
	diff <(bare_rules </proc/cgcompt/rules) <(cgcomptctl list rules | bare_rules)
	[ "$(bare_rules </proc/cgcompt/rules | wc -l)" = 6 ]
	grep -q 'HOST \* -> COMPARTMENT web .*PORT 80.* # 0x[0-9a-f]\{16\}$' /proc/cgcompt/rules
	cgcomptctl del 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8007'
	run ! grep 8007 /proc/cgcompt/rules
}

@test "O6 a listing loads again as it is, references and all" {
	cat /proc/cgcompt/rules >"$BATS_TEST_TMPDIR/listed.rules"
	cgcomptctl load --force "$BATS_TEST_TMPDIR/listed.rules"
	diff "$BATS_TEST_TMPDIR/listed.rules" /proc/cgcompt/rules
}

@test "O6 many rules are listed whole, by small reads too" {
	awk 'BEGIN { for (i = 0; i < 5000; i++)
		printf "HOST 10.0.%d.%d -> COMPARTMENT 2 METHOD tcp PORT 80\n", i / 250, i % 250 + 1 }' |
		cgcomptctl load --force - >/dev/null
	[ "$(grep -c '^HOST 10\.0\.' /proc/cgcompt/rules)" = 5000 ]
	diff /proc/cgcompt/rules <(dd if=/proc/cgcompt/rules bs=100 status=none)
}

@test "O6 only administrators read it" {
	run setpriv --reuid=65534 --clear-groups cat /proc/cgcompt/rules
	[[ $output == *'Permission denied'* ]]
	run cgcomptctl exec web -- cat /proc/cgcompt/rules
	[[ $output == *'Permission denied'* ]]
	run cgcomptctl exec default -- cat /proc/cgcompt/rules
	[[ $output == *8007* ]]
}

@test "O6 reading while the set is replaced gives statements, whole ones" {
	local i
	(
		for ((i = 0; i < 40; i++)); do
			if ((i % 2)); then echo "$rules"; else echo 'COMPARTMENT 2 -> HOST * METHOD udp'; fi |
				cgcomptctl load --force - >/dev/null
		done
	) 3>&- &
	while kill -0 $! 2>/dev/null; do
		cat /proc/cgcompt/rules
	done >"$BATS_TEST_TMPDIR/read"
	wait $!
	[ -s "$BATS_TEST_TMPDIR/read" ]
	sort -u "$BATS_TEST_TMPDIR/read" | cgcomptctl check -
}
