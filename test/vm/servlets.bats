#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# V1, figure 10: Apache that the world sees, by eth0, and two Tomcats behind it, each in a compartment, as Debian ships
# them; four rules; SERVER1 behind eth1. What a servlet that was taken over tries (helpers/act.jsp) is tried with the
# module switched off, too, where it works.
#
# run: --timeout 2400 --hosts 2 --mem 2048 --install apache2,tomcat10
# kernel: 6.12

load helpers/suite

definitions='COMPARTMENT WEB NUMBER 2
COMPARTMENT TOMCAT1 NUMBER 3
COMPARTMENT TOMCAT2 NUMBER 4'

# as they stand in the patent, but for HTTP's ports
rules='HOST* -> COMPARTMENT WEB
      METHOD TCP PORT 80 NETDEV eth0
COMPARTMENT: WEB -> COMPARTMENT: TOMCAT1
      METHOD TCP PORT 8007
COMPARTMENT:WEB -> COMPARTMENT TOMCAT2
      METHOD TCP PORT 8008
COMPARTMENT:TOMCAT1 -> HOST:SERVER1
      METHOD TCP'

# tomcat N - its instance, on port 8006+N; nothing of Tomcat's is changed
tomcat() {
	local base=/srv/tomcat$1
	mkdir -p "$base"/{conf,logs,temp,work,webapps/ROOT}
	cp /etc/tomcat10/web.xml "$base"/conf/
	cat >"$base"/conf/server.xml <<-XML
		<Server port="-1"><Service name="Catalina"><Connector port="$((8006 + $1))"/>
		<Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine></Service></Server>
	XML
	cp "$BATS_TEST_DIRNAME/helpers/act.jsp" "$base"/webapps/ROOT/
	chown -R tomcat: "$base"
	CATALINA_BASE=$base CATALINA_OPTS='-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1' cgcomptctl exec "TOMCAT$1" \
		--user tomcat:tomcat -- /usr/share/tomcat10/bin/catalina.sh run >"$base"/out 2>&1 3>&- 4>&- &
}

# up N - its Tomcat serves; a virtual machine in an emulated one takes its time
up() {
	local _
	for _ in {1..15}; do
		succeeds grep -q 'Server startup' "/srv/tomcat$1/out" && return
	done
	cat "/srv/tomcat$1/out"
	return 1
}

apache() {
	a2enmod -q proxy proxy_http
	cat >/etc/apache2/conf-enabled/servlets.conf <<-'CONF'
		ServerName gateway
		ProxyTimeout 300
		ProxyPass /one http://127.0.0.1:8007
		ProxyPass /two http://127.0.0.1:8008
	CONF
	cgcomptctl exec WEB -- apache2ctl start 3>&- 4>&-
}

# greets HOST ADDRESS PORT - a server there says hello
greets() {
	onhost "$1" sh -c "setsid socat TCP-LISTEN:$3,bind=$2,fork,reuseaddr SYSTEM:'echo hello' </dev/null >/dev/null 2>&1 &"
	until onhost "$1" ss -ltn | grep -q "$2:$3 "; do :; done
}

setup_file() {
	helper ipcprobe
	dmesg -n 5
	ip link set lo up
	echo '10.99.2.2 SERVER1' >>/etc/hosts
	onhost 2 ip address add 10.99.2.3/24 dev eth0
	greets 2 10.99.2.2 5432
	greets 2 10.99.2.3 5432
	greets 1 10.99.1.2 5432
	printf '%s\n' "$definitions" "$rules" | armed
	tomcat 1
	tomcat 2
	apache
	as WEB ipcprobe make
	as WEB socat UNIX-LISTEN:/run/web.sock,mode=666,fork SYSTEM:'echo web' 3>&- 4>&- &
	up 1
	up 2
	# the first call compiles the page
	serves one
	serves two
}

teardown_file() {
	cgcomptctl exec supervisor -- pkill -KILL -f 'tomcat|apache2|socat' || true
}

# page HOST PORT PATH - what a host gets from the gateway
page() {
	onhost "$1" sh -c "printf 'GET $3 HTTP/1.0\\r\\n\\r\\n' | timeout 300 socat -t 300 - TCP:10.99.$1.1:$2,connect-timeout=5"
}

# servlet one|two ACT TO [PORT] - what comes of it, by way of Apache, from the outside
servlet() {
	page 1 80 "/$1/act.jsp?$(python3 -c 'import sys, urllib.parse
print(urllib.parse.urlencode(dict(zip(("act", "to", "port"), sys.argv[1:]))).replace("%", "%%"))' "${@:2}")" | tail -n 1
}

# serves one|two - or it says why not
serves() {
	[ "$(servlet "$1" run 'echo here')" = 'allowed here' ] || {
		page 1 80 "/$1/act.jsp?act=run&to=true"
		tail -n 20 /srv/tomcat*/out /var/log/apache2/error.log
		cgcomptctl denials
		return 1
	}
}

# only_off RESULT SERVLET ACT… - is refused, and with the module switched off it is not
only_off() {
	local refused off
	refused=$(servlet "${@:2}")
	cgcomptctl disable --force >/dev/null
	off=$(servlet "${@:2}")
	cgcomptctl enable >/dev/null
	echo "${*:2}: $refused; switched off: $off"
	[[ $refused == 'refused '* ]]
	[ "$off" = "allowed${1:+ $1}" ] || [ "$off" = "allowed " ]
}

@test "V1 four rules, and each is used: the world reaches Apache, Apache the Tomcats, TOMCAT1 its SERVER1" {
	[ "$(cgcomptctl list rules | grep -c ' METHOD ')" = 4 ]
	[[ $(page 1 80 /) == 'HTTP/1.1 200 OK'* ]]
	[[ $(servlet one run 'cat /proc/self/attr/current 2>/dev/null; echo "$PPID"') == allowed* ]]
	[ "$(servlet one tcp 10.99.2.2 5432)" = 'allowed hello' ]
	[ "$(servlet two run 'echo here')" = 'allowed here' ]
}

@test "V1 who is where: no program was changed, all of each are in their compartment" {
	local processes
	processes=$(cgcomptctl list processes)
	echo "$processes"
	[ "$(awk '$NF == "apache2" { print $1 }' <<<"$processes" | sort -u)" = WEB ]
	[ "$(awk '$NF ~ /java/ { print $1 }' <<<"$processes" | sort -u)" = $'TOMCAT1\nTOMCAT2' ]
}

@test "V1 TOMCAT1 reaches SERVER1 and no other host, on no network" {
	only_off hello one tcp 10.99.2.3 5432
	only_off hello one tcp 10.99.1.2 5432
	only_off '' one udp 10.99.2.2 53
	only_off '' one udp 10.99.1.2 53
}

@test "V1 TOMCAT2 reaches nothing, SERVER1 neither" {
	only_off hello two tcp 10.99.2.2 5432
	only_off hello two tcp 10.99.2.3 5432
	only_off hello two tcp 10.99.1.2 5432
	only_off '' two udp 10.99.2.2 53
}

@test "V1 nor another service of this machine, by whatever address" {
	local port
	for port in 80 8008; do
		only_off '' one run "exec 2>&1; bash -c 'exec 3<>/dev/tcp/127.0.0.1/$port'"
		only_off '' one run "exec 2>&1; bash -c 'exec 3<>/dev/tcp/10.99.2.1/$port'"
	done
	only_off '' two run "exec 2>&1; bash -c 'exec 3<>/dev/tcp/127.0.0.1/8007'"
}

@test "V1 nor another compartment's shared memory or unix sockets" {
	only_off web one unix /run/web.sock
	only_off web two unix /run/web.sock
	only_off 'shm_attach allowed' one run 'ipcprobe use shm | grep -x "shm_attach allowed"'
	only_off 'shm_attach allowed' two run 'ipcprobe use shm | grep -x "shm_attach allowed"'
}

@test "V1 no Tomcat is reached from outside, and Apache by eth0 alone" {
	local host port
	for host in 1 2; do
		for port in 8007 8008; do
			[ -z "$(page $host $port / 2>/dev/null)" ]
		done
	done
	[ -z "$(page 2 80 / 2>/dev/null)" ]
	cgcomptctl disable --force
	for host in 1 2; do
		for port in 80 8007 8008; do
			[[ $(page $host $port /) == HTTP/1.1* ]]
		done
	done
	cgcomptctl enable
	[ -z "$(page 2 80 / 2>/dev/null)" ]
}

@test "V1 a rule more gives what it says, and no more" {
	printf '%s\n' "$definitions" "$rules" 'COMPARTMENT TOMCAT2 -> HOST 10.99.2.3 METHOD tcp PORT 5432 NETDEV eth1' | armed
	[ "$(servlet two tcp 10.99.2.3 5432)" = 'allowed hello' ]
	[[ $(servlet two tcp 10.99.2.2 5432) == refused* ]]
	[[ $(servlet one tcp 10.99.2.3 5432) == refused* ]]
}
