#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# run: --hosts 1
#
# Datagrams: each is decided, or belongs to an exchange that was.

load helpers/suite
load helpers/net

gate=10.99.1.1 host=10.99.1.2

setup_file() {
	net_setup
	[ ! -e /proc/sys/kernel/io_uring_disabled ] || sysctl -qw kernel.io_uring_disabled=0
	on_host 1
	agent zero
}

setup() {
	afresh web tomcat cgi
}

# port NAME N ADDR PORT: socket N of NAME is bound there
port() {
	case $3 in *:*) expect ok "$1" open "$2" udp6 ;; *) expect ok "$1" open "$2" udp ;; esac
	expect ok "$1" set "$2" reuseaddr 1
	expect ok "$1" bind "$2" "$3" "$4"
}

@test "without the module everybody sends to everybody" {
	agent other
	port zero 1 :: 53
	expect ok other open 1 udp
	expect ok other sendto 1 127.0.0.1 53 one
	expect ok host1 open 1 udp
	for text in one two; do
		[[ $(tell zero recv 1) = "got $text from"* ]]
		[ $text = two ] || expect ok host1 sendto 1 $gate 53 two
	done
}

@test "N2 NET-06 a datagram to another compartment is refused at once, in whatever way it is sent" {
	port tomcat 1 :: 53
	port web 1 0.0.0.0 5000
	expect ok web open 2 udp6
	expect EACCES web sendto 1 127.0.0.1 53 no
	expect EACCES web sendto 1 $gate 53 no
	expect EACCES web sendmmsg 1 127.0.0.1 53 no no
	expect EACCES web uring-sendto 1 127.0.0.1 53 no
	expect EACCES web sendto 2 ::1 53 no
	expect EACCES web sendto 2 ::ffff:127.0.0.1 53 no
	expect EACCES web connect 1 127.0.0.1 53
	expect EACCES web connect 2 ::1 53
	expect ok web set 1 segment 2
	expect EACCES web sendto 1 127.0.0.1 53 no-no-no
	denied 'COMPARTMENT web -> COMPARTMENT tomcat PORT 53 METHOD udp' 'LOCAL_OUT'
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD udp PORT 53'
	expect ok web sendto 2 ::ffff:127.0.0.1 53 yes
	[[ $(tell tomcat recv 1) = "got yes from"* ]]
}

@test "N2 NET-06 the same ways, with a rule" {
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD udp PORT 53'
	port tomcat 1 :: 53
	port web 1 0.0.0.0 5000
	expect ok web sendto 1 127.0.0.1 53 a
	expect "sent 2" web sendmmsg 1 127.0.0.1 53 b c
	expect ok web uring-sendto 1 127.0.0.1 53 d
	expect ok web connect 1 127.0.0.1 53
	expect ok web send 1 e
	expect ok web set 1 segment 1
	expect ok web send 1 fg
	for text in a b c d e f g; do
		expect "got $text from ::ffff:127.0.0.1 5000" tomcat recv 1
	done
	expect ok web open 2 udp6
	expect ok web sendto 2 ::1 53 six
	[[ $(tell tomcat recv 1) = "got six from ::1"* ]]
}

@test "N2 HOST rules do not stand in for a datagram that stays" {
	rules 'COMPARTMENT web -> HOST * METHOD udp' 'HOST * -> COMPARTMENT tomcat METHOD udp'
	port tomcat 1 0.0.0.0 53
	port web 1 0.0.0.0 5000
	expect EACCES web sendto 1 127.0.0.1 53 no
	expect EACCES web sendto 1 $gate 53 no
}

@test "R3 within one compartment, and within 0, no rule is needed" {
	expect ok web serve udp 127.0.0.1 53
	expect ok web get udp 127.0.0.1 53
	fresh web
	expect ok zero serve udp 127.0.0.1 53
	expect ok other get udp 127.0.0.1 53
}

@test "NET-07 a socket that turns to another peer is decided again" {
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD udp PORT 53'
	port tomcat 1 127.0.0.1 53
	port tomcat 2 127.0.0.1 54
	expect ok web open 1 udp
	expect ok web connect 1 127.0.0.1 53
	expect ok web send 1 a
	expect EACCES web sendto 1 127.0.0.1 54 no
	expect EACCES web connect 1 127.0.0.1 54
	expect ok web connect 1 unspec
	expect EACCES web sendto 1 127.0.0.1 54 no
	expect ok web sendto 1 127.0.0.1 53 b
	expect ok tomcat patience 1
	expect timeout tomcat recv 2
	[[ $(tell tomcat recv 1) = "got a from"* ]]
	[[ $(tell tomcat recv 1) = "got b from"* ]]
}

@test "N1 out: by host, port and interface; a refusal is at once" {
	port host1 1 :: 53
	expect ok web open 1 udp
	expect ok web open 2 udp6
	expect EACCES web sendto 1 $host 53 no
	expect EACCES web connect 1 $host 53
	expect EACCES web sendto 2 fd99:1::2 53 no
	rules "COMPARTMENT web -> HOST $host METHOD udp PORT 53 NETDEV eth0" 'COMPARTMENT web -> NET fd99:1::/64 METHOD udp PORT 53'
	expect EACCES web sendto 1 $host 54 no
	expect ok web sendto 1 $host 53 four
	[[ $(tell host1 recv 1) = "got four from"* ]]
	expect ok web sendto 2 fd99:1::2 53 six
	[[ $(tell host1 recv 1) = "got six from fd99:1::1"* ]]
	rules "COMPARTMENT web -> HOST $host METHOD udp PORT 53 NETDEV eth1"
	expect EACCES web sendto 1 $host 53 no
}

@test "N1 in: a datagram that no rule allows is dropped, without an answer" {
	port web 1 :: 53
	port host1 1 :: 5000
	expect ok host1 sendto 1 fd99:1::1 53 no
	expect ok host1 connect 1 ::ffff:$gate 53
	expect ok host1 send 1 no
	succeeds denied "HOST $host -> COMPARTMENT web PORT 53 METHOD udp" 'source port 5000' 'on eth0'
	rules "HOST $host -> COMPARTMENT web METHOD udp PORT 53"
	# an error would be told by this
	expect ok host1 send 1 yes
	expect "got yes from ::ffff:$host 5000" web recv 1
}

@test "R4 an answer passes, and nothing else from there" {
	rules "COMPARTMENT web -> HOST $host METHOD udp PORT 53"
	port host1 1 0.0.0.0 53
	port host1 2 0.0.0.0 54
	port web 1 0.0.0.0 5000
	expect ok host1 sendto 1 $gate 5000 early
	succeeds denied "HOST $host -> COMPARTMENT web PORT 5000 METHOD udp" 'source port 53'
	expect ok web sendto 1 $host 53 question
	[[ $(tell host1 recv 1) = "got question from $gate 5000" ]]
	expect ok host1 sendto 2 $gate 5000 other-port
	succeeds denied "HOST $host -> COMPARTMENT web PORT 5000 METHOD udp" 'source port 54'
	expect ok host1 sendto 1 $gate 5000 answer
	expect "got answer from $host 53" web recv 1
}

@test "R4 an answer to an allowed request from outside passes, and nothing else to there" {
	rules "HOST $host -> COMPARTMENT web METHOD udp PORT 53"
	port web 1 0.0.0.0 53
	port host1 1 0.0.0.0 5000
	expect EACCES web sendto 1 $host 5000 early
	expect ok host1 sendto 1 $gate 53 question
	expect "got question from $host 5000" web recv 1
	expect EACCES web sendto 1 $host 5001 other-port
	expect ok web sendto 1 $host 5000 answer
	expect "got answer from $gate 53" host1 recv 1
}

@test "R4 an exchange between compartments goes the way that the rule says, and ends with its socket" {
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD udp PORT 53'
	port tomcat 1 127.0.0.1 53
	port web 1 127.0.0.1 5000
	expect EACCES tomcat sendto 1 127.0.0.1 5000 early
	expect ok web sendto 1 127.0.0.1 53 question
	expect "got question from 127.0.0.1 5000" tomcat recv 1
	expect ok tomcat sendto 1 127.0.0.1 5000 answer
	expect "got answer from 127.0.0.1 53" web recv 1
	expect ok tomcat open 2 udp
	expect EACCES tomcat sendto 2 127.0.0.1 5000 other-port
	expect ok tomcat close 1
	port tomcat 1 127.0.0.1 53
	expect EACCES tomcat sendto 1 127.0.0.1 5000 late
}

@test "NET-04 a socket that takes another's exchange over gets nothing of it" {
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD udp' 'HOST * -> COMPARTMENT cgi METHOD udp' 'HOST * -> COMPARTMENT default METHOD udp'
	port tomcat 1 0.0.0.0 53
	port web 1 127.0.0.1 5000
	expect ok web sendto 1 127.0.0.1 53 one
	expect "got one from 127.0.0.1 5000" tomcat recv 1
	for name in cgi zero; do
		port $name 1 127.0.0.1 53
		tell web sendto 1 127.0.0.1 53 no
		tell web sendto 1 127.0.0.1 53 no
		expect ok $name patience 1
		expect timeout $name recv 1
		expect ok $name close 1
	done
	expect ok web sendto 1 127.0.0.1 53 two
	expect "got two from 127.0.0.1 5000" tomcat recv 1
}

@test "NET-05 a port that a rule gives to others cannot be bound" {
	rules 'HOST * -> COMPARTMENT tomcat METHOD udp PORT 53'
	expect ok web open 1 udp
	expect EACCES web bind 1 0.0.0.0 53
	expect ok web bind 1 0.0.0.0 54
	port tomcat 1 0.0.0.0 53
	expect ok web open 2 tcp
	expect ok web bind 2 0.0.0.0 53
}

@test "NET-18 a broadcast from outside reaches those that a rule allows" {
	rules "HOST $host -> COMPARTMENT tomcat METHOD udp PORT 67"
	port tomcat 1 0.0.0.0 67
	expect ok host1 open 1 udp
	expect ok host1 set 1 broadcast 1
	expect ok host1 sendto 1 10.99.1.255 67 all
	[[ $(tell tomcat recv 1) = "got all from $host"* ]]
	rules
	expect ok host1 sendto 1 10.99.1.255 67 nobody
	succeeds denied "HOST $host" 'COMPARTMENT tomcat PORT 67 METHOD udp'
	expect ok tomcat patience 1
	expect timeout tomcat recv 1
}

# to_group GROUP: three datagrams from web to whoever listens there, port 5353
to_group() {
	local text
	for text in one two three; do
		expect ok web sendto 1 "$1" 5353 $text
	done
}

@test "NET-18 a broadcast reaches only the compartments here that the sender may reach" {
	rules "COMPARTMENT web -> HOST 10.99.1.255 METHOD udp" 'HOST * -> COMPARTMENT cgi METHOD udp' \
		'HOST * -> COMPARTMENT tomcat METHOD udp' 'COMPARTMENT web -> COMPARTMENT tomcat METHOD udp'
	port tomcat 1 0.0.0.0 5353
	port cgi 1 0.0.0.0 5353
	port host1 1 0.0.0.0 5353
	expect ok web open 1 udp
	expect ok web set 1 broadcast 1
	to_group 10.99.1.255
	for text in one two three; do
		[[ $(tell tomcat recv 1) = "got $text from $gate"* ]]
		[[ $(tell host1 recv 1) = "got $text from $gate"* ]]
	done
	expect ok cgi patience 1
	expect timeout cgi recv 1
	denied 'COMPARTMENT web -> COMPARTMENT cgi PORT 5353 METHOD udp'
}

@test "NET-18 NET-19 a group's datagrams reach only the compartments here that the sender may reach" {
	for group in 239.9.9.9 ff02::9999; do
		fresh web tomcat cgi host1
		rules "COMPARTMENT web -> HOST $group METHOD udp" 'HOST * -> COMPARTMENT cgi METHOD udp' \
			'HOST * -> COMPARTMENT tomcat METHOD udp' 'COMPARTMENT web -> COMPARTMENT tomcat METHOD udp'
		case $group in *:*) any=:: kind=udp6 ;; *) any=0.0.0.0 kind=udp ;; esac
		for name in tomcat cgi host1; do
			port $name 1 $any 5353
			expect ok $name set 1 join $group eth0
		done
		expect ok web open 1 $kind
		expect ok web set 1 join $group eth0
		to_group $group
		for text in one two three; do
			[[ $(tell tomcat recv 1) = "got $text from"* ]]
			[[ $(tell host1 recv 1) = "got $text from"* ]]
		done
		expect ok cgi patience 1
		expect timeout cgi recv 1
	done
}
