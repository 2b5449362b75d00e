#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# run: --systemd
# kernel: 6.12
#
# L2, design 4: what systemd gives the programs that it starts in compartments: listening sockets, the journal.

load helpers/suite

rules='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT tomcat NUMBER 3 CAPS +all
COMPARTMENT default -> COMPARTMENT web METHOD unix PATH @activated
COMPARTMENT default -> COMPARTMENT web METHOD unix PATH @mapped'
mapped='EXEC /srv/mapped.py -> COMPARTMENT web
EXEC /srv/mapped-say -> COMPARTMENT web
EXEC /srv/mapped-mute -> COMPARTMENT tomcat'
journal='COMPARTMENT web -> COMPARTMENT default METHOD unix[stream] PATH /run/systemd/journal/stdout'

setup_file() {
	helper unixprobe.py
	unit activated.socket '[Socket]' 'ListenStream=@activated'
	unit activated.service '[Service]' 'ExecStart=/usr/bin/cgcomptctl exec web -- /run/helpers/unixprobe.py activated'
	unit says.service '[Service]' 'Type=oneshot' 'ExecStart=/usr/bin/cgcomptctl exec web -- /bin/echo %n says it'
	unit mute.service '[Service]' 'Type=oneshot' 'ExecStart=/usr/bin/cgcomptctl exec tomcat -- /bin/echo %n says it'
	install -m 755 /run/helpers/unixprobe.py /srv/mapped.py
	install -m 755 /bin/echo /srv/mapped-say
	install -m 755 /bin/echo /srv/mapped-mute
	unit mapped.socket '[Socket]' 'ListenStream=@mapped'
	unit mapped.service '[Service]' 'ExecStart=/srv/mapped.py activated'
	unit mapped-says.service '[Service]' 'Type=oneshot' 'ExecStart=/srv/mapped-say %n says it'
	unit mapped-mute.service '[Service]' 'Type=oneshot' 'ExecStart=/srv/mapped-mute %n says it'
	unit mapped-accept.socket '[Socket]' 'ListenStream=127.0.0.1:4711' 'Accept=yes'
	unit mapped-accept@.service '[Service]' 'StandardInput=socket' 'ExecStart=/srv/mapped-say hello'
	sed -i "s|/usr/bin/cgcomptctl|$(command -v cgcomptctl)|" /run/systemd/system/*.service
	systemctl daemon-reload
	armed <<<"$rules
$journal
$mapped"
}

# unit NAME LINE…
unit() {
	mkdir -p /run/systemd/system
	printf '%s\n' "${@:2}" >"/run/systemd/system/$1"
}

@test "UNIX-14 a socket that systemd listens at is of the compartment that its program is started in" {
	systemctl start activated.socket
	# the first connection comes before the compartment is known, and is one to compartment 0
	[ "$(unixprobe.py say @activated hello)" = 'got hello 1' ]
	systemctl start activated.service
	run cgcomptctl exec tomcat -- unixprobe.py say @activated hello
	[ "$status" = 13 ]
	[ "$(unixprobe.py say @activated again)" = 'got again 1' ]
	systemctl stop activated.socket
}

@test "UNIX-14 a program's output reaches the journal by a rule, and by nothing else" {
	systemctl start says.service
	succeeds sh -c 'journalctl -q -u says.service | grep -q "says.service says it"'
	run systemctl start mute.service
	[ "$status" != 0 ]
	run ! grep 'mute.service says it' <(journalctl -q -u mute.service)
}

@test "L3 LABEL-07 UNIX-14 an unmodified unit lands in its compartment, with its socket and its way to the journal" {
	systemctl start mapped.socket
	systemctl start mapped.service
	succeeds sh -c 'cgcomptctl list processes | grep "^web "'
	run cgcomptctl exec tomcat -- unixprobe.py say @mapped hello
	[ "$status" = 13 ]
	[ "$(unixprobe.py say @mapped again)" = 'got again 1' ]
	systemctl stop mapped.socket
	systemctl start mapped-says.service
	succeeds sh -c 'journalctl -q -u mapped-says.service | grep -q "mapped-says.service says it"'
	run systemctl start mapped-mute.service
	[ "$status" != 0 ]
	run ! grep 'mapped-mute.service says it' <(journalctl -q -u mapped-mute.service)
}

@test "L3 LABEL-15 a connection that systemd accepted is not handed over with a mapping" {
	systemctl start mapped-accept.socket
	run python3 -Sc 'import socket
print(socket.create_connection(("127.0.0.1", 4711), 10).recv(100))'
	[[ $output != *hello* ]]
	succeeds sh -c 'journalctl -q | grep mapped-accept@ | grep -i "not permitted"'
	systemctl stop mapped-accept.socket
}
