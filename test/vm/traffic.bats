#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# While there is traffic: sets replaced under it, the module loaded and unloaded. What is allowed before and after
# is never refused in between, and what neither allows never passes.
#
# run: --processors 2 --timeout 1500
# kernel: 6.12

load helpers/suite

same='
COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT tomcat NUMBER 3 CAPS +all
COMPARTMENT cgi NUMBER 4 CAPS +all
COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp,udp PORT 8007
'

setup_file() {
	helper traffic
}

teardown() {
	end_all
	tc qdisc del dev lo root 2>/dev/null || true
}

# begin NAME COMMAND…: until end NAME
begin() {
	local name=$1 input
	shift
	mkfifo "$BATS_TEST_TMPDIR/$name.in"
	"$@" <"$BATS_TEST_TMPDIR/$name.in" >"$BATS_TEST_TMPDIR/$name" 2>&1 3>&- &
	pids[$name]=$!
	exec {input}>"$BATS_TEST_TMPDIR/$name.in"
	inputs[$name]=$input
}

# end NAME…: tells them, and waits
end() {
	local name input
	for name; do
		input=${inputs[$name]}
		unset "inputs[$name]"
		echo >&"$input"
		exec {input}>&-
		wait "${pids[$name]}"
		echo "$name: $(cat "$BATS_TEST_TMPDIR/$name")"
	done
}

end_all() {
	end "${!inputs[@]}" || true
}

declare -gA inputs=() pids=()

# ended TEXT NAME…: they end, and say that
ended() {
	local said=$1 name
	shift
	end "$@"
	for name; do
		grep -qx "$said" "$BATS_TEST_TMPDIR/$name"
	done
}

all_passed='passed [1-9][0-9]* refused 0 other 0'
none_passed='passed 0 refused [1-9][0-9]* other 0'

# replaced TIMES: the set, so often, by another one
replaced() {
	local i
	for ((i = 0; i < $1; i++)); do
		if ((i % 2)); then
			echo "$same"
		else
			printf '%s\n' "$same" 'COMPARTMENT cgi -> COMPARTMENT web METHOD tcp' \
				'COMPARTMENT web -> COMPARTMENT tomcat METHOD all'
		fi | cgcomptctl load --force - >/dev/null
	done
}

@test "L6 forty loads and unloads under traffic and forks, none of which is refused" {
	local i
	bare
	begin server traffic serve 8007
	started "$BATS_TEST_TMPDIR/server" ready
	begin connect traffic connect 8007
	begin pingpong traffic pingpong 8007
	begin datagrams traffic datagrams 8007
	begin forks bash -c 'until read -r -t 0; do /bin/true || exit; done; echo forked'
	for ((i = 0; i < 40; i++)); do
		# the loader, which takes longest, every tenth time
		if ((i % 10)); then modprobe cgcompt; else modprobe cgcompt rules=/etc/cgcompt; fi
		bare
	done
	ended "$all_passed" connect pingpong datagrams
	ended forked forks
}

@test "L6 a datagram that is under way when the module comes or goes arrives" {
	local i
	bare
	tc qdisc add dev lo root netem delay 10ms
	begin server traffic serve 8007
	started "$BATS_TEST_TMPDIR/server" ready
	begin datagrams traffic datagrams 8007
	for ((i = 0; i < 10; i++)); do
		modprobe cgcompt
		bare
	done
	ended "$all_passed" datagrams
}

@test "R7 while sets are replaced nothing is refused that all of them allow" {
	armed <<<"$same"
	begin server cgcomptctl exec tomcat -- traffic serve 8007
	started "$BATS_TEST_TMPDIR/server" ready
	begin connect cgcomptctl exec web -- traffic connect 8007
	begin pingpong cgcomptctl exec web -- traffic pingpong 8007
	begin datagrams cgcomptctl exec web -- traffic datagrams 8007
	replaced 100
	ended "$all_passed" connect pingpong datagrams
}

@test "R7 while sets are replaced nothing passes that none of them allows" {
	armed <<<"$same"
	begin server cgcomptctl exec tomcat -- traffic serve 8007
	started "$BATS_TEST_TMPDIR/server" ready
	begin connect cgcomptctl exec cgi -- traffic connect 8007
	begin datagrams cgcomptctl exec cgi -- traffic datagrams 8007
	begin raw cgcomptctl exec cgi -- traffic raw
	replaced 100
	ended "$none_passed" connect datagrams raw
	# and it is the rules that refuse: with one it passes
	printf '%s\n' "$same" 'COMPARTMENT cgi -> COMPARTMENT tomcat METHOD tcp,udp PORT 8007' | cgcomptctl load --force - >/dev/null
	begin connect-now cgcomptctl exec cgi -- traffic connect 8007
	begin datagrams-now cgcomptctl exec cgi -- traffic datagrams 8007
	ended "$all_passed" connect-now datagrams-now
}
