#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# test/layers.sh [DIR]: does the source keep to its layers (src/README.md)? In TAP; DIR is another tree than this one.
# test/layers.sh --self-test: does every rule notice a violation that is planted in a copy?
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What the core may call, and the only file that may call what registers something.
core_calls='mem(chr|cmp|cpy|move|set)|str(chr|cmp|len|ncmp|nlen|rchr|spn|cspn|str|pbrk)'
registrars='
genl_register_family		src/control.c
netlink_register_notifier	src/control.c
nf_register_net_hook		hooks/hook.c
nf_register_net_hooks		hooks/hook.c
register_ftrace_function	hooks/hook.c
register_kprobe			hooks/hook.c
register_module_notifier	hooks/hook.c
register_netdevice_notifier	src/netdev.c
register_inetaddr_notifier	src/netdev.c
register_inet6addr_notifier	src/netdev.c
register_fib_notifier		src/route.c
register_pernet_subsys		hooks/hook.c
'
lines_max=600
function_max=100
function_p90=50

# The text without comments and strings, each line with FILE:LINE: before it.
code() { # FILE…
	[ $# = 0 ] || awk '
	FNR == 1 { comment = 0 }
	{
		line = $0; out = ""
		while (line != "") {
			if (comment) {
				end = index(line, "*/")
				if (!end) break
				line = substr(line, end + 2); comment = 0
			} else if (match(line, /^"([^"\\]|\\.)*"/) && line !~ /^"[^"]*\.h"/) {
				out = out "\"\""; line = substr(line, RLENGTH + 1)
			} else if (substr(line, 1, 2) == "/*") {
				line = substr(line, 3); comment = 1
			} else if (substr(line, 1, 2) == "//") {
				break
			} else {
				out = out substr(line, 1, 1); line = substr(line, 2)
			}
		}
		print FILENAME ":" FNR ":" out
	}' "$@"
}

# The sources below some directories, of these endings.
sources() { # ENDING… -- DIR…
	local endings=() dirs=()
	while [ "$1" != -- ]; do
		endings+=(-o -name "*$1")
		shift
	done
	shift
	for dir; do [ ! -e "$dir" ] || dirs+=("$dir"); done
	find "${dirs[@]}" \( -name 'build*' -o -name corpus -o -name .git -o -name '*.mod.c' \) -prune -o \
		-type f \( "${endings[@]:1}" \) -print | sort
}

module() { sources .c .h -- src hooks | grep -v ^src/core/; }

includes() { grep -E ':[0-9]+:[[:space:]]*#[[:space:]]*include' || true; }

core_includes() {
	local own
	own=$(cd src/core && printf '%s\n' *.h | tr '\n' '|')
	own=${own//./\\.}
	code src/core/*.[ch] | includes | grep -Ev "include \"(cgc_port\.h|limits\.h|uapi/cgcompt\.h|${own%|})\"" || true
}

core_symbols() {
	local file
	for file in src/core/*.c; do
		cc -std=gnu11 -O2 -fno-pic -fno-stack-protector -U_FORTIFY_SOURCE -Isrc/port/user -Isrc \
			-c -o "$work/$(basename "$file" .c).o" "$file" || echo "$file: does not compile"
	done
	nm -u "$work"/*.o | sed -n 's/^ *U //p' | sort -u >"$work/undefined"
	nm --defined-only "$work"/*.o | awk 'NF == 3 { print $3 }' | sort -u >"$work/defined"
	comm -23 "$work/undefined" "$work/defined" | grep -Exv "$core_calls" | sed 's/^/src\/core: calls /' || true
	rm -f "$work"/*.o
}

core_words() {
	code src/core/*.[ch] | grep -E '\b(float|double|__KERNEL__|jiffies|current|GFP_[A-Z]+|READ_ONCE|WRITE_ONCE)\b' || true
	code src/core/*.[ch] | grep -E '#[[:space:]]*(ifdef|ifndef|if)\b' | grep -v 'ifndef CGC_CORE_' || true
}

hooks_includes() {
	code hooks/*.[ch] | includes |
		grep -E '"((core/)?(ruleset|rule|parse|format|key|lex)|policy|control|transaction|list|proc|loader|lockout|revoke)\.h"|netlink\.h>|<linux/rcu.*\.h>' |
		grep -Ev '<(linux|uapi/linux)/netlink\.h>' || true
	code hooks/*.[ch] | grep -E '\bcgc_(ruleset|policy|rule)_[a-z_]+ *\(|\b(printk|pr_[a-z]+) *\(|\bCGC_(A|CMD)_' |
		grep -v '^hooks/hook\.[ch]:' || true
}

registers() {
	mapfile -t files < <(module)
	code "${files[@]}" | grep -oE '^[^:]*:[0-9]+:|\b([a-z0-9_]+_)?register_[a-z0-9_]+ *\(' | awk -v table="$registrars" '
	BEGIN { n = split(table, t); for (i = 1; i < n; i += 2) owner[t[i]] = t[i + 1] }
	/^[^:]*:[0-9]+:$/ { place = $0; split($0, p, ":"); next }
	{ name = $1; sub(/ *\($/, "", name) }
	name ~ /unregister/ { next }
	owner[name] != p[1] { print place " " name " belongs in " (owner[name] ? owner[name] : "hooks/hook.c") }'
}

inits() {
	mapfile -t files < <(module)
	code "${files[@]}" | grep -E '\bcgc_[a-z0-9_]+_(init|exit)\(\)' | grep -v '^src/main\.c:' || true
}

rcu_pointer() {
	mapfile -t files < <(module)
	code "${files[@]}" | grep -E 'cgc_(policy|ruleset) +(const +)?__rcu' | grep -v '^src/policy\.c:' || true
}

wire() {
	mapfile -t files < <(sources .c .h -- ctl)
	code "${files[@]}" | grep -E '\bCGC_A_' | grep -v -e '^ctl/lib/wire\.c:' -e '^ctl/libcgcompt/' || true
}

versions() {
	mapfile -t files < <(sources .c .h -- src hooks ctl)
	code "${files[@]}" | grep -E '\b(KERNEL_VERSION|LINUX_VERSION_CODE|RHEL_RELEASE_CODE|<linux/version\.h>)' |
		grep -v '^src/compat/' || true
}

kernel_shared() { # user space sees the core and uapi, not the module's own headers
	local own
	own=$(cd src && printf '%s\n' *.h | grep -vx limits.h | tr '\n' '|')
	mapfile -t files < <(sources .c .h -- ctl)
	for header in $(cd src && ls ./*.h); do
		[ ! -e "ctl/lib/$header" ] || own=${own//"${header#./}|"/}
	done
	code "${files[@]}" | includes | grep -E "\"(\.\./)*(src/|hooks/)|\"(${own%|})\"" || true
}

long_files() {
	sources .c .h -- src hooks ctl |
		xargs awk -v max=$lines_max 'FNR == max + 1 { print FILENAME ": more than " max " lines" }'
}

function_lengths() { # FILE:LINE LENGTH
	sources .c -- src hooks ctl | xargs awk '
	/^[a-zA-Z_].*\(/ && !/;$/ { start = FNR; named = 1 }
	/^\{/ && named { inside = 1 }
	/^\}/ && inside { print FILENAME ":" start, FNR - start + 1; inside = named = 0 }'
}

long_functions() {
	function_lengths | awk -v max=$function_max '$2 > max { print $1 ": a function of " $2 " lines" }'
	function_lengths | sort -k2n | awk -v p90=$function_p90 '
	{ length_of[NR] = $2 }
	END { n = length_of[int(NR * 0.9) + 1]; if (n >= p90) print "nine of ten functions are below " n " lines, not below " p90 }'
}

licences() {
	{
		sources .c .h .sh .py .bats .mk Makefile -- src hooks ctl test etc debian Makefile
		sources '' -- ctl test etc | xargs -r grep -lIm1 '^#!' || true
	} | sort -u | while read -r file; do
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: ' || echo "$file: no SPDX-License-Identifier in its first lines"
	done
}

# RULE	what it says	a file	a line that breaks it
rules='
core_includes	the core includes cgc_port.h, limits.h, uapi/cgcompt.h and itself	src/core/decide.c	#include <stdio.h>
core_symbols	the core calls mem*() and str*() and nothing else	src/core/rule.c	void *cgc_planted(void); void *malloc(unsigned long); void *cgc_planted(void) { return malloc(9); }
core_words	the core has no floating point, clock, lock or #ifdef	src/core/rule.c	static inline double planted(void) { return 1; }
hooks_includes	hooks know labels and cgc_check(), not rules, policy or netlink	hooks/task.c	#include "policy.h"
registers	only hook.c hooks; families and notifiers have one file each	hooks/task.c	static void planted(void) { register_ftrace_function(0); }
inits	only main.c calls *_init() and *_exit()	src/task.c	static void planted(void) { cgc_object_exit(); }
rcu_pointer	only policy.c holds the pointer to the set in force	src/check.c	static struct cgc_policy __rcu *planted;
wire	only ctl/lib/wire.c and the library name netlink attributes	ctl/lib/print.c	int planted = CGC_A_LABEL;
versions	only src/compat knows kernel versions	hooks/task.c	#if LINUX_VERSION_CODE
kernel_shared	user space includes the core and uapi, nothing else of the module	ctl/lib/print.c	#include "policy.h"
long_files	no file is longer than 600 lines	src/check.c	LINES
long_functions	no function is longer than 100 lines, nine of ten are below 50	src/check.c	FUNCTION
licences	every source says its licence	src/planted.c	int planted;
'

check_tree() {
	local number=0 failed=0 rule text found
	while IFS=$'\t' read -r rule text _ _; do
		[ -n "$rule" ] || continue
		number=$((number + 1))
		found=$($rule)
		if [ -z "$found" ]; then
			echo "ok $number - $text"
		else
			failed=1
			echo "not ok $number - $text"
			echo "# ${found//$'\n'/$'\n'# }"
		fi
	done <<<"$rules"
	echo "1..$number"
	return $failed
}

plant() { # FILE LINE
	case $2 in
	LINES) seq -f '/* %g */' $((lines_max + 1)) >>"$1" ;;
	FUNCTION) { echo 'static void planted(void)' && echo '{' && seq -f '	%g;' $((function_max + 1)) && echo '}'; } >>"$1" ;;
	*) printf '%s\n' "$2" >>"$1" ;;
	esac
}

self_test() {
	local number=0 failed=0 rule text file line before after
	while IFS=$'\t' read -r rule text file line; do
		[ -n "$rule" ] || continue
		number=$((number + 1))
		rm -rf "$work/tree"
		mkdir "$work/tree"
		tar -C "$here" --exclude=.git --exclude='build*' --exclude='*.o' --exclude=vm -cf - src hooks ctl test Makefile |
			tar -C "$work/tree" -xf -
		before=$(cd "$work/tree" && $rule)
		plant "$work/tree/$file" "$line"
		after=$(cd "$work/tree" && $rule 2>/dev/null)
		if [ "$before" != "$after" ] && [ -n "$after" ]; then
			echo "ok $number - noticed: $text"
		else
			failed=1
			echo "not ok $number - noticed: $text"
		fi
	done <<<"$rules"
	echo "1..$number"
	return $failed
}

case ${1-} in
--self-test)
	self_test
	;;
*)
	cd "${1-$here}"
	check_tree
	;;
esac
