#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What is wrong is said with file, line and column; nothing is on stdout.
load helper

# wrong NAME:LINE:COLUMN TEXT - the rules on stdin are refused there
wrong() {
	check "${1%%:*}" || true
	refused 2 "cgcomptctl: $1: $2"
}

@test "R7: an unknown compartment, with the nearest name" {
	wrong f.rules:2:23 'unknown compartment wbe, did you mean web?' <<-'END'
		COMPARTMENT web
		HOST * -> COMPARTMENT wbe METHOD tcp PORT 80
	END
}

@test "L4: names of compartments are case-sensitive" {
	wrong f.rules:2:23 'unknown compartment WEB, did you mean web?' <<-'END'
		COMPARTMENT web
		HOST * -> COMPARTMENT WEB METHOD tcp PORT 80
	END
}

@test "R1: port 0" {
	wrong f.rules:1:41 'PORT 0: expected' <<<'HOST * -> COMPARTMENT 1 METHOD tcp PORT 0'
}

@test "R1: port 65536" {
	wrong f.rules:1:41 'PORT 65536: expected' <<<'HOST * -> COMPARTMENT 1 METHOD tcp PORT 65536'
}

@test "R1: an unknown service" {
	wrong f.rules:1:41 'port name htpp is not known for tcp' <<<'HOST * -> COMPARTMENT 1 METHOD tcp PORT htpp'
}

@test "R1: a port where the method has none" {
	check f.rules <<<'HOST * -> COMPARTMENT 1 METHOD icmp PORT 80' || true
	refused 2 'cgcomptctl: f.rules:1:'
}

@test "R1: /33" {
	wrong f.rules:1:14 '/33: expected 0 to 32' <<<'NET 10.0.0.0/33 -> COMPARTMENT 1 METHOD tcp'
}

@test "R1: bits past the prefix" {
	wrong f.rules:1:5 'the address has bits past its prefix' <<<'NET 10.0.0.1/24 -> COMPARTMENT 1 METHOD tcp'
}

@test "R1: a rule from host to host" {
	check f.rules <<<'HOST * -> HOST 10.0.0.1 METHOD tcp' || true
	refused 2 'cgcomptctl: f.rules:1:'
}

@test "R1: a rule without a method" {
	check f.rules <<<'COMPARTMENT 1 -> HOST *' || true
	refused 2 'cgcomptctl: f.rules:1:'
}

@test "R2: an attribute that does not end" {
	check f.rules <<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD shm[ro' || true
	refused 2 'cgcomptctl: f.rules:1:'
}

@test "R2: an attribute twice" {
	wrong f.rules:1:46 'attribute "ro" is there twice' <<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD shm[ro,ro]'
}

@test "R2: an attribute that is too long" {
	check f.rules <<<"COMPARTMENT 1 -> COMPARTMENT 2 METHOD shm[$(printf '%05000d' 0)]" || true
	refused 2 'cgcomptctl: f.rules:1:'
}

@test "R2: attributes and signals that there are not, of methods that have none" {
	wrong f.rules:1:43 'unknown attribute "rw" of shm: expected ro' <<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD shm[rw]'
	wrong f.rules:1:46 'unknown signal "TERMINATE": expected a name such as TERM' \
		<<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD signal[TERMINATE]'
	wrong f.rules:1:46 'unknown signal 65: expected' <<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD signal[65]'
	wrong f.rules:1:51 'signal 15 is there twice' <<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD signal[TERM,15]'
	wrong f.rules:1:39 'method "mq" takes no attributes' <<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD mq[send]'
	wrong f.rules:1:43 'unknown attribute "TERM" of msg' <<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD msg[TERM]'
}

@test "R2: PATH that is no socket's name" {
	local rule='COMPARTMENT 1 -> COMPARTMENT 2 METHOD unix PATH'
	wrong f.rules:1:49 'PATH is the name of a unix socket: expected an absolute one' <<<"$rule run/x"
	wrong f.rules:1:49 'PATH is the name of a unix socket: expected an absolute one' <<<"$rule *"
	wrong f.rules:1:49 'PATH "/xxxxxxxx' <<<"$rule /$(printf '%0111d' 0 | tr 0 x)"
	[[ $stderr == *'expected at most 111 bytes'* ]]
	wrong f.rules:1:48 'the statement ends here: expected a path' <<<"$rule"
	check f.rules <<<"$rule /$(printf '%0110d' 0 | tr 0 x)"
	accepted
}

@test "R2: PATH with other methods" {
	wrong f.rules:1:43 'PATH without METHOD unix' <<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD tcp PATH /x'
	wrong f.rules:1:48 'PATH without METHOD unix' <<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD unix,msg PATH /x'
	wrong f.rules:1:43 'PATH without METHOD unix' <<<'COMPARTMENT 1 -> COMPARTMENT 2 METHOD all PATH /x'
	wrong f.rules:1:32 'method unix is between compartments only' <<<'HOST * -> COMPARTMENT 2 METHOD unix PATH /x'
}

@test "design 3.1: two definitions of one name" {
	wrong f.rules:2:13 'compartment web is defined already at f.rules:1:13' <<-'END'
		COMPARTMENT web
		COMPARTMENT web NUMBER 3
	END
}

@test "design 3.1: two definitions of one number" {
	wrong f.rules:2:24 "NUMBER 2 is web's already (f.rules:1:13)" <<-'END'
		COMPARTMENT web NUMBER 2
		COMPARTMENT cgi NUMBER 2
	END
}

@test "design 3.1: two definitions of one number in two files" {
	echo 'COMPARTMENT web NUMBER 2' >a.rules
	echo 'COMPARTMENT cgi NUMBER 2' >b.rules
	ctl check a.rules b.rules
	refused 2 "cgcomptctl: b.rules:1:24: NUMBER 2 is web's already (a.rules:1:13)"
}

@test "L4: default is 0 and supervisor is -1" {
	check f.rules <<<'COMPARTMENT default NUMBER 3' || true
	refused 2 'cgcomptctl: f.rules:1:'
	check f.rules <<<'COMPARTMENT base NUMBER 0' || true
	refused 2 'cgcomptctl: f.rules:1:'
}

@test "L4: a compartment with an interface's number" {
	check f.rules <<<'COMPARTMENT web NUMBER 0xFFFF0001' || true
	refused 2 'cgcomptctl: f.rules:1:24: '
}

@test "R1: a name that is too long" {
	wrong f.rules:1:13 'compartment "aaaaaaaa' <<<"COMPARTMENT $(printf '%064d' 0 | tr 0 a)"
}

@test "R1: the longest name" {
	check f.rules <<<"COMPARTMENT $(printf '%063d' 0 | tr 0 a)"
	accepted
}

@test "R1: control bytes in a name, and none of them in the message" {
	check f.rules <<<$'COMPARTMENT we\ab' || true
	refused 2 'cgcomptctl: f.rules:1:15: '
	[[ $stderr != *$'\a'* ]]
}

@test "R1: UTF-8 in a name" {
	check f.rules <<<'COMPARTMENT wäb' || true
	refused 2 'cgcomptctl: f.rules:1:14: '
}

@test "R1: a line that is too long" {
	check f.rules <<<"# $(printf '%05000d' 0)" || true
	refused 2 'cgcomptctl: f.rules:1:'
}

@test "R7: a binary file" {
	printf 'COMPARTMENT web\nCOMP\0' >f.rules
	ctl check f.rules
	refused 2 'cgcomptctl: f.rules:2:5: a NUL byte'
}

@test "R7: a file that is a directory" {
	mkdir -p conf/a.rules
	ctl check conf
	refused 1 'cgcomptctl: conf/a.rules: is a directory, expected a file'
}

@test "R7: a directory without rules" {
	mkdir empty
	ctl check empty
	refused 1 'cgcomptctl: empty: no file in it, in its rules.d or in its netdev.d ends in .rules'
}

@test "R7: a file that is missing" {
	ctl check missing.rules
	refused 1 'cgcomptctl: missing.rules: No such file or directory'
}

@test "R7: a file of 100 MB" {
	truncate -s 100M large.rules
	ctl check large.rules
	refused 1 'cgcomptctl: large.rules: too large'
	ctl check /dev/zero
	refused 1 'cgcomptctl: /dev/zero: too large'
}

@test "R7: every file with an error is said, not only the first" {
	echo 'COMPARTMENT web NUMBER' >a.rules
	echo 'HOST' >b.rules
	ctl check a.rules b.rules
	refused 2 'cgcomptctl: a.rules:1:'
	refused 2 'cgcomptctl: b.rules:1:'
}

@test "design 3.1: INCLUDE of itself, over two files" {
	echo 'INCLUDE "b.rules"' >a.rules
	echo 'INCLUDE "a.rules"' >b.rules
	ctl check a.rules
	refused 2 'cgcomptctl: b.rules:1:1: a.rules includes itself'
}

@test "design 3.1: INCLUDE too deep" {
	for i in {1..12}; do
		echo "INCLUDE \"$((i + 1)).rules\"" >"$i.rules"
	done
	: >13.rules
	ctl check 1.rules
	refused 2 'cgcomptctl: 9.rules:1:1: INCLUDE goes deeper than 8 files'
}

@test "design 3.1: INCLUDE of what is not there, or elsewhere" {
	wrong f.rules:1:1 'INCLUDE <none>: there is no such file' <<<'INCLUDE <none>'
	check f.rules <<<'INCLUDE <../../etc/passwd>' || true
	refused 2 'cgcomptctl: f.rules:1:'
	wrong f.rules:1:1 'none.rules: No such file or directory' <<<'INCLUDE "none.rules"'
}

@test "O1: check warns of a file that others can write" {
	requires root [ "$(id -u)" -eq 0 ]
	: >open.rules
	chmod 666 open.rules
	ctl check open.rules
	accepted
	[[ $stderr == *"open.rules: warning: it can be written by others than root: load will refuse it"* ]]
}

@test "O1: check warns of a directory that others can write" {
	requires root [ "$(id -u)" -eq 0 ]
	mkdir -m 777 open
	: >open/a.rules
	ctl check open
	accepted
	[[ $stderr == *"open: warning: the directory can be written by others than root"* ]]
	ctl check open/a.rules
	[[ $stderr == *"a.rules: warning: a directory above it can be written by others than root"* ]]
}

@test "limits: a 65th interface" {
	for i in {1..65}; do
		echo "HOST * -> COMPARTMENT 1 METHOD tcp NETDEV if$i"
	done >f.rules
	ctl check f.rules
	refused 2 'cgcomptctl: f.rules:65:43: a 65th interface'
}

@test "limits: a 257th PATH" {
	for i in {1..257}; do
		echo "COMPARTMENT $i -> COMPARTMENT default METHOD unix PATH /run/$i"
	done >f.rules
	ctl check f.rules
	refused 2 'cgcomptctl: f.rules:257:57: a 257th PATH, expected at most 256 different ones in all rules'
	sed -i '257s/257$/1/' f.rules
	ctl check f.rules
	accepted
}

@test "limits: a 65th rule with one key" {
	for i in {1..65}; do
		echo "COMPARTMENT 1 -> COMPARTMENT 2 METHOD unix PATH /run/$i"
	done >f.rules
	ctl check f.rules
	refused 2 'cgcomptctl: f.rules:65:1: more than 64 rules differ only in'
}

@test "limits: a 65th shape" {
	for i in {1..70}; do
		echo "NET fd00::/$((i + 20)) -> COMPARTMENT 1 METHOD tcp"
	done >f.rules
	ctl check f.rules
	refused 2 'cgcomptctl: f.rules:65:1: '
}

@test "limits: a 4097th compartment" {
	for i in {1..4097}; do
		echo "COMPARTMENT c$i"
	done >f.rules
	ctl check f.rules
	refused 2 'cgcomptctl: f.rules:4097:13: too many compartments'
}
