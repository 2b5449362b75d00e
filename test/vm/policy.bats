#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --hosts 1
# kernel: 6.12
# shellcheck disable=SC2030,SC2031 # run's variables are each test's own
#
# Sets of rules: names and numbers, administrators, full tables, many rules; trials; an administrator's own connection.

load helpers/suite

open='COMPARTMENT default -> HOST * METHOD all
HOST * -> COMPARTMENT default METHOD all'
web='COMPARTMENT web NUMBER 2'

setup_file() {
	helper born sshd
	dmesg -n 5
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	bare # forget names
	printf '%s\n' "$open" "$web" >set.rules
	armed <set.rules
}

listing() {
	cgcomptctl list && status_of generation
}

definitions() {
	cgcomptctl list compartments | sed -n 's/  # .*//; /^COMPARTMENT/p'
}

# refused TEXT COMMAND… - with status 1, and nothing changes
refused() {
	local text=$1
	shift
	listing >before
	ctl "$@"
	done_with 1 "$text"
	listing | diff before -
}

@test "names keep their numbers, whatever is loaded between" {
	echo 'COMPARTMENT web' >web.rules
	printf '%s\n' 'COMPARTMENT other' 'COMPARTMENT web' >both.rules
	cgcomptctl load web.rules
	[ "$(definitions)" = 'COMPARTMENT web NUMBER 2' ]
	cgcomptctl load both.rules
	[ "$(definitions | xargs)" = 'COMPARTMENT other NUMBER 1 COMPARTMENT web NUMBER 2' ]
	cgcomptctl load - <<<"$open"
	[ "$(definitions)" = '' ]
	cgcomptctl load web.rules
	[ "$(definitions)" = 'COMPARTMENT web NUMBER 2' ]
}

@test "a name that has its number does not get another, neither now nor later" {
	echo 'COMPARTMENT web NUMBER 7' >renumbered.rules
	ctl load renumbered.rules
	[[ $status != 0 && $stderr == *'renumbered.rules:1:24: '*' web is 2 '* ]]
	cgcomptctl load - <<<"$open"
	ctl load renumbered.rules
	[[ $status != 0 && $stderr == *' web is 2 '* ]]
}

@test "a number that a process carries does not get another name, not even when its own is gone" {
	mkfifo in
	echo 'COMPARTMENT other NUMBER 2' >other.rules
	cgcomptctl exec web -- sh -c 'echo there; read -r _' <>in >out 3>&- &
	started out there
	refused 'another name' load other.rules
	cgcomptctl load - <<<"$open"
	refused 'another name' load other.rules
	cgcomptctl list compartments | grep '^# COMPARTMENT web NUMBER 2  # 1 processes'
	echo >in
	wait
	succeeds cgcomptctl load other.rules
}

@test "two definitions of a number, or of a name, are refused" {
	printf '%s\n' "$web" 'COMPARTMENT other NUMBER 2' >twice.rules
	ctl load twice.rules
	[[ $status != 0 && $stderr == *'twice.rules:2:'* ]]
	printf '%s\n' "$web" 'COMPARTMENT web NUMBER 3' >twice.rules
	ctl load twice.rules
	[[ $status != 0 && $stderr == *'twice.rules:2:'* ]]
	for name in "$(printf 'n%.0s' {1..64})" 1web -web wéb default supervisor; do
		echo "COMPARTMENT $name NUMBER 9" >name.rules
		ctl load name.rules
		[[ $status != 0 && $stderr == *'name.rules:1:'* ]]
	done
}

@test "administrators without a way in are refused" {
	printf '%s\n' "$open" "$web" 'ADMIN COMPARTMENT admin NUMBER 9' >admin.rules
	refused 'no way in' load admin.rules
	refused 'no way in' try admin.rules
	refused 'no way in' add 'ADMIN COMPARTMENT admin NUMBER 9'
}

@test "the 65th shape of rule is refused, the 64th is not" {
	for bits in {1..32}; do
		echo "COMPARTMENT web -> NET 0.0.0.0/$bits METHOD tcp"
		echo "COMPARTMENT web -> NET 0.0.0.0/$bits METHOD tcp PORT 80"
	done | head -n 63 >shapes.rules # HOST * is another
	cgcomptctl load - < <(cat set.rules shapes.rules)
	refused '64 combinations' add 'COMPARTMENT web -> NET fd00::/8 METHOD tcp'
	cgcomptctl add 'COMPARTMENT web -> NET 10.0.0.0/8 METHOD udp'
	cat set.rules shapes.rules - >more.rules <<<'COMPARTMENT web -> NET fd00::/8 METHOD tcp'
	ctl load more.rules
	done_with 2 'more.rules:67:1: more than 64 combinations'
}

@test "the 65th interface is refused" {
	for i in {0..63}; do
		echo "COMPARTMENT web -> NET 10.0.0.0/8 METHOD tcp PORT $((i + 1)) NETDEV e$i"
	done >netdevs.rules
	cgcomptctl load - < <(cat set.rules netdevs.rules)
	refused '64' add 'COMPARTMENT web -> NET 10.0.0.0/8 METHOD udp NETDEV e64'
	cgcomptctl add 'COMPARTMENT web -> NET 10.0.0.0/8 METHOD udp NETDEV e63'
}

@test "the 257th PATH is refused, and what 256 are listed as loads again" {
	for i in {1..256}; do
		echo "COMPARTMENT $((i + 9)) -> COMPARTMENT default METHOD unix PATH /run/$i"
	done >paths.rules
	cat set.rules paths.rules >all.rules
	cgcomptctl load all.rules
	refused '256 different words after PATH' add 'COMPARTMENT 9 -> COMPARTMENT default METHOD unix PATH /run/257'
	cgcomptctl add 'COMPARTMENT 9 -> COMPARTMENT default METHOD unix PATH /run/256'
	cgcomptctl list >first
	[ "$(grep -c 'PATH /run/' first)" = 257 ]
	cgcomptctl load first
	cgcomptctl list | cmp first -
	echo 'COMPARTMENT 9 -> COMPARTMENT default METHOD unix PATH /run/257' >>all.rules
	ctl load all.rules
	done_with 2 'all.rules:260:55: a 257th PATH'
}

@test "the 65th rule with one key is refused" {
	for i in {1..64}; do
		echo "COMPARTMENT web -> HOST 10.0.0.1 METHOD tcp PORT 1-$((i + 1))"
	done >chain.rules
	cgcomptctl load - < <(cat set.rules chain.rules)
	refused 'more than 64 rules' add 'COMPARTMENT web -> HOST 10.0.0.1 METHOD tcp PORT 1-99'
	cgcomptctl add 'COMPARTMENT web -> HOST 10.0.0.2 METHOD tcp PORT 1-99'
}

@test "R6 100000 rules load, list, and load again as they are listed" {
	{
		cat set.rules
		awk 'BEGIN { for (i = 0; i < 100000; i++)
			printf "COMPARTMENT web -> HOST 10.%d.%d.%d METHOD tcp PORT %d\n", i / 65536, i / 256 % 256, i % 256, i % 60000 + 1 }'
	} >many.rules
	cgcomptctl load many.rules
	[ "$(status_of rules)" = 100002 ]
	cgcomptctl list >first
	[ "$(wc -l <first)" = 100003 ]
	cgcomptctl load first
	cgcomptctl list | cmp first -
	[ $(($(status_of rule_bytes) / 200004)) -le 256 ]
	cgcomptctl load set.rules
}

@test "O7 a set on trial is in force at once, and gone again when nobody confirms" {
	printf '%s\n' "$open" "$web" 'COMPARTMENT web -> HOST * METHOD raw' >more.rules
	[ "$(cgcomptctl exec web -- born act)" = refused ]
	cgcomptctl list >first
	ctl try more.rules -t 5s
	done_with 0 'on trial for 5 s'
	[ "$(status_of try_seconds)" -gt 0 ]
	[ "$(cgcomptctl exec web -- born act)" = allowed ]
	becomes 0 status_of try_seconds
	cgcomptctl list | diff first -
	[ "$(cgcomptctl exec web -- born act)" = refused ]
	dmesg | tail -n 20 | grep 'trial not confirmed'
}

@test "O7 a confirmed set stays; without a trial there is nothing to confirm" {
	printf '%s\n' "$open" 'COMPARTMENT other NUMBER 3' >more.rules
	cgcomptctl try more.rules -t 3s
	cgcomptctl confirm
	[ "$(status_of try_seconds)" = 0 ]
	refused 'no set is on trial' confirm
	sleep 4 # nothing is to happen
	[ "$(definitions)" = 'COMPARTMENT other NUMBER 3' ]
}

@test "O7 while a set is on trial nothing else comes into force" {
	cgcomptctl try set.rules -t 1h
	for command in 'try set.rules' 'load set.rules' 'add COMPARTMENT 4 -> COMPARTMENT 5 METHOD tcp' \
		'mode permissive web'; do
		# shellcheck disable=SC2086
		refused 'on trial' $command
	done
	cgcomptctl revert
	[ "$(status_of try_seconds)" = 0 ]
}

@test "O7 revert puts back what was before the last change, and again" {
	printf '%s\n' "$open" 'COMPARTMENT other NUMBER 3' >more.rules
	cgcomptctl load more.rules
	cgcomptctl revert
	[ "$(definitions)" = 'COMPARTMENT web NUMBER 2' ]
	cgcomptctl revert
	[ "$(definitions)" = 'COMPARTMENT other NUMBER 3' ]
}

# session SCRIPT - run as if a remote administrator had typed it: below a process called sshd that host 1 is connected to
session() {
	run sshd 2222 'exec onhost 1 socat TCP:10.99.1.1:2222 EXEC:cat' -- bash -c "$1"
	echo "$output"
}

# cuts COMMAND… - refused to a remote administrator, whose connection goes on
cuts() {
	listing >before
	session "cgcomptctl $*"
	[ "$status" = 1 ]
	[[ $output == *'this would cut the connection that you are on'*$'\nalive' ]]
	listing | diff before -
}

@test "O7 what would cut the administrator's own connection is refused without --force" {
	echo "$web" >none.rules
	cuts load none.rules
	cuts try none.rules
	cuts del "'HOST * -> COMPARTMENT default METHOD all'"
	session 'cgcomptctl load --force none.rules'
	[ "$status" = 0 ]
	[[ $output == *$'\ncut' ]]
}

@test "O7 sets that leave the connection alone are let in, those that narrow it too much are not" {
	for narrow in 'HOST 10.99.1.2 -> COMPARTMENT default METHOD tcp PORT 2222' \
		'HOST * -> COMPARTMENT default METHOD tcp NETDEV eth0' 'COMPARTMENT default -> NET 10.99.0.0/16 METHOD tcp'; do
		echo "$narrow" >narrow.rules
		session 'cgcomptctl load narrow.rules'
		[[ $status = 0 && $output == *$'\nalive' ]] || [[ $narrow == COMPARTMENT* && $output == *'would cut'* ]]
		armed <set.rules
	done
	for narrow in 'HOST 10.99.1.3 -> COMPARTMENT default METHOD tcp' \
		'HOST * -> COMPARTMENT default METHOD tcp PORT 22' 'HOST * -> COMPARTMENT default METHOD tcp NETDEV eth1'; do
		echo "$narrow" >narrow.rules
		cuts load narrow.rules
	done
}

@test "O7 enforcing again and reverting ask the same" {
	echo "$web" >none.rules
	cgcomptctl mode permissive
	cgcomptctl load --force none.rules
	cuts mode enforce
	cgcomptctl disable
	cuts enable
	cgcomptctl revert
	cgcomptctl enable
	cuts revert
	session 'cgcomptctl revert --force'
	[[ $status = 0 && $output == *cut ]]
}

@test "O7 SSH_CONNECTION is believed where there is no such ancestor" {
	printf '%s\n' "$web" 'HOST 10.99.1.2 -> COMPARTMENT default METHOD tcp PORT 22' >narrow.rules
	export SSH_CONNECTION='10.99.1.3 5555 10.99.1.1 22'
	refused 'would cut' load narrow.rules
	export SSH_CONNECTION='10.99.1.2 5555 10.99.1.1 22'
	cgcomptctl load narrow.rules
	export SSH_CONNECTION='nonsense'
	cgcomptctl load set.rules
}
