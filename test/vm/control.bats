#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# kernel: 6.12
#
# Rules added, deleted and listed; transactions; modes; who may; messages that no tool would send.

load helpers/suite

rules='COMPARTMENT web NUMBER 2
COMPARTMENT app NUMBER 3
COMPARTMENT web -> COMPARTMENT app METHOD tcp PORT 8007
HOST * -> COMPARTMENT web METHOD tcp PORT 80 NETDEV eth0,@0xFFFF0002
NET 10.1.0.0/16 -> COMPARTMENT app METHOD udp,tcp PORT 5000-5010
NET fd00::/8 PORT 1024-65535 -> COMPARTMENT web METHOD tcp PORT 22'

setup_file() {
	helper born genl.py
	dmesg -n 5
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	[[ $BATS_TEST_DESCRIPTION == without* ]] || armed <<<"$rules"
}

listing() {
	cgcomptctl list && status_of generation
}

# unchanged COMMAND… - nothing in force is another after it, whatever it says
unchanged() {
	listing >before
	"$@"
	listing >after
	diff before after
}

@test "without the module every command says so and ends with 3" {
	bare
	for command in status list 'add HOST * -> COMPARTMENT 2 METHOD tcp' 'mode enforce' 'load -' confirm; do
		# shellcheck disable=SC2086
		run cgcomptctl $command </dev/null
		echo "$output"
		[ "$status" = 3 ]
	done
}

@test "R6 add prints the reference of a rule, list shows it" {
	ctl add COMPARTMENT app '->' COMPARTMENT web METHOD tcp PORT 81
	done_with 0
	[[ $output =~ ^0x[0-9a-f]{16}$ ]]
	cgcomptctl list | grep -x "COMPARTMENT app -> COMPARTMENT web .*METHOD tcp.* # $output"
	[ "$(status_of rules)" = 5 ]
}

@test "R6 adding what is there says so, gives its reference and adds nothing" {
	first=$(cgcomptctl add 'COMPARTMENT app -> COMPARTMENT web METHOD tcp PORT 81')
	unchanged ctl add 'compartment APP -> compartment web method TCP'
	done_with 2 APP
	unchanged ctl add 'Compartment: app -> COMPARTMENT web PORT 81 METHOD tcp'
	done_with 0 "is there already: $first"
	[ "$output" = "$first" ]
}

@test "R6 add -f takes files, and standard input" {
	echo 'COMPARTMENT app -> HOST 192.0.2.1 METHOD udp PORT 53' >one.rules
	printf '%s\n' 'COMPARTMENT db NUMBER 4' 'COMPARTMENT app -> COMPARTMENT db METHOD tcp' >two.rules
	ctl add -f one.rules -f two.rules
	done_with 0
	[ "${#lines[@]}" = 2 ]
	echo 'COMPARTMENT db -> HOST 192.0.2.1 METHOD udp PORT 53' | cgcomptctl add -f -
	[ "$(status_of rules)" = 7 ]
	cgcomptctl list | grep -x 'COMPARTMENT db NUMBER 4'
}

@test "R6 del by rule, by file and by reference" {
	printf 'COMPARTMENT app -> HOST 192.0.2.%s METHOD udp PORT 53\n' 1 2 3 4 >some.rules
	listing | grep -v '^[0-9]*$' >before
	cgcomptctl add -f some.rules >refs
	cgcomptctl del "$(sed -n 1p some.rules)"
	cgcomptctl del "$(sed -n 2p refs)"
	[ "$(status_of rules)" = 6 ]
	sed -i 1,2d some.rules
	cgcomptctl del -f some.rules
	listing | grep -v '^[0-9]*$' | diff before -
}

@test "R7 deleting what is not there is an error that names it, and nothing is deleted" {
	printf '%s\n' 'COMPARTMENT web -> COMPARTMENT app METHOD tcp PORT 8007' \
		'COMPARTMENT web -> COMPARTMENT app METHOD tcp PORT 8008' >some.rules
	unchanged ctl del -f some.rules
	done_with 1 'some.rules:2:1: there is no such rule'
	unchanged ctl del 0x0123456789abcdef
	done_with 1 0x0123456789abcdef
	unchanged ctl del 'COMPARTMENT web -> COMPARTMENT nobody METHOD tcp'
	done_with 2 nobody
	unchanged ctl del COMPARTMENT web
	[ "$status" != 0 ]
}

@test "R6 a listing loads again as it is, and lists the same" {
	cgcomptctl add 'COMPARTMENT web -> NET 192.0.2.0/255.255.255.0 METHOD all NETDEV @0xFFFF0001'
	cgcomptctl list >first
	cgcomptctl load first
	cgcomptctl list | diff first -
	cgcomptctl check first
	ctl add -f first
	done_with 0 'is there already'
	cgcomptctl list | diff first -
}

local_rules='COMPARTMENT web -> COMPARTMENT app METHOD signal[HUP,TERM,RTMIN+1]
COMPARTMENT web -> COMPARTMENT app METHOD shm[ro],list
COMPARTMENT web -> COMPARTMENT default METHOD unix[dgram] PATH /run/systemd/journal/*
COMPARTMENT web -> COMPARTMENT default METHOD unix PATH "/run/a b"
COMPARTMENT app -> COMPARTMENT web METHOD unix[stream,seqpacket] PATH @abs?ract*
COMPARTMENT app -> COMPARTMENT web METHOD unix[dgram] PATH /run/systemd/journal/*'

@test "R2 R6 rules of the local methods go in, are listed, load again and go out as they are written" {
	cgcomptctl list >before
	echo "$local_rules" >local.rules
	ctl add -f local.rules
	done_with 0
	[ "${#lines[@]}" = 6 ]
	cgcomptctl list >first
	sed 's/  # .*//' first | grep -xFf local.rules | diff local.rules -
	diff first /proc/cgcompt/rules
	cgcomptctl load first
	cgcomptctl list | diff first -
	cgcomptctl load - <<<"$rules"
	cgcomptctl revert
	cgcomptctl list | diff first -
	cgcomptctl del "$(sed -n 3p local.rules)"
	cgcomptctl list | grep 'app -> .* PATH /run/systemd/journal/\*'
	sed 3d local.rules | cgcomptctl del -f -
	cgcomptctl list | diff before -
}

@test "R2 why says what a signal, an attribute and a name are allowed by" {
	echo "$local_rules" | cgcomptctl add -f -
	while read -r verdict question; do
		ctl why "$question"
		[[ $output == *": $verdict: "* ]]
	done <<-'END'
		allowed COMPARTMENT web -> COMPARTMENT app METHOD signal[TERM]
		allowed COMPARTMENT web -> COMPARTMENT app METHOD signal[TERM,35]
		refused COMPARTMENT web -> COMPARTMENT app METHOD signal[KILL]
		refused COMPARTMENT web -> COMPARTMENT app METHOD signal[TERM,KILL]
		refused COMPARTMENT web -> COMPARTMENT app METHOD signal
		allowed COMPARTMENT web -> COMPARTMENT app METHOD shm[ro]
		refused COMPARTMENT web -> COMPARTMENT app METHOD shm
		allowed COMPARTMENT web -> COMPARTMENT default METHOD unix[dgram] PATH /run/systemd/journal/dev-log
		refused COMPARTMENT web -> COMPARTMENT default METHOD unix[stream] PATH /run/systemd/journal/stdout
		refused COMPARTMENT web -> COMPARTMENT default METHOD unix[dgram] PATH /run/systemd/notify
		refused COMPARTMENT web -> COMPARTMENT default METHOD unix[dgram]
		allowed COMPARTMENT web -> COMPARTMENT default METHOD unix PATH "/run/a b"
		allowed COMPARTMENT app -> COMPARTMENT web METHOD unix[stream] PATH @abstract
	END
	ctl why 'COMPARTMENT web -> COMPARTMENT default METHOD unix[dgram] PATH /run/*'
	done_with 2 'expected the name of one socket'
}

@test "L5 a compartment's unix sockets are listed with their names" {
	cgcomptctl exec web -- socat UNIX-LISTEN:"$PWD/a name" /dev/null 3>&- &
	cgcomptctl exec app -- socat ABSTRACT-LISTEN:abstract /dev/null 3>&- &
	succeeds sh -c "cgcomptctl list sockets | grep '^web .* unix .*/a name\$'"
	succeeds sh -c "cgcomptctl list sockets | grep '^app .* unix .*  @abstract\$'"
	cgcomptctl --json list sockets | grep "\"name\": \"$PWD/a name\""
	# shellcheck disable=SC2046
	cgcomptctl exec supervisor -- kill $(jobs -p)
	wait
}

@test "R7 one error in a file of many: its place is named, and nothing changes" {
	for i in {1..300}; do
		echo "COMPARTMENT web -> HOST 192.0.2.1 METHOD tcp PORT $i"
	done >many.rules
	sed -i '200s/tcp PORT/tpc PORT/' many.rules
	listing >before
	for command in 'load many.rules' 'add -f many.rules' 'del -f many.rules' 'try many.rules' 'check many.rules'; do
		# shellcheck disable=SC2086
		ctl $command
		done_with 2 'many.rules:200:42: '
	done
	listing | diff before -
}

@test "R7 bad rules are refused with what was expected, and nothing changes" {
	listing >before
	while read -r line; do
		echo "COMPARTMENT web -> $line" >bad.rules
		ctl add -f bad.rules
		done_with 2 'bad.rules:1:'
		[[ $stderr == *expected* ]]
	done <<-'END'
		HOST 192.0.2.1 METHOD tcp PORT 0
		HOST 192.0.2.1 METHOD tcp PORT 65536
		HOST 192.0.2.1 METHOD tcp PORT 9-8
		NET 192.0.2.0/33 METHOD tcp
		NET fd00::/129 METHOD tcp
		HOST 192.0.2.256 METHOD tcp
		HOST 192.0.2.1 METHOD
		HOST 192.0.2.1 METHOD tcp[ro
		HOST 192.0.2.1 METHOD signal
		COMPARTMENT app METHOD signal[SIGNONE]
		COMPARTMENT app METHOD shm[rw]
		COMPARTMENT app METHOD mq[send]
		COMPARTMENT app METHOD unix PATH run/x
		COMPARTMENT app METHOD unix,tcp PATH /run/x
		COMPARTMENT
	END
	printf 'COMPARTMENT a\001b' >bad.rules
	ctl add -f bad.rules
	done_with 2 'bad.rules:1:'
	listing | diff before -
}

@test "R7 a file that is none is refused: a directory, nothing, binary, 100 MB" {
	mkdir dir.rules
	truncate -s 100M big.rules
	head -c 4096 /run/helpers/born >binary.rules
	listing >before
	for file in dir.rules missing.rules binary.rules big.rules; do
		ctl add -f $file
		[ "$status" != 0 ]
		[[ $stderr == *$file* ]]
	done
	ctl load missing.rules
	done_with 1 missing.rules
	listing | diff before -
}

@test "R7 a second administrator is told that another is at it, once the first is done it is let in" {
	mkfifo in
	genl.py halfway <>in >out 3>&- &
	started out open
	unchanged ctl add 'COMPARTMENT app -> COMPARTMENT web METHOD tcp'
	done_with 1 'somebody else is changing the rules right now'
	unchanged ctl mode permissive web
	done_with 1 'somebody'
	echo >in
	wait
	cgcomptctl add 'COMPARTMENT app -> COMPARTMENT web METHOD tcp'
}

@test "R7 a tool that is killed in the middle of a transaction leaves nothing of it" {
	mkfifo in
	listing >before
	genl.py halfway <>in >out 3>&- &
	started out open
	kill -KILL $!
	wait $! || true
	cgcomptctl add 'COMPARTMENT web -> COMPARTMENT app METHOD tcp PORT 8007'
	listing | diff before -
}

@test "R7 messages that are not whole or not sane are refused with a reason, and change nothing" {
	unchanged run genl.py replies
	echo "$output"
	[ "${#lines[@]}" -ge 60 ]
	# of the right size, but for the one that is not
	[ "$(grep -c 'the definitions are missing or not whole' <<<"$output")" = 1 ]
	run ! grep -E ': (accepted|ENOMEM):|: E[A-Z]+: $' <<<"${output/unknown command: ENOTSUP: /}"
}

@test "L2 nobody but root in an administrators' compartment is answered" {
	listing >before
	run setpriv --reuid nobody --clear-groups genl.py everybody
	echo "$output"
	[ "$(grep -c ': EPERM: only root' <<<"$output")" = 11 ]
	for command in status list 'list processes' 'add COMPARTMENT web -> HOST * METHOD tcp' 'mode permissive' \
		disable revert denials; do
		# shellcheck disable=SC2086
		run setpriv --reuid nobody --clear-groups cgcomptctl $command
		[ "$status" = 1 ]
		# shellcheck disable=SC2086
		run cgcomptctl exec web -- cgcomptctl $command
		[ "$status" = 1 ]
	done
	listing | diff before -
}

@test "O4 permissive lets through what is refused, and counts it" {
	denials=$(status_of denials)
	ctl mode permissive
	done_with 0
	ctl status
	done_with 3 'only logged'
	[ "$(cgcomptctl exec web -- born act)" = allowed ]
	[ "$(status_of denials)" = $((denials + 1)) ]
	cgcomptctl denials | tail -n 1 | grep 'would deny'
	cgcomptctl mode enforce
	[ "$(cgcomptctl exec web -- born act)" = refused ]
}

@test "O4 one compartment permissive, the others not; it is listed so" {
	cgcomptctl mode permissive web
	[ "$(cgcomptctl exec web -- born act)" = allowed ]
	[ "$(cgcomptctl exec app -- born act)" = refused ]
	cgcomptctl status
	cgcomptctl list compartments | grep '^COMPARTMENT web .*PERMISSIVE'
	cgcomptctl list >first
	cgcomptctl load first
	cgcomptctl list | diff first -
	cgcomptctl mode enforce web
	[ "$(cgcomptctl exec web -- born act)" = refused ]
}

@test "O4 disabled, nothing is refused or counted; labels go on being kept" {
	mkfifo in
	cgcomptctl disable
	denials=$(status_of denials)
	ctl status
	done_with 3 disabled
	cgcomptctl exec web -- sh -c 'born act; read -r _; born act' <>in >out 3>&- &
	started out allowed
	[ "$(status_of denials)" = "$denials" ]
	cgcomptctl list processes | grep '^web '
	cgcomptctl enable
	echo >in
	wait
	[ "$(xargs <out)" = 'allowed refused' ]
}

@test "O4 disabled for a time, the kernel enforces again by itself" {
	cgcomptctl disable --for 2s
	[ "$(status_of mode)" = disabled ]
	[ "$(status_of rearm_seconds)" -gt 0 ]
	[ "$(cgcomptctl exec web -- born act)" = allowed ]
	becomes enforce status_of mode
	[ "$(cgcomptctl exec web -- born act)" = refused ]
	dmesg | tail -n 20 | grep 'cgcompt: enforcing again'
	cgcomptctl disable --for 2s
	cgcomptctl disable
	[ "$(status_of rearm_seconds)" = 0 ]
}

@test "O2 whatever prints takes --json" {
	cgcomptctl exec web -- born act
	for words in status list 'list compartments' 'list processes' 'list sockets' 'list netdevs' 'list labels' 'netdev list' 'list reverse' 'list ipc' \
		hooks denials 'add COMPARTMENT web -> HOST 192.0.2.9 METHOD tcp'; do
		# shellcheck disable=SC2086
		cgcomptctl --json $words >"${words%% ->*}.json"
	done
	python3 -Sc 'import glob, json
for name in glob.glob("*.json"): json.load(open(name))'
}
