#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel: 6.12
#
# N4: netlink between processes. 2 is NETLINK_USERSOCK, which only processes use; 0 is NETLINK_ROUTE.

load helpers/suite
load helpers/net
# shellcheck disable=SC2034
program=unixprobe.py
by_rule='COMPARTMENT web -> COMPARTMENT tomcat METHOD unix[dgram]'

setup_file() {
	net_setup
	agent zero
	agent other
}

setup() {
	afresh web tomcat
}

# port NAME SOCKET PROTOCOL [GROUP [PORT]]: opens one and prints its port
port() {
	local got
	got=$(tell "$1" netlink "${@:2}")
	[[ $got == 'got '* ]] || {
		echo "$got" >&2
		return 1
	}
	echo "${got#got }"
}

# lost FROM SOCKET PORT TO SOCKET: the sender is told of no error, as where the receiver has a filter (the kernel asks
# that in the same place); nothing arrives, and the refusal is in the log
lost() {
	expect ok "$1" netsend "$2" "$3" 0 secret
	expect timeout "$4" netrecv "$5" 0.2
	denied "COMPARTMENT ${1/zero/default} -> COMPARTMENT ${4/zero/default} METHOD unix[dgram]"
}

@test "without the module one process reaches another, by its port or a group" {
	for protocol in 0 2; do
		to=$(port other r $protocol)
		port zero s $protocol
		expect ok zero netsend s "$to" 0 hello
		expect 'got hello' other netrecv r
	done
	port other g 2 1
	tell zero netsend s 0 1 everybody # and to the kernel, which is not there
	expect 'got everybody' other netrecv g
}

@test "N4 within compartment 0 it goes on" {
	to=$(port other r 2 1)
	port zero s 2
	expect ok zero netsend s "$to" 0 hello
	expect 'got hello' other netrecv r
	tell zero netsend s 0 1 everybody # and to the kernel, which is not there
	expect 'got everybody' other netrecv r
}

@test "N4 NET-41 NETLINK_USERSOCK is not to be had without a rule" {
	expect EACCES web netlink s 2
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD tcp'
	expect EACCES web netlink s 2
}

@test "N4 NET-41 by a rule it goes that way, and no other" {
	rules "$by_rule"
	web=$(port web s 2)
	tomcat=$(port tomcat r 2)
	port zero z 2
	expect ok web netsend s "$tomcat" 0 hello
	expect 'got hello' tomcat netrecv r
	lost tomcat r "$web" web s
	lost zero z "$tomcat" tomcat r
	lost zero z "$web" web s
	rules
	lost web s "$tomcat" tomcat r
	rules "$by_rule"
	expect ok web netsend s "$tomcat" 0 again
	expect 'got again' tomcat netrecv r
}

# The kernel lets only CAP_NET_ADMIN join a group, and speak to others by NETLINK_ROUTE: no compartment has it.
@test "N4 NET-41 a group's message reaches only those whom a rule lets it reach" {
	rules "$by_rule" 'COMPARTMENT web -> COMPARTMENT default METHOD unix[dgram]'
	port web s 2
	port tomcat r 2
	port zero z 2 1
	expect EPERM tomcat netlink g 2 1
	tell tomcat netsend r 0 1 back
	expect timeout zero netrecv z 0.2
	tell web netsend s 0 1 everybody
	expect 'got everybody' zero netrecv z
}

@test "NET-41 a port that a compartment took before its owner came gets nothing of others'" {
	rules "$by_rule"
	port web s 2 0 4711
	port zero z 2
	lost zero z 4711 web s
}

@test "NET-41 root in a compartment reaches no other's rtnetlink socket" {
	to=$(port tomcat r 0)
	zero=$(port zero z 0)
	port web s 0
	rules "$by_rule" 'COMPARTMENT web -> COMPARTMENT default METHOD unix[dgram]'
	expect EPERM web netsend s "$to" 0 secret
	expect EPERM web netsend s "$zero" 0 secret
	lost zero z "$to" tomcat r
	rules 'COMPARTMENT default -> COMPARTMENT tomcat METHOD unix[dgram]'
	expect ok zero netsend z "$to" 0 hello
	expect 'got hello' tomcat netrecv r
}

@test "UNIX-14 by an inherited netlink socket nothing is sent" {
	port zero z 0
	expect 'got 0' zero run "unixprobe.py~netsend~0~0~0~hello" z
	# exec keeps unix sockets alone; standard input is /dev/null there
	[ "$(tell zero run "cgcomptctl~exec~web~--~unixprobe.py~netsend~0~0~0~hello" z)" != 'got 0' ]
}

@test "N4 the kernel answers: routes, addresses" {
	cgcomptctl exec web -- ip -br addr show lo | grep -q 127.0.0.1
}
