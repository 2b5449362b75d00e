# SPDX-License-Identifier: GPL-2.0-only
"""The command line of test/vm/run."""
import argparse
import os
import sys


def parse(words, usage):
    parser = argparse.ArgumentParser(usage=usage.split("\n\n", 1)[1], add_help=False, allow_abbrev=False)
    parser.add_argument("--help", action="store_true")
    parser.add_argument("--kernel", default="6.1")
    parser.add_argument("--share", metavar="DIR")
    parser.add_argument("--install", metavar="PKG,...", default=[], action="append")
    parser.add_argument("--hosts", type=int, default=0)
    parser.add_argument("--mem", type=int, default=1024)
    parser.add_argument("--processors", type=int, default=2)
    parser.add_argument("--icount", action="store_true")
    parser.add_argument("--timeout", type=float, default=600)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--systemd", action="store_true")
    parser.add_argument("--append", metavar="PARAMETERS", default="")
    parser.add_argument("--console", metavar="FILE")
    parser.add_argument("command", nargs="*")
    options = parser.parse_args(words)
    if options.help:
        print(usage)
        sys.exit(0)
    if not options.command:
        parser.error("no command")
    if options.share and not os.path.isdir(options.share):
        parser.error(f"--share: {options.share} is not a directory")
    if not 0 <= options.hosts <= 8:
        parser.error("--hosts: 0 to 8")
    if not 1 <= options.processors <= 8:
        parser.error("--processors: 1 to 8")
    options.install += ["systemd-sysv,udev,dbus"] if options.systemd else []
    options.install = ",".join(sorted({name for names in options.install for name in names.split(",") if name}))
    return options
