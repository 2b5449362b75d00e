# SPDX-License-Identifier: GPL-2.0-only
# Counts TAP: prints "passed failed skipped". Given: status, the exit status of what made it, and strict, in which
# case a skipped test has failed. A test that was planned and did not report has failed: its suite died.
# Several plans in one file add up. No TAP at all is one test that passed if status is 0.
/^1\.\.[0-9]+/   { planned += substr($1, 4); plans++ }
/^ok( |$)/       { if (tolower($0) ~ /# *skip/) skipped++; else passed++ }
/^not ok( |$)/   { failed++ }
/^Bail out!/     { failed++ }
END {
	reported = passed + failed + skipped
	if (!plans && !reported) {
		if (status == 0) passed = 1; else failed = 1
	} else if (planned > reported)
		failed += planned - reported
	if (status != 0 && !failed)
		failed = 1
	if (strict == "true") {
		failed += skipped
		skipped = 0
	}
	print passed + 0, failed + 0, skipped + 0
}
