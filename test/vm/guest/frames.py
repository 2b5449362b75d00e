# SPDX-License-Identifier: GPL-2.0-only
"""What travels between onhost, onhostd and hostd: a kind, the number of a conversation and some bytes."""
import struct

START, INPUT, OUTPUT, ERRORS, STATUS, KILL, HELLO = range(1, 8)
HEAD = struct.Struct(">BII")


def pack(kind, number, data=b""):
    return HEAD.pack(kind, number, len(data)) + data


def unpack(receive):
    """The frames that come by receive(count), until that returns nothing."""
    buffer = b""
    while True:
        while len(buffer) >= HEAD.size:
            kind, number, length = HEAD.unpack_from(buffer)
            if len(buffer) < HEAD.size + length:
                break
            yield kind, number, buffer[HEAD.size:HEAD.size + length]
            buffer = buffer[HEAD.size + length:]
        data = receive(65536)
        if not data:
            return
        buffer += data
