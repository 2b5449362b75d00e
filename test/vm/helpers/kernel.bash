# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the suites about acts on the kernel share: root tries them (helpers/kernprobe.py) without the module, in
# compartment 0, in one, and in an administrators'.

export place=/srv/kernel
definitions='COMPARTMENT web NUMBER 2 CAPS +all
COMPARTMENT web -> COMPARTMENT default METHOD trace'
administered="$definitions
ADMIN COMPARTMENT admin NUMBER 9
COMPARTMENT admin -> COMPARTMENT default METHOD trace"

# everywhere FUNCTION - it runs what it is given, a word in front of kernprobe.py, with all that is needed there
# shellcheck disable=SC2094 # it says where it goes, and reads nothing
everywhere() {
	local name
	cd "$BATS_FILE_TMPDIR" || return
	bare
	$1 >bare
	armed <<<"$definitions"
	$1 >zero
	$1 cgcomptctl exec web -- >web
	cgcomptctl denials >recorded
	# under rules that name administrators only they, and the supervisor, change them
	echo "$definitions" >definitions
	echo "$administered" >administered
	# shellcheck disable=SC2163 # the function, not what it is called by
	export -f "$1"
	cgcomptctl exec supervisor -- bash -c "cgcomptctl load --force administered
		$1 cgcomptctl exec admin -- >admin
		cgcomptctl load --force definitions"
}

# bound ACT… - is refused in a compartment, and nowhere else
bound() {
	local act name bad=0
	cd "$BATS_FILE_TMPDIR" || return
	for act; do
		for name in bare zero admin; do
			grep -qx "$act allowed" $name || {
				echo "$name: $(grep "^$act " $name || echo "$act: nothing"), expected allowed"
				bad=1
			}
		done
		grep -qxE "$act refused E(PERM|ACCES)" web || {
			echo "web: $(grep "^$act " web || echo "$act: nothing"), expected refused"
			bad=1
		}
	done
	return $bad
}

# free ACT… - is nobody's business
free() {
	local act name
	cd "$BATS_FILE_TMPDIR" || return
	for act; do
		for name in bare zero admin web; do
			grep -Hx "$act allowed" $name || { grep "^$act " $name; return 1; }
		done
	done
}
