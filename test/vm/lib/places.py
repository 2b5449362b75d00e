# SPDX-License-Identifier: GPL-2.0-only
"""A few guests at a time: more than the machine has processors for only make one another slow, and then late."""
import fcntl
import os
import time

CACHE = os.environ.get("CGCOMPT_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "cgcompt")


def take():
    """Waits for a place. It is given back when the returned file is closed, by the end of this process too."""
    os.makedirs(CACHE, exist_ok=True)
    count = int(os.environ.get("CGCOMPT_VM_PLACES") or (os.cpu_count() or 1) + 1)
    while True:
        for number in range(count):
            place = open(os.path.join(CACHE, f"place.{number}"), "w", encoding="utf-8")
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return place
            except BlockingIOError:
                place.close()
        time.sleep(0.2)
