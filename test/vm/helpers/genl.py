#!/usr/bin/python3 -S
# SPDX-License-Identifier: GPL-2.0-only
"""The control protocol by hand, for what the tool would never send.

  genl.py halfway     opens a transaction that adds rules, prints "open" and waits for the end of its input
  genl.py replies     the table below: "NAME errno: what the module says"
  genl.py everybody   every command, as whoever runs this
  genl.py enter LABEL NETNS COMMAND…   in that compartment and that network namespace, where the family is not
"""
import ctypes
import errno
import os
import socket
import struct
import sys

REQUEST, ACK, DUMP = 1, 4, 0x300
ERROR, DONE = 2, 3
STATUS, BEGIN, RULES, COMPARTMENTS, COMMIT, LIST, EXEC, MODE, CONFIRM, REVERT, NETDEV = range(1, 12)
(A_STATUS, A_OP, A_RULES, A_NETDEVS, A_COMPARTMENTS, A_REFS, A_TRY, A_KEEP, A_LIST, A_LABEL, A_MODE, A_SECONDS,
 A_IFINDEX) = range(1, 14)
A_PATHS, A_NETDEV_MAPS, STATEMENTS = 21, 24, 14
REPLACE, ADD, DEL = range(3)
COMPARTMENT, ANY, HOST, NET4, NET6 = range(5)
TCP, UNIX, SIGNAL = 1, 1 << 5, 1 << 10


def attr(kind, data):
    if isinstance(data, int):
        data = struct.pack("=I", data)
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def end(kind, compartment=0, prefix=0, low=0, high=65535, addr=b"", reserved=0):
    return struct.pack("=BBHHHI16s", kind, prefix, reserved, low, high, compartment, addr)


def rule(src=end(COMPARTMENT, 2), dst=end(COMPARTMENT, 3, low=80, high=80), methods=TCP, netdevs=0, ref=0, attrs=0,
         owner=1, chain=(0, 0), signals=0, path=0):
    return struct.pack("=QQQ28s28sIIIIII", ref, netdevs, signals, src, dst, methods, attrs, owner, *chain, path)


def socket_rule(path=1, **more):
    return rule(dst=end(COMPARTMENT, 3), methods=UNIX, path=path, **more)


def selector(label=0, name=b""):
    return struct.pack("=I16s", label, name)


def device(path=b"/dev/net/tun", kind=0, number=10 << 20 | 200):
    return struct.pack("=48sII", path, kind, number)


def compartment(number=7, flags=8, caps=(1 << 64) - 1, name=b"some", root=b"", user=b"", devices=(), count=None):
    devices = b"".join(devices)
    count = len(devices) // len(device()) if count is None else count
    return struct.pack("=IIQ64s256s64sI320sI448sIIQII", number, flags, caps, name, root, user, 0, b"", count, devices,
                       0, 0, 0, 0, 0)


def netdev_map(owner=2, label=0xFFFF0001, attrs=1, vlan=0, netns=0, name=b"t0", label_name=b""):
    return struct.pack("=IIIHBB12s40s16s320s64s", owner, label, attrs, vlan, netns, 0, b"", b"", name, b"", label_name)


class Module:
    """The generic netlink family."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.socket.bind((0, 0))
        self.socket.setsockopt(270, 11, 1)  # NETLINK_EXT_ACK
        self.socket.setsockopt(270, 10, 1)  # NETLINK_CAP_ACK
        self.sequence = 0
        code, _, answer = self.raw(16, 3, attr(2, b"cgcompt\0"), version=2)
        if code:
            sys.exit(f"no family: {errno.errorcode[code]}")
        self.family = struct.unpack_from("=H", self.find(answer, 1))[0]

    @staticmethod
    def find(data, kind):
        while len(data) >= 4:
            size, this = struct.unpack_from("=HH", data)
            if this & 0x3FFF == kind:
                return data[4:size]
            data = data[size + 3 & ~3:]
        return None

    def raw(self, family, command, attributes=b"", flags=ACK, version=1):
        """errno, what the module says, the attributes of its answer"""
        self.sequence += 1
        data = struct.pack("=BBH", command, version, 0) + attributes
        self.socket.send(struct.pack("=IHHII", 16 + len(data), family, REQUEST | flags, self.sequence, 0) + data)
        answer = b""
        while True:
            data = self.socket.recv(1 << 18)
            while data:
                size, kind, flags = struct.unpack_from("=IHH", data)
                message, data = data[16:size], data[size + 3 & ~3:]
                if kind in (ERROR, DONE):
                    code = -struct.unpack_from("=i", message)[0] if len(message) >= 4 else 0
                    why = self.find(message[20 if kind == ERROR else 4:], 1) if flags & 0x200 else None
                    return code, (why or b"").rstrip(b"\0").decode(), answer
                answer += message[4:]

    def ask(self, command, attributes=b"", flags=ACK):
        return self.raw(self.family, command, attributes, flags)

    def must(self, *words):
        code, why, answer = self.ask(*words)
        if code:
            sys.exit(f"{errno.errorcode[code]}: {why}")
        return answer


def halfway():
    module = Module()
    module.must(BEGIN, attr(A_OP, ADD))
    module.must(COMPARTMENTS, attr(A_COMPARTMENTS, compartment()))
    module.must(RULES, attr(A_RULES, rule() + rule(src=end(COMPARTMENT, 4))))
    print("open", flush=True)
    sys.stdin.read(1)


DEFINITIONS, LIST_OF = (lambda *records: (COMPARTMENTS, attr(A_COMPARTMENTS, b"".join(records)))), (
    lambda *records: (RULES, attr(A_RULES, b"".join(records))))
PATHS = (lambda words, *records: (RULES, attr(A_PATHS, b"".join(word.ljust(112, b"\0") for word in words)) + attr(
    A_RULES, b"".join(records))))
WORDS = (lambda words, *records: (RULES, attr(A_NETDEVS, b"".join(words)) + attr(A_RULES, b"".join(records))))

MAPS = (lambda *records: (STATEMENTS, attr(A_NETDEV_MAPS, b"".join(records))))

# what is sent in a transaction of ADD, and then committed; the first refusal is printed
IN_TRANSACTION = {
    "half a rule": LIST_OF(rule()[:-1]),
    "no rules": (RULES, b""),
    "rules of another size": LIST_OF(rule() + b"\0" * 8),
    "an unknown kind of end": LIST_OF(rule(dst=end(9))),
    "an end with rubbish": LIST_OF(rule(dst=end(COMPARTMENT, 3, reserved=1))),
    "signals of tcp": LIST_OF(rule(signals=1)),
    "signals of unix": LIST_OF(rule(dst=end(COMPARTMENT, 3), methods=UNIX, signals=1 << 63)),
    "a PATH of tcp": PATHS([b"/a"], rule(path=1)),
    "a PATH of two methods": PATHS([b"/a"], rule(dst=end(COMPARTMENT, 3), methods=UNIX | SIGNAL, path=1)),
    "a PATH without a word": LIST_OF(socket_rule()),
    "a PATH past the words": PATHS([b"/a"], socket_rule(path=2)),
    "a PATH far past the words": PATHS([b"/a"], socket_rule(path=0xFFFFFFFF)),
    "a PATH that is empty": PATHS([b""], socket_rule()),
    "a PATH that is relative": PATHS([b"run/a"], socket_rule()),
    "a PATH without an end": PATHS([b"/" + b"x" * 111], socket_rule()),
    "a PATH with a control byte": PATHS([b"/a\x1b"], socket_rule()),
    "rubbish behind the PATH": PATHS([b"/a\0b"], socket_rule()),
    "half a PATH": (RULES, attr(A_PATHS, b"/a") + attr(A_RULES, socket_rule())),
    "257 PATHs": PATHS([b"/%d" % i for i in range(257)], socket_rule()),
    "a rule with a chain": LIST_OF(rule(chain=(1, 0))),
    "a rule with a reference": LIST_OF(rule(ref=5)),
    "no method": LIST_OF(rule(methods=0)),
    "an unknown method": LIST_OF(rule(methods=1 << 31)),
    "an attribute of a method without": LIST_OF(rule(attrs=1)),
    "ports the wrong way round": LIST_OF(rule(dst=end(COMPARTMENT, 3, low=90, high=80))),
    "/33": LIST_OF(rule(dst=end(NET4, prefix=33))),
    "/129": LIST_OF(rule(dst=end(NET6, prefix=129))),
    "bits beyond the prefix": LIST_OF(rule(dst=end(NET4, prefix=8, addr=bytes([10, 1])))),
    "IPv4 of 16 bytes": LIST_OF(rule(dst=end(NET4, prefix=32, addr=bytes(range(16))))),
    "host to host": LIST_OF(rule(src=end(HOST), dst=end(HOST))),
    "an interface's number": LIST_OF(rule(src=end(COMPARTMENT, 0xFFFF0000))),
    "an unknown owner": LIST_OF(rule(owner=77)),
    "an interface bit without a word": LIST_OF(rule(dst=end(HOST), netdevs=1)),
    "an interface of no name": WORDS([selector()], rule(dst=end(HOST), netdevs=1)),
    "an interface's name and label": WORDS([selector(0xFFFF0000, b"eth0")], rule(dst=end(HOST), netdevs=1)),
    "an interface's name without an end": WORDS([selector(0, b"e" * 16)], rule(dst=end(HOST), netdevs=1)),
    "half a word": (RULES, attr(A_NETDEVS, selector()[:-1]) + attr(A_RULES, rule())),
    "65 words": WORDS([selector(0, b"e%d" % i) for i in range(65)], rule(dst=end(HOST), netdevs=1)),
    "half a definition": DEFINITIONS(compartment()[:-4]),
    "no name": DEFINITIONS(compartment(name=b"")),
    "a name without an end": DEFINITIONS(compartment(name=b"n" * 64)),
    "a name with a blank": DEFINITIONS(compartment(name=b"a b")),
    "a name with a control byte": DEFINITIONS(compartment(name=b"a\x1b")),
    "a name in UTF-8": DEFINITIONS(compartment(name="böse".encode())),
    "rubbish behind the name": DEFINITIONS(compartment(name=b"a\0b")),
    "a root that is relative": DEFINITIONS(compartment(root=b"compt/web")),
    "a root without an end": DEFINITIONS(compartment(root=b"/" + b"r" * 255)),
    "a user without an end": DEFINITIONS(compartment(user=b"u" * 64)),
    "a user with two colons": DEFINITIONS(compartment(user=b"a:b:c")),
    "a user without a group": DEFINITIONS(compartment(user=b"a:")),
    "a user with a slash": DEFINITIONS(compartment(user=b"a/b")),
    "rubbish behind the user": DEFINITIONS(compartment(user=b"a\0b")),
    "a user of compartment 0": DEFINITIONS(compartment(number=0, name=b"default", user=b"root")),
    "nine devices": DEFINITIONS(compartment(devices=[device(b"/dev/%d" % i) for i in range(8)], count=9)),
    "devices without end": DEFINITIONS(compartment(count=0xFFFFFFFF)),
    "a device too many": DEFINITIONS(compartment(devices=[device()], count=2)),
    "a device that is not counted": DEFINITIONS(compartment(devices=[device()], count=0)),
    "a device twice": DEFINITIONS(compartment(devices=[device(), device(number=1)])),
    "a device of an unknown kind": DEFINITIONS(compartment(devices=[device(kind=3)])),
    "a device without a path": DEFINITIONS(compartment(devices=[device(b"")])),
    "a device without an end": DEFINITIONS(compartment(devices=[device(b"/dev/" + b"x" * 43)])),
    "rubbish behind the device": DEFINITIONS(compartment(devices=[device(b"/dev/a\0b")])),
    "a device elsewhere": DEFINITIONS(compartment(devices=[device(b"/srv/a")])),
    "a device by ..": DEFINITIONS(compartment(devices=[device(b"/dev/../srv/a")])),
    "a device with a comma": DEFINITIONS(compartment(devices=[device(b"/dev/a,b")])),
    "a device of compartment 0": DEFINITIONS(compartment(number=0, name=b"default", devices=[device()])),
    "an interface's number defined": DEFINITIONS(compartment(number=0xFFFF0001)),
    "an unknown flag": DEFINITIONS(compartment(flags=1 << 30)),
    "a number twice": DEFINITIONS(compartment(), compartment(name=b"other")),
    "a name twice": DEFINITIONS(compartment(), compartment(number=8)),
    "half a NETDEV statement": MAPS(netdev_map()[:-1]),
    "a NETDEV statement of an unknown owner": MAPS(netdev_map(owner=0)),
    "a NETDEV statement that says nothing": MAPS(netdev_map(attrs=0, name=b"")),
    "a NETDEV statement with an unknown attribute": MAPS(netdev_map(attrs=1 | 1 << 30)),
    "a compartment's label in a NETDEV statement": MAPS(netdev_map(label=2)),
    "quarantine in a NETDEV statement": MAPS(netdev_map(label=0xFFFFFFFD)),
    "a NETDEV statement twice": MAPS(netdev_map(), netdev_map()),
    "a VLAN that does not count": MAPS(netdev_map(vlan=7)),
    "a label's name with a control byte": MAPS(netdev_map(label_name=b"a\x1b")),
    "a label with two names": MAPS(netdev_map(label_name=b"a"), netdev_map(name=b"t1", label_name=b"b")),
    "a label's name with two numbers": MAPS(netdev_map(label_name=b"a"),
                                            netdev_map(name=b"t1", label=0xFFFF0002, label_name=b"a")),
    "references while adding": (RULES, attr(A_REFS, struct.pack("=Q", 1))),
}
# what is sent alone
ALONE = {
    "an unknown command": (77, b""),
    "rules without a transaction": LIST_OF(rule()),
    "statements without a transaction": MAPS(netdev_map()),
    "definitions without a transaction": DEFINITIONS(compartment()),
    "a commit without a transaction": (COMMIT, b""),
    "a transaction of no kind": (BEGIN, b""),
    "a transaction of an unknown kind": (BEGIN, attr(A_OP, 99)),
    "a kind of two bytes": (BEGIN, attr(A_OP, b"\0\0")),
    "an attribute that ends early": (BEGIN, struct.pack("=HH", 8, A_OP)),
    "an unknown attribute": (STATUS, attr(250, 1)),
    "an unknown list": (LIST, attr(A_LIST, 99), ACK | DUMP),
    "no list": (LIST, b"", ACK | DUMP),
    "exec without a compartment": (EXEC, b""),
    "exec into an interface": (EXEC, attr(A_LABEL, 0xFFFF0000)),
    "no mode": (MODE, b""),
    "an unknown mode": (MODE, attr(A_MODE, 99)),
    "the mode of loading": (MODE, attr(A_MODE, 0)),
    "disabled for no time": (MODE, attr(A_MODE, 3) + attr(A_SECONDS, 0)),
    "disabled for two days": (MODE, attr(A_MODE, 3) + attr(A_SECONDS, 172800)),
    "one compartment disabled": (MODE, attr(A_MODE, 3) + attr(A_LABEL, 2)),
    "an unknown compartment permissive": (MODE, attr(A_MODE, 2) + attr(A_LABEL, 4711)),
    "a connection of one byte": (MODE, attr(A_MODE, 1) + attr(A_KEEP, b"x")),
    "confirm without a trial": (CONFIRM, b""),
    "no interface": (NETDEV, attr(A_LABEL, 0xFFFF0000)),
    "an interface that is not there": (NETDEV, attr(A_IFINDEX, 4711) + attr(A_LABEL, 0xFFFF0000)),
    "quarantine on an interface": (NETDEV, attr(A_IFINDEX, 1) + attr(A_LABEL, 0xFFFFFFFD)),
    "a compartment's label on an interface": (NETDEV, attr(A_IFINDEX, 1) + attr(A_LABEL, 2)),
}


def say(name, answer):
    code, why, _ = answer
    print(f"{name}: {errno.errorcode.get(code, 'accepted')}: {why}")


def replies():
    for name, message in ALONE.items():
        say(name, Module().ask(*message))
    for name, message in IN_TRANSACTION.items():
        module = Module()
        module.must(BEGIN, attr(A_OP, ADD))
        answer = module.ask(*message)
        say(name, answer if answer[0] else module.ask(COMMIT))


def everybody():
    module = Module()
    for name, message in {
            "status": (STATUS, b""), "begin": (BEGIN, attr(A_OP, ADD)), "rules": LIST_OF(rule()),
            "compartments": DEFINITIONS(compartment()), "commit": (COMMIT, b""),
            "list": (LIST, attr(A_LIST, 0), ACK | DUMP), "exec": (EXEC, attr(A_LABEL, 0)),
            "mode": (MODE, attr(A_MODE, 1)), "confirm": (CONFIRM, b""), "revert": (REVERT, b""),
            "netdev": (NETDEV, attr(A_IFINDEX, 1) + attr(A_LABEL, 0xFFFF0000))}.items():
        say(name, module.ask(*message))


def enter():
    Module().must(EXEC, attr(A_LABEL, int(sys.argv[2])))
    with open(sys.argv[3], "rb") as namespace:
        if ctypes.CDLL(None).setns(namespace.fileno(), 0):
            sys.exit("setns")
    os.execvp(sys.argv[4], sys.argv[4:])


if __name__ == "__main__":
    {"halfway": halfway, "replies": replies, "everybody": everybody, "enter": enter}[sys.argv[1]]()
