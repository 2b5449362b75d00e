#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Ways to more privilege: "ACT allowed" or "ACT refused ERROR", each tried in a child of its own.

privprobe acts PROGRAMS PID  as a user with capabilities, by way of the programs in that directory and of the
                             process PID, which runs as root
privprobe climb              each thread becomes root and leaves that again; write "ready", and what the last try came
                             to ("climb allowed", "climb refused …") for each line on standard input
privprobe nested             be root of a user namespace, write "ready"; for each line on standard input, what another one
                             came to
privprobe join PID           enter that process's user namespace
privprobe wait               write "ready"; stay until standard input ends
"""
import ctypes
import errno
import os
import sys
import threading

from probe import act, libc, say, syscall

SETUID, SETGID, SETREUID, SETREGID, SETGROUPS, SETRESUID, SETRESGID, SETFSUID, SETFSGID = (
    105, 106, 113, 114, 116, 117, 119, 122, 123)
UNSHARE = 272
SETNS = 308
CLONE_NEWUSER = 0x10000000
CAP_SYS_ADMIN = 21
PTRACE_SEIZE = 0x4206
KEEP = -1


def status(field):
    with open('/proc/thread-self/status', encoding='ascii') as file:
        return next(line.split(':')[1].split() for line in file if line.startswith(field + ':'))


def wants(condition):
    if not condition:
        raise PermissionError(errno.EPERM, 'without the gain')


def set_group_list():
    syscall(SETGROUPS, 1, (ctypes.c_uint32 * 1)(0))


def set_filesystem_user():
    syscall(SETFSUID, 0)
    wants(status('Uid')[3] == '0')


def set_filesystem_group():
    syscall(SETFSGID, 0)
    wants(status('Gid')[3] == '0')


def output_of(*command):
    reading, writing = os.pipe()
    if not os.fork():
        os.dup2(writing, 1)
        try:
            os.execv(command[0], command)
        except OSError as error:
            os._exit(error.errno)
    os.close(writing)
    with os.fdopen(reading) as file:
        text = file.read()
    _, ended = os.wait()
    if ended:
        raise OSError(os.waitstatus_to_exitcode(ended), command[0])
    return text


def set_user_id_program(programs):
    wants('euid=0' in output_of(programs + '/setuid'))


def set_group_id_program(programs):
    wants('egid=0' in output_of(programs + '/setgid'))


def file_capabilities(programs):
    wants(int(output_of(programs + '/filecaps', 'CapEff', '/proc/self/status').split()[1], 16) >> CAP_SYS_ADMIN & 1)


def by_descriptor(programs):
    """Through a descriptor, without a name."""
    program = os.open(programs + '/setuid', os.O_PATH)
    wants('euid=0' in output_of(f'/proc/self/fd/{program}'))


def preloaded(programs):
    """A program that does not gain may be told what to load."""
    os.environ['LD_PRELOAD'] = 'libm.so.6'
    wants('euid=0' in output_of(programs + '/setuid'))


def copied(programs):
    """Made by who runs as root, with its set-user-id bit."""
    wants('euid=0' in output_of(programs + '/copied'))


def own(programs):
    """A program of root's with its set-user-id bit, written over by who may write it."""
    with open('/usr/bin/id', 'rb') as file, open(programs + '/own', 'r+b') as target:
        target.write(file.read())
    wants('euid=0' in output_of(programs + '/own'))


def new_user_namespace():
    syscall(UNSHARE, CLONE_NEWUSER)


def clone_user_namespace():
    if not syscall(56, CLONE_NEWUSER | 17, 0, 0, 0, 0):
        os._exit(0)


def trace(pid):
    libc.ptrace.argtypes = [ctypes.c_long] * 4
    if libc.ptrace(PTRACE_SEIZE, pid, 0, 0):
        raise OSError(ctypes.get_errno(), 'ptrace')


def memory(pid):
    os.close(os.open(f'/proc/{pid}/mem', os.O_RDWR))


def acts(programs, pid):
    act('setuid', syscall, SETUID, 0)
    act('setreuid', syscall, SETREUID, KEEP, 0)
    act('setresuid', syscall, SETRESUID, KEEP, KEEP, 0)
    act('setfsuid', set_filesystem_user)
    act('setgid', syscall, SETGID, 0)
    act('setregid', syscall, SETREGID, 0, KEEP)
    act('setresgid', syscall, SETRESGID, KEEP, 0, KEEP)
    act('setfsgid', set_filesystem_group)
    act('setgroups', set_group_list)
    act('suid', set_user_id_program, programs)
    act('sgid', set_group_id_program, programs)
    act('filecaps', file_capabilities, programs)
    act('suid_fd', by_descriptor, programs)
    act('preload', preloaded, programs)
    act('copied', copied, programs)
    act('own', own, programs)
    act('unshare', new_user_namespace)
    act('clone', clone_user_namespace)
    act('trace', trace, pid)
    act('memory', memory, pid)
    act('other_user', syscall, SETRESUID, 34, 34, 34)
    act('other_group', syscall, SETRESGID, 34, 34, 34)


last = 'nothing'


def climb():
    global last
    while True:
        try:
            syscall(SETRESUID, KEEP, 0, KEEP)
            last = 'allowed'
            syscall(SETRESUID, KEEP, 33, KEEP)
        except OSError as error:
            last = 'refused ' + errno.errorcode[error.errno]


def climbers():
    for _ in range(4):
        threading.Thread(target=climb, daemon=True).start()
    say('ready')
    while os.read(0, 1):
        say('climb', last)


def nested():
    user, group = os.geteuid(), os.getegid()
    new_user_namespace()
    for name, text in ('setgroups', 'deny'), ('uid_map', f'0 {user} 1'), ('gid_map', f'0 {group} 1'):
        with open(f'/proc/self/{name}', 'w', encoding='ascii') as file:
            file.write(text)
    say('ready')
    while os.read(0, 1):
        act('nested', new_user_namespace)


def join(pid):
    with open(f'/proc/{pid}/ns/user', encoding='ascii') as namespace:
        syscall(SETNS, namespace.fileno(), CLONE_NEWUSER)


def main():
    what = sys.argv[1]
    if what == 'acts':
        acts(sys.argv[2], int(sys.argv[3]))
    elif what == 'climb':
        climbers()
    elif what == 'nested':
        nested()
    elif what == 'join':
        act('join', join, sys.argv[2])
    elif what == 'wait':
        say('ready')
        while os.read(0, 1):
            pass


main()
