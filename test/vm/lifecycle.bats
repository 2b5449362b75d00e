#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Starting and stopping compartments (mission F1): by systemd, and with --here by the tool itself; what comes with
# one, what is left of one, and what becomes of a start that fails. The tests follow one another.
#
# run: --systemd
# kernel: 6.12

load helpers/suite

definitions='INCLUDE <abstractions/journal>
COMPARTMENT web NUMBER 2 ROOT /compt/web USER root
COMPARTMENT mail NUMBER 3 ROOT /compt/mail
COMPARTMENT bare NUMBER 4'
jail=/compt/web
rule='COMPARTMENT default -> COMPARTMENT web METHOD tcp PORT 80'
shared='COMPARTMENT * -> COMPARTMENT default METHOD udp PORT 53'

setup_file() {
	local name
	dmesg -n 5
	for name in web mail who; do
		mkdir -p /compt/$name
		cp /run/guest/busybox /compt/$name/
	done
	mkdir -p /etc/cgcompt/start.d
	daemon='/busybox setsid /busybox sleep 3600 >/dev/null 2>&1 &'
	program mail startup "$daemon"
	program who startup 'echo "$(/busybox id -u):$(/busybox id -g):$(/busybox id -G)" $HOME' \
		'/busybox grep ^CapEff /proc/self/status' '/busybox httpd -p 80 -h /'
	program who shutdown 'echo shutdown $(/busybox id -u) $HOME' '/busybox grep ^CapEff /proc/self/status'
	as_before
	armed <<<"$definitions"
}

teardown_file() {
	systemctl stop cgcompt@web cgcompt@mail
}

# program COMPARTMENT startup|shutdown LINE…
program() {
	printf '%s\n' '#!/busybox sh' "${@:3}" >"/compt/$1/$2"
	chmod 755 "/compt/$1/$2"
}

# as_before - a web that starts and stops
as_before() {
	program web startup 'echo starting $COMPARTMENT' '/busybox id -u >/started' '/busybox ls -l /dev >/devices' \
		'/busybox ls /proc >/processes' '/busybox mount >/mounts' '/busybox cat /proc/self/limits >/limits' \
		'/busybox setsid /busybox sleep 3600 >/dev/null 2>&1 &'
	program web shutdown 'echo stopping $COMPARTMENT' '/busybox id -u >/stopped'
	printf '%s\n' "$rule" "$shared" >/etc/cgcompt/start.d/web.rules
	echo "$shared" >/etc/cgcompt/start.d/mail.rules
	rm -f $jail/started $jail/stopped
}

# left NAME - whatever there is of a started compartment
left() {
	cgcomptctl list processes | grep "^$1 " || true
	cgcomptctl --json list | grep -c '"owner": "unit"' | grep -v '^0$' || true
	grep " /compt/$1" /proc/mounts || true
	find /sys/fs/cgroup -path "*cgcompt*$1*" -name cgroup.procs -exec cat {} + || true
	[ ! -e "/run/cgcompt/$1" ] || echo "/run/cgcompt/$1"
}

gone() {
	left web
	[ -z "$(left web)" ]
}

# daemon_of COMPARTMENT - the first process in it
daemon_of() {
	cgcomptctl list processes | awk -v name="$1" '$1 == name { print $3; exit }'
}

@test "F1 start: rules, mounts, startup in the jail, then sealed" {
	ctl start web
	done_with 0
	[ "$(cat $jail/started)" = 0 ]
	cgcomptctl list | grep -F "$rule"
	cgcomptctl --json list | grep -A99 -F "$rule" | grep -m1 '"owner"' | grep '"unit"'
	cgcomptctl list compartments | grep '^COMPARTMENT web .*sealed$'
	[ -n "$(daemon_of web)" ]
	cat /run/cgcompt/web
}

@test "F1 an own /proc with its own processes, and a bare /dev" {
	cat $jail/processes
	run ! grep -x 1 $jail/processes
	grep -x self $jail/processes
	for node in null zero full random urandom tty; do
		grep -E "^crw-rw-rw-.* $node\$" $jail/devices
	done
	[ "$(grep -c ^c $jail/devices)" = 6 ]
	[ "$(grep -c ^b $jail/devices)" = 0 ]
	grep -E '^proc on /proc type proc \(rw,nosuid,nodev,noexec' $jail/mounts
	grep -E '^tmpfs on /dev type tmpfs \(rw,nosuid,noexec' $jail/mounts
	grep -E '^devpts on /dev/pts type devpts \(rw,nosuid,noexec' $jail/mounts
	grep -E '^tmpfs on /dev/shm type tmpfs \(rw,nosuid,nodev,noexec' $jail/mounts
}

@test "F1 systemd has it: status, main process, journal" {
	systemctl is-active cgcompt@web
	[ "$(systemctl show -P MainPID cgcompt@web)" = "$(daemon_of web)" ]
	systemctl status --no-pager cgcompt@web | grep 'Compartment web'
	succeeds sh -c 'journalctl -q -o cat -u cgcompt@web | grep -x "starting web"'
	[[ $(systemctl show -P After cgcompt@web) == *cgcompt.service* ]]
}

@test "F1 processes, memory, files and CPU are limited, as a drop-in says" {
	group=/sys/fs/cgroup$(systemctl show -P ControlGroup cgcompt@web)
	grep -x "$(daemon_of web)" "$group/cgroup.procs"
	[ "$(cat "$group/pids.max")" = 512 ]
	[ "$(cat "$group/memory.max")" -lt $((1024 * 1024 * 1024)) ]
	[ "$(cat "$group/cpu.weight")" = 50 ]
	grep -E '^Max open files +4096 +4096' $jail/limits
	grep -E '^Max core file size +0 +0' $jail/limits
}

@test "F1 what is started is not started again" {
	ctl start web
	done_with 1 'web is started already'
	ctl start --here web
	done_with 1 'web is started already'
	[ -n "$(daemon_of web)" ]
}

@test "F1 a rule that a second one needs stays until both are stopped; a load leaves them" {
	ctl start mail
	done_with 0
	armed <<<"$definitions"
	cgcomptctl list | grep -F "$rule"
	ctl stop web
	done_with 0
	cgcomptctl list | grep -F "$shared"
	run ! grep -F "$rule" <(cgcomptctl list)
	ctl stop mail
	done_with 0
	run ! grep -F "$shared" <(cgcomptctl list)
}

@test "F1 stop: shutdown in the jail, and nothing is left" {
	[ "$(cat $jail/stopped)" = 0 ]
	succeeds sh -c 'journalctl -q -o cat -u cgcompt@web | grep -x "stopping web"'
	[ "$(systemctl is-active cgcompt@web)" = inactive ]
	gone
	ctl stop web
	done_with 1 'web is not started'
}

@test "F1 a drop-in changes the limits" {
	mkdir -p /run/systemd/system/cgcompt@web.service.d
	printf '[Service]\nTasksMax=77\nLimitNOFILE=99\n' >/run/systemd/system/cgcompt@web.service.d/limits.conf
	systemctl daemon-reload
	systemctl start cgcompt@web
	[ "$(cat "/sys/fs/cgroup$(systemctl show -P ControlGroup cgcompt@web)/pids.max")" = 77 ]
	grep -E '^Max open files +99 +99' $jail/limits
	rm -r /run/systemd/system/cgcompt@web.service.d
	systemctl daemon-reload
}

@test "F1 when its main process ends, all of it does" {
	as supervisor kill -9 "$(systemctl show -P MainPID cgcompt@web)"
	succeeds eval '[ "$(systemctl is-active cgcompt@web)" = failed ]'
	gone
	systemctl reset-failed cgcompt@web
}

@test "F1 by the tool itself: a cgroup with the same limits" {
	ctl start --here web
	done_with 0
	group=/sys/fs/cgroup/cgcompt/web
	grep -x "$(daemon_of web)" $group/cgroup.procs
	[ "$(cat $group/pids.max)" = 512 ]
	[ "$(cat $group/memory.max)" -lt $((1024 * 1024 * 1024)) ]
	[ "$(cat $group/cpu.weight)" = 50 ]
	grep -E '^Max open files +4096 +4096' $jail/limits
	grep -E '^Max core file size +0 +0' $jail/limits
	cgcomptctl list compartments | grep '^COMPARTMENT web .*sealed$'
	ctl stop --here web
	done_with 0
	gone
	[ ! -e /sys/fs/cgroup/cgcompt ]
}

@test "F1 stop ends whatever is in it, however it came there and whatever it ignores" {
	program web startup "trap '' TERM HUP INT" '/busybox setsid /busybox sleep 3600 >/dev/null 2>&1 &' '/busybox setsid /busybox sleep 3601 >/dev/null 2>&1 &'
	program web shutdown 'exit 5'
	ctl start --here web
	done_with 0
	cgcomptctl exec web -- /busybox sh -c "trap '' TERM; echo ready; while :; do /busybox sleep 100; done" \
		>"$BATS_TEST_TMPDIR/out" 2>&1 3>&- 4>&- &
	started "$BATS_TEST_TMPDIR/out" ready
	ctl stop --here web
	done_with 1 'web: /compt/web/shutdown failed with status 5'
	wait || true
	gone
	as_before
}

# fails TEXT - and nothing is left
fails() {
	ctl start --here web
	done_with 1 "$1"
	gone
}

@test "F1 half started is rolled back: startup fails" {
	program web startup '/busybox setsid /busybox sleep 3600 >/dev/null 2>&1 &' 'echo here I stand >&2' 'exit 3'
	fails 'web: /compt/web/startup failed with status 3'
	ctl start web
	done_with 1 'web: /compt/web/startup failed with status 3'
	gone
	systemctl reset-failed cgcompt@web
	program web startup 'kill -9 $$'
	fails 'web: /compt/web/startup was ended by signal 9'
	printf '#!/no/such\n' >$jail/startup
	fails '/startup: No such file'
	rm $jail/startup
	fails 'web: /compt/web/startup: expected an executable file'
	as_before
}

@test "F1 half started is rolled back: rules" {
	printf '%s\n' "$rule" 'COMPARTMENT web -> METHOD tcp' >/etc/cgcompt/start.d/web.rules
	fails '/etc/cgcompt/start.d/web.rules:2:'
	printf '%s\n' "$rule" 'COMPARTMENT other NUMBER 7' >/etc/cgcompt/start.d/web.rules
	fails '/etc/cgcompt/start.d/web.rules:2:13: a definition, expected rules only'
	chmod o+w /etc/cgcompt/start.d/web.rules
	fails 'can be written by others than root'
	chmod o-w /etc/cgcompt/start.d/web.rules
	as_before
}

@test "F1 CHROOT-16 CHROOT-17 half started is rolled back: nothing is mounted through a link, nor over something" {
	rmdir $jail/dev
	ln -s /etc $jail/dev
	fails 'web: /compt/web/dev: '
	[ -e /etc/passwd ]
	rm $jail/dev
	mkdir $jail/dev
	mount -t tmpfs none $jail/dev
	ctl start --here web
	done_with 1 'web: /compt/web/dev: something is mounted there, expected nothing'
	umount $jail/dev
	gone
}

@test "F1 who interrupts a start has it rolled back" {
	program web startup 'echo ready' '/busybox sleep 3600'
	cgcomptctl start --here web >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- 4>&- &
	started "$BATS_TEST_TMPDIR/out" ready
	ctl start --here web
	done_with 1 'web is being started or stopped by somebody else right now'
	as supervisor kill -TERM $!
	run wait $!
	cat "$BATS_TEST_TMPDIR/out"
	grep 'web: interrupted in /compt/web/startup' "$BATS_TEST_TMPDIR/out"
	gone
	systemctl start --no-block cgcompt@web
	succeeds eval '[ "$(systemctl show -P SubState cgcompt@web)" = start ] && [ -n "$(daemon_of web)" ]'
	systemctl stop cgcompt@web
	gone
	systemctl reset-failed cgcompt@web || true
	as_before
}

@test "F1 a start that was killed is taken away by stop" {
	program web startup 'echo ready' '/busybox sleep 3600'
	cgcomptctl start --here web >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- 4>&- &
	started "$BATS_TEST_TMPDIR/out" ready
	as supervisor kill -9 $!
	run wait $!
	[ -n "$(left web)" ]
	as_before
	ctl stop --here web
	done_with 0
	gone
}

@test "F1 what cannot be started is refused, and says why" {
	ctl start nowhere
	done_with 1 'unknown compartment nowhere, expected one that has a definition'
	ctl start bare
	done_with 1 'compartment bare has no ROOT'
	ctl start ../web
	done_with 2 "../web: expected a compartment's name"
	ctl start
	done_with 2 'expected a compartment'
	cgcomptctl exec web -- /busybox sleep 3600 3>&- 4>&- &
	succeeds eval '[ -n "$(daemon_of web)" ]'
	ctl start --here web
	done_with 1 'web: there are 1 threads in it already, expected none'
	as supervisor kill $!
	wait || true
	gone
}

@test "F1 S3 who is in a compartment starts and stops none" {
	run ! cgcomptctl exec bare -- cgcomptctl start --here web
	run ! cgcomptctl exec bare -- cgcomptctl start web
	gone
	ctl start web
	run ! cgcomptctl exec bare -- cgcomptctl stop --here web
	[ -n "$(daemon_of web)" ]
	ctl stop web
	done_with 0
	gone
}

# who WORD… - a compartment who, by whose definition it is to be started; that has port 80
who() {
	armed <<<"$definitions
COMPARTMENT default -> COMPARTMENT who METHOD tcp PORT 80
COMPARTMENT who NUMBER 6 ROOT /compt/who $*"
}

# runs_as STARTED STOPPED - what who's startup and shutdown say
runs_as() {
	ctl start --here who
	done_with 0
	[ "$output" = "$1" ]
	cgcomptctl list processes | grep '^who .*busybox$'
	ctl stop --here who
	done_with 0
	[ "$output" = "$2" ]
	[ -z "$(left who)" ]
}

caps=CapEff:$'\t'

@test "F1 without USER it is nobody, who may take a port below 1024" {
	who
	runs_as "65534:65534:65534 /"$'\n'"${caps}0000000000000400" "shutdown 65534 /"$'\n'"${caps}0000000000000000"
}

@test "F1 it is whom USER names: a user of the machine with its groups, or a group, or both by number" {
	usermod -a -G mail www-data
	who USER www-data
	cgcomptctl list compartments | grep '^COMPARTMENT who NUMBER 6 ROOT /compt/who USER www-data '
	runs_as "33:33:33 8 /"$'\n'"${caps}0000000000000400" "shutdown 33 /"$'\n'"${caps}0000000000000000"
	who SEALED USER www-data
	runs_as "33:33:33 8 /"$'\n'"${caps}0000000000000400" "shutdown 33 /"$'\n'"${caps}0000000000000000"
	who USER 33:games
	runs_as "33:60:60 /"$'\n'"${caps}0000000000000400" "shutdown 33 /"$'\n'"${caps}0000000000000000"
	who USER 4711:4712
	runs_as "4711:4712:4712 /"$'\n'"${caps}0000000000000400" "shutdown 4711 /"$'\n'"${caps}0000000000000000"
}

@test "F1 S2 root has what the compartment may" {
	who USER root
	runs_as "0:0:0 /root"$'\n'"${caps}00000000200425fb" "shutdown 0 /root"$'\n'"${caps}00000000200425fb"
}

@test "F1 it is stopped as whom it was started, whatever is loaded meanwhile" {
	who USER www-data
	ctl start --here who
	done_with 0
	who USER root
	ctl stop --here who
	done_with 0
	[ "$output" = "shutdown 33 /"$'\n'"${caps}0000000000000000" ]
}

@test "F1 S2 no port below 1024 where CAPS are without it, where rules give it to another one, and by exec" {
	who CAPS -cap_net_bind_service
	ctl start --here who
	done_with 1 'bind: Permission denied'
	[[ $output == *"${caps}0000000000000000" ]]
	[ -z "$(left who)" ]
	armed <<<"$definitions"$'\nCOMPARTMENT default -> COMPARTMENT mail METHOD tcp PORT 80\nCOMPARTMENT who NUMBER 6 ROOT /compt/who'
	ctl start --here who
	done_with 1 'bind: Permission denied'
	who
	run cgcomptctl exec who --user nobody -- /busybox httpd -f -p 80
	[[ $output == *'bind: Permission denied'* ]]
}

@test "F1 an unknown user or group: nothing is made" {
	rm -rf /compt/who/dev
	who USER nosuch
	ctl start --here who
	done_with 1 'cgcomptctl: who: unknown user nosuch, expected a name or a number'
	[ ! -e /compt/who/dev ]
	[ -z "$(left who)" ]
	who USER www-data:nosuch
	ctl start --here who
	done_with 1 'cgcomptctl: who: unknown group nosuch, expected a name or a number'
	[ ! -e /compt/who/dev ]
	[ -z "$(left who)" ]
}

# box WORD… - the definition of a compartment box, beside the others
box() {
	armed <<<"$definitions
COMPARTMENT box NUMBER 7 ROOT /compt/box $*"
}

@test "F1 a device of the definition is in /dev, and opens; another one is not, and does not" {
	modprobe loop
	modprobe tun
	mkdir -p /compt/box
	cp /run/guest/busybox /compt/box/
	mknod -m 666 /compt/box/outside b 7 1
	truncate -s 1M disk
	losetup /dev/loop0 disk
	chown 0:8 /dev/loop0
	chmod 660 /dev/loop0
	program box startup '/busybox ls -ln /dev /dev/net' 'exec 3<>/dev/net/tun && echo tun' \
		'echo kept >/dev/loop0 && /busybox head -n 1 /dev/loop0' '/busybox head -c 1 /outside >/dev/null && echo outside' \
		'/busybox mknod /mine b 7 1 && echo mine' 'true'
	box USER nobody:mail DEVICES /dev/net/tun,/dev/loop0
	ctl start --here box
	done_with 0 'Permission denied'
	grep -E '^brw-rw---- +1 0 +8 +7, +0 .* loop0$' <<<"$output"
	grep -E '^crw-rw-rw- +1 0 +0 +10, 200 .* tun$' <<<"$output"
	grep -E '^drwxr-xr-x .* net$' <<<"$output"
	[ "$(grep -c '^[bc]' <<<"$output")" = 8 ]
	[ "$(tail -n 2 <<<"$output")" = $'tun\nkept' ]
	ctl stop --here box
	done_with 0
	[ -z "$(left box)" ]
	# what a node from outside needs is a rule; none can be made in there, by root neither
	box USER root $'DEVICES /dev/net/tun,/dev/loop0\nCOMPARTMENT box -> COMPARTMENT default METHOD trace'
	ctl start --here box
	done_with 0 'mknod: /mine: Operation not permitted'
	[ "$(tail -n 3 <<<"$output")" = $'tun\nkept\noutside' ]
	ctl stop --here box
	done_with 0
	box USER root
	ctl start --here box
	[ "$(grep -c '^[bc]' <<<"$output")" = 6 ]
	[[ $stderr == *'/dev/net/tun'* ]]
	ctl stop --here box
	losetup -d /dev/loop0
}

# logged TEXT - from a jail, in the log
logged() {
	journalctl --sync
	journalctl -q -o cat -t jailed | grep -qx "$1"
}

@test "F1 a service in a jail writes to the system's log by syslog(3): /dev/log by its definition, and by rule" {
	local journal='COMPARTMENT box -> COMPARTMENT default METHOD unix[dgram] PATH /run/systemd/journal/*'
	program box startup '/busybox logger -t jailed "$(/busybox cat /text)"' true
	echo no node >/compt/box/text
	armed <<<"COMPARTMENT box NUMBER 7 ROOT /compt/box"$'\n'"$journal"
	ctl start --here box
	ctl stop --here box
	echo no rule >/compt/box/text
	armed <<<'COMPARTMENT box NUMBER 7 ROOT /compt/box DEVICES /dev/log'
	ctl start --here box
	ctl stop --here box
	echo both >/compt/box/text
	armed <<<"COMPARTMENT box NUMBER 7 ROOT /compt/box DEVICES /dev/log"$'\n'"$journal"
	ctl start --here box
	done_with 0
	grep ' /compt/box/dev/log ' /proc/mounts
	ctl stop --here box
	done_with 0
	[ -z "$(left box)" ]
	succeeds logged both
	run ! logged 'no node'
	run ! logged 'no rule'
}

@test "F1 a device that is not any more what it was: nothing is made until the rules are loaded again" {
	program box startup '/busybox ls -ln /dev'
	rm -rf /compt/box/dev
	mknod /dev/moves b 7 1
	box DEVICES /dev/moves
	rm /dev/moves
	ctl start --here box
	done_with 1 'cgcomptctl: box: /dev/moves: No such file or directory, expected the device that its definition names'
	mknod /dev/moves b 7 2
	ctl start --here box
	done_with 1 'cgcomptctl: box: /dev/moves is not the device that it was when the rules were loaded, expected the same'
	[ ! -e /compt/box/dev ]
	[ -z "$(left box)" ]
	box DEVICES /dev/moves
	ctl start --here box
	done_with 0
	grep -E '^b.* 7, +2 .* moves$' <<<"$output"
	ctl stop --here box
	done_with 0
	rm /dev/moves
}

@test "F1 F5 a root that cgcompt-mkroot made: it is started, serves by rule, sealed and as a user, and is stopped" {
	local get='printf "GET / HTTP/1.0\r\n\r\n" | timeout 5 nc -w 2 127.0.0.1 8080 | tr -d "\r"'
	tar -C /compt -xf "$BATS_TEST_DIRNAME/helpers/build/site.tar"
	armed <<<"$definitions"$'\nCOMPARTMENT site NUMBER 5 ROOT /compt/site USER www-data'
	echo "$shared" >/etc/cgcompt/start.d/site.rules
	ctl start site
	done_with 0
	succeeds sh -c 'cgcomptctl exec site --no-root -- grep -q ":1F90 " /proc/net/tcp'
	run ! grep -x served < <(sh -c "$get")
	cgcomptctl add 'COMPARTMENT default -> COMPARTMENT site METHOD tcp PORT 8080'
	grep -x served < <(sh -c "$get")
	cgcomptctl list compartments | grep '^COMPARTMENT site .*sealed$'
	[ "$(as supervisor readlink "/proc/$(daemon_of site)/root")" = /compt/site ]
	[ "$(as supervisor stat -c %U "/proc/$(daemon_of site)")" = www-data ]
	ctl stop site
	done_with 0
	[ -z "$(left site)" ]
}
