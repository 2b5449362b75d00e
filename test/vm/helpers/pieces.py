#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Packets that no socket would make, and what comes of them.

  pieces.py send SRC DST PROTOCOL HEX [OPTION=VALUE...]
      one packet with this payload: 4 and 6 by the addresses; offset=BYTES more=1 id=N: a piece of it;
      srr=HOP: by way of HOP (IPv4, loose), with DST the first; via=DEVICE: put on that link, as if from elsewhere
  pieces.py catch PROTOCOL SECONDS DST    prints "ready"; then "caught HEX" for each that arrives here
"""
import select
import socket
import struct
import sys
import time


def total(data):
    data += b"\0" * (len(data) % 2)
    value = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while value >> 16:
        value = (value & 0xFFFF) + (value >> 16)
    return ~value & 0xFFFF


def packed(address):
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def emit(family, packet, dst, via):
    if via:
        kind = 0x0800 if family == socket.AF_INET else 0x86DD
        with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM) as s:
            s.sendto(packet, (via, kind, 0, 0, b"\xff" * 6))
        return
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as s:
        s.sendto(packet, (dst, 0))


def send4(src, dst, protocol, payload, offset=0, more=0, id=0, srr=None, via=None):
    options = b""
    if srr:
        options = struct.pack("!BBB", 131, 7, 4) + packed(srr) + b"\0"
    words = 5 + len(options) // 4
    header = struct.pack("!BBHHHBBH4s4s", 0x40 | words, 0, 4 * words + len(payload), int(id),
                         (0x2000 if int(more) else 0) | int(offset) // 8, 64, protocol, 0, packed(src), packed(dst))
    header = header[:10] + struct.pack("!H", total(header + options)) + header[12:]
    emit(socket.AF_INET, header + options + payload, dst, via)


def send6(src, dst, protocol, payload, offset=0, more=0, id=None, via=None):
    if id is not None:
        payload = struct.pack("!BBHI", protocol, 0, int(offset) | int(more), int(id)) + payload
        protocol = 44
    header = struct.pack("!IHBB16s16s", 6 << 28, len(payload), protocol, 64, packed(src), packed(dst))
    emit(socket.AF_INET6, header + payload, dst, via)


def catch(protocol, seconds, dst):
    family = socket.AF_INET6 if ":" in dst else socket.AF_INET
    with socket.socket(family, socket.SOCK_RAW, protocol) as s:
        end = time.monotonic() + seconds
        print("ready", flush=True)
        while (left := end - time.monotonic()) > 0 and select.select([s], [], [], left)[0]:
            data = s.recv(65536)
            print("caught", (data if family == socket.AF_INET6 else data[4 * (data[0] & 15):]).hex(), flush=True)


def main():
    act, *words = sys.argv[1:]
    if act == "send":
        src, dst, protocol, payload, *options = words
        (send6 if ":" in dst else send4)(src, dst, int(protocol), bytes.fromhex(payload),
                                         **dict(o.split("=") for o in options))
    elif act == "catch":
        catch(int(words[0]), float(words[1]), words[2])
    else:
        sys.exit(__doc__)


main()
