#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# run: --hosts 1
# kernel: 6.12
#
# A rule that goes takes with it what it had allowed (R8), and nothing else.

load helpers/suite
load helpers/net

gate=10.99.1.1 host=10.99.1.2
local_rule='COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8007'

setup_file() {
	net_setup
	on_host 1
	agent zero
}

setup() {
	afresh web tomcat cgi
	! loaded || cgcomptctl mode --force enforce
}

# connected NAME SERVER ADDR PORT: NAME's socket 1 to SERVER's socket 2; both have spoken
connected() {
	tell "$2" open 1 tcp
	expect ok "$2" bind 1 0.0.0.0 "$4"
	expect ok "$2" listen 1
	expect ok "$1" open 1 tcp
	expect ok "$1" connect 1 "$3" "$4"
	expect ok "$2" accept 1 2
	alive "$1" "$2"
}

# alive NAME SERVER: what connected made carries data both ways
alive() {
	expect ok "$1" send 1 to
	expect "got to" "$2" recv 2
	expect ok "$2" send 2 fro
	expect "got fro" "$1" recv 1
}

@test "without the module connections are made that will be older than it" {
	connected host1 zero $gate 8001
	expect ok host1 close 1
	expect ok zero stop
	agent old
	connected host1 old $gate 8002
	# the shipped rules keep it, a set without them does not
	modprobe cgcompt rules=/etc/cgcompt
	alive host1 old
	cgcomptctl del 'HOST * -> COMPARTMENT default METHOD all'
	cgcomptctl del 'COMPARTMENT default -> HOST * METHOD all'
	expect ECONNABORTED old recv 2
	expect ECONNRESET host1 recv 1
}

@test "R8 NET-12 a deleted rule cuts the connection between compartments at both ends" {
	rules "$local_rule"
	connected web tomcat 127.0.0.1 8007
	start web recv 1
	cgcomptctl del "$local_rule"
	await ECONNRESET web
	expect ECONNABORTED tomcat recv 2
	cgcomptctl add "$local_rule"
	expect ok web open 1 tcp
	expect ok web connect 1 127.0.0.1 8007
}

@test "R8 NET-12 a deleted rule cuts the connection to a host, which learns of it" {
	rules "COMPARTMENT web -> HOST $host METHOD tcp PORT 80"
	connected web host1 $host 80
	start web recv 1
	cgcomptctl del "COMPARTMENT web -> HOST $host METHOD tcp PORT 80"
	await ECONNABORTED web
	expect ECONNRESET host1 recv 2
}

@test "R8 NET-12 a deleted rule cuts the connection from a host, which learns of it" {
	rules "HOST $host -> COMPARTMENT web METHOD tcp PORT 80"
	connected host1 web $gate 80
	start web recv 2
	cgcomptctl del "HOST $host -> COMPARTMENT web METHOD tcp PORT 80"
	await ECONNABORTED web
	expect ECONNRESET host1 recv 1
}

@test "R8 other connections go on" {
	rules "$local_rule" 'COMPARTMENT cgi -> COMPARTMENT web METHOD tcp'
	connected web tomcat 127.0.0.1 8007
	expect ok web open 3 tcp
	expect ok web bind 3 127.0.0.1 8010
	expect ok web listen 3
	expect ok cgi open 1 tcp
	expect ok cgi connect 1 127.0.0.1 8010
	expect ok web accept 3 4
	cgcomptctl del "$local_rule"
	expect ECONNABORTED tomcat recv 2
	expect ok cgi send 1 still
	expect "got still" web recv 4
}

@test "R8 another rule that allows it keeps the connection" {
	rules "$local_rule" 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8000-8100'
	connected web tomcat 127.0.0.1 8007
	cgcomptctl del "$local_rule"
	alive web tomcat
	rules 'COMPARTMENT web -> COMPARTMENT * METHOD tcp'
	alive web tomcat
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8008'
	expect ECONNABORTED tomcat recv 2
}

@test "R8 UDP stops at the next datagram, and answers too" {
	rules "COMPARTMENT web -> HOST $host METHOD udp PORT 53" 'COMPARTMENT web -> COMPARTMENT tomcat METHOD udp PORT 53'
	expect ok host1 serve udp $host 53
	expect ok tomcat open 1 udp
	expect ok tomcat bind 1 127.0.0.1 53
	expect ok web open 1 udp
	expect ok web bind 1 0.0.0.0 5000
	expect ok web sendto 1 $host 53 a
	expect "got a from $host 53" web recv 1
	expect ok web sendto 1 127.0.0.1 53 b
	expect "got b from 127.0.0.1 5000" tomcat recv 1
	rules
	expect EACCES web sendto 1 $host 53 no
	expect EACCES web sendto 1 127.0.0.1 53 no
	expect EACCES tomcat sendto 1 127.0.0.1 5000 no
	run ! grep -q 'PORT 5000' <(reverse)
}

@test "R8 an interface's label that is taken away cuts what went by it" {
	cgcomptctl netdev set eth0 0xFFFF0003
	rules "COMPARTMENT web -> HOST $host METHOD tcp NETDEV @0xFFFF0003"
	connected web host1 $host 80
	cgcomptctl netdev set eth0 0xFFFF0004
	expect ECONNABORTED web recv 1
	expect ECONNRESET host1 recv 2
	cgcomptctl netdev clear eth0
}

@test "O4 NET-12 what was made while nothing was enforced ends when it is again" {
	rules
	cgcomptctl disable
	connected web tomcat 127.0.0.1 8007
	cgcomptctl enable --force
	expect ECONNABORTED tomcat recv 2
	expect ECONNRESET web recv 1
	rules "$local_rule"
	cgcomptctl disable
	fresh web tomcat
	connected web tomcat 127.0.0.1 8007
	cgcomptctl enable --force
	alive web tomcat
}

@test "O4 what was let through in permissive mode ends when it is enforced" {
	cgcomptctl mode --force permissive
	connected web tomcat 127.0.0.1 8007
	cgcomptctl mode --force enforce
	expect ECONNABORTED tomcat recv 2
}

@test "O7 a set that is put back cuts what only the other one allowed" {
	rules
	printf '%s\n' "$definitions" "$local_rule" >"$BATS_TEST_TMPDIR/on-trial.rules"
	cgcomptctl try --force "$BATS_TEST_TMPDIR/on-trial.rules" -t 600s
	connected web tomcat 127.0.0.1 8007
	cgcomptctl revert --force
	expect ECONNABORTED tomcat recv 2
	expect ECONNRESET web recv 1
}
