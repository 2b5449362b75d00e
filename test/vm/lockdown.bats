#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel itself (hooks/lockdown.c, knob.c): root in a compartment has no knob of it, no module, no memory, clock or
# switch. What it reads, and what a process says of itself, is as it was.

load helpers/suite
load helpers/kernel

setup_file() {
	helper kernprobe.py probe.py
	dmesg -n 5
	mkdir -p "$place"/bare
	modprobe -a binfmt_misc configfs fuse
	modprobe netconsole || true # has something to configure
	mounted configfs /sys/kernel/config
	mounted debugfs /sys/kernel/debug
	mounted tracefs /sys/kernel/tracing
	mounted securityfs /sys/kernel/security
	mounted binfmt_misc /proc/sys/fs/binfmt_misc
	everywhere acts
}

# mounted KIND PLACE - it is
mounted() {
	mountpoint -q "$2" || mount -t "$1" "$1" "$2"
}

# acts WORD… - all of them
acts() {
	local group
	for group in probe.there probe.gone; do
		[ -e /sys/fs/cgroup/$group ] || mkdir /sys/fs/cgroup/$group
	done
	[ ! -e /sys/fs/cgroup/probe.new ] || rmdir /sys/fs/cgroup/probe.new
	[ ! -e /sys/kernel/tracing/instances/probe ] || rmdir /sys/kernel/tracing/instances/probe
	! grep -q '^tcp_westwood ' /proc/modules || rmmod tcp_westwood
	"$@" kernprobe.py knobs
	"$@" kernprobe.py kernel "$place"
	"$@" kernprobe.py own
}

@test "S3 KERN-08 KERN-09 ROOT-11 no sysctl is written" {
	bound sysctl:kernel/{core_pattern,core_uses_pid,modprobe,poweroff_cmd,hostname,sysrq,kptr_restrict} \
		sysctl:kernel/{dmesg_restrict,randomize_va_space,yama/ptrace_scope,pid_max,panic} \
		sysctl:kernel/unprivileged_bpf_disabled sysctl:fs/{suid_dumpable,protected_hardlinks,file-max} \
		sysctl:net/{ipv4/ip_forward,core/somaxconn} sysctl:vm/{mmap_min_addr,overcommit_memory} \
		sysctl:user/max_user_namespaces
}

@test "S3 KERN-03 nor another knob in /proc" {
	bound sysrq irq pressure
}

@test "S3 KERN-04 KERN-11 CTRL-11 nor one in /sys" {
	bound uevent module hugepages pci power chmod
}

@test "S3 KERN-01 nor another security module's policy" {
	bound apparmor
}

@test "S3 KERN-10 nor what modules have as file systems: no interpreter is registered" {
	bound binfmt_misc
	[ ! -e /sys/kernel/config/netconsole ] || bound configfs
}

# registers WORD… - an interpreter
registers() {
	"$@" sh -c 'echo :probe:E::probe::/bin/true: >/proc/sys/fs/binfmt_misc/register' 2>/dev/null || return 1
	echo -1 >/proc/sys/fs/binfmt_misc/probe
}

@test "S3 KERN-10 they are watched from when a module comes until it goes, which it may" {
	armed <<<"$definitions"
	modprobe efivarfs || true # needs such a firmware
	run ! grep 'cannot be watched' < <(dmesg)
	run ! grep -E ' (bm|fuse|configfs)_[a-z_]+ +waiting' < <(cgcomptctl list hooks)
	run ! registers cgcomptctl exec web --
	umount /proc/sys/fs/binfmt_misc
	rmmod binfmt_misc
	cgcomptctl list hooks | grep -E '^knob +bm_register_write +waiting +module '
	modprobe binfmt_misc
	mounted binfmt_misc /proc/sys/fs/binfmt_misc
	registers cgcomptctl exec default --
	run ! registers cgcomptctl exec web --
	cgcomptctl list hooks | grep -E '^knob +bm_register_write +attached module '
	bare
	registers env
	umount /proc/sys/fs/binfmt_misc
	rmmod binfmt_misc
	armed <<<"$definitions"
	modprobe binfmt_misc
	mounted binfmt_misc /proc/sys/fs/binfmt_misc
	run ! registers cgcomptctl exec web --
	registers env
}

@test "S3 CGROUP-02 CGROUP-03 CGROUP-05 nor a cgroup changed, made or taken away" {
	bound cgroup_{mkdir,move,freeze,subtree,max,chown,rmdir}
}

@test "S3 KERN-05 no tracing of the kernel" {
	bound trace_{marker,on,kprobe,uprobe,read,instance} debugfs
	grep -x 'trace_filter allowed' "$BATS_FILE_TMPDIR"/{bare,zero,admin}
	grep -x 'trace_filter refused ENODEV' "$BATS_FILE_TMPDIR/web"
}

@test "S3 KERN-01 no modules, and none by asking for what one has" {
	bound init_module finit_module delete_module
	grep -x 'autoload allowed' "$BATS_FILE_TMPDIR"/{bare,zero,admin}
	# what is loaded for CAP_NET_ADMIN alone; nobody asks modprobe
	grep -x 'autoload refused ENOENT' "$BATS_FILE_TMPDIR/web"
}

# loads WORD… - the kernel loads a module for a terminal of its own that is to be of another kind (N_HDLC)
loads() {
	! grep -q '^n_hdlc ' /proc/modules || succeeds modprobe -r n_hdlc
	"$@" python3 -c 'import fcntl, os, struct; fcntl.ioctl(os.openpty()[1], 0x5423, struct.pack("i", 13))' || true
	grep '^n_hdlc ' /proc/modules
}

@test "S3 KERN-01 nor by a terminal, for which nobody needs a capability" {
	bare
	loads env
	armed <<<"$definitions"
	loads env
	run ! loads cgcomptctl exec web --
	cgcomptctl denials | grep '^COMPARTMENT web .*security_kernel_module_request: it does not act on the kernel$'
}

@test "S3 KERN-03 no other kernel, no reboot" {
	bound kexec_load kexec_file_load reboot
}

@test "S3 KERN-04 KERN-13 no memory or ports, a rule that gives devices or not" {
	bound iopl ioperm dev_mem dev_port page_zero
}

@test "S3 CGROUP-06 CGROUP-07 no programs in the kernel, no counters of it" {
	bound bpf perf
}

@test "S3 KERN-12 CHROOT-15 no clock, name, accounting, swap or quota" {
	bound clock timezone adjtimex hostname domainname acct swapon swapoff quota freeze syslog
}

@test "S3 KERN-07 nor as a program of 32 bits" {
	bound hostname_32 swapoff_32
}

@test "S3 a service reads, and sets what is its own" {
	free own_{oom,comm,filter,nice} read_{sysctl,sys,cgroup,pressure,proc,clock,host}
}

@test "S3 O5 a refusal is on record" {
	cat "$BATS_FILE_TMPDIR/recorded"
	grep -q '^COMPARTMENT web .*proc_sys_write: it does not act on the kernel$' "$BATS_FILE_TMPDIR/recorded"
	grep -q '^COMPARTMENT web CAPS +cap_sys_boot .*security_capable: only an ADMIN compartment may use it$' \
		"$BATS_FILE_TMPDIR/recorded"
}

@test "S2 S3 what acts on the kernel is cut out of what a process has, whatever CAPS says" {
	armed <<<"$definitions"
	held=$(cgcomptctl exec web -- awk '/^Cap(Prm|Eff|Bnd)/ { print $2 }' /proc/self/status)
	while read -r bits; do
		# net_admin, module, rawio, pacct, boot, time; mac, syslog, perfmon, bpf
		((0x$bits & (1 << 12 | 1 << 16 | 1 << 17 | 1 << 20 | 1 << 22 | 1 << 25 | 3 << 32 | 1 << 34 | 3 << 38))) && return 1
		((0x$bits))
	done <<<"$held"
}

@test "S3 CTRL-11 the module's own parameters are read only, and its control is for administrators" {
	armed <<<"$definitions"
	[ -z "$(find /sys/module/cgcompt/parameters -type f -perm /222)" ]
	for command in status 'list rules' 'load --force /etc/cgcompt' 'mode permissive' disable; do
		# shellcheck disable=SC2086
		run ! cgcomptctl exec web -- cgcomptctl $command
	done
	run ! cgcomptctl exec web -- rmmod cgcompt
	[ "$(cgcomptctl exec web -- cat /proc/cgcompt/rules 2>/dev/null | grep -c METHOD)" = 0 ]
}

# refuses - web cannot write a sysctl
refuses() {
	! cgcomptctl exec web -- sh -c 'echo 0 >/proc/sys/kernel/sysrq'
}

@test "KERN-05 compartment 0 cannot switch the hooks off with the kernel's switches for tracing" {
	armed <<<"$definitions"
	run ! sysctl -w kernel.ftrace_enabled=0
	refuses
	echo 0 >/sys/kernel/debug/kprobes/enabled
	refuses
	echo 1 >/sys/kernel/debug/kprobes/enabled
	# nor load it with hooks that catch nothing, where the kernel still has such a switch
	bare
	run sysctl -qw kernel.ftrace_enabled=0
	if [ "$status" = 0 ]; then
		run ! modprobe cgcompt
		sysctl -qw kernel.ftrace_enabled=1
	else
		[[ $output == *'Operation not supported'* ]]
	fi
	armed <<<"$definitions"
	refuses
}

@test "S3 KERN-01 the module holds itself while somebody is contained; then it goes, and leaves nothing" {
	cd "$BATS_TEST_TMPDIR"
	armed <<<"$definitions"
	[ "$(grep -c cgcompt /sys/kernel/tracing/enabled_functions)" -gt 100 ]
	mkfifo in
	cgcomptctl exec web -- sh -c 'echo ready; read -r _' <>in >out 3>&- &
	started out ready
	run ! rmmod cgcompt
	refuses
	echo >in
	wait
	succeeds rmmod cgcompt
	run ! grep cgcompt /sys/kernel/tracing/enabled_functions /sys/kernel/debug/kprobes/list /proc/kallsyms /proc/modules
	[ ! -e /proc/cgcompt ]
	sh -c 'echo 0 >/proc/sys/kernel/sysrq'
}

@test "KERN-06 nothing that can be missed enforces: no probe is left from loading" {
	armed <<<"$definitions"
	run ! grep cgcompt /sys/kernel/debug/kprobes/list
	refuses
}
