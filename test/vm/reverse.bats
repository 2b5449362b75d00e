#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# run: --hosts 1
# kernel: 6.12
#
# Reverse rules (R4): there while what they answer is there, for exactly that, and apart from the administrator's.

load helpers/suite
load helpers/net

gate=10.99.1.1 host=10.99.1.2

setup_file() {
	net_setup
	on_host 1
	agent zero
}

setup() {
	afresh web tomcat cgi
}

# listener NAME ADDR PORT: as NAME's socket 1
listener() {
	expect ok "$1" open 1 "${4-tcp}"
	expect ok "$1" bind 1 "$2" "$3"
	expect ok "$1" listen 1
}

# caller NAME ADDR PORT SOURCE PORT: as NAME's socket 1, connected
caller() {
	expect ok "$1" open 1 "${6-tcp}"
	expect ok "$1" bind 1 "$4" "$5"
	expect ok "$1" connect 1 "$2" "$3"
}

# listed RULE, unlisted TEXT: among the reverse rules, now or soon
listed() {
	succeeds eval "reverse | grep -qxF '$1'"
}

unlisted() {
	succeeds eval "! reverse | grep -qF '$1'"
}

@test "R4 between compartments: while the connection is there, and not among the rules" {
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp PORT 8007'
	listener tomcat 127.0.0.1 8007
	caller web 127.0.0.1 8007 127.0.0.1 5000
	listed 'COMPARTMENT tomcat PORT 8007 -> COMPARTMENT web PORT 5000 METHOD tcp'
	[ "$(reverse | grep -c 'PORT 8007')" = 1 ]
	run ! grep -q 'PORT 5000' <(cgcomptctl list rules)
	expect ok tomcat accept 1 2
	expect ok web close 1
	expect eof tomcat recv 2
	expect ok tomcat close 2
	unlisted 'PORT 8007'
}

@test "R4 to a host: with both ports, the interface and the rule that it answers" {
	rules "COMPARTMENT web -> HOST $host METHOD tcp PORT 80"
	listener host1 0.0.0.0 80
	caller web $host 80 $gate 5000
	listed "HOST $host PORT 80 -> COMPARTMENT web PORT 5000 METHOD tcp NETDEV eth0"
	ref=$(cgcomptctl list rules | sed -n 's/.*# \(0x[0-9a-f]*\)$/\1/p')
	cgcomptctl list reverse | grep -F "PORT 5000" | grep -F "answers $ref"
	expect ok web close 1
	expect ok host1 stop
	unlisted 'PORT 5000'
}

@test "R4 from a host: the compartment's answers" {
	rules "HOST $host -> COMPARTMENT web METHOD tcp PORT 80"
	listener web 0.0.0.0 80
	caller host1 $gate 80 $host 5000
	listed "COMPARTMENT web PORT 80 -> HOST $host PORT 5000 METHOD tcp NETDEV eth0"
	expect ok host1 stop
	expect ok web stop
	unlisted 'PORT 5000'
}

@test "R4 IPv6" {
	rules 'COMPARTMENT web -> HOST fd99:1::2 METHOD tcp PORT 80'
	listener host1 :: 80 tcp6
	caller web fd99:1::2 80 fd99:1::1 5000 tcp6
	listed 'HOST fd99:1::2 PORT 80 -> COMPARTMENT web PORT 5000 METHOD tcp NETDEV eth0'
}

@test "R4 a request that is not answered yet has its rule, and loses it when it fails" {
	rules 'COMPARTMENT web -> NET 10.99.1.0/24 METHOD tcp PORT 80'
	expect ok web open 1 tcp
	expect ok web bind 1 $gate 5000
	expect ok web patience 1
	expect timeout web connect 1 10.99.1.9 80
	listed 'HOST 10.99.1.9 PORT 80 -> COMPARTMENT web PORT 5000 METHOD tcp NETDEV eth0'
	expect ok web close 1
	unlisted 'PORT 5000'
}

@test "R4 a connection does not let its peer begin another" {
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp' "COMPARTMENT web -> HOST $host METHOD tcp"
	listener tomcat 127.0.0.1 8007
	listener host1 0.0.0.0 80
	caller web 127.0.0.1 8007 127.0.0.1 5000
	expect ok web open 2 tcp
	expect ok web connect 2 $host 80
	expect ok web serve tcp 0.0.0.0 5001
	expect "connect EACCES" tomcat get tcp 127.0.0.1 5001
	expect "connect EACCES" tomcat get tcp 127.0.0.1 5001 127.0.0.1 8008
	expect ok host1 patience 1500
	expect "connect timeout" host1 get tcp $gate 5001
	expect ok web send 2 hello
}

# port NAME N ADDR PORT: UDP socket N of NAME
port() {
	expect ok "$1" open "$2" udp
	expect ok "$1" bind "$2" "$3" "$4"
}

# seconds TEXT: what is left to the reverse rule with TEXT
seconds() {
	cgcomptctl list reverse | grep -F "$1" | sed -n 's/.*, \([0-9]*\) s$/\1/p'
}

@test "R4 UDP between compartments: for the exchange, and gone with the socket that was asked" {
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD udp PORT 53'
	port tomcat 1 127.0.0.1 53
	port web 1 127.0.0.1 5000
	expect ok web sendto 1 127.0.0.1 53 question
	expect "got question from 127.0.0.1 5000" tomcat recv 1
	listed 'COMPARTMENT tomcat PORT 53 -> COMPARTMENT web PORT 5000 METHOD udp'
	expect ok tomcat close 1
	unlisted 'PORT 5000'
}

@test "R4 UDP to a host: 30 s unanswered, 180 s answered, gone with its socket" {
	rules "COMPARTMENT web -> HOST $host METHOD udp PORT 53"
	port host1 1 0.0.0.0 53
	port web 1 $gate 5000
	expect ok web sendto 1 $host 53 question
	listed "HOST $host PORT 53 -> COMPARTMENT web PORT 5000 METHOD udp NETDEV eth0"
	[ "$(seconds 'PORT 5000')" -le 31 ]
	expect "got question from $gate 5000" host1 recv 1
	expect ok host1 sendto 1 $gate 5000 answer
	expect "got answer from $host 53" web recv 1
	[ "$(seconds 'PORT 5000')" -gt 31 ]
	[ "$(seconds 'PORT 5000')" -le 181 ]
	expect ok web close 1
	unlisted 'PORT 5000'
}

@test "R4 UDP: one request is one exchange" {
	rules "COMPARTMENT web -> HOST $host METHOD udp"
	port web 1 $gate 5000
	for port in 53 54 55 53 54 55; do
		expect ok web sendto 1 $host $port text
	done
	[ "$(reverse | grep -c 'PORT 5000')" = 3 ]
}

@test "R4 SCTP: an association by rule, and its reverse rule" {
	requires 'sctp.ko' modprobe sctp
	rules 'COMPARTMENT tomcat -> COMPARTMENT web METHOD sctp'
	listener tomcat 127.0.0.1 8007 sctp
	expect ok web patience 1500
	expect "connect timeout" web get sctp 127.0.0.1 8007
	denied 'COMPARTMENT web -> COMPARTMENT tomcat PORT 8007 METHOD sctp'
	expect ok web patience 15000
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD sctp PORT 8007'
	caller web 127.0.0.1 8007 127.0.0.1 5000 sctp
	expect ok tomcat accept 1 2
	expect ok web send 1 hello
	expect "got hello" tomcat recv 2
	expect ok tomcat send 2 answer
	expect "got answer" web recv 1
	listed 'COMPARTMENT tomcat PORT 8007 -> COMPARTMENT web PORT 5000 METHOD sctp'
}
