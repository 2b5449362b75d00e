#!/usr/bin/python3 -SWignore
# SPDX-License-Identifier: GPL-2.0-only
"""What a process is told of another one and of its sockets.

  listing.py target         has a thread and one socket of each kind, prints "NAME VALUE" of each, "ready", and waits for
                            the end of its input
  listing.py see FILE       tries to see what the target that wrote FILE has: "ACT allowed" or "ACT refused WHY"
  listing.py own            the same of a target that it is itself
  listing.py machine        what tells of the whole machine
  listing.py held FILE      opens what FILE's target has in /proc, prints "open", waits for a line, and uses it again
  listing.py destroy FILE   asks sock_diag to end the target's connection
"""
import ctypes
import errno
import fcntl
import os
import signal
import socket
import struct
import sys
import tempfile
import threading

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWPID, MS_REC, MS_PRIVATE = 0x20000, 0x20000000, 0x4000, 0x40000
GETDENTS, GETDENTS64, FSOPEN, FSCONFIG, FSMOUNT = 78, 217, 430, 431, 432
NAME_TO_HANDLE, OPEN_BY_HANDLE, AT_EMPTY_PATH, NS_GET_PID_IN_PIDNS = 303, 304, 0x1000, 0x8004b708
NETLINK_SOCK_DIAG, NETLINK_CONNECTOR, NETLINK_GENERIC, NETLINK_ROUTE = 4, 11, 16, 0
FILES = """stat statm status cmdline comm cgroup sched schedstat mountinfo oom_score sessionid loginuid
           environ maps smaps auxv limits wchan io""".split()
LINKS = "cwd root exe fd/0 ns/net".split()
WRITTEN = "oom_score_adj comm timerslack_ns coredump_filter".split()
SOCKETS = "tcp tcp6 connection udp udp6 raw raw6 icmp icmp6 unix abstract autobound netlink packet".split()
LISTED_IN = {"connection": "tcp", "abstract": "unix", "autobound": "unix"}


class Hidden(Exception):
    """It was not to be seen."""


def call(number, *args):
    result = libc.syscall(number, *args)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def call_or(otherwise, *args):
    try:
        return call(*args)
    except OSError:
        return otherwise


def attempt(act, function, *args):
    try:
        function(*args)
        print(act, "allowed")
    except OSError as error:
        print(act, "refused", errno.errorcode[error.errno])
    except Hidden:
        print(act, "refused hidden")
    sys.stdout.flush()


def demand(seen):
    if not seen:
        raise Hidden


def read(path):
    with open(path, "rb") as file:
        return file.read()


# --- what there is to see

def bound(family, kind, protocol=0, address=None):
    try:
        sock = socket.socket(family, kind, protocol)
        if address is not None:
            sock.bind(address)
        return sock
    except OSError:
        return None


def timewait():
    """The port of a connection of which nothing but TIME_WAIT is left."""
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    port = client.getsockname()[1]
    peer = server.accept()[0]
    client.close()
    peer.recv(1)
    peer.close()
    server.close()
    return port


def make():
    """Everything, by name; what this process may not have is not in it."""
    loop4, loop6, inet, inet6 = ("127.0.0.1", 0), ("::1", 0), socket.AF_INET, socket.AF_INET6
    directory = tempfile.mkdtemp()
    made = {
        "tcp": bound(inet, socket.SOCK_STREAM, 0, loop4), "tcp6": bound(inet6, socket.SOCK_STREAM, 0, loop6),
        "udp": bound(inet, socket.SOCK_DGRAM, 0, loop4), "udp6": bound(inet6, socket.SOCK_DGRAM, 0, loop6),
        "raw": bound(inet, socket.SOCK_RAW, socket.IPPROTO_ICMP), "raw6": bound(inet6, socket.SOCK_RAW, 58),
        "icmp": bound(inet, socket.SOCK_DGRAM, socket.IPPROTO_ICMP, loop4),
        "icmp6": bound(inet6, socket.SOCK_DGRAM, 58, loop6),
        "unix": bound(socket.AF_UNIX, socket.SOCK_STREAM, 0, directory + "/socket"),
        "abstract": bound(socket.AF_UNIX, socket.SOCK_DGRAM, 0, "\0%d" % os.getpid()),
        "autobound": bound(socket.AF_UNIX, socket.SOCK_DGRAM, 0, ""),
        "netlink": bound(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE, (0, 1)),
        "packet": bound(socket.AF_PACKET, socket.SOCK_RAW, 0x300),
    }
    made["tcp"].listen()
    made["tcp6"].listen()
    made["connection"] = socket.create_connection(made["tcp"].getsockname())
    made["accepted"] = made["tcp"].accept()[0]
    made["lock"] = open(directory + "/lock", "w")
    fcntl.lockf(made["lock"], fcntl.LOCK_EX)
    return made


def describe(made):
    values = {name: os.fstat(sock.fileno()).st_ino for name, sock in made.items() if sock and name in SOCKETS}
    values["timewait"] = timewait()
    values["port"] = made["connection"].getsockname()[1]
    values["peer"] = made["tcp"].getsockname()[1]
    values["pid"] = os.getpid()
    values.update(handle(os.getpid()))
    thread = threading.Thread(target=signal.pause, daemon=True)
    thread.start()
    values["tid"] = thread.native_id
    return values


def handle(pid):
    """Of a pidfd, where there are some: its type and its two words."""
    buffer, mount = ctypes.create_string_buffer(struct.pack("=Ii", 8, 0), 16), ctypes.c_int()
    if call_or(None, NAME_TO_HANDLE, os.pidfd_open(pid), b"", buffer, ctypes.byref(mount), AT_EMPTY_PATH) is None:
        return {}
    kind, inode = struct.unpack_from("=iQ", buffer.raw, 4)
    return {"handle-type": kind, "handle": inode}


def target():
    made = make()
    for name, value in describe(made).items():
        print(name, value)
    print("ready", flush=True)
    sys.stdin.read()
    try:
        made["connection"].send(b"x")
        print("alive" if made["accepted"].recv(1) == b"x" else "ended")
    except OSError:
        print("ended")


# --- who tries to see it

def names(number, fd, size):
    """The names in a directory by one system call after the other."""
    buffer = ctypes.create_string_buffer(size)
    header, at = ("=QqHB", 19) if number == GETDENTS64 else ("=QQH", 18)
    while True:
        got = call(number, fd, buffer, size)
        if not got:
            return
        place = 0
        while place < got:
            length = struct.unpack_from(header, buffer.raw, place)[2]
            yield buffer.raw[place + at:place + length].split(b"\0")[0].decode()
            place += length


def in_listing(pid, number, size, place=0):
    fd = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.lseek(fd, place, os.SEEK_SET)
        demand(str(pid) in names(number, fd, size))
    finally:
        os.close(fd)


def in_a_child(function, *args):
    """What mounts and namespaces do stays there; its errno or 200, hidden, is the status."""
    sys.stdout.flush()
    pid = os.fork()
    if not pid:
        status = 0
        try:
            function(*args)
        except OSError as error:
            status = error.errno
        except Hidden:
            status = 200
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    demand(status != 200)
    if status:
        raise OSError(status, os.strerror(status))


def mounted(pid):
    call(272, CLONE_NEWNS)  # unshare
    if libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None) or libc.mount(b"proc", b"/mnt", b"proc", 0, b"hidepid=0"):
        raise OSError(ctypes.get_errno(), "mount")
    demand(str(pid) in os.listdir("/mnt"))
    read("/mnt/%d/stat" % pid)


def fsopened(pid):
    fs = call(FSOPEN, b"proc", 0)
    call(FSCONFIG, fs, 1, b"hidepid", b"0", 0)
    call(FSCONFIG, fs, 6, None, None, 0)
    directory = os.open(".", os.O_RDONLY, dir_fd=call(FSMOUNT, fs, 0, 0))
    demand(str(pid) in os.listdir(directory))
    os.stat("%d/stat" % pid, dir_fd=directory)


def by_handle(values):
    buffer = ctypes.create_string_buffer(struct.pack("=IiQ", 8, values["handle-type"], values["handle"]), 16)
    os.close(call(OPEN_BY_HANDLE, os.pidfd_open(os.getpid()), buffer, 0))


def translated(pid):
    with open("/proc/self/ns/pid", "rb") as file:
        fcntl.ioctl(file, NS_GET_PID_IN_PIDNS, pid)


def rows(name):
    return [line.split() for line in read("/proc/net/" + name).decode(errors="replace").splitlines()[1:]]


def in_rows(name, value):
    demand(any(str(value) in row for row in rows(name)))


def in_timewait(port):
    demand(any(row[3] == "06" and row[1].endswith(":%04X" % port) for row in rows("tcp")))


def process(pid, tid):
    base = "/proc/%d" % pid
    attempt("stat()", os.stat, base)
    attempt("O_PATH", os.open, base, os.O_PATH)
    attempt("access()", lambda: demand(os.access(base, os.F_OK)))
    attempt("listing", in_listing, pid, GETDENTS64, 32768)
    attempt("listing-by-one", in_listing, pid, GETDENTS64, 40)
    attempt("listing-old", in_listing, pid, GETDENTS, 32768)
    attempt("listing-from-there", in_listing, pid, GETDENTS64, 32768, pid + 256 + 2)
    for name in FILES:
        attempt(name, read, "%s/%s" % (base, name))
    for name in LINKS:
        attempt(name, os.readlink, "%s/%s" % (base, name))
    for name in WRITTEN:
        attempt("write-" + name, lambda: os.close(os.open("%s/%s" % (base, name), os.O_WRONLY)))
    attempt("task", os.listdir, base + "/task")
    attempt("task-stat", read, "%s/task/%d/stat" % (base, tid))
    attempt("thread", read, "/proc/%d/stat" % tid)
    attempt("mount", in_a_child, mounted, pid)
    attempt("fsopen", fsopened, pid)
    attempt("pidfd", lambda: os.close(os.pidfd_open(pid)))
    attempt("cgroup.procs", lambda: demand(str(pid) in read("/sys/fs/cgroup/cgroup.procs").decode().split()))


def see(values):
    process(values["pid"], values["tid"])
    if "handle" in values:
        attempt("pidfd-handle", by_handle, values)
    attempt("pid-namespace", translated, values["pid"])
    for name in SOCKETS:
        if name in values:
            attempt("net-" + name, in_rows, LISTED_IN.get(name, name), values[name])
    attempt("net-timewait", in_timewait, values["timewait"])


def numbers():
    """tcp's rows are numbered without a gap."""
    demand([int(row[0].rstrip(":")) for row in rows("tcp")] == list(range(len(rows("tcp")))))


def own():
    made = make()
    see(describe(made))
    attempt("numbers", numbers)
    made["accepted"].close()


def dump(family, protocol):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as diag:
        body = struct.pack("=BBHII", family, protocol, 0, ~0 & 0xffffffff, 0) + bytes(48)
        diag.send(struct.pack("=IHHII", 16 + len(body), 20, 0x301, 1, 0) + body)
        check(diag.recv(65536))


def check(answer):
    kind, = struct.unpack_from("=H", answer, 4)
    code, = struct.unpack_from("=i", answer, 16) if kind == 2 else (0,)
    if code:
        raise OSError(-code, "netlink")


def destroy(values):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as diag:
        loop = socket.inet_aton("127.0.0.1") + bytes(12)
        key = struct.pack("!HH", values["port"], values["peer"]) + loop + loop + struct.pack("=III", 0, ~0 & 0xffffffff,
                                                                                            ~0 & 0xffffffff)
        body = struct.pack("=BBBBI", socket.AF_INET, socket.IPPROTO_TCP, 0, 0, ~0 & 0xffffffff) + key
        diag.send(struct.pack("=IHHII", 16 + len(body), 21, 5, 1, 0) + body)
        check(diag.recv(65536))


def joined(family, group):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, family) as sock:
        sock.bind((0, group))


def taskstats():
    """The family's number, then the figures of process 1."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC) as sock:
        name = struct.pack("=HH", 14, 2) + b"TASKSTATS\0\0\0"
        sock.send(struct.pack("=IHHIIBBH", 20 + len(name), 16, 1, 1, 0, 3, 1, 0) + name)
        answer = sock.recv(65536)
        check(answer)
        family, place = 0, 20
        while place < len(answer):
            length, kind = struct.unpack_from("=HH", answer, place)
            if kind == 1:
                family, = struct.unpack_from("=H", answer, place + 4)
            place += (length + 3) & ~3
        sock.send(struct.pack("=IHHIIBBHHHI", 28, family, 1, 2, 0, 1, 1, 0, 8, 1, 1))
        check(sock.recv(65536))


def syslog():
    buffer = ctypes.create_string_buffer(4096)
    if libc.klogctl(3, buffer, 4096) < 0:
        raise OSError(ctypes.get_errno(), "syslog")


def opened(path, flags=os.O_RDONLY):
    os.close(os.open(path, flags | os.O_NONBLOCK))


def machine():
    for name in """kallsyms kcore kmsg kpageflags slabinfo timer_list vmallocinfo zoneinfo locks keys key-users
                   net/sockstat net/sockstat6 net/protocols net/nf_conntrack net/ptype""".split():
        attempt("proc/" + name, opened, "/proc/" + name)
    for name in "meminfo loadavg stat net/dev net/route net/snmp net/arp".split():
        attempt("proc/" + name, opened, "/proc/" + name)
    attempt("dev-kmsg", opened, "/dev/kmsg")
    attempt("syslog()", syslog)
    attempt("debug", opened, "/sys/kernel/debug/sched/debug")
    attempt("diag-tcp", dump, socket.AF_INET, socket.IPPROTO_TCP)
    attempt("diag-udp6", dump, socket.AF_INET6, socket.IPPROTO_UDP)
    attempt("diag-unix", dump, socket.AF_UNIX, 0)
    attempt("diag-events", joined, NETLINK_SOCK_DIAG, 1)
    attempt("taskstats", taskstats)
    attempt("proc-events", joined, NETLINK_CONNECTOR, 1)


def held(values):
    base = "/proc/%d" % values["pid"]
    directory = os.open(base, os.O_RDONLY | os.O_DIRECTORY)
    tasks = os.open(base + "/task", os.O_RDONLY | os.O_DIRECTORY)
    task = os.open("%s/task/%d" % (base, values["pid"]), os.O_RDONLY | os.O_DIRECTORY)
    status = os.open(base + "/status", os.O_RDONLY)
    os.stat("stat", dir_fd=directory)
    print("open", flush=True)
    sys.stdin.readline()
    attempt("held-cached", lambda: os.stat("stat", dir_fd=directory))
    attempt("held-new", lambda: os.stat("oom_score", dir_fd=directory))
    attempt("held-names", lambda: demand("stat" in os.listdir(directory)))
    attempt("held-tasks", lambda: os.stat(str(values["tid"]), dir_fd=tasks))
    attempt("held-task", lambda: os.stat("comm", dir_fd=task))
    attempt("held-file", os.pread, status, 4096, 0)


def main():
    word, values = sys.argv[1], {}
    if len(sys.argv) > 2:
        with open(sys.argv[2], encoding="ascii") as file:
            values = {line.split()[0]: int(line.split()[1]) for line in file if " " in line}
    if word in ("see", "held", "destroy"):
        attempt("destroy", destroy, values) if word == "destroy" else globals()[word](values)
    else:
        globals()[word]()


main()
