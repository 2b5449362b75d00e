#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What one process can do to another, named acts: "ACT allowed" or "ACT refused ERROR".

traceprobe target            write "ready PID ADDRESS"; stay until standard input ends, then "intact" or "changed"
traceprobe acts PID ADDRESS  everything to that target
traceprobe userns PID        to one in a user namespace of its own
traceprobe own               what looks into the kernel, and what concerns the caller alone
traceprobe traceme           ask the parent to trace
traceprobe traced COMMAND…   COMMAND is traced from its first program on
traceprobe sharing COMMAND…  COMMAND shares its root and working directory with us
traceprobe listener COMMAND… COMMAND's getpriority() is answered with 5 by a seccomp supervisor
traceprobe nice              getpriority() of oneself
traceprobe old COMMAND…      files of /proc of COMMAND, a target to be, opened before it became one
traceprobe join GROUP        setpgid() there
traceprobe beside COMMAND…   run COMMAND GROUP, where GROUP is another one in its session
traceprobe set_tid PID       make a child with that PID, which stays until standard input ends
traceprobe holder            a key and a keyring, open to all that have the user's rights: "ready KEY KEYRING"
traceprobe keys KEY KEYRING  everything to these
traceprobe ownkeys           what concerns the caller's keys alone
traceprobe session           hand our session keyring to the parent
"""
import ctypes
import errno
import fcntl
import os
import resource
import signal
import struct
import subprocess
import sys
import threading

from probe import libc, say, syscall

buffer = ctypes.create_string_buffer(b'intact', 8192)


def act(name, function, *arguments):
    try:
        function(*arguments)
        say(name, 'allowed')
    except OSError as error:
        say(name, 'refused', errno.errorcode[error.errno])


def ptrace(request, pid, data=0):
    libc.ptrace.argtypes = [ctypes.c_long] * 4
    if libc.ptrace(request, pid, 0, data) < 0:
        raise OSError(ctypes.get_errno(), 'ptrace')


def target():
    say('ready', os.getpid(), ctypes.addressof(buffer))
    while os.read(0, 1):
        pass
    say(buffer.value.decode())


def attach(pid):
    ptrace(16, pid)
    os.waitpid(pid, 0x40000000)
    ptrace(17, pid)


def seize(pid):
    ptrace(0x4206, pid)
    ptrace(0x4207, pid)
    os.waitpid(pid, 0x40000000)
    ptrace(17, pid)


def vm(number, pid, address, text):
    local = ctypes.create_string_buffer(text, 16)
    here = struct.pack('QQ', ctypes.addressof(local), 6)
    there = struct.pack('QQ', address, 6)
    syscall(number, pid, here, 1, there, 1, 0)


def madvise(pid, address):
    page = (address + 4095) & ~4095
    syscall(440, os.pidfd_open(pid), struct.pack('QQ', page, 4096), 1, 20, 0)


def read(path):
    with open(path, 'rb') as file:
        return file.read(64)


def read_mem(pid, address):
    file = os.open(f'/proc/{pid}/mem', os.O_RDWR)
    os.pread(file, 6, address)
    os.close(file)


def write(path, text):
    file = os.open(path, os.O_WRONLY)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def perf(pid):
    attr = struct.pack('IIQQQQQ', 1, 64, 0, 0, 0, 0, 0).ljust(64, b'\0')
    os.close(syscall(298, attr, pid, -1, -1, 0))


def bpf():
    os.close(syscall(321, 0, struct.pack('IIII', 2, 4, 4, 1).ljust(128, b'\0'), 128))


def uffd():
    os.close(syscall(323, 0))


def files(pid):
    for name in ('environ', 'auxv', 'maps', 'smaps', 'pagemap', 'stack', 'syscall', 'io', 'personality',
                 'mountstats'):
        act(name, read, f'/proc/{pid}/{name}')
    act('thread_maps', read, f'/proc/{pid}/task/{pid}/maps')
    for name in ('cwd', 'root', 'exe', 'fd/0', 'ns/mnt', 'ns/net'):
        act(name, os.readlink, f'/proc/{pid}/{name}')
    act('through_root', os.listdir, f'/proc/{pid}/root/')
    act('through_cwd', os.stat, f'/proc/{pid}/cwd/.')
    act('through_exe', read, f'/proc/{pid}/exe')
    for name in ('fd', 'fdinfo', 'map_files'):
        act(f'list_{name}', os.listdir, f'/proc/{pid}/{name}')
    for name, text in (('oom_score_adj', '100'), ('oom_adj', '1'), ('coredump_filter', '1'), 
                       ('clear_refs', '1'), ('sched', '0'), ('autogroup', '0'), ('timerslack_ns', '60000')):
        act(f'write_{name}', write, f'/proc/{pid}/{name}', text)


def scheduling(pid):
    act('setscheduler', os.sched_setscheduler, pid, os.SCHED_OTHER, os.sched_param(0))
    act('getscheduler', os.sched_getscheduler, pid)
    act('setaffinity', os.sched_setaffinity, pid, os.sched_getaffinity(0))
    act('getaffinity', os.sched_getaffinity, pid)
    act('getattr', syscall, 315, pid, ctypes.create_string_buffer(48), 48, 0)
    act('rr_interval', os.sched_rr_get_interval, pid)
    act('setpriority', os.setpriority, os.PRIO_PROCESS, pid, 1)
    act('setpriority_group', os.setpriority, os.PRIO_PGRP, pid, 1)
    act('ioprio_set', syscall, 251, 1, pid, 2 << 13 | 5)
    act('ioprio_get', syscall, 252, 1, pid)
    act('prlimit_get', resource.prlimit, pid, resource.RLIMIT_NOFILE)
    act('prlimit_set', resource.prlimit, pid, resource.RLIMIT_CORE, (0, resource.RLIM_INFINITY))
    nodes = struct.pack('Q', 1)
    act('migrate_pages', syscall, 256, pid, 64, nodes, nodes)
    act('move_pages', syscall, 279, pid, 0, None, None, None, 0)


def acts(pid, address):
    act('attach', attach, pid)
    act('seize', seize, pid)
    act('vm_readv', vm, 310, pid, address, b'')
    act('vm_writev', vm, 311, pid, address, b'intact')
    act('madvise', madvise, pid, address)
    act('mem', read_mem, pid, address)
    files(pid)
    scheduling(pid)
    act('getfd', lambda: os.close(syscall(438, os.pidfd_open(pid), 0, 0)))
    act('kcmp', syscall, 312, os.getpid(), pid, 1, 0, 0)
    act('robust_list', syscall, 274, pid, ctypes.create_string_buffer(8), ctypes.create_string_buffer(8))
    act('getpgid', os.getpgid, pid)
    act('getsid', os.getsid, pid)
    act('perf', perf, pid)
    act('wait', lambda: os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG))
    act('cgroup', write, '/sys/fs/cgroup/probe/cgroup.procs', str(pid))
    act('getpriority', os.getpriority, os.PRIO_PROCESS, pid)


def userns(pid):
    for name, text in (('uid_map', '0 0 1'), ('setgroups', 'deny'), ('gid_map', '0 0 1'), ('projid_map', '0 0 1')):
        act(f'write_{name}', write, f'/proc/{pid}/{name}', text)


def own():
    act('bpf', bpf)
    act('perf_self', perf, 0)
    act('userfaultfd', uffd)
    act('own_memory', read, '/proc/self/environ')
    act('own_comm', write, '/proc/self/comm', 'probe')
    act('own_nice', os.setpriority, os.PRIO_PROCESS, 0, 1)


def wait_traced(child):
    while True:
        _, state = os.waitpid(child, 0)
        if not os.WIFSTOPPED(state):
            return os.waitstatus_to_exitcode(state)
        number = os.WSTOPSIG(state)
        ptrace(7, child, 0 if number == 5 else number)


def traced(command):
    child = os.fork()
    if not child:
        ptrace(0, 0)
        os.execvp(command[0], command)
    say('status', wait_traced(child))


def sharing(command):
    child = syscall(56, 0x200 | 17, 0, 0, 0, 0)  # clone(CLONE_FS)
    if not child:
        os.execvp(command[0], command)
    say('status', os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def answer(listener):
    while True:
        notification = bytearray(80)
        try:
            fcntl.ioctl(listener, 0xc0502100, notification)
            fcntl.ioctl(listener, 0xc0182101, struct.pack('QqiI', struct.unpack_from('Q', notification)[0], 15, 0, 0))
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EINTR):
                return


def listener(command):
    code = b''.join(struct.pack('HBBI', *i) for i in (
        (0x20, 0, 0, 0), (0x15, 0, 1, 140), (6, 0, 0, 0x7fc00000), (6, 0, 0, 0x7fff0000)))
    text = ctypes.create_string_buffer(code)
    program = struct.pack('HxxxxxxQ', len(code) // 8, ctypes.addressof(text))
    notify = syscall(317, 1, 8, program)
    threading.Thread(target=answer, args=(notify,), daemon=True).start()
    child = os.fork()
    if not child:
        os.execvp(command[0], command)
    os.waitpid(child, 0)
    os._exit(0)


def nice():
    try:
        say('nice', 20 - syscall(140, 0, 0))
    except OSError as error:
        say('nice', errno.errorcode[error.errno])


def old(command):
    go, begin = os.pipe()
    hold, end = os.pipe()
    out, log = os.pipe()
    child = os.fork()
    if not child:
        os.close(begin)
        os.close(end)
        os.read(go, 1)
        os.dup2(hold, 0)
        os.dup2(log, 1)
        os.execvp(command[0], command)
    mem = os.open(f'/proc/{child}/mem', os.O_RDONLY)
    oom = os.open(f'/proc/{child}/oom_score_adj', os.O_WRONLY)
    environ = os.open(f'/proc/{child}/environ', os.O_RDONLY)
    os.write(begin, b'x')
    word = os.read(out, 100).decode().split()
    say('mem', os.pread(mem, 6, int(word[2])) if mem_there(mem, int(word[2])) else 'nothing')
    act('oom', os.write, oom, b'100')
    say('environ', len(os.read(environ, 10)))
    os.close(end)
    os.waitpid(child, 0)


def mem_there(mem, address):
    try:
        return bool(os.pread(mem, 6, address))
    except OSError:
        return False


def beside(command):
    os.setsid()
    child = os.fork()
    if not child:
        signal.pause()
    os.setpgid(child, child)
    subprocess.call([*command, str(child)])
    os.kill(child, signal.SIGKILL)


def set_tid(pid):
    want = ctypes.create_string_buffer(struct.pack('i', pid))
    child = syscall(435, struct.pack('11Q', 0, 0, 0, 0, 17, 0, 0, 0, ctypes.addressof(want), 1, 0), 88)
    if not child:
        say('ready', os.getpid())
        os.read(0, 1)
        os._exit(0)
    os.waitpid(child, 0)


def keyctl(*arguments):
    return syscall(250, *arguments)


def add_key(kind, name, payload, keyring):
    return syscall(248, kind, name, payload, len(payload or b''), keyring)


def holder():
    keyctl(1, None)
    ring = add_key(b'keyring', b'probe_ring', None, -3)
    key = add_key(b'user', b'probe', b'secret', ring)
    for serial in (key, ring):
        keyctl(5, serial, 0x3f3f0000)
    say('ready', key, ring)
    while os.read(0, 1):
        pass


def watch(key):
    ends = (ctypes.c_int * 2)()
    if libc.pipe2(ends, os.O_EXCL):  # O_NOTIFICATION_PIPE
        raise OSError(ctypes.get_errno(), 'pipe2')
    fcntl.ioctl(ends[0], 0x5760, 8)  # IOC_WATCH_QUEUE_SET_SIZE
    keyctl(32, key, ends[0], 1)


def keys(key, ring):
    keyctl(1, None)
    text = ctypes.create_string_buffer(100)
    act('key_describe', keyctl, 6, key, text, 100)
    act('key_read', keyctl, 11, key, text, 100)
    act('key_update', keyctl, 2, key, b'secret', 6)
    act('key_setperm', keyctl, 5, key, 0x3f3f0000)
    act('key_timeout', keyctl, 15, key, 1000)
    act('key_link', keyctl, 8, key, -3)
    act('key_watch', watch, key)
    act('ring_list', keyctl, 11, ring, text, 100)
    act('ring_search', keyctl, 10, ring, b'user', b'probe', 0)
    act('ring_add', add_key, b'user', b'planted', b'x', ring)
    act('ring_clear', keyctl, 7, ring)
    act('key_revoke', keyctl, 3, key)
    act('key_invalidate', keyctl, 21, ring)


def ownkeys():
    act('user_ring', keyctl, 0, -4, 1)
    act('user_add', add_key, b'user', b'mine', b'x', -4)
    act('session_add', add_key, b'user', b'mine', b'x', -3)
    act('join', keyctl, 1, None)
    act('session_own', add_key, b'user', b'mine', b'x', -3)
    act('process_own', add_key, b'user', b'mine', b'x', -2)
    act('request', syscall, 249, b'user', b'nowhere', b'upcall', -3)
    act('assume', keyctl, 16, 12345)


def main(mode, *words):
    numbers = {'acts', 'userns', 'join', 'set_tid', 'keys'}
    arguments = [int(w) for w in words] if mode in numbers else [list(words)] if words else []
    functions = {
        'target': target, 'acts': acts, 'userns': userns, 'own': own, 'traced': traced, 'sharing': sharing,
        'listener': listener, 'nice': nice, 'old': old, 'set_tid': set_tid, 'holder': holder, 'keys': keys,
        'ownkeys': ownkeys, 'beside': beside, 'traceme': lambda: act('traceme', ptrace, 0, 0),
        'join': lambda group: act('join', os.setpgid, 0, group),
        'session': lambda: act('session', keyctl, 18)}
    functions[mode](*arguments)


main(*sys.argv[1:])
