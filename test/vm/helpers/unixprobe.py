#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""An agent of the suites unix and file: does with sockets and descriptors what standard input says, a line each, and
answers with a line: ok, got …, or the name of an error. Sockets and files have names of one word. With arguments it
does that one thing, by inherited descriptors."""
import array
import ctypes
import errno
import fcntl
import mmap
import os
import socket
import struct
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
things = {}
types = {"stream": socket.SOCK_STREAM, "dgram": socket.SOCK_DGRAM, "seqpacket": socket.SOCK_SEQPACKET}


def syscall(*args):
    result = libc.syscall(*(ctypes.c_long(a) if isinstance(a, int) else a for a in args))
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
    return result


def address(name):
    return "\0" + name[1:] if name[0] == "@" else name


class Ring:
    """io_uring, without its library: a few requests and their answers."""

    def __init__(self, flags=0):
        params = bytearray(120)
        struct.pack_into("III", params, 8, flags, 0, 1000)
        self.flags = flags
        self.fd = syscall(425, 8, (ctypes.c_char * 120).from_buffer(params))
        self.sq = struct.unpack_from("10I", params, 40)
        self.cq = struct.unpack_from("10I", params, 80)
        sq_entries, cq_entries = struct.unpack_from("II", params, 0)
        self.queue = mmap.mmap(self.fd, max(self.cq[5] + cq_entries * 16, self.sq[6] + sq_entries * 4), offset=0)
        self.sqes = mmap.mmap(self.fd, sq_entries * 64, offset=0x10000000)
        self.made = self.taken = 0

    def word(self, offset):
        return struct.unpack_from("I", self.queue, offset)[0]

    def submit(self, *sqes):
        for sqe in sqes:
            struct.pack_into("64s", self.sqes, self.made % 8 * 64, sqe)
            struct.pack_into("I", self.queue, self.sq[6] + self.made % 8 * 4, self.made % 8)
            self.made += 1
        struct.pack_into("I", self.queue, self.sq[1], self.made)
        syscall(426, self.fd, len(sqes), 0, 2 if self.flags & 2 else 0, None, 0)

    def result(self):
        while self.taken == self.word(self.cq[1]):
            syscall(426, self.fd, 0, 1, 1, None, 0)
        at = self.cq[5] + self.taken % (2 * 8) * 16
        self.taken += 1
        result = struct.unpack_from("i", self.queue, at + 8)[0]
        struct.pack_into("I", self.queue, self.cq[0], self.taken)
        if result < 0:
            raise OSError(-result, "")
        return result


def sqe(opcode, fd, addr, length, off=0, flags=0):
    return struct.pack("BBHiQQI", opcode, flags, 0, fd, off, addr, length)


kept = []


def kept_address(data):
    kept.append(ctypes.create_string_buffer(data, len(data)))
    return ctypes.addressof(kept[-1])


def sockaddr(name):
    path = address(name).encode()
    return struct.pack("H", socket.AF_UNIX) + path + (b"" if name[0] == "@" else b"\0")


def fresh(name, kind):
    things[name] = socket.socket(socket.AF_UNIX, types[kind])
    things[name].settimeout(10)
    return things[name]


def new(name, kind):
    fresh(name, kind)


def bind(name, kind, where):
    fresh(name, kind).bind("" if where == "auto" else address(where))
    if kind != "dgram":
        things[name].listen(16)
    if where[0] == "/":
        os.chmod(where, 0o777)
    return "got @" + things[name].getsockname()[1:].decode() if where == "auto" else "ok"


def bind_in(name, kind, directory, where):
    os.chdir(directory)
    fresh(name, kind).bind(where)
    things[name].listen(16)


def connect(name, kind, where):
    fresh(name, kind).connect(address(where))


def opath(name, kind, where):
    fd = os.open(where, os.O_PATH)
    try:
        fresh(name, kind).connect(f"/proc/self/fd/{fd}")
    finally:
        os.close(fd)


def ring(name, kind, where, mode):
    """OP_CONNECT: `worker' by a worker, `poll' by a polling thread."""
    data = sockaddr(where)
    sock = fresh(name, kind)
    sock.setblocking(True)
    r = Ring(2 if mode == "poll" else 0)
    r.submit(sqe(16, sock.fileno(), kept_address(data), 0, len(data), 16 if mode == "worker" else 0))
    r.result()


def ringsend(name, mode):
    r = Ring(2 if mode == "poll" else 0)
    r.submit(sqe(26, things[name].fileno(), kept_address(b"ring"), 4, 0, 16 if mode == "worker" else 0))
    r.result()


def ringlater(name):
    """OP_SEND, linked to the end of an OP_READ of a pipe that has nothing yet."""
    things["later"] = Ring()
    things["in"], things["out"] = os.pipe()
    things["later"].submit(sqe(22, things["in"], kept_address(b"\0"), 1, 0, 4),
                           sqe(26, things[name].fileno(), kept_address(b"late"), 4))


def ringnow():
    os.write(things["out"], b"x")
    things["later"].result()
    things["later"].result()


def pair(a, b, kind):
    things[a], things[b] = socket.socketpair(socket.AF_UNIX, types[kind])
    things[a].settimeout(10)
    things[b].settimeout(10)


def accept(name, child):
    things[child] = things[name].accept()[0]
    things[child].settimeout(10)


def listen_on(name):
    things[name].listen(1)


def bind_to(name, where):
    things[name].bind(address(where))


def connect_to(name, where):
    things[name].connect(address(where))


def send(name, text, flags=0):
    things[name].send(text.encode(), int(flags))


def sendto(name, where, text):
    things[name].sendto(text.encode(), address(where))


def recv(name):
    return "got " + things[name].recv(4096).decode()


def sendfile(name):
    with open("/etc/hostname", "rb") as file:
        os.sendfile(things[name].fileno(), file.fileno(), 0, 1)


def splice(name):
    """Out of the socket into a pipe."""
    ends = os.pipe()
    return f"got {syscall(275, things[name].fileno(), None, ends[1], None, 100, 2)}"


def aio(name):
    """io_submit() of a write."""
    context = ctypes.c_ulong(0)
    syscall(206, 1, ctypes.byref(context))
    iocb = ctypes.create_string_buffer(struct.pack(
        "QIIHhIQQQQII", 0, 0, 0, 1, 0, things[name].fileno(), kept_address(b"aio!"), 4, 0, 0, 0, 0), 64)
    pointer = ctypes.c_void_p(ctypes.addressof(iocb))
    syscall(209, context.value, 1, ctypes.byref(pointer))
    events = ctypes.create_string_buffer(32)
    syscall(208, context.value, 1, 1, events, None)
    result = struct.unpack_from("q", events, 16)[0]
    syscall(207, context.value)
    if result < 0:
        raise OSError(-result, "")


def make(kind):
    """A descriptor of each kind."""
    if kind == "file":
        return os.open("/tmp/shared", os.O_RDWR | os.O_CREAT)
    if kind == "dir":
        return os.open("/", os.O_RDONLY)
    if kind == "pipe":
        return os.pipe()[0]
    if kind == "fifo":
        if not os.path.exists("/tmp/fifo"):
            os.mkfifo("/tmp/fifo")
        return os.open("/tmp/fifo", os.O_RDWR)
    if kind == "tty":
        return os.openpty()[1]
    if kind == "proc":
        return os.open("/proc/self/environ", os.O_RDONLY)
    if kind == "memfd":
        return os.memfd_create("m")
    if kind == "eventfd":
        return os.eventfd(0)
    if kind == "epoll":
        return syscall(291, 0)
    if kind == "timerfd":
        return syscall(283, 1, 0)
    if kind == "signalfd":
        return syscall(289, -1, ctypes.create_string_buffer(8), 8, 0)
    if kind == "inotify":
        return syscall(294, 0)
    if kind == "fanotify":
        return syscall(300, 0, 0)
    if kind == "userfaultfd":
        return syscall(323, 0)
    if kind == "uring":
        return Ring().fd
    if kind == "pidfd":
        return os.pidfd_open(os.getpid())
    if kind == "bpf":
        return syscall(321, 0, ctypes.create_string_buffer(struct.pack("IIII", 2, 4, 8, 1), 72), 72)
    if kind == "perf":
        return syscall(298, ctypes.create_string_buffer(struct.pack("II", 1, 112) + bytes(104), 112), 0, -1, -1, 0)
    if kind == "mnt":
        return os.open("/proc/self/ns/mnt", os.O_RDONLY)
    if kind == "inet":
        things["inet"] = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        return things["inet"].fileno()
    if kind == "unix":
        things["unix"] = socket.socketpair()[0]
        return things["unix"].fileno()
    if kind == "listener":
        things["listener"] = socket.socket(socket.AF_UNIX)
        things["listener"].bind("")
        things["listener"].listen(1)
        return things["listener"].fileno()
    return things[kind].fileno()


def give(name, kind):
    fd = make(kind)
    things[name].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))])


def take(name, what="taken"):
    _, control, _, _ = things[name].recvmsg(100, 100)
    for _, _, data in control:
        for fd, in struct.iter_unpack("i", data[:len(data) // 4 * 4]):
            if os.fstat(fd).st_mode & 0o170000 == 0o140000:
                things[what] = socket.socket(fileno=fd)
            else:
                os.close(fd)
            return "got it"
    return "got none"


def where(kind):
    things[kind] = socket.socket(fileno=os.dup(make(kind)))
    return f"got {os.getpid()} {things[kind].fileno()}"


def getfd(pid, fd):
    """pidfd_getfd()."""
    pidfd = os.pidfd_open(int(pid))
    try:
        os.close(syscall(438, pidfd, int(fd), 0))
    finally:
        os.close(pidfd)


def run(command, *fds):
    """With standard input, output … from what has these names; the status."""
    names = dict(zip(("stdin", "stdout", "stderr"), (things[name] if name in things else None for name in fds)))
    return f"got {subprocess.run(command.replace('~', ' ').split(), check=False, **names).returncode}"


def activated():
    """Serves what systemd listens at, once; one word is read and answered."""
    server = socket.socket(fileno=3)
    child = server.accept()[0]
    child.send(child.recv(100) + b" " + os.environ["LISTEN_FDS"].encode())


def say(where, text):
    """To a program's standard output: what a server there answers."""
    connect("s", "stream", where)
    send("s", text)
    sys.stdout.write(recv("s") + "\n")
    sys.stdout.flush()


def setblocking(name):
    things[name].setblocking(True)


def stop():
    things.clear()


def fanotify(flags, mask):
    fd = syscall(300, 4 if int(mask, 0) & 0x70000 else 0, 0)
    try:
        syscall(301, fd, 1 | int(flags, 0), int(mask, 0), -100, ctypes.c_char_p(b"/tmp"))
    finally:
        os.close(fd)


def inotify():
    syscall(254, make("inotify"), ctypes.c_char_p(b"/tmp"), 0x100)


def watch_queue():
    ends = (ctypes.c_int * 2)()
    syscall(293, ends, 0o200)


def lock(how):
    with open("/tmp/shared", "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if how == "hold":
            things["lock"] = os.fdopen(os.dup(file.fileno()), "r+b")


def write(text):
    with open("/tmp/shared", "w", encoding="ascii") as file:
        file.write(text)


def read():
    with open("/tmp/shared", encoding="ascii") as file:
        return "got " + file.read()


def netlink(name, protocol, group=0, port=0):
    things[name] = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, int(protocol))
    things[name].bind((int(port), int(group)))
    things[name].settimeout(10)
    return f"got {things[name].getsockname()[0]}"


def netsend(name, port, group, text):
    data = struct.pack("IHHII", 16 + len(text), 100, 0, 0, 0) + text.encode()
    things[name].sendto(data, (int(port), int(group)))


def netrecv(name, timeout=10):
    things[name].settimeout(float(timeout))
    return "got " + things[name].recv(4096)[16:].decode()


def patience(_):
    """As netprobe's; here every wait ends by itself."""


def inherited(command, *words):
    """One command in a program of its own, whose standard input, output … may be sockets: the error is the status."""
    for fd in 0, 1, 2:
        if os.fstat(fd).st_mode & 0o170000 == 0o140000:
            things[str(fd)] = socket.socket(fileno=fd)
    try:
        globals()[command](*words)
    except OSError as error:
        os._exit(error.errno)
    os._exit(0)


def answer(line):
    words = line.split()
    try:
        return globals()[words[0]](*words[1:]) or "ok"
    except TimeoutError:
        return "timeout"
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))


if len(sys.argv) > 1:
    inherited(*sys.argv[1:])
for command_line in sys.stdin:
    print(answer(command_line), flush=True)
