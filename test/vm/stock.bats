#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# A stock Debian server with the package on it: nothing that ran before it ceases to (mission O1, O7), whoever runs it;
# then two of its services in compartments, by the example that is shipped. The tests follow one another, and a
# refusal that no test meant is a failure.
#
# run: --processors 2 --timeout 2400 --systemd --hosts 1 --mem 2048 --install openssh-server,openssh-client,cron,nginx,postgresql,podman,crun,logrotate,libpam-systemd
# kernel: 6.12

load helpers/suite

examples=/usr/share/cgcompt/examples
services='systemd-journald systemd-logind systemd-udevd cron ssh nginx postgresql@17-main'

setup_file() {
	echo '* * * * * root echo "cron ran in $(cut -d" " -f1 /proc/uptime)" >>/run/cron.out' >/etc/cron.d/probe
	useradd -m -s /bin/bash ann
	ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id
	install -d -o ann -g ann -m 700 /home/ann/.ssh
	install -o ann -g ann -m 600 /root/.ssh/id.pub /home/ann/.ssh/authorized_keys
}

# login ADDRESS COMMAND…: as ann, over loopback
login() {
	local address=$1
	shift
	ssh -i /root/.ssh/id -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "ann@$address" "$@"
}


# calm - no unit has failed, and nothing was refused since the last look
calm() {
	local failed before
	failed=$(systemctl --failed --no-legend --plain)
	before=$(cat "$BATS_FILE_TMPDIR/denials" 2>/dev/null || echo 0)
	status_of denials >"$BATS_FILE_TMPDIR/denials"
	[ "$(status_of denials)" = "$before" ] || cgcomptctl denials | tail -n "$(($(status_of denials) - before))"
	echo "$failed"
	[ -z "$failed" ]
	[ "$(status_of denials)" = "$before" ]
}

# expected N - so many refusals were meant
expected() {
	local before
	before=$(cat "$BATS_FILE_TMPDIR/denials")
	cgcomptctl denials | tail -n "$(($(status_of denials) - before))"
	[ "$(($(status_of denials) - before))" -ge "$1" ]
	status_of denials >"$BATS_FILE_TMPDIR/denials"
}

# said UNIT TEXT - the journal has it as the unit's own
said() {
	journalctl -b --no-pager -o cat -u "$1" | grep -q -- "$2"
}

# page ADDRESS - what the web server shows there
page() {
	python3 -Sc 'import sys, urllib.request
print(urllib.request.urlopen("http://%s/" % sys.argv[1], timeout=10).read().decode())' "$1"
}

# from_outside - what it shows to another machine
from_outside() {
	onhost 1 sh -c "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | socat -t 10 - TCP:10.99.1.1:80"
}

# sql COMMAND… - an answer of the database's, over TCP, as COMMAND… psql
sql() {
	PGPASSWORD=secret "$@" psql -h 127.0.0.1 -U shop -d postgres -Atc 'select 6 * 7'
}

# lives_in COMPARTMENT UNIT - every process of the unit's; `default' is not listed
lives_in() {
	local pid pids
	pids=$(find "/sys/fs/cgroup$(systemctl show -P ControlGroup "$2")" -name cgroup.procs -exec cat {} +)
	for pid in $pids; do
		[ "$(cgcomptctl list processes | awk -v pid="$pid" '$3 == pid { print $1 }')" = "${1#default}" ] ||
			{ ps -fp "$pid" && return 1; }
	done
	[ -n "${pid:-}" ]
}

@test "O1 O7 the machine boots with the shipped rules in force and no unit fails" {
	[ "$(systemctl is-system-running --wait)" = running ]
	[ "$(status_of mode)" = enforce ]
	[ "$(systemctl is-active cgcompt multi-user.target)" = $'active\nactive' ]
	# in force before the network
	[[ $(systemctl show -P Before cgcompt) == *network-pre.target* ]]
	calm
}

@test "O7 a user logs in by ssh, over both families, and has a session and a terminal" {
	[ "$(login 127.0.0.1 id -un)" = ann ]
	[ "$(login ::1 id -un)" = ann ]
	login 127.0.0.1 loginctl --no-legend --no-pager list-sessions | grep -w ann
	login 127.0.0.1 -tt 'tty; echo typed >/dev/tty' </dev/null | tee "$BATS_TEST_TMPDIR/tty"
	grep -q /dev/pts/ "$BATS_TEST_TMPDIR/tty"
	grep -q typed "$BATS_TEST_TMPDIR/tty"
	calm
}

@test "O7 every service restarts" {
	local name
	for name in $services; do
		systemctl restart "$name"
		systemctl is-active "$name"
		lives_in default "$name"
	done
	[ "$(systemctl show -P SubState postgresql@17-main)" = running ]
	calm
}

@test "O7 services are seen, told to reload and rotated" {
	systemctl status --no-pager nginx | grep -q 'master process'
	systemctl reload nginx ssh
	logrotate -f /etc/logrotate.conf
	systemctl kill -s HUP ssh
	systemctl is-active ssh nginx
	pgrep -x nginx
	ps -p 1 -o comm= | grep -x systemd
	calm
}

@test "O7 the journal has what services say" {
	logger -t probe 'from logger'
	succeeds said ssh 'Server listening'
	succeeds said ssh 'Accepted publickey for ann'
	succeeds said cron 'CRON\|cron'
	succeeds sh -c 'journalctl -b --no-pager -t probe | grep -q "from logger"'
	systemd-run -q --unit probe-output --wait echo 'from a unit'
	succeeds said probe-output 'from a unit'
	calm
}

@test "O7 pages and tables are served" {
	page 127.0.0.1 | grep -i nginx
	from_outside | grep -i nginx
	su postgres -c "psql -Atc \"create role shop login password 'secret'\""
	[ "$(sql env)" = 42 ]
	calm
}

@test "O7 podman runs a container" {
	mkdir -p "$BATS_TEST_TMPDIR/root"
	cp /run/guest/busybox "$BATS_TEST_TMPDIR/root/"
	tar -C "$BATS_TEST_TMPDIR/root" -c . | podman import - localhost/box
	[ "$(podman run --rm --network none localhost/box /busybox echo contained)" = contained ]
	podman run -d --name box --network none localhost/box /busybox sleep 1000
	[ "$(podman exec box /busybox ls /)" != '' ]
	podman exec -t box /busybox tty | grep /dev/pts
	podman stop -t 1 box
	podman rm box
	calm
}

@test "O7 cron runs a job" {
	succeeds test -s /run/cron.out || succeeds test -s /run/cron.out || succeeds test -s /run/cron.out
	cat /run/cron.out
	calm
}

@test "O7 nothing of this is in a compartment, and nothing was refused" {
	[ "$(cgcomptctl list processes | tail -n +2 | awk '{ print $1, $2 }')" = 'supervisor 1' ]
	[ "$(status_of denials)" = 0 ]
}

@test "the example puts nginx and PostgreSQL into compartments" {
	install -Dm644 $examples/nginx.conf /etc/systemd/system/nginx.service.d/cgcompt.conf
	install -Dm644 $examples/postgresql.conf /etc/systemd/system/postgresql@.service.d/cgcompt.conf
	install -m644 $examples/web-db.rules /etc/cgcompt/rules.d/
	cgcomptctl check /etc/cgcompt
	systemctl reload cgcompt
	systemctl daemon-reload
	systemctl restart nginx postgresql@17-main
	systemctl is-active nginx postgresql@17-main
	lives_in web nginx
	lives_in db postgresql@17-main
	calm
}

@test "contained, pages and tables are served" {
	page 127.0.0.1 | grep -i nginx
	from_outside | grep -i nginx
	[ "$(sql cgcomptctl exec web --)" = 42 ]
	[ "$(su postgres -c 'psql -Atc "select 6 * 7"')" = 42 ]
	calm
}

@test "contained, they are seen, reloaded, rotated, stopped and started" {
	systemctl status --no-pager nginx | grep -q 'master process'
	pgrep -x nginx
	systemctl reload nginx postgresql@17-main
	logrotate -f /etc/logrotate.conf
	lives_in web nginx
	systemctl restart nginx postgresql@17-main
	systemctl stop nginx postgresql@17-main
	systemctl start nginx postgresql@17-main
	lives_in web nginx
	lives_in db postgresql@17-main
	page 127.0.0.1 | grep -i nginx
	calm
}

@test "contained, a unit tells systemd that it is ready, and the journal has what it says" {
	printf '%s\n' '[Service]' Type=notify NotifyAccess=all \
		'ExecStart=/usr/sbin/cgcomptctl exec web --user www-data -- sh -c "echo by output; logger -t contained by syslog; systemd-notify --ready; sleep 1000"' \
		>/run/systemd/system/contained.service
	systemctl daemon-reload
	systemctl start contained
	lives_in web contained
	succeeds said contained 'by output'
	succeeds sh -c 'journalctl -b --no-pager -t contained | grep -q "by syslog"'
	systemctl stop contained
	calm
}

@test "contained, the rest of the machine goes on" {
	[ "$(login 127.0.0.1 id -un)" = ann ]
	[ "$(podman run --rm --network none localhost/box /busybox echo again)" = again ]
	systemctl restart systemd-journald systemd-logind cron ssh
	[ "$(login ::1 id -un)" = ann ]
	[ "$(systemctl is-system-running)" = running ]
	calm
}

@test "contained, they reach nothing else" {
	run ! sql cgcomptctl exec default --
	run ! cgcomptctl exec web -- python3 -Sc 'import socket; socket.create_connection(("10.99.1.2", 22), 5)'
	run ! cgcomptctl exec web -- python3 -Sc 'import socket; socket.create_connection(("127.0.0.1", 22), 5)'
	run ! cgcomptctl exec db -- python3 -Sc 'import socket; socket.create_connection(("127.0.0.1", 80), 5)'
	expected 4
	page 127.0.0.1 | grep -i nginx
}
