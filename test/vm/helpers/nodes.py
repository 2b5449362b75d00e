#!/usr/bin/python3 -IS
# SPDX-License-Identifier: GPL-2.0-only
"""Opens FIFOs, terminals and devices, and says for each act whether it was allowed.

  nodes fifo PATH                 opens it for reading, writing and both
  nodes hold PATH                 has the FIFO PATH open until a line comes; says `ready`
  nodes pipe                      makes a pipe, says `pipe PATH` of its end to read from, has it until a line comes
  nodes open PATH...              opens each to read
  nodes terminal                  makes a terminal, says `terminal PATH`, uses it as its own, and has it until a line comes
  nodes ioctl                     what can be done to the terminal that is standard input
  nodes taking END WORD...        runs a program with an end of a new terminal, `master` or `slave`, as standard input
"""
import errno
import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios

TIOCVHANGUP = 0x5437


def act(name, call, *arguments):
    try:
        got = call(*arguments)
        print(name, "allowed", flush=True)
        return got
    except OSError as error:
        print(name, "refused" if error.errno == errno.EACCES else "failed", errno.errorcode[error.errno], flush=True)
        return None


def shut(name, path, flags):
    fd = act(name, os.open, path, flags | os.O_NONBLOCK | os.O_NOCTTY)
    if fd is not None:
        os.close(fd)


def fifo(path):
    shut("read", path, os.O_RDONLY)
    shut("write", path, os.O_WRONLY)
    shut("both", path, os.O_RDWR)


def hold(path):
    fd = os.open(path, os.O_RDWR)
    print("ready", flush=True)
    sys.stdin.readline()
    os.close(fd)


def pipe():
    fds = os.pipe()
    shut("own", f"/proc/self/fd/{fds[0]}", os.O_RDONLY)
    print(f"pipe /proc/{os.getpid()}/fd/{fds[0]}", flush=True)
    sys.stdin.readline()


def opens(*paths):
    for path in paths:
        shut(path, path, os.O_RDONLY)


def terminal():
    master, slave = pty.openpty()
    print("terminal", os.ttyname(slave), flush=True)
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    shut("own", os.ttyname(slave), os.O_RDWR)
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    shut("tty", "/dev/tty", os.O_RDWR)
    act("own_type", fcntl.ioctl, slave, termios.TIOCSTI, b"x")
    sys.stdin.readline()
    os.close(master)


def requests():
    return [("type", termios.TIOCSTI, b"x"), ("exclusive", termios.TIOCEXCL, 0),
            ("discipline", termios.TIOCSETD, struct.pack("i", 0)), ("console", termios.TIOCCONS, 0),
            ("steal", termios.TIOCSCTTY, 1), ("hangup", TIOCVHANGUP, 0)]


def ioctl():
    act("size", fcntl.ioctl, 0, termios.TIOCGWINSZ, b"\0" * 8)
    act("settings", termios.tcgetattr, 0)
    if os.getsid(0) != os.getpid():
        if os.fork():
            os.wait()
            return
        os.setsid()
    for name, request, argument in requests():
        act(name, fcntl.ioctl, 0, request, argument)


def taking(end, *words):
    master, slave = pty.openpty()
    subprocess.run(words, stdin=master if end == "master" else slave, check=False)
    act("alive", fcntl.ioctl, slave, termios.TIOCGWINSZ, b"\0" * 8)
    os.close(master)


if __name__ == "__main__":
    {"fifo": fifo, "hold": hold, "pipe": pipe, "open": opens, "terminal": terminal,
     "ioctl": ioctl, "taking": taking}[sys.argv[1]](*sys.argv[2:])
