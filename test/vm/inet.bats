#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel: 6.12
#
# TCP on one machine, over loopback and its own addresses: who reaches whom goes by the sender's label.

load helpers/suite
load helpers/net

four='127.0.0.1 127.7.7.7 10.9.9.1 0.0.0.0 ::ffff:127.0.0.1'
six='::1 fd09::1'

setup_file() {
	net_setup
	ip addr add 10.9.9.1/32 dev lo
	ip addr add fd09::1/128 dev lo nodad
	agent zero
}

setup() {
	afresh web tomcat cgi supervisor
}

# everywhere ANSWER NAME PORT: what connecting to PORT comes to, by every address of this machine
everywhere() {
	local addr kind
	for addr in $four; do
		case $addr in *:*) kind=tcp6 ;; *) kind=tcp ;; esac
		expect "$1" "$2" get $kind "$addr" "$3"
	done
	for addr in $six; do
		expect "$1" "$2" get tcp6 "$addr" "$3"
	done
}

@test "without the module everybody reaches everybody" {
	expect ok zero serve tcp6 :: 8007
	agent other
	everywhere ok other 8007
	expect ok other open 1 tcp
	expect ok other bind 1 127.0.0.1 8008
	# and what runs then goes on when it is loaded
	rules
	everywhere ok other 8007
}

@test "N2 NET-01 a compartment cannot connect to another by any address of this machine" {
	expect ok tomcat serve tcp6 :: 8007
	everywhere "connect EACCES" web 8007
	denied 'COMPARTMENT web -> COMPARTMENT tomcat PORT 8007 METHOD tcp' 'security_socket_connect'
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8007'
	everywhere ok web 8007
}

@test "N2 HOST rules do not stand in for what stays on this machine" {
	expect ok tomcat serve tcp6 :: 8007
	rules 'COMPARTMENT web -> HOST * METHOD all' 'HOST * -> COMPARTMENT tomcat METHOD all' \
		'COMPARTMENT web -> NET 127.0.0.0/8 METHOD all' 'NET 127.0.0.0/8 -> COMPARTMENT tomcat METHOD all'
	everywhere "connect EACCES" web 8007
}

@test "N2 R3 within one compartment, and within 0, no rule is needed" {
	expect ok web serve tcp6 :: 8007
	everywhere ok web 8007
	fresh web
	expect ok zero serve tcp6 :: 8007
	expect ok other get tcp 127.0.0.1 8007
}

@test "R3 L4 compartment 0 and the others reach each other by rule only" {
	expect ok web serve tcp 127.0.0.1 80
	expect ok zero serve tcp 127.0.0.1 81
	expect "connect EACCES" zero get tcp 127.0.0.1 80
	expect "connect EACCES" web get tcp 127.0.0.1 81
	rules 'COMPARTMENT default -> COMPARTMENT web METHOD tcp PORT 80'
	expect ok zero get tcp 127.0.0.1 80
	expect "connect EACCES" web get tcp 127.0.0.1 81
	rules 'COMPARTMENT web -> COMPARTMENT 0 METHOD tcp PORT 81'
	expect "connect EACCES" zero get tcp 127.0.0.1 80
	expect ok web get tcp 127.0.0.1 81
}

@test "L4 the supervisor reaches all, and is reached as compartment 0" {
	expect ok web serve tcp 127.0.0.1 80
	expect ok supervisor serve tcp 127.0.0.1 81
	expect ok supervisor get tcp 127.0.0.1 80
	expect "connect EACCES" web get tcp 127.0.0.1 81
	expect ok zero get tcp 127.0.0.1 81
}

@test "R4 NET-02 a rule for one direction does not allow the other" {
	expect ok tomcat serve tcp 127.0.0.1 8007
	expect ok web serve tcp 127.0.0.2 8007
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp'
	expect ok web get tcp 127.0.0.1 8007
	expect "connect EACCES" tomcat get tcp 127.0.0.2 8007
	rules 'COMPARTMENT tomcat -> COMPARTMENT web METHOD tcp'
	expect ok tomcat get tcp 127.0.0.2 8007
	expect "connect EACCES" web get tcp 127.0.0.1 8007
}

@test "N1 a rule's port, and no other" {
	expect ok tomcat serve tcp 127.0.0.1 8007
	expect ok tomcat serve tcp 127.0.0.1 8008
	expect ok tomcat serve tcp 127.0.0.1 8010
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8007-8009'
	expect ok web get tcp 127.0.0.1 8007
	expect ok web get tcp 127.0.0.1 8008
	expect "connect EACCES" web get tcp 127.0.0.1 8010
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD udp' 'COMPARTMENT cgi -> COMPARTMENT tomcat METHOD tcp'
	expect "connect EACCES" web get tcp 127.0.0.1 8007
}

@test "N1 a rule's source port, and no other" {
	expect ok tomcat serve tcp 127.0.0.1 8007
	rules 'COMPARTMENT web PORT 5000 -> COMPARTMENT tomcat METHOD tcp'
	expect ok web get tcp 127.0.0.1 8007 127.0.0.1 5000
	expect "connect EACCES" web get tcp 127.0.0.1 8007 127.0.0.1 5001
	# one that the kernel chooses is known only to the packet
	expect "connect ECONNREFUSED" web get tcp 127.0.0.1 8007
	rules 'COMPARTMENT web PORT 1024-65535 -> COMPARTMENT tomcat METHOD tcp'
	expect ok web get tcp 127.0.0.1 8007
}

@test "NET-13 a port where nobody listens is refused by the kernel, not by the module" {
	expect "connect ECONNREFUSED" web get tcp 127.0.0.1 8007
	expect "connect ECONNREFUSED" web get tcp6 ::1 8007
	expect "connect ECONNREFUSED" zero get tcp 10.9.9.1 8007
}

@test "L5 NET-14 an accepted socket is its listener's" {
	expect ok tomcat open 1 tcp
	expect ok tomcat bind 1 127.0.0.1 8007
	expect ok tomcat listen 1
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8007'
	expect ok web open 1 tcp
	expect ok web connect 1 127.0.0.1 8007
	# while nobody has accepted, and after
	[ "$(cgcomptctl list sockets | grep -c '^tomcat .* 8007 ')" = 2 ]
	expect ok tomcat accept 1 2
	[ "$(cgcomptctl list sockets | grep -c '^tomcat .* 8007 ')" = 2 ]
	expect ok web send 1 hello
	expect "got hello" tomcat recv 2
	[ "$(cgcomptctl list sockets | grep -c '^web .* 8007')" = 1 ]
}

@test "NET-05 a port that a rule gives to others cannot be bound, one's own can" {
	rules 'HOST * -> COMPARTMENT tomcat METHOD tcp PORT 8007' 'COMPARTMENT cgi -> COMPARTMENT tomcat METHOD tcp PORT 8009'
	expect ok web open 1 tcp
	expect EACCES web bind 1 0.0.0.0 8007
	expect EACCES web bind 1 127.0.0.1 8009
	denied 'COMPARTMENT web' 'PORT 8007' 'security_socket_bind'
	expect ok web open 2 tcp6
	expect EACCES web bind 2 :: 8007
	expect ok web bind 1 0.0.0.0 8008
	expect ok tomcat open 1 tcp
	expect ok tomcat bind 1 0.0.0.0 8007
	rules 'HOST * -> COMPARTMENT tomcat METHOD tcp PORT 8007' 'HOST * -> COMPARTMENT web METHOD tcp PORT 8007'
	expect ok web bind 2 fd09::1 8007
}

@test "NET-05 compartment 0 cannot take a compartment's port either" {
	rules 'HOST * -> COMPARTMENT tomcat METHOD tcp PORT 8007'
	expect ok zero open 1 tcp
	expect EACCES zero bind 1 0.0.0.0 8007
	expect ok supervisor open 1 tcp
	expect ok supervisor bind 1 0.0.0.0 8007
}

@test "NET-03 a listener that shares another's port gets none of its connections" {
	rules 'COMPARTMENT cgi -> COMPARTMENT tomcat METHOD tcp'
	expect ok tomcat open 1 tcp
	expect ok tomcat set 1 reuseport 1
	expect ok tomcat bind 1 0.0.0.0 8007
	expect ok tomcat listen 1
	expect ok web open 1 tcp
	expect ok web set 1 reuseport 1
	# the rule leaves the port open, so it is not one that is given to tomcat
	if [ "$(tell web bind 1 0.0.0.0 8007)" = ok ]; then
		expect ok web listen 1
		for _ in 1 2 3 4 5 6 7 8; do
			tell cgi open 1 tcp
			tell cgi connect 1 127.0.0.1 8007
		done
		expect ok web patience 1
		expect timeout web accept 1 2
	fi
	rules 'COMPARTMENT cgi -> COMPARTMENT tomcat METHOD tcp PORT 8007'
	expect ok web open 1 tcp
	expect ok web set 1 reuseport 1
	expect EACCES web bind 1 0.0.0.0 8007
}

@test "NET-04 a listener on a narrower address of another's port gets none of its connections" {
	rules 'COMPARTMENT cgi -> COMPARTMENT tomcat METHOD tcp' 'COMPARTMENT web -> COMPARTMENT cgi METHOD tcp'
	expect ok tomcat open 1 tcp
	expect ok tomcat bind 1 0.0.0.0 8007
	expect ok web open 1 tcp
	expect ok web bind 1 127.0.0.1 8007
	expect ok web listen 1
	expect "connect EACCES" cgi get tcp 127.0.0.1 8007
	expect ok web patience 1
	expect timeout web accept 1 2
}

@test "NET-01 io_uring is no way round" {
	expect ok tomcat serve tcp 127.0.0.1 8007
	expect ok web open 1 tcp
	expect EACCES web uring-connect 1 127.0.0.1 8007
	expect EACCES web uring-connect 1 127.0.0.1 8007 async
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp'
	expect ok web uring-connect 1 127.0.0.1 8007 async
	expect ok web send 1 hello
	expect "got hello" web recv 1
}

# handed NUMBER WHAT…: tomcat opens a socket, does WHAT with it, and hands it to web
handed() {
	local n=$1
	expect ok tomcat open "$n" tcp
	shift
	[ $# = 0 ] || expect ok tomcat "$1" "$n" "${@:2}"
	expect ok tomcat pass "$n" /run/web.meet
}

@test "L2 a socket of another compartment does not arrive by a message" {
	rules 'COMPARTMENT * -> COMPARTMENT * METHOD tcp'
	expect ok web meet 9 /run/web.meet
	expect ok tomcat open 1 tcp
	expect EACCES tomcat pass 1 /run/web.meet
	rules 'COMPARTMENT * -> COMPARTMENT * METHOD tcp,unix'
	expect ok tomcat pass 1 /run/web.meet
	expect nothing web take 9 1
	rm /run/web.meet
}

@test "design 4 a socket that has got to another compartment cannot connect, bind or listen there" {
	rules 'COMPARTMENT * -> COMPARTMENT * METHOD tcp'
	expect ok cgi serve tcp 127.0.0.1 8007
	expect ok web meet 9 /run/web.meet
	cgcomptctl mode --force permissive
	handed 1
	expect ok web take 9 1
	handed 2 bind 127.0.0.1 8009
	expect ok web take 9 2
	cgcomptctl mode --force enforce
	rm /run/web.meet
	expect EACCES web connect 1 127.0.0.1 8007
	expect EACCES web bind 1 127.0.0.1 8008
	expect EACCES web listen 2
	expect ok tomcat connect 1 127.0.0.1 8007
	expect ok tomcat listen 2
}

@test "a socket without a peer can be taken back to none" {
	expect ok web open 1 tcp
	expect ok web connect 1 unspec
	expect ok tomcat serve tcp 127.0.0.1 8007
	expect EACCES web connect 1 127.0.0.1 8007
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp'
	expect ok web connect 1 127.0.0.1 8007
}
