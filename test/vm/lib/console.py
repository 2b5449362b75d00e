# SPDX-License-Identifier: GPL-2.0-only
"""What a kernel said on its console."""
import re

COMPLAINT = re.compile(
    r"(?:^|\] |: )(?:WARNING: |BUG: |BUG at |kernel BUG at |Oops: |Kernel panic - |general protection fault|"
    r"double fault: |unregister_netdevice: waiting |INFO: task \S+ blocked |INFO: trying to register non-static key|"
    r"watchdog: BUG|rcu: INFO: .*stall|rcu_\w+ detected .*stall|UBSAN: |refcount_t: |list_(?:add|del) corruption|"
    r"Unloaded tainted modules.*BUG|Bad page state|DEADLOCK|unable to handle kernel)")

# said by a kernel without fault, at boot
HARMLESS = re.compile(r"Spectre V2 : WARNING|module verification failed")


def lines(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().replace("\r", "").splitlines(keepends=True)
    except OSError:
        return []


def complaint(path, before=3, after=45):
    """The first complaint of the kernel with its surroundings, or an empty string."""
    text = lines(path)
    for number, line in enumerate(text):
        if COMPLAINT.search(line) and not HARMLESS.search(line):
            return "".join(text[max(0, number - before):number + after])
    return ""


def tail(path, count=25):
    return "".join(lines(path)[-count:])
