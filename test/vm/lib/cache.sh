# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What takes long is made once and kept outside the tree, in a directory named after a hash of all that
# it is made from. Nothing in the cache is ever changed in place: another input is another directory.

cache=${CGCOMPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cgcompt}

say() {
	echo "vm: $*" >&2
}

die() {
	say "$@"
	exit 125
}

# key_of TEXT…: a short hash of the arguments and of standard input
key_of() {
	{ printf '%s\0' "$@"; cat; } | sha256sum | cut -c 1-16
}

# cached KIND KEY WHAT COMMAND…: prints the directory $cache/KIND/KEY. When it is not there it is made by
# COMMAND… DIR; several at once wait for one another. WHAT is said while it is being made.
cached() {
	local kind=$1 what=$3 dir=$cache/$1/$2 lock start status
	shift 3
	if [ ! -e "$dir/done" ]; then
		mkdir -p "$cache/$kind"
		exec {lock}>"$cache/$kind/lock"
		flock "$lock"
		if [ ! -e "$dir/done" ]; then
			start=$SECONDS
			say "making $what (log: $dir.log)"
			rm -rf "$dir"
			mkdir "$dir"
			# not in an if: bash would not stop at errors in there
			set +e
			(set -e && "$@" "$dir") >"$dir.log" 2>&1 {lock}>&-
			status=$?
			set -e
			if [ $status != 0 ]; then
				tail -n 40 "$dir.log" >&2
				die "$what could not be made, see $dir.log"
			fi
			touch "$dir/done"
			say "made $what in $((SECONDS - start)) s"
		fi
		exec {lock}>&-
	fi
	touch "$dir"
	echo "$dir"
}

# keep_newest N KIND PATTERN: removes all but the N directories of KIND that were used last, and those of the last minutes:
# a guest may just be about to start from one. Nothing while one is being made.
keep_newest() {
	local dir lock
	exec {lock}>>"$cache/$2/lock"
	if flock --nonblock "$lock"; then
		find "$cache/$2" -maxdepth 1 -type d -name "$3" -printf '%T@ %p\n' | sort -rn | tail -n "+$(($1 + 1))" |
			while read -r _ dir; do
				[ -z "$(find "$dir" -maxdepth 0 -mmin +15)" ] || rm -rf "$dir" "$dir.log"
			done
	fi
	exec {lock}>&-
}
