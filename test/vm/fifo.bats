#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel: 6.12
#
# Named FIFOs (attack IPC-18): one is its first opener's, and who opens it in another compartment needs unix[stream] in
# the direction that data would go. Anonymous pipes that are inherited are descriptors: exec.bats.

load helpers/suite

rules='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT db NUMBER 3 CAPS +all'
fifo=/srv/fifo

setup_file() {
	helper nodes.py
	dmesg -n 5
	rm -f $fifo
	mkfifo -m 666 $fifo
}

setup() {
	[[ $BATS_TEST_DESCRIPTION == without* ]] || loaded || armed <<<"$rules"
}

# held COMMAND…: which has $fifo open while a test runs
held() {
	in=$BATS_TEST_TMPDIR/in
	[ -e "$in" ] || mkfifo "$in"
	"$@" nodes.py hold $fifo <>"$in" >"$BATS_TEST_TMPDIR/held" 3>&- &
	holder=$!
	started "$BATS_TEST_TMPDIR/held" ready
}

# let_go: by its holder, who lives
let_go() {
	lives $holder
	echo >"$in"
	wait $holder
}

# acts COMMAND… - "read write both" as they went
acts() {
	"$@" nodes.py fifo $fifo | tee -a "$BATS_TEST_TMPDIR/acts" | sed 's/^[a-z]* //' | xargs
}

web() {
	cgcomptctl exec web -- "$@"
}

db() {
	cgcomptctl exec db -- "$@"
}

@test "without the module a FIFO is everybody's" {
	bare
	held env
	[ "$(acts env)" = 'allowed allowed allowed' ]
	let_go
}

@test "I1 IPC-18 a FIFO that compartment default has open is refused to another" {
	held env
	[ "$(acts env)" = 'allowed allowed allowed' ]
	[ "$(acts web)" = 'refused EACCES refused EACCES refused EACCES' ]
	let_go
}

@test "I1 IPC-18 one that a compartment has open is refused to others, default too" {
	held web
	[ "$(acts web)" = 'allowed allowed allowed' ]
	[ "$(acts db)" = 'refused EACCES refused EACCES refused EACCES' ]
	[ "$(acts env)" = 'refused EACCES refused EACCES refused EACCES' ]
	[ "$(acts cgcomptctl exec supervisor --)" = 'allowed allowed allowed' ]
	let_go
}

@test "I1 a FIFO that nobody has open is nobody's, and then its next opener's" {
	held web
	let_go
	held db
	[ "$(acts db)" = 'allowed allowed allowed' ]
	[ "$(acts web)" = 'refused EACCES refused EACCES refused EACCES' ]
	let_go
	[ "$(acts env)" = 'allowed failed ENXIO allowed' ]
}

@test "I1 a FIFO is its first opener's while it waits for the other end" {
	web sh -c 'exec <$1; read -r line; echo "got $line"' - $fifo >"$BATS_TEST_TMPDIR/got" 3>&- &
	succeeds cgcomptctl exec supervisor -- sh -c 'grep -qs wait_for_partner /proc/[0-9]*/wchan'
	[ "$(acts db)" = 'refused EACCES refused EACCES refused EACCES' ]
	web sh -c 'echo hello >$1' - $fifo
	wait
	grep -x 'got hello' "$BATS_TEST_TMPDIR/got"
}

@test "I1 IPC-18 unix[stream] allows it in the direction that data goes" {
	printf '%s\n' "$rules" 'COMPARTMENT web -> COMPARTMENT default METHOD unix[stream]' | armed
	held env
	[ "$(acts web)" = 'refused EACCES allowed refused EACCES' ]
	[ "$(acts db)" = 'refused EACCES refused EACCES refused EACCES' ]
	let_go
	held web
	[ "$(acts env)" = 'allowed refused EACCES refused EACCES' ]
	let_go
	printf '%s\n' "$rules" 'COMPARTMENT web -> COMPARTMENT db METHOD unix' 'COMPARTMENT db -> COMPARTMENT web METHOD unix' | armed
	held web
	[ "$(acts db)" = 'allowed allowed allowed' ]
	let_go
	printf '%s\n' "$rules" 'COMPARTMENT web -> COMPARTMENT default METHOD unix[dgram]' | armed
	held env
	[ "$(acts web)" = 'refused EACCES refused EACCES refused EACCES' ]
	let_go
	armed <<<"$rules"
}

@test "I1 of two compartments that open it for the first time at once, one gets it" {
	local _
	for _ in {1..15}; do
		printf '%s\n' 'exec 9<>$1 && echo opened && while [ ! -e $2 ]; do :; done' >"$BATS_TEST_TMPDIR/open"
		rm -f "$BATS_TEST_TMPDIR/go"
		for who in web db; do
			$who sh "$BATS_TEST_TMPDIR/open" $fifo "$BATS_TEST_TMPDIR/go" >"$BATS_TEST_TMPDIR/$who" 2>&1 3>&- &
			eval "$who=$!"
		done
		succeeds grep -qE 'opened|denied|Invalid' "$BATS_TEST_TMPDIR/web"
		succeeds grep -qE 'opened|denied|Invalid' "$BATS_TEST_TMPDIR/db"
		touch "$BATS_TEST_TMPDIR/go"
		wait "${web:?}" "${db:?}" || true
		[ "$(cat "$BATS_TEST_TMPDIR/web" "$BATS_TEST_TMPDIR/db" | grep -c '^opened$')" = 1 ]
	done
}

@test "I1 IPC-18 another compartment's pipe is not opened by way of /proc, one's own is" {
	local path
	mkfifo "$BATS_TEST_TMPDIR/in"
	web nodes.py pipe <>"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/pipe" 3>&- &
	started "$BATS_TEST_TMPDIR/pipe" pipe
	path=$(sed -n 's/^pipe //p' "$BATS_TEST_TMPDIR/pipe")
	grep -x 'own allowed' "$BATS_TEST_TMPDIR/pipe"
	[ "$(web nodes.py open "$path")" = "$path allowed" ]
	[ "$(cgcomptctl exec supervisor -- nodes.py open "$path")" = "$path allowed" ]
	run db nodes.py open "$path"
	[[ $output == "$path refused EACCES" || $output == "$path failed ENOENT" ]]
	echo >"$BATS_TEST_TMPDIR/in"
	wait
}

@test "O5 a refusal is logged with who, whose and what for" {
	held env
	web nodes.py fifo $fifo
	let_go
	cgcomptctl denials | tail -n 3 | tee "$BATS_TEST_TMPDIR/denials"
	grep -q 'web.*default.*unix' "$BATS_TEST_TMPDIR/denials"
}

@test "I1 no label of a FIFO is left: the module can be removed" {
	succeeds rmmod cgcompt
}
