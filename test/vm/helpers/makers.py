#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes one of everything that carries a label of its own, when told to: "WHAT made" or "WHAT refused ERROR".

makers.py   write "ready"; then for each line on standard input make all, write what came of it, and "end"
"""
import errno
import fcntl
import os
import socket

from probe import say, syscall

SHMGET, SHMCTL, SEMGET, SEMCTL, MSGGET, MSGCTL = 29, 31, 64, 66, 68, 71
MQ_OPEN, MQ_UNLINK, ADD_KEY, MEMFD_CREATE = 240, 241, 248, 319
PROCESS_KEYRING = -2
IPC_PRIVATE, IPC_CREAT, IPC_RMID = 0, 0o1000, 0
path = f'/tmp/makers.{os.getpid()}'
mine = f'makers.{os.getpid()}'.encode()


def msg():
    syscall(MSGCTL, syscall(MSGGET, IPC_PRIVATE, IPC_CREAT | 0o600), IPC_RMID, 0)


def shm():
    syscall(SHMCTL, syscall(SHMGET, IPC_PRIVATE, 4096, IPC_CREAT | 0o600), IPC_RMID, 0)


def sem():
    syscall(SEMCTL, syscall(SEMGET, IPC_PRIVATE, 1, IPC_CREAT | 0o600), 0, IPC_RMID, 0)


def mq():
    os.close(syscall(MQ_OPEN, mine, os.O_CREAT | os.O_RDWR, 0o600, None))
    syscall(MQ_UNLINK, mine)


def shm_file():
    name = b'/dev/shm/' + mine
    os.close(os.open(name, os.O_CREAT | os.O_RDWR))
    os.unlink(name)


def memfd():
    os.close(syscall(MEMFD_CREATE, mine, 0))


def unix_stream():
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


def unix_pair():
    for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM):
        end.close()


def netlink():
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()


def fifo():
    os.mkfifo(path)
    try:
        os.close(os.open(path, os.O_RDWR))
    finally:
        os.unlink(path)


def terminal():
    for end in os.openpty():
        os.close(end)


def key():
    syscall(ADD_KEY, b'user', mine, b'x', 1, PROCESS_KEYRING)


def signal_owner():
    """The kernel has no way to say no to F_SETOWN; what there is no owner of sends no signal."""
    read, write = os.pipe()
    fcntl.fcntl(read, fcntl.F_SETOWN, os.getpid())
    owner = fcntl.fcntl(read, fcntl.F_GETOWN)
    os.close(read)
    os.close(write)
    if not owner:
        raise OSError(errno.ENOMEM, 'F_SETOWN')


makers = msg, shm, sem, mq, shm_file, memfd, unix_stream, unix_pair, netlink, fifo, terminal, key, signal_owner


def main():
    say('ready')
    while os.read(0, 1):
        for maker in makers:
            try:
                maker()
                say(maker.__name__, 'made')
            except OSError as error:
                say(maker.__name__, 'refused', errno.errorcode[error.errno])
        say('end')


main()
