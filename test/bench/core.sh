#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# core.sh PROGRAM - a table of what the core costs; fails where a decision at
# 100 000 rules takes more than 1.15 times the instructions of one at 10.
set -eu

program=$1
sizes="10 1000 100000"
limit=115
ns=$(mktemp)
trap 'rm -f "$ns"' EXIT

# Instructions of one function, by callgrind: the same in every run.
count() { # CASE RULES FUNCTION
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		--toggle-collect="$3" "$program" "$1" "$2" 2>&1 |
		sed -n 's/.*Collected : *//p'
}

each() { # CASE RULES: instructions of one decision or rule
	case $1 in
	hit|miss) echo $(($(count "$1" "$2" decide_all) / 20000)) ;;
	add) echo $(($(count add "$2" add_all) / $2)) ;;
	parse) echo $(($(count parse "$2" parse_all) / $2)) ;;
	esac
}

"$program" > "$ns"
printf '%-22s' "instructions (ns)"
for size in $sizes; do printf '%18s' "$size rules"; done
printf '%12s\n' "ratio"

status=0
while read -r case name; do
	printf '%-22s' "$name"
	first=
	for size in $sizes; do
		instructions=$(each "$case" "$size")
		: "${first:=$instructions}"
		time=$(sed -n "s/^$case $size //p" "$ns")
		printf '%18s' "$instructions ($time)"
	done
	ratio=$((100 * instructions / first))
	printf '%9d.%02d\n' $((ratio / 100)) $((ratio % 100))
	case $case in
	hit|miss) [ $ratio -le $limit ] || status=1 ;;
	esac
done <<-CASES
	hit decision, allowed
	miss decision, refused
	add adding a rule
	parse reading a rule
CASES
[ $status = 0 ] || echo "the cost of a decision grows with the number of rules" >&2
exit $status
