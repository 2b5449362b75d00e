# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
#
# Kernels are asked for by version ("6.12"); which of Debian's releases offers that version is asked of
# the archive, since backports and sid move. The archive's address is the one that this machine's apt uses.

releases=(bookworm trixie trixie-backports sid)

# archive LABEL: the address of Debian's own archive with that label ("Debian", "Debian-Security")
archive() {
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' |
		awk -F'|' -v label="$1" '$1 == "Debian" && $2 == label { sub("/$", "", $3); print $3; exit }'
}

# sources RELEASE: its lines for sources.list
sources() {
	local debian security suite=${1%-backports} options=
	debian=$(archive Debian)
	[ -n "$debian" ] || { apt-get -q update >/dev/null 2>&1 && debian=$(archive Debian); }
	security=$(archive Debian-Security)
	[ -n "$debian" ] || die "apt knows no archive of Debian; is there one in its sources?"
	# sid is not always fresh on every mirror
	[ "$1" != sid ] || options='[check-valid-until=no] '
	echo "deb $options$debian $suite main"
	[ "$1" != sid ] || return 0
	echo "deb $debian $suite-updates main"
	[ -z "$security" ] || echo "deb $security $suite-security main"
	[ "$1" = "$suite" ] || echo "deb $debian $1 main"
}

# preferences RELEASE: of backports the kernel is wanted, the rest only as far as the kernel needs it
preferences() {
	case $1 in
	*-backports)
		printf 'Package: src:linux:any src:linux-signed-amd64:any linux-base\nPin: release n=%s\nPin-Priority: 600\n' "$1"
		;;
	esac
}

# apt_of RELEASE TOOL ARGUMENT…: apt-get or apt-cache for that release, with a state of its own
apt_of() {
	local dir=$cache/apt/$1 tool=$2
	shift 2
	"$tool" -o Dir::Etc::SourceList="$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences="$dir/preferences" -o Dir::Etc::PreferencesParts=/dev/null \
		-o Dir::State="$dir/state" -o Dir::State::status=/dev/null -o Dir::Cache="$dir/cache" \
		-o APT::Update::Post-Invoke::= -o APT::Update::Post-Invoke-Success::= "$@"
}

# refresh RELEASE: fetches its lists unless that was done in the last hours; old lists do when the archive is away
refresh() {
	local dir=$cache/apt/$1 lock
	mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial"
	exec {lock}>"$dir/lock"
	flock "$lock"
	if [ -z "$(find "$dir/fresh" -mmin "-${CGCOMPT_VM_REFRESH:-720}" 2>/dev/null)" ]; then
		sources "$1" >"$dir/sources.list"
		preferences "$1" >"$dir/preferences"
		if apt_of "$1" apt-get -q update >"$dir/log" 2>&1; then
			apt_of "$1" apt-cache policy linux-image-amd64 | awk '$1 == "Candidate:" { print $2 }' >"$dir/kernel"
			touch "$dir/fresh"
		elif [ ! -e "$dir/fresh" ]; then
			tail -n 5 "$dir/log" >&2
			die "the package lists of $1 could not be had"
		fi
	fi
	exec {lock}>&-
}

# kernel_version RELEASE: the package version of its kernel
kernel_version() {
	refresh "$1"
	cat "$cache/apt/$1/kernel"
}

# kernels: a line "6.12 trixie 6.12.117-1" for each kernel on offer, an older release first
kernels() {
	local release version
	for release in "${releases[@]}"; do
		version=$(kernel_version "$release")
		[ -z "$version" ] || echo "$(cut -d. -f1,2 <<<"$version") $release $version"
	done | sort -s -u -V -k1,1
}

# kernel_line NAME: the line of that kernel; NAME may be "newest" or "debug". Nothing when it is not on offer.
kernel_line() {
	local release version
	case $1 in
	newest) kernels | tail -n 1 && return ;;
	debug) echo "debug trixie-debug $(kernel_version trixie)" && return ;;
	esac
	for release in "${releases[@]}"; do
		version=$(kernel_version "$release")
		case $version in
		"$1".* | "$1"-*)
			echo "$1 $release $version"
			return
			;;
		esac
	done
}
