#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""router.py announce INTERFACE PREFIX: says that it is a router, with a prefix of 64 bits for addresses (RFC 4861).
router.py hear TYPE: "ready", then "heard" for every ICMPv6 message of that type, until it is ended."""
import socket
import struct
import sys

ICMP6_FILTER = 1


def announce(sock, interface, prefix):
    message = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0)
    message += struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 3600, 3600, 0) + socket.inet_pton(socket.AF_INET6, prefix)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    sock.sendto(message, ("ff02::1", 0, 0, socket.if_nametoindex(interface)))


def hear(sock, kind):
    refused = [0xFFFFFFFF] * 8
    refused[int(kind) >> 5] &= ~(1 << (int(kind) & 31))
    sock.setsockopt(socket.IPPROTO_ICMPV6, ICMP6_FILTER, struct.pack("8I", *refused))
    print("ready", flush=True)
    while True:
        sock.recv(2048)
        print("heard", flush=True)


with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as icmp:
    {"announce": announce, "hear": hear}[sys.argv[1]](icmp, *sys.argv[2:])
