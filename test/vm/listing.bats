#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What a process is shown of others, of their sockets and of the machine (I5, method list). helpers/listing.py is both
# who has something and who looks; what it finds hidden without the module would be a fault of the test.

load helpers/suite

rules='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT watch NUMBER 3 CAPS +all
COMPARTMENT web -> HOST * METHOD raw,icmp
COMPARTMENT watch -> COMPARTMENT default METHOD list'
# 0 is not the administrators': what it is not given it does not see either
admin="$rules
ADMIN COMPARTMENT admin NUMBER 9
COMPARTMENT admin -> COMPARTMENT web METHOD trace
COMPARTMENT admin -> COMPARTMENT default METHOD trace"

process='stat() O_PATH access() listing listing-by-one listing-old listing-from-there'
contents='stat statm status cmdline comm cgroup sched schedstat mountinfo oom_score sessionid loginuid limits wchan'
memory='environ maps smaps auxv io cwd root exe fd/0 ns/net'
written='write-oom_score_adj write-comm write-timerslack_ns write-coredump_filter'
tasks='task task-stat thread'
inet='net-tcp net-tcp6 net-connection net-udp net-udp6 net-raw net-raw6 net-icmp net-icmp6 net-timewait'
unix='net-unix net-abstract net-autobound'
elsewhere='proc/kallsyms proc/kcore proc/kmsg proc/kpageflags proc/slabinfo proc/timer_list proc/vmallocinfo
	proc/zoneinfo proc/net/ptype dev-kmsg syslog() debug'
everybodys='proc/locks proc/keys proc/key-users proc/net/sockstat proc/net/sockstat6 proc/net/protocols proc/net/nf_conntrack'
diag='diag-tcp diag-udp6 diag-unix diag-events'
events='taskstats proc-events'
harmless='proc/meminfo proc/loadavg proc/stat proc/net/dev proc/net/route proc/net/snmp proc/net/arp'

# begin NAME COMMAND… - it says what it has to NAME and ends with `end NAME`
begin() {
	local name=$1
	shift
	mkfifo "$name.in"
	"$@" <"$name.in" >"$name" 3>&- &
	exec {fd}>"$name.in"
	echo "$fd $!" >"$name.fd"
}

end() {
	local fd pid
	read -r fd pid <"$1.fd"
	[ -z "${2-}" ] || echo "$2" >&"$fd"
	exec {fd}>&-
	wait "$pid"
}

setup_file() {
	helper listing.py
	dmesg -n 5
	modprobe -a nf_conntrack tcp_diag udp_diag unix_diag || true
	mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
	sysctl -qw net.ipv4.ping_group_range='0 2147483647' kernel.dmesg_restrict=0
	cd "$BATS_FILE_TMPDIR" || return
	echo "$rules" >rules
	echo "$admin" >"admin"
	printf '%s\n' "$admin" 'COMPARTMENT default -> COMPARTMENT web METHOD list' >given

	begin other listing.py target
	started other ready
	listing.py see other >seen.bare
	listing.py machine >>seen.bare
	begin seen.bare.held listing.py held other
	started seen.bare.held open
	end seen.bare.held use
	listing.py destroy other >>seen.bare
	end other

	armed <rules
	begin zero cgcomptctl exec default -- listing.py target
	started zero ready
	find /proc -maxdepth 2 >/dev/null # every entry is in the cache
	begin seen.held cgcomptctl exec default -- listing.py held zero
	started seen.held open
	end seen.held use
	for who in web watch default supervisor; do
		cgcomptctl exec "$who" -- listing.py see zero >"seen.$who"
		cgcomptctl exec "$who" -- listing.py machine >>"seen.$who"
	done
	for who in web watch; do
		cgcomptctl exec "$who" -- listing.py destroy zero >>"seen.$who"
	done
	cgcomptctl exec web -- listing.py own >seen.own
	end zero

	begin contained cgcomptctl exec web -- listing.py target
	started contained ready
	begin seen.before listing.py held contained
	started seen.before open
	# under rules that name administrators only they, and the supervisor, change them
	cgcomptctl exec supervisor -- sh -c '
		cgcomptctl load --force admin
		find /proc -maxdepth 2 >/dev/null
		for who in default admin; do
			cgcomptctl exec $who -- listing.py see contained >seen.$who.of-web
			cgcomptctl exec $who -- listing.py machine >>seen.$who.of-web
		done
		cgcomptctl exec default -- listing.py destroy contained >>seen.default.of-web
		cgcomptctl exec default -- sh -c "ss -tan; ss -uan" >default.ss 2>&1
		echo use >seen.before.in
		until grep held-file seen.before; do sleep 0.1; done
		cgcomptctl load --force given
		cgcomptctl exec default -- listing.py see contained >seen.given.of-web
		cgcomptctl load --force rules'
	end seen.before
	end contained
	armed <rules
}

# all_are FILES RESULT ACTS - each act is in each file so
all_are() {
	local act file bad=0
	cd "$BATS_FILE_TMPDIR" || return
	for file in $1; do
		for act in $3; do
			grep -qx -- "$act $2.*" "seen.$file" || {
				echo "$file: $(grep -- "^$act " "seen.$file" || echo "$act: nothing"), expected $2"
				bad=1
			}
		done
	done
	return $bad
}

# hidden ACTS - without the module it works; in a compartment, and of one for 0 that does not administer, not
hidden() {
	all_are 'bare default supervisor admin.of-web' allowed "$1"
	all_are 'web default.of-web' refused "$1"
}

# shown ACTS - what a rule, or being the one whose it is, gives
shown() {
	all_are 'watch given.of-web own' allowed "$1"
}

@test "I5 PROC-TRACE-11 a listing of /proc has only processes that may be seen, read in any way" {
	hidden "$process" && shown "$process"
}

@test "I5 PROC-TRACE-07 what is in the directory of a process is not there for who may not see it" {
	hidden "$contents $tasks" && shown "$contents $tasks"
	run ! grep -vE 'ENOENT|hidden' < <(grep -E "^(${contents// /|}|${tasks// /|}) " "$BATS_FILE_TMPDIR/seen.web")
}

@test "I5 PROC-TRACE-06 PROC-TRACE-08 nor is what it has in memory, its files and its root" {
	hidden "$memory"
	all_are own allowed "$memory"
	run ! grep -v 'ENOENT' < <(grep -E "^(${memory// /|}) " "$BATS_FILE_TMPDIR/seen.web")
}

@test "I5 PROC-TRACE-10 nor is what would be written there" {
	hidden "$written"
	all_are own allowed "$written"
}

@test "I5 PROC-TRACE-12 another proc file system, mounted without hidepid, shows no more" {
	hidden 'mount fsopen' # compartments cannot even mount it
	all_are given.of-web allowed 'mount fsopen'
}

@test "I5 directories and files of /proc that were open before are of no use" {
	all_are 'bare.held held' allowed 'held-cached held-new held-names held-tasks held-task held-file'
	all_are before refused 'held-cached held-new held-names held-tasks held-task held-file'
}

@test "I5 there is no pidfd of a process that may not be seen, and no row in a cgroup's" {
	hidden 'pidfd cgroup.procs'
	shown 'cgroup.procs pidfd'
	grep -x 'pidfd refused ESRCH' "$BATS_FILE_TMPDIR/seen.web"
}

@test "I5 nor does a handle of its pidfd, or a question to a PID namespace, tell that it is there" {
	for act in pidfd-handle pid-namespace; do # not on every kernel
		grep -q "^$act allowed" "$BATS_FILE_TMPDIR/seen.bare" || continue
		all_are 'default supervisor admin.of-web' allowed "$act"
		all_are 'web watch default.of-web' refused "$act"
	done
}

@test "I5 PROC-TRACE-13 /proc/net has the rows of sockets that may be seen; TIME_WAIT too" {
	all_are 'bare default supervisor' allowed "$inet net-netlink net-packet"
	all_are web refused "$inet net-netlink net-packet"
	all_are watch allowed "$inet net-netlink net-packet"
	# packet sockets are not to be had in a compartment
	all_are 'own admin.of-web given.of-web' allowed "$inet net-netlink"
	all_are default.of-web refused "$inet net-netlink"
	all_are own allowed numbers
}

@test "I5 UNIX-07 nor are the names of unix sockets to be found, by no way" {
	hidden "$unix" && shown "$unix"
	all_are 'web default.of-web' refused diag-unix
}

@test "I5 NET-42 sock_diag is for who sees all: no dump, no events, no end of another's connection" {
	# administrators in a compartment of their own have no such socket, and see all in /proc/net
	all_are 'bare default supervisor' allowed "$diag"
	all_are 'web watch admin.of-web default.of-web' refused "$diag"
	all_are bare allowed destroy
	all_are 'web watch default.of-web' refused destroy
	grep -x ended "$BATS_FILE_TMPDIR/other"
	grep -x alive "$BATS_FILE_TMPDIR/zero"
	grep -x alive "$BATS_FILE_TMPDIR/contained"
}

@test "I5 PROC-TRACE-14 what tells of the whole machine is not for compartments" {
	all_are 'bare default supervisor admin.of-web' allowed "$elsewhere $everybodys"
	all_are 'web watch' refused "$elsewhere $everybodys"
	all_are default.of-web allowed "$elsewhere"
	all_are default.of-web refused "$everybodys"
	all_are 'web watch default.of-web' allowed "$harmless"
}

@test "I5 PROC-TRACE-15 nor are figures of all processes, and events when they begin and end" {
	all_are 'bare default supervisor' allowed "$events"
	all_are 'web watch' refused "$events"
	all_are default.of-web refused taskstats
	# there is no asking before 6.6
	! cgcomptctl --json list hooks | tr -d ' \n' | grep '"cn_bind","attached":true' ||
		all_are default.of-web refused proc-events
}

# in_web COMMAND - by a shell in compartment web
in_web() {
	cgcomptctl exec web -- sh -c "$1"
}

@test "I5 ps, top, pgrep and ls /proc list a compartment's own processes, and work" {
	run in_web 'ps -eo comm='
	[ "$(sort <<<"$output" | xargs)" = 'ps sh' ]
	run in_web 'sleep 300 & ps ax -o args=; pgrep -a .; pgrep -P 1; kill $!'
	grep -x 'sleep 300' <<<"$output"
	grep -x '[0-9]* sleep 300' <<<"$output"
	[ "$(grep -c . <<<"$output")" = 5 ]
	run in_web 'top -bn1'
	[[ $output == *Tasks:*2\ total* ]]
	[ "$(sed '1,/PID USER/d' <<<"$output" | grep -c .)" = 2 ]
	run in_web 'ls /proc | grep -c "^[0-9]"; pidof systemd boot; ps -p 2; test -e /proc/1; echo $?'
	[ "${lines[0]}" = 3 ]
	[ "${lines[-1]}" = 1 ]
	[ "$(in_web 'ps -o pid= -p $$ | xargs')" != '' ]
	[ "$(in_web 'cat /proc/self/comm /proc/thread-self/comm /proc/$$/task/$$/comm' | xargs)" = 'cat cat sh' ]
}

@test "I5 ss, netstat and lsof list a compartment's own sockets and files, and work" {
	cd "$BATS_TEST_TMPDIR"
	begin zero cgcomptctl exec default -- listing.py target
	started zero ready
	begin web cgcomptctl exec web -- listing.py target
	started web ready
	port_of() {
		sed -n "s/^$2 //p" "$1"
	}
	for command in 'ss -tan' 'netstat -tan'; do
		run cgcomptctl exec default -- sh -c "$command"
		grep ":$(port_of zero peer)\b" <<<"$output"
		grep ":$(port_of web peer)\b" <<<"$output"
		run in_web "$command"
		grep ":$(port_of web peer)\b.*LISTEN" <<<"$output" || grep "LISTEN.*:$(port_of web peer)\b" <<<"$output"
		grep ":$(port_of web timewait)\b" <<<"$output"
		run ! grep -E ":($(port_of zero peer)|$(port_of zero timewait))\b" <<<"$output"
	done
	for command in 'ss -xan' 'netstat -xan'; do
		run cgcomptctl exec default -- sh -c "$command"
		grep "@$(port_of zero pid)\b" <<<"$output"
		run in_web "$command"
		grep "@$(port_of web pid)\b" <<<"$output"
		run ! grep "@$(port_of zero pid)\b" <<<"$output"
	done
	run in_web 'netstat -tanp'
	grep ":$(port_of web peer)\b.*LISTEN.*$(port_of web pid)/" <<<"$output"
	run in_web 'lsof -nP'
	grep "^sh .* cwd " <<<"$output"
	grep " $(port_of web pid) .*:$(port_of web peer) (LISTEN)" <<<"$output"
	run ! grep -w "$(port_of zero pid)" <<<"$output"
	end web && end zero
	grep -x alive web
	grep -x alive zero
}

@test "I5 what is not the administrators' reads /proc/net with ss where sock_diag is refused" {
	grep -E '^(State|tcp|ESTAB|LISTEN)' "$BATS_FILE_TMPDIR/default.ss"
	run ! grep -E 'denied|answers|permitted' "$BATS_FILE_TMPDIR/default.ss"
	run ! grep ":$(sed -n 's/^peer //p' "$BATS_FILE_TMPDIR/contained")\b" "$BATS_FILE_TMPDIR/default.ss"
}

@test "I5 while enforcement is off everything is shown" {
	armed <"$BATS_FILE_TMPDIR/rules"
	run ! cgcomptctl exec web -- test -e /proc/1
	cgcomptctl disable --for 60
	cgcomptctl exec web -- test -e /proc/1
	cgcomptctl enable
	run ! cgcomptctl exec web -- test -e /proc/1
}

@test "I5 rmmod with connections in TIME_WAIT, and processes that have gone" {
	cgcomptctl exec web -- listing.py own >/dev/null
	succeeds rmmod cgcompt
	grep -q ' 06 ' /proc/net/tcp
}
