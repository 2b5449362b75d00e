#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# I1: unix sockets between compartments. A client (web, or an agent outside before the module comes) and a server
# (tomcat); each way is gone three times: without the module, without a rule, with one.

load helpers/suite
load helpers/net
# shellcheck disable=SC2034
program=unixprobe.py
by_rule='COMPARTMENT web -> COMPARTMENT tomcat METHOD unix'

setup_file() {
	net_setup
	install -d -m 777 /run/u
	[ ! -e /proc/sys/kernel/io_uring_disabled ] || sysctl -qw kernel.io_uring_disabled=0
	agent zero
	agent other
	ways zero other >"$BATS_FILE_TMPDIR/bare"
	rules
	in_compartments web tomcat
	ways web tomcat >"$BATS_FILE_TMPDIR/web"
	rules "$by_rule"
	ways web tomcat >"$BATS_FILE_TMPDIR/allowed"
	ways tomcat web >"$BATS_FILE_TMPDIR/backwards"
	rules
	ways web web >"$BATS_FILE_TMPDIR/within"
}

setup() {
	afresh web tomcat
}

# talk CLIENT SERVER LISTENER: what was connected is accepted and carries something both ways
talk() {
	expect ok "$2" accept "$3" a && expect ok "$1" send c there && expect 'got there' "$2" recv a &&
		expect ok "$2" send a back && expect 'got back' "$1" recv c && echo ok
}

# way NAME CLIENT SERVER LISTENER COMMAND…: the client connects so, and talks
way() {
	local name=$1 client=$2 server=$3 listener=$4 got
	shift 4
	got=$(tell "$client" "$@")
	[ "$got" != ok ] || got=$(talk "$client" "$server" "$listener")
	echo "$name $got"
}

# datagram NAME CLIENT SERVER SOCKET COMMAND…: the client sends `there' so
datagram() {
	local name=$1 client=$2 server=$3 socket=$4 got
	shift 4
	got=$(tell "$client" "$@")
	[ "$got" != ok ] || got=$(expect 'got there' "$server" recv "$socket" && echo ok)
	echo "$name $got"
}

# ways CLIENT SERVER: what comes of each
ways() {
	local c=$1 s=$2 auto dauto
	fresh "$c" "$s"
	rm -rf /run/u/*
	for type in stream seqpacket dgram; do
		expect ok "$s" bind $type $type /run/u/$type
		expect ok "$s" bind @$type $type @$type
	done
	auto=$(tell "$s" bind auto stream auto)
	dauto=$(tell "$s" bind dauto dgram auto)
	ln -s /run/u/stream /run/u/link
	touch /run/u/bound
	mount --bind /run/u/stream /run/u/bound
	way stream "$c" "$s" stream connect c stream /run/u/stream
	way @stream "$c" "$s" @stream connect c stream @stream
	way auto "$c" "$s" auto connect c stream "${auto#got }"
	way seqpacket "$c" "$s" seqpacket connect c seqpacket /run/u/seqpacket
	way @seqpacket "$c" "$s" @seqpacket connect c seqpacket @seqpacket
	way link "$c" "$s" stream connect c stream /run/u/link
	way bound "$c" "$s" stream connect c stream /run/u/bound
	way opath "$c" "$s" stream opath c stream /run/u/stream
	way worker "$c" "$s" stream ring c stream /run/u/stream worker
	way poll "$c" "$s" stream ring c stream /run/u/stream poll
	umount /run/u/bound
	expect ok "$c" new d dgram
	datagram dgram "$c" "$s" dgram sendto d /run/u/dgram there
	datagram @dgram "$c" "$s" @dgram sendto d @dgram there
	datagram dauto "$c" "$s" dauto sendto d "${dauto#got }" there
	echo "connected $(tell "$c" connect e dgram @dgram)"
	# the server lives, and serves its own
	[ "$c" = "$s" ] || fresh "$c"
	expect ok "$s" connect own stream @stream
	echo "served $(tell "$s" accept @stream b)"
	fresh "$s"
}

# refused WAY…: it goes without the module, by rule and within a compartment; otherwise, and against the rule, not
refused() {
	local way
	cd "$BATS_FILE_TMPDIR" || return
	for way; do
		grep -H "^$way " bare web allowed backwards within
		for file in bare allowed within; do
			grep -qx "$way ok" $file
		done
		grep -qx "$way EACCES" web
		grep -qx "$way EACCES" backwards
	done
	grep -qx 'served ok' web
}

# connected TYPE: web's c and tomcat's a, by the rule
connected() {
	rules "$by_rule"
	expect ok tomcat bind l "$1" @l
	expect ok web connect c "$1" @l
	expect ok tomcat accept l a
}

@test "I1 UNIX-02 a stream to another compartment, by path, abstract or autobound" {
	refused stream @stream auto
}

@test "I1 UNIX-05 a seqpacket to another compartment" {
	refused seqpacket @seqpacket
}

@test "I1 UNIX-02 datagrams to another compartment, connected or not" {
	refused dgram @dgram dauto connected
}

@test "I1 UNIX-09 by a link, a bind mount or an O_PATH descriptor it is the same socket" {
	refused link bound opath
}

@test "I1 UNIX-09 whose socket it is counts, not who put it under that name" {
	rules 'COMPARTMENT web -> COMPARTMENT default METHOD unix'
	expect ok zero bind l stream /run/u/l
	expect ok tomcat bind l stream /run/u/m
	expect ok web connect c stream /run/u/l
	mv /run/u/m /run/u/l
	expect EACCES web connect c stream /run/u/l
	rm /run/u/l
}

@test "I1 UNIX-16 UNIX-17 io_uring connects as its process may, by a worker or a polling thread" {
	refused worker poll
}

@test "R1 unix[stream] gives no datagram, unix[dgram] no stream" {
	expect ok tomcat bind l stream @l
	expect ok tomcat bind d dgram @d
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD unix[stream]'
	expect ok web connect c stream @l
	expect EACCES web connect e dgram @d
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD unix[dgram]'
	expect EACCES web connect c stream @l
	expect ok web connect e dgram @d
}

@test "R2 PATH is the receiving socket's name, by whatever way it is reached; without a name there is none" {
	expect ok tomcat bind s stream /run/u/there
	expect ok tomcat bind q seqpacket @there
	expect ok tomcat bind d dgram /run/u/d.sock
	expect ok tomcat bind n dgram @there
	ln -sf /run/u/there /run/u/other
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD unix PATH /run/u/there'
	expect ok web connect c stream /run/u/there
	[ "$(talk web tomcat s)" = ok ]
	expect ok web connect c stream /run/u/other
	expect ok web opath c stream /run/u/there
	expect EACCES web connect e seqpacket @there
	expect EACCES web connect f dgram /run/u/d.sock
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD unix PATH @th*'
	expect EACCES web send c gone
	expect ok web connect e seqpacket @there
	[ "$(tell tomcat accept q a)" = ok ]
	expect ok web send e hello
	expect 'got hello' tomcat recv a
	expect ok tomcat send a back
	expect 'got back' web recv e
	expect EACCES web connect c stream /run/u/there
	expect ok web connect f dgram @there
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD unix[dgram] PATH /run/u/*.sock'
	expect EACCES web connect c stream /run/u/there
	expect EACCES web send f gone
	expect ok web connect f dgram /run/u/d.sock
	expect ok web send f hello
	expect 'got hello' tomcat recv d
	# a relative path with an @ is not the abstract name
	rules 'COMPARTMENT web -> COMPARTMENT tomcat METHOD unix PATH @*'
	expect ok tomcat bind_in x stream /run/u @there
	expect EACCES web connect c stream /run/u/@there
	# a socketpair's end has no name
	rules 'COMPARTMENT web -> COMPARTMENT default METHOD unix PATH /*' \
		'COMPARTMENT web -> COMPARTMENT default METHOD unix PATH @*'
	expect ok zero pair x y stream
	expect 'got 13' zero run "cgcomptctl~exec~web~--~unixprobe.py~send~1~hello" - x
	rm -rf /run/u/*
}

@test "I1 compartment 0 and the others need a rule for each other; the supervisor needs none" {
	expect ok tomcat bind l stream @l
	expect ok zero bind l stream @z
	expect EACCES zero connect c stream @l
	expect EACCES web connect c stream @z
	[ -p "$places/supervisor.in" ] || in_compartments supervisor
	expect ok supervisor connect c stream @l
	[ "$(talk supervisor tomcat l)" = ok ]
	# what it makes is compartment 0's
	expect ok supervisor bind s stream @s
	expect EACCES web connect c stream @s
	expect ok zero connect c stream @s
}

@test "O5 a refusal is told with both compartments and the kind of socket" {
	expect ok tomcat bind l stream @l
	expect EACCES web connect c stream @l
	denied 'COMPARTMENT web -> COMPARTMENT tomcat METHOD unix[stream]' security_unix_stream_connect
}

@test "R4 the answers of a stream are a reverse rule, listed until it is closed" {
	connected stream
	[ "$(reverse)" = 'COMPARTMENT tomcat -> COMPARTMENT web METHOD unix[stream]' ]
	fresh web tomcat
	becomes '' reverse
}

@test "R8 UNIX-04 UNIX-15 a stream whose rule is taken away sends no more, in either direction" {
	connected stream
	expect ok web send c one
	expect 'got one' tomcat recv a
	rules
	expect EACCES web send c two
	expect EACCES web send c two 1 # MSG_OOB
	expect EACCES web sendfile c
	expect EACCES web aio c
	expect EACCES web ringsend c worker
	expect EACCES web ringsend c poll
	expect EACCES tomcat send a three
	denied 'COMPARTMENT web -> COMPARTMENT tomcat METHOD unix[stream]' unix_stream_sendmsg
	rules "$by_rule"
	expect ok web send c four
	expect 'got four' tomcat recv a
	expect ok tomcat send a five
	expect 'got five' web recv c
	expect ok web aio c # UNIX-19: within what is allowed
	expect 'got aio!' tomcat recv a
}

@test "R8 UNIX-04 UNIX-05 so does a seqpacket" {
	connected seqpacket
	expect ok web send c one
	expect 'got one' tomcat recv a
	rules
	expect EACCES web send c two
	expect EACCES tomcat send a three
	rules "$by_rule"
	expect ok tomcat send a four
	expect 'got four' web recv c
}

@test "R8 UNIX-04 so does a connected datagram socket" {
	rules "$by_rule"
	expect ok tomcat bind d dgram @d
	expect ok web connect e dgram @d
	expect ok web send e one
	expect 'got one' tomcat recv d
	rules
	expect EACCES web send e two
	rules "$by_rule"
	expect ok web send e three
	expect 'got three' tomcat recv d
}

@test "R4 datagrams go one way: an answer needs a rule of its own" {
	rules "$by_rule"
	expect ok tomcat bind d dgram @d
	expect ok web bind e dgram @e
	expect ok web sendto e @d question
	expect EACCES tomcat sendto d @e answer
}

@test "UNIX-18 what io_uring was told to send later is decided when it is sent" {
	connected stream
	expect ok web ringlater c
	expect ok web ringnow
	expect 'got late' tomcat recv a
	expect ok web ringlater c
	rules
	expect EACCES web ringnow
}

@test "R8 mode permissive and disabled let it through, and enforcing again does not" {
	expect ok tomcat bind l stream @l
	cgcomptctl mode permissive
	expect ok web connect c stream @l
	[ "$(talk web tomcat l)" = ok ]
	cgcomptctl mode enforce
	expect EACCES web send c one
	cgcomptctl disable
	expect ok web send c two
	cgcomptctl enable
	expect EACCES tomcat send a three
}

@test "L2 UNIX-06 an inherited end of a socketpair needs the rule that a connection would" {
	in_web() {
		tell zero run "cgcomptctl~exec~web~--~unixprobe.py~${1// /\~}" "${@:2}"
	}
	for type in stream seqpacket dgram; do
		rules
		expect ok zero pair x y $type
		expect 'got 0' zero run "unixprobe.py~send~1~outside" - x
		expect 'got outside' zero recv y
		[ "$(in_web 'send 1 hello' - x)" = 'got 13' ]
		expect ok zero send y secret
		[ "$(in_web 'recv 0' x)" = 'got 13' ]
		rules 'COMPARTMENT web -> COMPARTMENT default METHOD unix'
		[ "$(in_web 'send 1 hello' - x)" = 'got 0' ]
		expect 'got hello' zero recv y
		[ "$(in_web 'recv 0' x)" = 'got 0' ]
	done
	rules
	expect ok zero pair x y stream
	expect ok zero send y secret
	[ "$(in_web 'splice 0' x)" = 'got 13' ]
}

@test "L2 UNIX-14 so does a connection that stood open, as standard output in the journal does" {
	expect ok zero bind l stream @l
	expect ok zero connect c stream @l
	expect ok zero accept l a
	expect 'got 13' zero run "cgcomptctl~exec~web~--~unixprobe.py~send~1~hello" - c
	# what was accepted: who is at its other end would have connected to web
	expect 'got 13' zero run "cgcomptctl~exec~web~--~unixprobe.py~send~1~hello" - a
	rules 'COMPARTMENT web -> COMPARTMENT default METHOD unix[stream]'
	expect 'got 0' zero run "cgcomptctl~exec~web~--~unixprobe.py~send~1~hello" - c
	expect 'got hello' zero recv a
	expect 'got 13' zero run "cgcomptctl~exec~web~--~unixprobe.py~send~1~hello" - a
	rules 'COMPARTMENT default -> COMPARTMENT web METHOD unix[stream]'
	expect 'got 0' zero run "cgcomptctl~exec~web~--~unixprobe.py~send~1~hi" - a
	expect 'got hi' zero recv c
}

@test "UNIX-14 a listener or a fresh socket of another compartment is of no use, whatever the rules" {
	rules 'COMPARTMENT web -> COMPARTMENT default METHOD unix' 'COMPARTMENT default -> COMPARTMENT web METHOD unix'
	expect ok zero bind l stream @l
	expect ok zero connect c stream @l
	expect ok zero setblocking l
	expect 'got 13' zero run "cgcomptctl~exec~web~--~unixprobe.py~accept~0~x" l
	expect ok zero accept l a
	for act in 'listen_on 0' 'bind_to 0 @x' 'connect_to 0 @l' 'recv 0'; do
		expect ok zero new f stream
		expect ok zero setblocking f
		expect 'got 13' zero run "cgcomptctl~exec~web~--~unixprobe.py~${act// /\~}" f
	done
	expect ok zero new f dgram
	expect ok zero setblocking f
	expect 'got 13' zero run "cgcomptctl~exec~web~--~unixprobe.py~recv~0" f
}

@test "IPC-20 a program that a vfork()ed child puts in another compartment leaves its parent where it was" {
	expect ok zero bind l stream @l
	expect 'got 13' zero run "cgcomptctl~exec~web~--~unixprobe.py~connect~c~stream~@l"
	expect ok zero connect c stream @l
}

@test "L5 no socket keeps its label when it is gone" {
	before=$(status_of sockets)
	connected stream
	fresh web tomcat
	becomes "$before" status_of sockets
}
