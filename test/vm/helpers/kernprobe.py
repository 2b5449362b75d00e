#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What acts on the kernel, as root: "ACT allowed" or "ACT refused ERROR", each tried in a child of its own.

kernprobe mounts PLACE      in a mount namespace that may be spoilt: PLACE/there, other and gone are mounts, the
                            first with a directory `old'; PLACE/new is an empty directory
kernprobe namespaces PLACE  PLACE has a file for a namespace of each kind, called as in /proc/PID/ns
kernprobe knobs             writes what is there already
kernprobe kernel PLACE      PLACE/bare is an empty directory
kernprobe own               what a service does to itself
"""
import ctypes
import errno
import fcntl
import mmap
import os
import socket
import stat
import struct
import sys
import time

from probe import act, libc, say, syscall

AT_FDCWD = -100
MS_RDONLY, MS_NOSUID, MS_REMOUNT, MS_BIND, MS_MOVE, MS_SHARED = 1, 2, 32, 4096, 8192, 1 << 20
MNT_DETACH = 2
MOUNT, UMOUNT, PIVOT_ROOT, UNSHARE, SETNS = 165, 166, 155, 272, 308
OPEN_TREE, MOVE_MOUNT, FSOPEN, FSCONFIG, FSMOUNT, FSPICK, CLONE3, MOUNT_SETATTR = 428, 429, 430, 431, 432, 433, 435, 442
OPEN_TREE_ATTR = 467
FROM_EMPTY, TO_EMPTY = 4, 0x40
CLONE, SIGCHLD = 56, 17
INTO_CGROUP = 0x200000000
KINDS = {'mnt': 0x00020000, 'cgroup': 0x02000000, 'uts': 0x04000000, 'ipc': 0x08000000, 'pid': 0x20000000,
         'net': 0x40000000, 'time': 0x80}
CGROUP = '/sys/fs/cgroup'


def int80(number, *arguments):
    """As a program of 32 bits does."""
    code = mmap.mmap(-1, 4096, prot=7)
    # push rbx; mov eax, edi; mov ebx, esi; mov r8d, ecx; mov ecx, edx; mov edx, r8d; int 0x80; pop rbx; ret
    code.write(bytes.fromhex('53 89f8 89f3 4189c8 89d1 4489c2 cd80 5b c3'))
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    result = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_uint] * 4)(address)(number, *arguments)
    if result < 0:
        raise OSError(-result, 'int 0x80')
    return result


def low(text):
    """Where a program of 32 bits can have it."""
    area = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40)
    area.write(text)
    low.areas.append(area)
    return ctypes.addressof(ctypes.c_char.from_buffer(area))


low.areas = []


def new_file_system():
    return syscall(FSOPEN, b'tmpfs', 0)


def detached():
    file_system = new_file_system()
    syscall(FSCONFIG, file_system, 6, None, None, 0)
    return syscall(FSMOUNT, file_system, 0, 0)


def picked(path):
    there = syscall(FSPICK, AT_FDCWD, path, 0)
    syscall(FSCONFIG, there, 0, b'ro', None, 0)
    syscall(FSCONFIG, there, 7, None, None, 0)


def moved(start, end):
    tree = syscall(OPEN_TREE, AT_FDCWD, start, 0)
    syscall(MOVE_MOUNT, tree, b'', AT_FDCWD, end, FROM_EMPTY)


def block_device(place):
    """The disk that the root is on."""
    device = os.stat('/').st_dev
    os.mknod(place + '/disk', stat.S_IFBLK | 0o600, device)
    try:
        with open('/proc/self/mountinfo', encoding='ascii') as file:
            kind = next(line.split(' - ')[1].split()[0] for line in file if line.split()[4] == '/')
        syscall(MOUNT, (place + '/disk').encode(), (place + '/new').encode(), kind.encode(), MS_RDONLY, None)
        syscall(UMOUNT, (place + '/new').encode(), 0)
    except OSError as error:
        # who may mount it is told that it is mounted already, in another way
        if error.errno != errno.EBUSY:
            raise
    finally:
        os.unlink(place + '/disk')


def leave_root(place):
    """Out of a root by setns() to the namespace that one is in already."""
    real = os.stat('/').st_ino
    namespace = os.open('/proc/self/ns/mnt', os.O_RDONLY)
    os.chroot(place)
    syscall(SETNS, namespace, KINDS['mnt'])
    if os.stat('/').st_ino != real:
        raise PermissionError(errno.EPERM, 'still in there')


def mounts(place):
    there, other, gone, new = (f'{place}/{name}'.encode() for name in ('there', 'other', 'gone', 'new'))
    attributes = struct.pack('QQQQ', 0, 2, 0, 0)  # clears nosuid
    act('mount', syscall, MOUNT, b'none', new, b'tmpfs', 0, None)
    act('mount_proc', syscall, MOUNT, b'none', new, b'proc', 0, None)
    act('bind', syscall, MOUNT, b'/etc', new, None, MS_BIND, None)
    act('bind_file', syscall, MOUNT, b'/etc/passwd', b'/etc/group', None, MS_BIND, None)
    act('block_device', block_device, place)
    act('remount', syscall, MOUNT, None, other, None, MS_REMOUNT | MS_RDONLY, None)
    act('remount_bind', syscall, MOUNT, None, other, None, MS_REMOUNT | MS_BIND, None)
    act('shared', syscall, MOUNT, None, other, None, MS_SHARED, None)
    act('private', syscall, MOUNT, None, other, None, 1 << 18, None)
    act('umount', syscall, UMOUNT, gone, MNT_DETACH)
    act('move', syscall, MOUNT, other, new, None, MS_MOVE, None)
    act('move_mount', moved, new if os.path.ismount(new) else other, other)
    act('open_tree', syscall, OPEN_TREE, AT_FDCWD, b'/etc', 1)
    act('open_tree_only', syscall, OPEN_TREE, AT_FDCWD, b'/etc', 0)
    act('open_tree_attr', syscall, OPEN_TREE_ATTR, AT_FDCWD, other, 1, attributes, 32)
    act('mount_setattr', syscall, MOUNT_SETATTR, AT_FDCWD, other, 0, attributes, 32)
    act('fsopen', new_file_system)
    act('fsmount', detached)
    act('fspick', picked, other)
    act('fsopen_32', lambda: int80(FSOPEN, low(b'tmpfs\0'), 0, 0))
    act('open_tree_32', lambda: int80(OPEN_TREE, AT_FDCWD & 0xFFFFFFFF, low(b'/etc\0'), 1))
    act('leave_root', leave_root, place)
    act('pivot_root', syscall, PIVOT_ROOT, there, there + b'/old')


def cloned(flags):
    child = syscall(CLONE, flags | SIGCHLD, 0, 0, 0, 0)
    if not child:
        os._exit(0)


def into_cgroup():
    os.makedirs(CGROUP + '/probe.into', exist_ok=True)
    group = os.open(CGROUP + '/probe.into', os.O_RDONLY)
    child = syscall(CLONE3, struct.pack('QQQQQQQQQQQ', INTO_CGROUP, 0, 0, 0, SIGCHLD, 0, 0, 0, 0, 0, group), 88)
    if not child:
        os._exit(0)


def entered(place, kind):
    syscall(SETNS, os.open(f'{place}/{kind}', os.O_RDONLY), KINDS[kind])


def namespaces(place):
    for kind, flag in KINDS.items():
        act(f'unshare_{kind}', syscall, UNSHARE, flag)
        if kind != 'time':  # clone() has a signal's number there
            act(f'clone_{kind}', cloned, flag)
        act(f'setns_{kind}', entered, place, kind)
    act('clone3_time', lambda: syscall(CLONE3, struct.pack('QQQQQQQQ', KINDS['time'], *[0] * 7), 64) or os._exit(0))
    act('user_and_mnt', syscall, UNSHARE, 0x10000000 | KINDS['mnt'])
    act('unshare_uts_32', lambda: int80(310, KINDS['uts'], 0, 0))
    act('into_cgroup', into_cgroup)
    act('unshare_files', syscall, UNSHARE, 0x400 | 0x200 | 0x40000)


def write(path, text, flags=0):
    file = os.open(path, os.O_WRONLY | flags)
    try:
        os.write(file, text)
    finally:
        os.close(file)


def rewritten(path):
    with open(path, 'rb') as file:
        text = file.read(4096)
    write(path, text)


def rewritten_byte(path, at):
    file = os.open(path, os.O_RDWR)
    os.pwrite(file, os.pread(file, 1, at), at)


def chosen(path):
    """What a file like `always [madvise] never' says."""
    with open(path, 'rb') as file:
        text = file.read(4096)
    write(path, text[text.index(b'[') + 1:text.index(b']')])


def registered():
    write('/proc/sys/fs/binfmt_misc/register', b':probe:E::probe::/bin/true:')
    write('/proc/sys/fs/binfmt_misc/probe', b'-1')


def configured():
    os.mkdir('/sys/kernel/config/netconsole/probe')
    os.rmdir('/sys/kernel/config/netconsole/probe')


SYSCTLS = """kernel/core_pattern kernel/core_uses_pid kernel/modprobe kernel/poweroff_cmd kernel/hostname kernel/sysrq
kernel/kptr_restrict kernel/dmesg_restrict kernel/randomize_va_space kernel/yama/ptrace_scope kernel/pid_max
kernel/panic kernel/unprivileged_bpf_disabled fs/suid_dumpable fs/protected_hardlinks fs/file-max
net/ipv4/ip_forward net/core/somaxconn vm/mmap_min_addr vm/overcommit_memory user/max_user_namespaces""".split()


def cgroup():
    act('cgroup_mkdir', os.mkdir, CGROUP + '/probe.new', reached=(errno.EEXIST,))
    act('cgroup_move', write, CGROUP + '/probe.there/cgroup.procs', b'0')
    act('cgroup_freeze', write, CGROUP + '/probe.there/cgroup.freeze', b'0')
    act('cgroup_subtree', write, CGROUP + '/cgroup.subtree_control', b'+pids')
    act('cgroup_max', write, CGROUP + '/probe.there/cgroup.max.depth', b'9')
    act('cgroup_chown', os.chown, CGROUP + '/probe.there', 33, 33)
    act('cgroup_rmdir', os.rmdir, CGROUP + '/probe.gone')


def tracing():
    directory = '/sys/kernel/tracing'
    act('trace_marker', write, directory + '/trace_marker', b'probe')
    act('trace_on', write, directory + '/tracing_on', b'1')
    act('trace_filter', write, directory + '/set_ftrace_filter', b'do_nothing_such', reached=(errno.EINVAL,))
    act('trace_kprobe', write, directory + '/kprobe_events', b'-:none', reached=(errno.ENOENT,))
    act('trace_uprobe', write, directory + '/uprobe_events', b'-:none', reached=(errno.ENOENT,))
    act('trace_read', rewritten, directory + '/current_tracer')
    act('trace_instance', os.mkdir, directory + '/instances/probe', reached=(errno.EEXIST,))


def knobs():
    for name in SYSCTLS:
        act('sysctl:' + name, rewritten, '/proc/sys/' + name)
    act('sysrq', write, '/proc/sysrq-trigger', b'h')
    act('irq', rewritten, '/proc/irq/default_smp_affinity')
    act('pressure', write, '/proc/pressure/memory', b'some 200000 2000000\0')
    act('uevent', write, '/sys/class/net/lo/uevent', b'change', os.O_TRUNC)
    act('module', write, '/sys/module/kernel/parameters/panic', b'0')
    act('hugepages', chosen, '/sys/kernel/mm/transparent_hugepage/enabled')
    act('pci', rewritten_byte, '/sys/bus/pci/devices/0000:00:00.0/config', 0x3c)
    act('power', write, '/sys/power/state', b'nothing', reached=(errno.EINVAL,))
    act('chmod', os.chmod, '/sys/class/net/lo/address', 0o444)
    act('apparmor', write, '/sys/kernel/security/apparmor/.remove', b'probe', reached=(errno.ENOENT,))
    cgroup()
    tracing()
    act('debugfs', rewritten, '/sys/kernel/debug/kprobes/enabled')
    act('binfmt_misc', registered)
    act('configfs', configured)


def opened(place, name, major, minor):
    path = f'{place}/{name}'
    os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(major, minor))
    try:
        os.close(os.open(path, os.O_RDWR))
    finally:
        os.unlink(path)


def set_clock():
    now = time.clock_gettime(time.CLOCK_REALTIME)
    time.clock_settime(time.CLOCK_REALTIME, now)


def autoload():
    """The kernel asks modprobe for it."""
    with socket.socket() as end:
        end.setsockopt(socket.IPPROTO_TCP, 13, b'westwood')


def frozen():
    root = os.open('/', os.O_RDONLY)
    fcntl.ioctl(root, 0xC0045877, 0)
    fcntl.ioctl(root, 0xC0045878, 0)


def page_zero():
    libc.mmap.restype = ctypes.c_long
    if libc.mmap(ctypes.c_void_p(0), ctypes.c_size_t(4096), 3, 0x32, -1, ctypes.c_long(0)) == -1:
        raise OSError(ctypes.get_errno(), 'mmap')


def quota_on():
    with open('/proc/self/mounts', encoding='ascii') as file:
        device = next(line.split()[0] for line in file if line.split()[1] == '/')
    syscall(179, 0x80000200, os.path.realpath(device).encode(), 2, b'/none')


def kernel(place):
    place += '/bare'
    behind = (errno.ENOEXEC, errno.EFAULT, errno.EBADF, errno.ENOENT, errno.EINVAL, errno.ESRCH, errno.ENOSYS,
              errno.ENOTBLK)
    act('init_module', syscall, 175, b'none', 4, b'', reached=behind)
    act('finit_module', syscall, 313, -1, b'', 0, reached=behind)
    act('delete_module', syscall, 176, b'none_such', 0, reached=behind)
    act('autoload', autoload)
    act('kexec_load', syscall, 246, 0, 0, None, 0, reached=behind)
    act('kexec_file_load', syscall, 320, -1, -1, 0, None, 0, reached=behind)
    act('reboot', syscall, 169, 0xFEE1DEAD, 672274793, 0, 0)
    act('iopl', syscall, 172, 3)
    act('ioperm', syscall, 173, 0x80, 1, 1)
    act('dev_mem', opened, place, 'mem', 1, 1)
    act('dev_port', opened, place, 'port', 1, 4)
    act('page_zero', page_zero)
    act('bpf', syscall, 321, 0, struct.pack('IIII', 2, 4, 4, 1).ljust(128, b'\0'), 128)
    act('perf', syscall, 298, struct.pack('IIQQQQQ', 1, 64, 0, 0, 0, 0, 0), 0, -1, -1, 0)
    act('clock', set_clock)
    act('timezone', syscall, 164, None, struct.pack('ii', 0, 0))
    act('adjtimex', syscall, 159, struct.pack('I', 0x4000).ljust(208, b'\0'), reached=behind)
    act('hostname', socket.sethostname, socket.gethostname())
    act('domainname', syscall, 171, b'(none)', 6)
    act('hostname_32', lambda: int80(74, low(socket.gethostname().encode()), len(socket.gethostname()), 0))
    act('acct', syscall, 163, None)
    act('swapon', syscall, 167, b'/none', 0, reached=behind)
    act('swapoff', syscall, 168, b'/none', reached=behind)
    act('swapoff_32', lambda: int80(115, low(b'/none\0'), 0, 0), reached=behind)
    act('quota', quota_on, reached=behind)
    act('freeze', frozen)
    act('syslog', syscall, 103, 8, None, 5)


def own():
    act('own_oom', write, '/proc/self/oom_score_adj', b'100')
    act('own_comm', write, '/proc/self/comm', b'probe')
    act('own_filter', write, '/proc/self/coredump_filter', b'0x33')
    act('own_nice', os.nice, 1)
    act('read_sysctl', lambda: open('/proc/sys/kernel/core_pattern', 'rb').read())
    act('read_sys', lambda: open('/sys/class/net/lo/address', 'rb').read())
    act('read_cgroup', lambda: open(CGROUP + '/cgroup.controllers', 'rb').read())
    act('read_pressure', lambda: open('/proc/pressure/memory', 'rb').read())
    act('read_proc', lambda: open('/proc/interrupts', 'rb').read())
    act('read_clock', time.clock_gettime, time.CLOCK_REALTIME)
    act('read_host', socket.gethostname)


def main():
    what = sys.argv[1]
    {'mounts': mounts, 'namespaces': namespaces, 'knobs': knobs, 'kernel': kernel, 'own': own}[what](*sys.argv[2:])


main()
