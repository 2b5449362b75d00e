#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""immprobe.py make DIR [single]: what the acts are about; with a second
name, or without. immprobe.py acts DIR: every way to change the immutable file DIR/way/etc/file,
the immutable directory DIR/way/fixed or the way to them, each undone again: `act allowed`, `act refused ERRNO` or `act unsupported`.
immprobe.py hold|map FILE: have it open for writing, or only mapped so, until standard input ends."""
import ctypes
import errno
import fcntl
import mmap
import os
import struct
import sys

AT_FDCWD = -100
GETFLAGS, SETFLAGS = 0x80086601, 0x40086602
GETXATTR, SETXATTR = 0x801C581F, 0x401C5820
NODUMP, IMMUTABLE = 0x40, 0x10
FILE_GETATTR, FILE_SETATTR = 468, 469
ACL = struct.pack('<I' + 'HHI' * 3, 2, 1, 6, 0xFFFFFFFF, 4, 4, 0xFFFFFFFF, 32, 4, 0xFFFFFFFF)
CAPS = struct.pack('<5I', 0x02000001, 1 << 10, 0, 0, 0)
UNSUPPORTED = {errno.EOPNOTSUPP, errno.ENOTTY, errno.ENOSYS, errno.EINVAL}

libc = ctypes.CDLL(None, use_errno=True)


def call(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), 'refused')


def exchange(a, b):
    call(libc.renameat2(AT_FDCWD, a.encode(), AT_FDCWD, b.encode(), 2))


def emptied(path):
    opened(path, os.O_RDONLY | os.O_TRUNC)
    with open(path, 'w') as f:
        f.write('old\n')


def swapped(a, b):
    exchange(a, b)
    exchange(a, b)


def there_and_back(a, b):
    os.rename(a, b)
    os.rename(b, a)


def opened(path, flags):
    os.close(os.open(path, flags))


def reopened(path):
    fd = os.open(path, os.O_PATH)
    opened(f'/proc/self/fd/{fd}', os.O_RDWR)


def written_by_mapping(path):
    with open(path, 'r+b') as f:
        mmap.mmap(f.fileno(), 4).close()


def put_back(path):
    """The file itself, by its second name, if it has one."""
    second = os.path.join(os.path.dirname(path), 'second')
    if os.path.exists(second):
        os.link(second, path)
        return
    with open(path, 'w') as f:
        f.write('old\n')


def removed(path):
    os.unlink(path)
    put_back(path)


def replaced(path, by):
    os.rename(by, path)
    os.rename(path, by)
    put_back(path)


def linked(path, name):
    os.link(path, name)
    os.unlink(name)


def xattr(path, name, value, keep=False):
    os.setxattr(path, name, value)
    if not keep:
        os.removexattr(path, name)


def flags_ioctl(path, change):
    with open(path, 'rb') as f:
        old = struct.unpack('i', fcntl.ioctl(f, GETFLAGS, struct.pack('i', 0)))[0]
        fcntl.ioctl(f, SETFLAGS, struct.pack('i', change(old)))
        fcntl.ioctl(f, SETFLAGS, struct.pack('i', old & ~IMMUTABLE))


def xflags_ioctl(path):
    with open(path, 'rb') as f:
        old = fcntl.ioctl(f, GETXATTR, bytes(28))
        fcntl.ioctl(f, SETXATTR, old)


def attr_call(path):
    attr = ctypes.create_string_buffer(24)
    call(libc.syscall(FILE_GETATTR, AT_FDCWD, path.encode(), attr, 24, 0))
    call(libc.syscall(FILE_SETATTR, AT_FDCWD, path.encode(), attr, 24, 0))


def made(path):
    opened(path, os.O_CREAT | os.O_WRONLY)
    os.unlink(path)


def made_directory(path):
    os.mkdir(path)
    os.rmdir(path)


def mounted_over(path, by):
    call(libc.mount(by.encode(), path.encode(), None, 4096, None))
    call(libc.umount2(path.encode(), 0))


def raw_device(top):
    device = [line.split()[0] for line in open('/proc/mounts') if line.split()[1] == top][0]
    if not device.startswith('/dev/'):
        raise OSError(errno.ENOTTY, 'no device')
    opened(device, os.O_RDWR)


def acts(top):
    way, etc, fixed = f'{top}/way', f'{top}/way/etc', f'{top}/way/fixed'
    file, other, entry = f'{etc}/file', f'{etc}/other', f'{fixed}/entry'
    return {
        'write': lambda: opened(file, os.O_WRONLY),
        'append': lambda: opened(file, os.O_WRONLY | os.O_APPEND),
        'read_write': lambda: opened(file, os.O_RDWR),
        'direct': lambda: opened(file, os.O_RDWR | os.O_DIRECT),
        'open_truncate': lambda: emptied(file),
        'reopen': lambda: reopened(file),
        'by_hard_link': lambda: opened(f'{etc}/second', os.O_RDWR),
        'map_shared': lambda: written_by_mapping(file),
        'truncate': lambda: os.truncate(file, 4),
        'unlink': lambda: removed(file),
        'unlink_hard_link': lambda: (os.unlink(f'{etc}/second'), os.link(file, f'{etc}/second')),
        'rename': lambda: there_and_back(file, f'{etc}/elsewhere'),
        'rename_out': lambda: there_and_back(file, f'{top}/elsewhere'),
        'rename_over': lambda: replaced(file, other),
        'rename_exchange': lambda: swapped(file, other),
        'rename_exchanged': lambda: swapped(other, file),
        'link': lambda: linked(file, f'{etc}/third'),
        'chmod': lambda: os.chmod(file, 0o644),
        'chown': lambda: os.chown(file, 0, 0),
        'utimes': lambda: os.utime(file, (1, 1)),
        'touch': lambda: os.utime(file),
        'xattr': lambda: xattr(file, 'user.x', b'y'),
        'xattr_trusted': lambda: xattr(file, 'trusted.x', b'y'),
        'file_caps': lambda: xattr(file, 'security.capability', CAPS),
        'acl': lambda: xattr(file, 'system.posix_acl_access', ACL),
        'chattr_minus_i': lambda: flags_ioctl(file, lambda old: old & ~IMMUTABLE),
        'chattr_plus_i': lambda: flags_ioctl(file, lambda old: old | IMMUTABLE),
        'chattr_plus_d': lambda: flags_ioctl(file, lambda old: old | NODUMP),
        'fssetxattr': lambda: xflags_ioctl(file),
        'file_setattr': lambda: attr_call(file),
        'rename_directory': lambda: there_and_back(etc, f'{way}/elsewhere'),
        'exchange_directory': lambda: swapped(etc, f'{way}/empty'),
        'exchanged_directory': lambda: swapped(f'{way}/empty', etc),
        'rename_top': lambda: there_and_back(way, f'{top}/elsewhere'),
        'fixed_create': lambda: made(f'{fixed}/new'),
        'fixed_mkdir': lambda: made_directory(f'{fixed}/new'),
        'fixed_unlink': lambda: (os.unlink(entry), open(entry, 'w').close()),
        'fixed_rename': lambda: there_and_back(entry, f'{fixed}/elsewhere'),
        'fixed_link': lambda: linked(entry, f'{fixed}/third'),
        'fixed_move_in': lambda: (os.rename(other, f'{fixed}/other'), os.rename(f'{fixed}/other', other)),
        'fixed_rmdir': lambda: there_and_back(fixed, f'{way}/gone'),
        'fixed_chmod': lambda: os.chmod(fixed, 0o755),
        'fixed_chattr': lambda: flags_ioctl_dir(fixed),
        'mount_over': lambda: mounted_over(file, other),
        'mount_over_directory': lambda: mounted_over(etc, f'{way}/empty'),
        'raw_device': lambda: raw_device(top),
        # what is as before
        'free_read': lambda: opened(file, os.O_RDONLY),
        'free_other': lambda: opened(other, os.O_RDWR),
        'free_new': lambda: made(f'{etc}/new'),
        'free_move': lambda: there_and_back(other, f'{etc}/elsewhere'),
        'free_entry': lambda: opened(entry, os.O_RDWR),
        'free_chattr': lambda: flags_ioctl(other, lambda old: old | NODUMP),
    }


def flags_ioctl_dir(path):
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    old = fcntl.ioctl(fd, GETFLAGS, struct.pack('i', 0))
    fcntl.ioctl(fd, SETFLAGS, struct.pack('i', struct.unpack('i', old)[0] & ~IMMUTABLE))
    os.close(fd)


def make(top, linked_too):
    for name in 'way/etc', 'way/fixed', 'way/empty':
        os.makedirs(f'{top}/{name}')
    for name in 'way/etc/file', 'way/etc/other', 'way/fixed/entry':
        with open(f'{top}/{name}', 'w') as f:
            f.write('old\n')
    if linked_too:
        os.link(f'{top}/way/etc/file', f'{top}/way/etc/second')


def perform(top):
    for name, act in acts(top).items():
        try:
            act()
            result = 'allowed'
        except OSError as e:
            result = 'unsupported' if e.errno in UNSUPPORTED else f'refused {errno.errorcode[e.errno]}'
        print(name, result, flush=True)


def shut_down(path):
    """FS_IOC_SHUTDOWN, without a flush of the log."""
    fcntl.ioctl(os.open(path, os.O_RDONLY), 0x8004587d, struct.pack('I', 2))


def hold(path, mapped):
    f = open(path, 'r+b')
    m = mmap.mmap(f.fileno(), 4) if mapped else None
    if mapped:
        f.close()
    print('ready', flush=True)
    sys.stdin.read()
    if m:
        m[0] = m[0]


if sys.argv[1] == 'make':
    make(sys.argv[2], len(sys.argv) == 3)
elif sys.argv[1] == 'acts':
    perform(sys.argv[2])
elif sys.argv[1] == 'shut':
    shut_down(sys.argv[2])
else:
    hold(sys.argv[2], sys.argv[1] == 'map')
