#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What can be found without running anything: shell scripts, Python, a warning of gcc or sparse in the module.
# Prints TAP.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

count=0
check() {
	local what=$1 out
	shift
	count=$((count + 1))
	if out=$("$@" 2>&1); then
		echo "ok $count $what"
	else
		echo "not ok $count $what"
		grep -vE '^ +[A-Z]+ ' <<<"$out" | tail -n 60 | sed 's/^/# /'
	fi
}

files() {
	git ls-files --cached --others --exclude-standard | while read -r file; do [ ! -f "$file" ] || echo "$file"; done
}

# scripts PATTERN: the files whose first line matches
scripts() {
	files | while read -r file; do
		! head -c 80 "$file" | head -n 1 | tr -d '\0' | grep -qE "$1" || echo "$file"
	done
}

python_compiles() {
	python3 - "$@" <<-'END'
		import sys
		for path in sys.argv[1:]:
		    with open(path, encoding="utf-8") as file:
		        compile(file.read(), path, "exec")
	END
}

has_licence() {
	local file missing=0
	while read -r file; do
		case $file in
		LICENSES/* | *.md | */README | debian/* | *.tsv | *.json | *.rules | *.dict | *.txt | */corpus/* | .gitignore | */.gitignore) continue ;;
		esac
		grep -q 'SPDX-License-Identifier' "$file" || { echo "no SPDX line: $file" && missing=1; }
	done < <(files)
	return $missing
}

mapfile -t shell < <({ scripts '^#!.*[/ ](ba|da)?sh( |$)' && files | grep -E '\.(sh|bash)$'; } | sort -u)
mapfile -t bats < <(files | grep -E '\.bats$')
mapfile -t python < <({ scripts '^#!.*python3' && files | grep -E '\.py$'; } | sort -u)

# Left out: variables and arguments that come from another file (SC2119, SC2120, SC2154), programs between quotes
# (SC2016), and in suites what is no fault there: each test is a subshell and ends at the first error (SC203x, SC2164).
check 'shellcheck: scripts' shellcheck -x -e SC1091,SC2119,SC2120,SC2154 "${shell[@]}"
[ "${#bats[@]}" = 0 ] || check 'shellcheck: suites' shellcheck -s bats -x -e SC1091,SC2016,SC2026,SC2030,SC2031,SC2119,SC2120,SC2154,SC2164 "${bats[@]}"
check 'Python compiles' python_compiles "${python[@]}"
check 'every file names its licence' has_licence
check 'the module compiles on 6.1 without a warning of gcc or sparse' test/vm/compile --kernel 6.1
check 'the module compiles on the newest kernel without a warning' test/vm/compile --kernel newest -- W=1
echo "1..$count"
