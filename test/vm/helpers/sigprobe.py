#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends signals in every way there is, and says what came.

sigprobe target            write "ready PID PGID", then "got N" for each signal; until standard input ends
sigprobe send PID          every way, each with a signal of its own; "WAY allowed" or "WAY refused ERROR"
sigprobe one PID N         kill(PID, N), the same
sigprobe flood PID TIMES    SIGUSR1 so often; "refused N"
sigprobe old COMMAND…      a pidfd of COMMAND, a target to be, from before it became one
sigprobe pdeath N COMMAND… COMMAND is to get N when its parent ends, which does so once it is ready
sigprobe exitsig COMMAND…  which signals tell of the end of a child that was to send SIGUSR1
sigprobe terminal COMMAND… on a terminal, from a session of ours: Ctrl-C once it is ready; "leader got N" for us
sigprobe disturb           what can be done to whom the terminal on standard input belongs to
"""
import ctypes
import errno
import fcntl
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import time

from probe import libc, say, syscall

TKILL, TGKILL, SIGQUEUE, TGSIGQUEUE, PIDFD_OPEN, PIDFD_SEND = 200, 234, 129, 297, 434, 424
F_SETOWN_EX, F_OWNER_PID, FIOSETOWN, SIOCSPGRP = 15, 1, 0x8901, 0x8902
TIOCSIG = 0x40045436


def act(name, function, *arguments):
    try:
        function(*arguments)
        say(name, 'allowed')
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EINVAL):
            say(name, 'unsupported')
        else:
            say(name, 'refused', errno.errorcode[error.errno])


def catch_all(prefix=''):
    # A signal is written down where it is caught: Python's own handlers run late.
    for number in range(1, 65):
        if number in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
            continue
        signal.signal(number, lambda n, _frame: say(f'{prefix}got', n))


def target():
    catch_all()
    say('ready', os.getpid(), os.getpgrp())
    while True:
        try:
            if not os.read(0, 1):
                return
        except OSError:
            time.sleep(0.1)


def siginfo(number):
    return ctypes.create_string_buffer(struct.pack('=iiiiii', number, 0, -1, 0, os.getpid(), 0), 128)


def by_pidfd(pid, number, flags=0):
    syscall(PIDFD_SEND, syscall(PIDFD_OPEN, pid, 0), number, None, flags)


def by_directory(pid, number):
    syscall(PIDFD_SEND, os.open(f'/proc/{pid}', os.O_DIRECTORY), number, None, 0)


def by_sigio(number, own):
    """A file that sends number, to whom own(file) says."""
    a, b = socket.socketpair()
    own(a)
    fcntl.fcntl(a, fcntl.F_SETSIG, number)
    fcntl.fcntl(a, fcntl.F_SETFL, os.O_ASYNC)
    b.send(b'x')


def by_urgent(pid):
    server = socket.create_server(('127.0.0.1', 0))
    client = socket.create_connection(server.getsockname())
    peer, _ = server.accept()
    fcntl.ioctl(peer, SIOCSPGRP, struct.pack('i', pid))
    client.send(b'x', socket.MSG_OOB)
    select.select([], [], [peer], 5)


def send(pid):
    """A signal of its own for each way; to all one that is ignored by default."""
    owner_ex = struct.pack('ii', F_OWNER_PID, pid)
    act('look', os.kill, pid, 0)
    act('kill', os.kill, pid, 40)
    act('tkill', syscall, TKILL, pid, 41)
    act('tgkill', syscall, TGKILL, pid, pid, 42)
    act('sigqueue', syscall, SIGQUEUE, pid, 43, siginfo(43))
    act('tgsigqueue', syscall, TGSIGQUEUE, pid, pid, 44, siginfo(44))
    act('pidfd', by_pidfd, pid, 45)
    act('pidfd_thread', by_pidfd, pid, 46, 1)
    act('pidfd_group', by_pidfd, pid, 47, 4)
    act('directory', by_directory, pid, 48)
    act('group', os.killpg, pid, 49)
    act('setown', by_sigio, 50, lambda f: fcntl.fcntl(f, fcntl.F_SETOWN, pid))
    act('setown_group', by_sigio, 51, lambda f: fcntl.fcntl(f, fcntl.F_SETOWN, -pid))
    act('setown_ex', by_sigio, 52, lambda f: fcntl.fcntl(f, F_SETOWN_EX, owner_ex))
    act('fiosetown', by_sigio, 53, lambda f: fcntl.ioctl(f, FIOSETOWN, struct.pack('i', pid)))
    act('sigio', by_sigio, 0, lambda f: fcntl.fcntl(f, fcntl.F_SETOWN, pid))
    act('urgent', by_urgent, pid)
    act('all', os.kill, -1, signal.SIGWINCH)
    act('chld', os.kill, pid, signal.SIGCHLD)
    act('stop', os.kill, pid, signal.SIGSTOP)
    act('cont', os.kill, pid, signal.SIGCONT)


def started(command, **options):
    """A target, ready."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    pidfd = os.pidfd_open(child.pid)
    line = child.stdout.readline()
    sys.stdout.write(line)
    sys.stdout.flush()
    return child, pidfd


def old(command):
    child, pidfd = started(command, stdin=subprocess.PIPE)
    act('old', syscall, PIDFD_SEND, pidfd, signal.SIGUSR1, None, 0)
    time.sleep(0.5)
    child.stdin.close()
    sys.stdout.write(child.stdout.read())
    child.wait()


def pdeath(number, command):
    """The middle one ends; the target goes on writing where we write, and we wait until it ends."""
    libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    hold, end = os.pipe()
    out, log = os.pipe()
    middle = os.fork()
    if not middle:
        if not os.fork():
            libc.prctl(1, number, 0, 0, 0)  # PR_SET_PDEATHSIG
            os.dup2(hold, 0)
            os.dup2(log, 1)
            os.close(end)
            os.execvp(command[0], command)
        os.read(out, 1)
        os._exit(0)
    os.waitpid(middle, 0)
    time.sleep(0.5)
    os.close(log)
    os.close(end)
    os.wait()
    sys.stdout.write(os.fdopen(out).read().replace('eady', 'ready'))


def exitsig(command):
    got = []
    for number in (signal.SIGUSR1, signal.SIGCHLD):
        signal.signal(number, lambda n, _frame: got.append(n))
    child = syscall(56, int(signal.SIGUSR1), 0, 0, 0, 0)  # clone(): a fork with another exit signal
    if not child:
        if command:
            os.execvp(command[0], command)
        os._exit(7)
    status = None
    while status is None:
        try:
            pid, state = os.waitpid(child, 0x40000000)  # __WALL
            status = os.waitstatus_to_exitcode(state)
        except InterruptedError:
            pass
    say('status', status, 'signals', *sorted(int(n) for n in got))


def terminal(command):
    pid, master = pty.fork()
    if not pid:
        catch_all('leader ')
        child = subprocess.Popen(command, preexec_fn=lambda: [signal.signal(n, signal.SIG_DFL) for n in (2, 28)])
        child.wait()
        say('leader done', child.returncode)
        os._exit(0)
    text, pressed = b'', False
    while True:
        try:
            more = os.read(master, 4096)
        except OSError:
            break
        if not more:
            break
        text += more
        if b'ready' in text and not pressed:
            pressed = True
            os.write(master, b'\x03')
        if b'got 2' in text.replace(b'leader got 2', b''):
            os.write(master, b'\x04')
    os.waitpid(pid, 0)
    say(text.decode().replace('\r', ''))


def disturb():
    leader = os.getsid(0)
    act('winsize', fcntl.ioctl, 0, termios.TIOCSWINSZ, struct.pack('HHHH', 33, 77, 0, 0))
    act('foreground', os.tcsetpgrp, 0, leader)
    act('tiocsig', fcntl.ioctl, 0, TIOCSIG, struct.pack('i', 2))


def flood(pid, times):
    refused = 0
    for _ in range(times):
        try:
            os.kill(pid, signal.SIGUSR1)
        except PermissionError:
            refused += 1
    say('refused', refused)


def main(mode, *words):
    if mode == 'target':
        target()
    elif mode == 'send':
        send(int(words[0]))
    elif mode == 'one':
        act('one', os.kill, int(words[0]), int(words[1]))
    elif mode == 'flood':
        flood(int(words[0]), int(words[1]))
    elif mode == 'old':
        old(words)
    elif mode == 'pdeath':
        pdeath(int(words[0]), words[1:])
    elif mode == 'exitsig':
        exitsig(words)
    elif mode == 'terminal':
        terminal(words)
    elif mode == 'disturb':
        disturb()
    elif mode == 'hangup':
        act('hangup', syscall, 153)


main(*sys.argv[1:])
