# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the suites of IPC share: acts of helpers/ipcprobe.c on objects of compartment cgi, without the module, by
# compartment web under several sets of rules, by cgi itself and by compartment 0.

definitions='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT cgi NUMBER 3 CAPS +all'

# remade - as armed, and objects of cgi are there anew
remade() {
	armed
	cgcomptctl exec supervisor -- ipcprobe clean
	cgcomptctl exec cgi -- ipcprobe make
}

# with RULE… - the set of rules is these
with() {
	printf '%s\n' "$definitions" "$@" | armed
}

# ipc_ready - what the acts need; in setup_file
ipc_ready() {
	helper ipcprobe
	dmesg -n 5
	mkdir -p /dev/mqueue
	mountpoint -q /dev/mqueue || mount -t mqueue none /dev/mqueue
	mkdir -p /dev/shm
	mountpoint -q /dev/shm || mount -t tmpfs none /dev/shm
	if loaded; then
		cgcomptctl exec supervisor -- ipcprobe clean
		succeeds rmmod cgcompt
	fi
	ipcprobe clean
}

# run_acts KIND… - what comes of the acts, in files of $BATS_FILE_TMPDIR; in setup_file
run_acts() {
	cd "$BATS_FILE_TMPDIR" || return
	ipcprobe make
	ipcprobe use "$@" >bare
	ipcprobe clean
	remade <<<"$definitions"
	cgcomptctl exec web -- ipcprobe use "$@" >denied
	cgcomptctl exec default -- ipcprobe use "$@" >zero
	cgcomptctl exec cgi -- ipcprobe use "$@" >own
	printf '%s\n' "$definitions" 'COMPARTMENT web -> COMPARTMENT cgi METHOD msg,shm,sem,mq' | remade
	cgcomptctl exec web -- ipcprobe use "$@" >allowed
	printf '%s\n' "$definitions" 'COMPARTMENT cgi -> COMPARTMENT web METHOD all' | remade
	cgcomptctl exec web -- ipcprobe use "$@" >reverse
	printf '%s\n' "$definitions" 'COMPARTMENT web -> COMPARTMENT cgi METHOD list' | remade
	cgcomptctl exec web -- ipcprobe use "$@" >list
	printf '%s\n' "$definitions" 'COMPARTMENT web -> COMPARTMENT cgi METHOD msg[send],shm[ro],sem[read]' | remade
	cgcomptctl exec web -- ipcprobe use "$@" >some
	printf '%s\n' "$definitions" 'COMPARTMENT web -> COMPARTMENT cgi METHOD msg[recv],sem[alter]' | remade
	cgcomptctl exec web -- ipcprobe use "$@" >others
	remade <<<"$definitions"
}

# refused_without ACT… - in a compartment without a rule, in 0 and by a rule for the other direction; and it works
# without the module, for whose object it is and with a rule. 0 sees all here, being the administrators'.
refused_without() {
	local way
	cd "$BATS_FILE_TMPDIR" || return
	for way; do
		grep -H "^$way " bare denied zero own allowed reverse
		grep -qx "$way allowed" bare
		grep -qx "$way refused EACCES" denied
		[[ $way == *_stat* ]] || grep -qx "$way refused EACCES" zero
		grep -qx "$way refused EACCES" reverse
		grep -qx "$way allowed" own
		grep -qx "$way allowed" allowed
	done
}

# only_by FILE ACT… - of the attributes' sets FILE is the one that allows it
only_by() {
	local file=$1 way other
	shift
	cd "$BATS_FILE_TMPDIR" || return
	for way; do
		grep -H "^$way " some others list
		for other in some others list; do
			if [ "$other" = "$file" ]; then
				grep -qx "$way allowed" "$other"
			else
				grep -qx "$way refused EACCES" "$other"
			fi
		done
	done
}

# by_none ACT… - no attribute allows it, the whole method does
by_none() {
	only_by none "$@"
}
