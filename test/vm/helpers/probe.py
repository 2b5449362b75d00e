# SPDX-License-Identifier: GPL-2.0-only
"""What the probes share: system calls by number, words on standard output, and what came of an act."""
import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)


def say(*words):
    os.write(1, (' '.join(map(str, words)) + '\n').encode())


def syscall(*arguments):
    result = libc.syscall(*[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), 'syscall')
    return result


def act(name, function, *arguments, reached=()):
    """"NAME allowed" or "NAME refused ERROR", tried in a child; an error of `reached' comes from behind the decision."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        function(*arguments)
        say(name, 'allowed')
    except OSError as error:
        if error.errno in reached:
            say(name, 'allowed')
        else:
            say(name, 'refused', errno.errorcode[error.errno])
    os._exit(0)
