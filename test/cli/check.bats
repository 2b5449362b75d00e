#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
load helper

@test "R7: check accepts the shipped configuration" {
	ctl check "$TREE/etc/cgcompt"
	accepted
	[ "$output" = "0 compartments, 3 rules" ]
}

@test "R1: check accepts every rule of the seed as it stands" {
	check seed.rules <<-'END'
		COMPARTMENT web NUMBER 2
		COMPARTMENT WEB
		COMPARTMENT CGI
		COMPARTMENT TOMCAT1
		COMPARTMENT TOMCAT2
		COMPARTMENT x
		COMPARTMENT X
		COMPARTMENT Y
		HOST* -> COMPARTMENT web METHOD tcp PORT 80
		HOST* -> COMPARTMENT web METHOD tcp PORT 80 NETDEV eth0
		HOST * -> COMPARTMENT x METHOD TCP PORT 80;
		COMPARTMENT X -> COMPARTMENT Y METHOD tcp
		COMPARTMENT X -> COMPARTMENT Y tcp
		COMPARTMENT 2 -> NET 10.1.1.0/255.255.255.0 METHOD tcp
		COMPARTMENT:WEB -> COMPARTMENT:CGI METHOD shm
		HOST* -> COMPARTMENT X METHOD TCP PORT 80
		HOST* -> COMPARTMENT WEB
		      METHOD TCP PORT 80 NETDEV eth0
		COMPARTMENT: WEB -> COMPARTMENT: TOMCAT1
		      METHOD TCP PORT 8007
		COMPARTMENT:WEB -> COMPARTMENT TOMCAT2
		METHOD TCP PORT 8008
		COMPARTMENT:TOMCAT1 -> HOST:192.0.2.1
		      METHOD TCP
		HOST*->COMPARTMENT web METHOD tcp PORT 80
		COMPARTMENT X -> HOST 192.0.2.7 METHOD tcp
		HOST 192.0.2.7 -> COMPARTMENT Y METHOD tcp
		HOST 10.1.1.1 PORT 1024 -> COMPARTMENT 2 PORT 80 METHOD tcp
	END
	accepted
}

@test "R1: check accepts a host that has no address now, and warns" {
	check host.rules <<-'END'
		COMPARTMENT TOMCAT1
		COMPARTMENT:TOMCAT1 -> HOST:nowhere.invalid
		      METHOD TCP
	END
	accepted
	[[ $stderr == *"host.rules:2:29: warning: host nowhere.invalid has no address"* ]]
}

@test "N7: check says of a route whose it cannot be, which one it has a rival in, and what is not there yet" {
	check route.rules <<-'END'
		COMPARTMENT mail NUMBER 3 ROUTED
		COMPARTMENT web NUMBER 4
		ROUTE COMPARTMENT mail 10.1.0.0/16 VIA 10.1.1.1 DEV eth77
		ROUTE COMPARTMENT mail default DEV lo
		ROUTE COMPARTMENT mail default VIA fd00::1 DEV lo
		ROUTE COMPARTMENT web 10.1.0.0/16 DEV lo
		ROUTE COMPARTMENT default 10.1.0.0/16 DEV lo
		ROUTE COMPARTMENT 3 10.1.0.0/16 VIA 10.1.1.1 DEV eth77
	END
	refused 2 'cgcomptctl: route.rules:5:1: another route to the same destination than at route.rules:4:1'
	[[ $stderr == *'route.rules:6:19: the compartment has no routing table, expected one that is ROUTED'* ]]
	[[ $stderr == *'route.rules:7:1: compartment 0 and the supervisor have no routing table'* ]]
	[[ $stderr == *'route.rules:8:1: warning: the same route is there already'* ]]
	[[ $stderr == *'route.rules:3:53: warning: there is no interface eth77'* ]]
	for wrong in 'mail 10.1.1.1/16 DEV lo' 'mail 10.1.0.0/16' 'mail fd00::/16 VIA 10.1.1.1' 'mail nowhere DEV lo' \
		'mail 10.1.0.0/16 DEV @int' 'mail 10.1.0.0/16 DEV lo VIA 10.1.1.1' '* default DEV lo'; do
		check wrong.rules <<<"ROUTE COMPARTMENT $wrong"
		refused 2 'cgcomptctl: wrong.rules:1:'
	done
}

@test "F3: check says which immutable files are not there, and of which path it is unsure" {
	mkdir -p "$BATS_TEST_TMPDIR/root/etc"
	ln -s etc "$BATS_TEST_TMPDIR/root/link"
	touch "$BATS_TEST_TMPDIR/root/etc/passwd"
	check immutable.rules <<-END
		COMPARTMENT web NUMBER 2 ROOT $BATS_TEST_TMPDIR/root
		COMPARTMENT host NUMBER 3
		COMPARTMENT nowhere NUMBER 4 ROOT /nowhere
		IMMUTABLE COMPARTMENT web /etc/passwd
		IMMUTABLE COMPARTMENT web /etc/shadow
		IMMUTABLE COMPARTMENT web /link/passwd
		IMMUTABLE COMPARTMENT host /etc/passwd
		IMMUTABLE COMPARTMENT nowhere /etc/passwd
		IMMUTABLE COMPARTMENT host /etc/passwd
	END
	accepted
	[[ $stderr == *"immutable.rules:5:27: warning: $BATS_TEST_TMPDIR/root/etc/shadow: there is no such file, expected one: load will refuse it"* ]]
	[[ $stderr == *"immutable.rules:6:27: warning: "*"/link/passwd: there is a symbolic link in the path"* ]]
	[[ $stderr == *"immutable.rules:8:31: warning: /nowhere/etc/passwd: the compartment's ROOT cannot be opened"* ]]
	[[ $stderr == *"immutable.rules:9:1: warning: the same stands at "*"immutable.rules:7:28 already"* ]]
	[[ $stderr != *"rules:4:"* && $stderr != *"rules:7:28: "* ]]
	[ "$output" = '3 compartments, 0 rules, 5 files' ]
}

@test "F3: a compartment that an immutable file is said to be of has a definition" {
	check unknown.rules <<-'END'
		COMPARTMENT web NUMBER 2
		IMMUTABLE COMPARTMENT wep /etc/passwd
	END
	[ "$status" = 2 ]
	[[ $stderr == *"unknown.rules:2:23: unknown compartment wep, did you mean web?"* ]]
}

@test "L3: check says which EXEC cannot be" {
	ln -s /bin/true "$BATS_TEST_TMPDIR/link"
	check exec.rules <<-END
		COMPARTMENT web NUMBER 2
		COMPARTMENT jail NUMBER 3 ROOT /srv
		ADMIN COMPARTMENT admin NUMBER 9
		EXEC $BATS_TEST_TMPDIR/later -> COMPARTMENT web
		EXEC $BATS_TEST_TMPDIR/later FROM COMPARTMENT 5,default -> COMPARTMENT 7
		EXEC $BATS_TEST_TMPDIR/later -> COMPARTMENT admin
		EXEC $BATS_TEST_TMPDIR/link -> COMPARTMENT web
		EXEC $BATS_TEST_TMPDIR/none/later -> COMPARTMENT web
	END
	accepted
	[[ $stderr == *"exec.rules:7:6: warning: $BATS_TEST_TMPDIR/link: there is a symbolic link in the path"* ]]
	[[ $stderr == *"exec.rules:8:6: warning: $BATS_TEST_TMPDIR/none/later: there is no such directory"* ]]
	[[ $stderr != *"rules:"[456]* ]]
	[ "$output" = '3 compartments, 0 rules, 6 files' ]
	check wrong.rules <<-'END'
		COMPARTMENT web NUMBER 2
		COMPARTMENT jail NUMBER 3 ROOT /srv
		ADMIN COMPARTMENT admin NUMBER 9
		EXEC /bin/a -> COMPARTMENT jail
		EXEC /bin/a FROM COMPARTMENT web -> COMPARTMENT admin
		EXEC /bin/a -> COMPARTMENT supervisor
		EXEC /bin/a FROM COMPARTMENT -1 -> COMPARTMENT web
		EXEC /bin/a FROM COMPARTMENT web -> COMPARTMENT web
		EXEC /bin/a FROM COMPARTMENT wep -> COMPARTMENT web
	END
	[ "$status" = 2 ]
	[[ $stderr == *"wrong.rules:4:28: jail has a ROOT, which EXEC does not lead into"* ]]
	[[ $stderr == *"wrong.rules:5:30: into an ADMIN compartment, expected FROM default or another ADMIN"* ]]
	[[ $stderr == *"wrong.rules:6:28: nobody enters or leaves the supervisor"* ]]
	[[ $stderr == *"wrong.rules:7:30: nobody enters or leaves the supervisor"* ]]
	[[ $stderr == *"wrong.rules:8:49: from a compartment to itself"* ]]
	[[ $stderr == *"wrong.rules:9:30: unknown compartment wep, did you mean web?"* ]]
}

@test "S1 S2: compartment 0 and the supervisor are neither sealed nor bounded, administrators keep their capability" {
	check ours.rules <<-'END'
		COMPARTMENT default NUMBER 0 SEALED
		COMPARTMENT supervisor NUMBER -1 CAPS -cap_mknod
		ADMIN COMPARTMENT admin NUMBER 9 CAPS -all,+cap_chown
	END
	[ "$status" = 1 ]
	[[ $stderr == *"ours.rules:1:30: compartment default cannot be SEALED, expected another one"* ]]
	[[ $stderr == *"ours.rules:2:39: compartment supervisor has all capabilities, expected a definition without CAPS"* ]]
	[[ $stderr == *"ours.rules:3:39: an ADMIN compartment cannot control the module without cap_sys_admin"* ]]
}

@test "F1: USER is for what is started" {
	check user.rules <<-'END'
		COMPARTMENT web NUMBER 2 ROOT /compt/web USER www-data:33
		COMPARTMENT bare NUMBER 3 USER www-data
		COMPARTMENT default NUMBER 0 USER root
		COMPARTMENT supervisor NUMBER -1 USER root
	END
	refused 1 'user.rules:3:35: compartment default is not started, expected a definition without USER'
	[[ $stderr == *"user.rules:4:39: compartment supervisor is not started"* ]]
	[[ $stderr == *"user.rules:2:32: warning: compartment bare has no ROOT and is not started: USER says nothing"* ]]
	[[ $stderr != *"user.rules:1:"* ]]
	check user.rules <<<'COMPARTMENT web ROOT /compt/web USER www-data:ssl:mail'
	refused 2 'cgcomptctl: user.rules:1:38: USER "www-data:ssl:mail": expected a user such as www-data or 33, or with a group www-data:ssl'
}

@test "F1: DEVICES are character and block devices that there are" {
	check devices.rules <<-'END'
		COMPARTMENT web NUMBER 2 DEVICES /dev/null,/dev/full
		COMPARTMENT app NUMBER 3 DEVICES /dev/null,/dev/shm
		COMPARTMENT cgi NUMBER 4 DEVICES /dev/nosuch/device
		COMPARTMENT pts NUMBER 5 DEVICES /dev/pts/ptmx
		COMPARTMENT shm NUMBER 6 DEVICES /dev/shm/x
		COMPARTMENT default NUMBER 0 DEVICES /dev/null
		COMPARTMENT supervisor NUMBER -1 DEVICES /dev/null
	END
	refused 1 'devices.rules:2:44: /dev/shm is no device, expected a character or block device, or a unix socket'
	[[ $stderr == *"devices.rules:3:34: warning: /dev/nosuch/device: there is no such device, expected one: load will refuse it"* ]]
	[[ $stderr == *"devices.rules:4:34: /dev/pts/ptmx: every compartment has a /dev/pts of its own, expected another device"* ]]
	[[ $stderr == *"devices.rules:5:34: /dev/shm/x: every compartment has a /dev/shm of its own"* ]]
	[[ $stderr == *"devices.rules:6:38: compartment default opens every device, expected a definition without DEVICES"* ]]
	[[ $stderr == *"devices.rules:7:42: compartment supervisor opens every device"* ]]
	[[ $stderr != *"devices.rules:1:"* ]]
	check devices.rules <<<'COMPARTMENT web DEVICES /dev/null,/dev/net/../mem'
	refused 2 'cgcomptctl: devices.rules:1:35: DEVICES "/dev/net/../mem": expected a path below /dev, without //, . and .. and without / at its end'
}

@test "S3: DEVICES make a definition of what ADMIN alone does not" {
	check admin.rules <<-'END'
		ADMIN COMPARTMENT web DEVICES /dev/null
		COMPARTMENT web NUMBER 2
	END
	refused 2 'admin.rules:2:13: compartment web is defined already at admin.rules:1:19, expected one definition'
}

@test "S3: USER makes a definition of what ADMIN alone does not" {
	check admin.rules <<-'END'
		COMPARTMENT web NUMBER 2 ROOT /compt/web USER www-data
		ADMIN COMPARTMENT web USER root
	END
	refused 2 'admin.rules:2:19: compartment web is defined already at admin.rules:1:13, expected one definition'
}

@test "R2: check accepts the local methods, what narrows them, and only warns where the module has no hooks for them" {
	check local.rules <<-'END'
		COMPARTMENT web -> COMPARTMENT cgi METHOD shm[ro],msg
		COMPARTMENT web -> COMPARTMENT default METHOD unix[dgram] PATH /run/systemd/journal/*     # or PATH @abstract*
		COMPARTMENT web -> COMPARTMENT default METHOD unix[stream,seqpacket] PATH @abstract*
		COMPARTMENT web -> COMPARTMENT default METHOD unix PATH "/run/with blank"
		COMPARTMENT web -> COMPARTMENT cgi METHOD signal[TERM,HUP],sem[read],mq,trace,list
		COMPARTMENT web
		COMPARTMENT cgi
	END
	accepted
	[ "$output" = "2 compartments, 5 rules" ]
	run ! grep -v -e ': warning: METHOD [a-z,]* is not enforced by this version of the module: load will refuse it$' -e '^$' <<<"$stderr"
}

@test "R2: what is narrowed otherwise is another rule, in another order the same" {
	check twice.rules <<-'END'
		COMPARTMENT 1 -> COMPARTMENT 2 METHOD signal[TERM,HUP]
		COMPARTMENT 1 -> COMPARTMENT 2 METHOD signal[HUP]
		COMPARTMENT 1 -> COMPARTMENT 2 METHOD signal
		COMPARTMENT 1 -> COMPARTMENT 2 METHOD unix PATH /run/x
		COMPARTMENT 1 -> COMPARTMENT 2 METHOD unix PATH /run/y
		COMPARTMENT 1 -> COMPARTMENT 2 METHOD unix
		COMPARTMENT 1 -> COMPARTMENT 2 METHOD signal[1,SIGTERM]
		COMPARTMENT 1 -> COMPARTMENT 2 METHOD unix PATH "/run/x"
	END
	accepted
	[ "$output" = "0 compartments, 6 rules" ]
	[[ $stderr == *"twice.rules:7:1: warning: the same rule stands at twice.rules:1:1 already"* ]]
	[[ $stderr == *"twice.rules:8:1: warning: the same rule stands at twice.rules:4:1 already"* ]]
}

@test "R2: METHOD all is accepted without a warning" {
	check all.rules <<<'COMPARTMENT default -> COMPARTMENT supervisor METHOD all'
	accepted
	[[ $stderr != *"not enforced"* ]]
}

@test "design 3.1: a definition without NUMBER gets the lowest free one" {
	check free.rules <<-'END'
		COMPARTMENT a
		COMPARTMENT b NUMBER 1
		COMPARTMENT c
		COMPARTMENT 2 -> HOST * METHOD tcp
	END
	accepted
	[[ $stderr == *"free.rules:4:13: warning: 2 is a, whose definition has no NUMBER"* ]]
}

@test "design 3.1: a number without a definition is legal in rules" {
	check number.rules <<<'COMPARTMENT 0x2 -> COMPARTMENT -1 METHOD tcp PORT 1-65535'
	accepted
}

@test "S3: ADMIN beside a definition is one definition" {
	check admin.rules <<-'END'
		ADMIN COMPARTMENT admin
		COMPARTMENT admin NUMBER 9
	END
	accepted
	[ "$output" = "1 compartments, 0 rules" ]
}

@test "R7: check reads standard input" {
	run --separate-stderr "$CGCOMPTCTL" check - <<<'HOST * -> COMPARTMENT nix METHOD tcp'
	refused 2 'cgcomptctl: <stdin>:1:23: unknown compartment nix'
}

@test "O2: check --json" {
	printf 'COMPARTMENT web\nHOST * -> COMPARTMENT web METHOD tcp\n' >json.rules
	ctl check --json json.rules
	accepted
	[ "$(tr -d ' \n' <<<"$output")" = '{"compartments":1,"rules":1,"files":0,"labels":0,"routes":0}' ]
}

@test "R1: a name of services stands for its port" {
	requires /etc/services getent services http/tcp
	printf 'HOST * -> COMPARTMENT 1 METHOD tcp PORT http\nHOST * -> COMPARTMENT 1 METHOD tcp PORT 80\n' >service.rules
	ctl check service.rules
	accepted
	[[ $stderr == *"service.rules:2:1: warning: the same rule stands at service.rules:1:1 already"* ]]
}

@test "F4: a directory is its *.rules and those of rules.d, in order" {
	mkdir -p conf/rules.d
	echo 'COMPARTMENT web' >conf/rules.d/a.rules
	echo 'HOST * -> COMPARTMENT web METHOD tcp PORT 80' >conf/b.rules
	echo 'not read' >conf/c.rules.dpkg-old
	echo 'not read' >conf/.hidden.rules
	ctl check conf
	accepted
	[ "$output" = "1 compartments, 1 rules" ]
}

@test "design 3.1: INCLUDE reads beside the file, and below --config" {
	mkdir -p conf/abstractions
	echo 'HOST * -> COMPARTMENT 1 METHOD tcp PORT 80' >conf/abstractions/http
	echo 'HOST * -> COMPARTMENT 1 METHOD tcp PORT 443' >conf/beside
	printf 'INCLUDE <abstractions/http>\nINCLUDE "beside"\n' >conf/x.rules
	ctl check --config conf conf/x.rules
	accepted
	[ "$output" = "0 compartments, 2 rules" ]
}

@test "R7: a hundred thousand rules are read in seconds" {
	for i in {0..99999}; do
		echo "NET 10.$((i >> 16)).$((i >> 8 & 255)).$((i & 255))/32 -> COMPARTMENT web METHOD tcp PORT 80"
	done >many.rules
	echo 'COMPARTMENT web' >>many.rules
	SECONDS=0
	ctl check many.rules
	accepted
	[ "$output" = "1 compartments, 100000 rules" ]
	[ "$SECONDS" -lt 30 ]
}

@test "F1: roots neither overlap nor nest, but for administrators'" {
	check roots.rules <<-'END'
		COMPARTMENT web NUMBER 2 ROOT /compt/web
		COMPARTMENT cgi NUMBER 3 ROOT /compt/web/cgi
		COMPARTMENT all NUMBER 4 ROOT /compt
		COMPARTMENT web2 NUMBER 5 ROOT /srv/web2
		COMPARTMENT same NUMBER 6 ROOT /srv/web2
		ADMIN COMPARTMENT admin NUMBER 9 ROOT /compt
		COMPARTMENT default NUMBER 0 ROOT /srv/all
	END
	[ "$status" = 1 ]
	[[ $stderr == *"roots.rules:2:31: ROOT /compt/web/cgi is inside of compartment web's at roots.rules:1:31, expected one apart from it"* ]]
	[[ $stderr == *"roots.rules:3:31: ROOT /compt has in it compartment web's at roots.rules:1:31, expected one apart from it"* ]]
	[[ $stderr == *"roots.rules:5:32: ROOT /srv/web2 is compartment web2's at roots.rules:4:32, expected one apart from it"* ]]
	[[ $stderr == *"roots.rules:7:35: compartment default has the machine's root"* ]]
	[[ $stderr != *"roots.rules:6:"* ]]
	check apart.rules <<-'END'
		COMPARTMENT web NUMBER 2 ROOT /compt/web
		COMPARTMENT web2 NUMBER 3 ROOT /compt/web2
		ADMIN COMPARTMENT admin NUMBER 9 ROOT /compt
	END
	accepted
}

@test "N5: check tells of a NETDEV statement that an earlier one leaves nothing" {
	check netdev.rules <<-'END'
		NETDEV name eth* -> LABEL ext
		NETDEV kind veth -> LABEL inner
		NETDEV name eth1 kind vlan -> LABEL int
		NETDEV kind veth netns other -> LABEL inner
		NETDEV name "eth?" -> LABEL ext
		COMPARTMENT web NUMBER 2 NETDEVS eth0,@int
		COMPARTMENT web -> HOST * METHOD tcp NETDEV @later
		NETDEV mac 02:00:00:00:00:00/24 -> LABEL later
	END
	accepted
	[[ $stderr == *'netdev.rules:3:1: warning: no interface is left for this: netdev.rules:1:1 comes first and takes all of them'* ]]
	[[ $stderr == *'netdev.rules:5:1: warning: no interface is left for this: netdev.rules:1:1 comes first'* ]]
	[ "$(grep -c warning <<<"$stderr")" = 2 ]
	[ "$output" = '1 compartments, 1 rules, 6 labels' ]
}

@test "N5: a label that nobody defined is an error with its place" {
	check unknown.rules <<-'END'
		NETDEV name eth0 -> LABEL ext
		HOST * -> COMPARTMENT default METHOD tcp NETDEV eth0,@int
	END
	refused 2 'cgcomptctl: unknown.rules:2:54: unknown label int, expected one that a NETDEV statement gives (NETDEV name eth1 -> LABEL int), or a number from 0xFFFF0000'
	check unknown.rules <<-'END'
		NETDEV name eth0 -> LABEL ext
		COMPARTMENT web NETDEVS @int
	END
	refused 2 'cgcomptctl: unknown.rules:2:25: unknown label int'
}

@test "N5: netdev.d of a directory is read too" {
	mkdir -p dir/rules.d dir/netdev.d
	echo 'HOST * -> COMPARTMENT default METHOD tcp NETDEV @ext' >dir/rules.d/a.rules
	echo 'NETDEV name eth0 -> LABEL ext' >dir/netdev.d/a.rules
	ctl check dir
	accepted
	[ "$output" = '0 compartments, 1 rules, 1 labels' ]
}

@test "N5: check warns of a rule by interfaces that NETDEVS are without" {
	check bound.rules <<-'END'
		NETDEV name eth0 -> LABEL ext
		NETDEV name eth1 -> LABEL int
		COMPARTMENT web NUMBER 2 NETDEVS eth0,@ext
		COMPARTMENT mail NUMBER 3 NETDEVS @ext
		COMPARTMENT web -> HOST 10.0.0.1 METHOD tcp NETDEV eth1
		COMPARTMENT mail -> HOST 10.0.0.1 METHOD tcp NETDEV eth1
		HOST 10.0.0.1 -> COMPARTMENT mail METHOD tcp NETDEV @int
		HOST 10.0.0.1 -> COMPARTMENT mail METHOD tcp NETDEV @int,@ext
	END
	accepted
	[ "$(grep -c warning <<<"$stderr")" = 1 ]
	[[ $stderr == *'bound.rules:7:1: warning: the NETDEVS of mail are without the interfaces of this rule: it allows nothing'* ]]
}
