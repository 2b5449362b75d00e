#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Somebody has a shell in a service, as root: every way that he tries to reach a host that is not the service's.

takeover record FILE [PORT]  on that host: each word that arrives, in whatever packet, is a line of FILE; a TCP server
                             on the port, 8000, takes them, too. "ready" is the first line.
takeover try TARGET SOURCE LINKLOCAL NETDEV NEAR PROXY
                             sends a word for each way to TARGET, to LINKLOCAL or to everybody beyond NETDEV, by its own
                             address SOURCE, that of another host NEAR, or through the service at the local port PROXY
takeover end TARGET          the last word, "end"
takeover change NETDEV TARGET
                             what would have to be changed first: "ACT allowed" or "ACT refused ERROR"
"""
import errno
import fcntl
import os
import re
import socket
import struct
import subprocess
import sys
import threading

from probe import act, say

IP_TRANSPARENT, IP_OPTIONS, IP_PKTINFO, MPTCP, UDPLITE = 19, 4, 8, 262, 136
MSG_FASTOPEN, TUNSETIFF, SIOCSARP = 0x20000000, 0x400454ca, 0x8955
IFF_TAP_NO_PI = 0x1002
PORT = 8000


def record(path, port=PORT):
    with open(path, 'w', buffering=1, encoding='ascii') as file:
        server = socket.create_server(('::', int(port)), family=socket.AF_INET6, dualstack_ipv6=True)
        udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)  # so that no ICMP error comes back
        udp.bind(('::', PORT))
        threading.Thread(target=lambda: [server.accept() for _ in iter(int, 1)], daemon=True).start()
        sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        file.write('ready\n')
        seen = set()
        while True:
            data, address = sniffer.recvfrom(65535)
            for word in re.findall(rb'<<([a-z0-9_]+)>>', data):
                if address[2] != socket.PACKET_OUTGOING and word not in seen:
                    seen.add(word)
                    file.write(word.decode() + '\n')


def word(name):
    return f'<<{name}>>'.encode()


def checksum(data):
    total = sum(struct.unpack(f'!{(len(data) + 1) // 2}H', data + b'\0' * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip_header(source, target, protocol, length):
    header = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + length, 1, 0, 64, protocol, 0, socket.inet_aton(source),
                         socket.inet_aton(target))
    return header[:10] + struct.pack('!H', checksum(header)) + header[12:]


def udp_header(payload):
    return struct.pack('!HHHH', 4000, PORT, 8 + len(payload), 0) + payload


def datagram(name, target, source=None, options=(), protocol=0, family=socket.AF_INET):
    with socket.socket(family, socket.SOCK_DGRAM, protocol) as s:
        for level, option, value in options:
            s.setsockopt(level, option, value)
        if source:
            s.bind((source, 0))
        s.sendto(word(name), target)


def stream(name, target, options=(), protocol=0, fast=False):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol) as s:
        for level, option, value in options:
            s.setsockopt(level, option, value)
        if fast:
            s.sendto(word(name), MSG_FASTOPEN, target)
        else:
            s.settimeout(10)
            s.connect(target)
            s.sendall(word(name))


def pktinfo(name, target, source, index):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        info = struct.pack('=i4s4s', index, socket.inet_aton(source), b'\0' * 4)
        s.sendmsg([word(name)], [(socket.SOL_IP, IP_PKTINFO, info)], 0, target)


def raw(name, source, target):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as s:
        payload = udp_header(word(name))
        s.sendto(ip_header(source, target, socket.IPPROTO_UDP, len(payload)) + payload, (target, 0))


def echo(name, target, kind):
    with socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP) as s:
        packet = struct.pack('!BBHHH', 8, 0, 0, 1, 1) + word(name)
        s.sendto(packet[:2] + struct.pack('!H', checksum(packet)) + packet[4:], (target, 0))


def frame(name, source, target, netdev, ethertype):
    """To everybody on the wire, with a source address of another host's."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind((netdev, 0))
        payload = udp_header(word(name))
        if ethertype == 0x800:
            payload = ip_header(source, target, socket.IPPROTO_UDP, len(payload)) + payload
        s.send(b'\xff' * 6 + b'\2\0\0\0\0\1' + struct.pack('!H', ethertype) + payload)


def through(name, port):
    """By a service of this machine that is allowed more."""
    with socket.create_connection(('127.0.0.1', port), 10) as s:
        s.sendall(word(name))


def ways(target, source, linklocal, netdev, near, proxy):
    to, index = (target, PORT), socket.if_nametoindex(netdev)
    device = (socket.SOL_SOCKET, socket.SO_BINDTODEVICE, netdev.encode() + b'\0')
    spoof = ((socket.SOL_IP, IP_TRANSPARENT, 1), device)
    route = bytes((131, 7, 4)) + socket.inet_aton(target) + b'\1'
    scope = (linklocal, PORT, 0, index)
    group6 = ('ff02::1', PORT, 0, index)
    yield 'udp', datagram, to
    yield 'tcp', stream, to
    yield 'tcp_fast_open', stream, to, (), 0, True
    yield 'mptcp', stream, to, (), MPTCP
    yield 'udplite', datagram, to, None, (), UDPLITE
    yield 'netdev', datagram, to, None, (device,)
    yield 'netdev_tcp', stream, to, (device,)
    yield 'source', datagram, to, source
    yield 'pktinfo', pktinfo, to, source, index
    yield 'spoofed', datagram, to, near, spoof
    yield 'source_route', datagram, to, None, ((socket.SOL_IP, IP_OPTIONS, route),)
    yield 'raw', raw, source, target
    yield 'raw_spoofed', raw, near, target
    yield 'ping', echo, target, socket.SOCK_RAW
    yield 'ping_user', echo, target, socket.SOCK_DGRAM
    yield 'packet', frame, near, target, netdev, 0x800
    yield 'arp', frame, near, target, netdev, 0x806
    yield 'linklocal', datagram, scope, None, (), 0, socket.AF_INET6
    yield 'broadcast', datagram, ('255.255.255.255', PORT), None, ((socket.SOL_SOCKET, socket.SO_BROADCAST, 1), device)
    yield 'multicast', datagram, ('224.0.0.1', PORT), None, ((socket.SOL_IP, socket.IP_MULTICAST_IF,
                                                              socket.inet_aton(source)),)
    yield 'multicast6', datagram, group6, None, (), 0, socket.AF_INET6
    yield 'proxy', through, proxy


def tap():
    fd = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack('16sH22x', b'own0', IFF_TAP_NO_PI))
    os.close(fd)


def control(request, argument):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, request, argument)


def run(*words):
    done = subprocess.run(words, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise PermissionError(errno.EPERM, done.stderr)


def changes(netdev, target):
    address = struct.pack('=HH4s8x', socket.AF_INET, 0, socket.inet_aton(target))
    hardware = struct.pack('=H6s8x', 1, b'\2\0\0\0\0\1')
    act('tap', tap)
    act('tunnel', run, 'ip', 'link', 'add', 'own1', 'type', 'ipip', 'remote', target)
    act('veth', run, 'ip', 'link', 'add', 'own2', 'type', 'veth')
    act('macvlan', run, 'ip', 'link', 'add', 'own3', 'link', netdev, 'type', 'macvlan')
    act('neighbour', run, 'ip', 'neigh', 'replace', target, 'lladdr', '02:00:00:00:00:01', 'dev', netdev)
    act('neighbour_ioctl', control, SIOCSARP, address + hardware + struct.pack('=i16s16s', 6, b'', netdev.encode()))
    act('route', run, 'ip', 'route', 'replace', '192.0.2.0/24', 'dev', netdev)
    act('rule', run, 'ip', 'rule', 'add', 'to', '192.0.2.0/24', 'table', '77')
    act('address', run, 'ip', 'address', 'add', '192.0.2.7/32', 'dev', netdev)
    act('netdev_change', run, 'ip', 'link', 'set', netdev, 'mtu', '1400')
    act('namespace', os.unshare, 0x40000000)
    act('queue', run, 'tc', 'qdisc', 'replace', 'dev', netdev, 'root', 'pfifo')


def attempt(name, function, *arguments):
    try:
        function(name, *arguments)
        say(name, 'sent')
    except (OSError, TimeoutError) as error:
        say(name, 'refused', errno.errorcode.get(error.errno, error))


def main(mode, *words):
    if mode == 'record':
        record(*words)
    elif mode == 'try':
        target, source, linklocal, netdev, near, proxy = words
        for way in ways(target, source, linklocal, netdev, near, int(proxy)):
            attempt(*way)
    elif mode == 'end':
        datagram('end', (words[0], PORT))
    elif mode == 'change':
        changes(*words)


main(*sys.argv[1:])
