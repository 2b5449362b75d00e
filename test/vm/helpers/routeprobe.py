#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""routeprobe.py ADDRESS4 ADDRESS6 DEVICE [ACT…]: reach port 7000 at the addresses, by DEVICE where an
act insists on one, in each of the ways named (all), and print `act allowed` or `act refused ERRNO`."""

import errno
import socket
import struct
import sys

four, six, device = sys.argv[1:4]
wanted = sys.argv[4:]
PORT = 7000
index = socket.if_nametoindex(device)
SO_RCVMARK, SO_BINDTOIFINDEX, IP_UNICAST_IF, IPV6_UNICAST_IF = 75, 62, 50, 76
IP_TRANSPARENT, IP_PKTINFO, IPV6_RTHDR, IP_RETOPTS = 19, 8, 57, 7


def tcp(family=socket.AF_INET):
    s = socket.socket(family, socket.SOCK_STREAM)
    s.settimeout(5)
    return s


def udp(family=socket.AF_INET):
    return socket.socket(family, socket.SOCK_DGRAM)


def on_device(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode() + b'\0')
    return s


def set_option(s, level, option, value=None):
    s.setsockopt(level, option, index if value is None else value)
    return s


def network_order(n):
    return struct.pack('!i', n)


def tcp4():
    tcp().connect((four, PORT))


def tcp6():
    tcp(socket.AF_INET6).connect((six, PORT))


def tcp4_fastopen():
    tcp().sendto(b'x', socket.MSG_FASTOPEN, (four, PORT))


def udp4():
    udp().sendto(b'x', (four, PORT))


def udp6():
    udp(socket.AF_INET6).sendto(b'x', (six, PORT))


def udp4_connect():
    s = udp()
    s.connect((four, PORT))
    s.send(b'x')


def udp6_connect():
    s = udp(socket.AF_INET6)
    s.connect((six, PORT))
    s.send(b'x')


def tcp4_device():
    on_device(tcp()).connect((four, PORT))


def tcp6_device():
    on_device(tcp(socket.AF_INET6)).connect((six, PORT))


def udp4_device():
    on_device(udp()).sendto(b'x', (four, PORT))


def udp6_device():
    on_device(udp(socket.AF_INET6)).sendto(b'x', (six, PORT))


def udp4_ifindex():
    set_option(udp(), socket.SOL_SOCKET, SO_BINDTOIFINDEX).sendto(b'x', (four, PORT))


def udp4_unicast_if():
    set_option(udp(), socket.SOL_IP, IP_UNICAST_IF, network_order(index)).sendto(b'x', (four, PORT))


def tcp4_unicast_if():
    set_option(tcp(), socket.SOL_IP, IP_UNICAST_IF, network_order(index)).connect((four, PORT))


def udp6_unicast_if():
    s = udp(socket.AF_INET6)
    set_option(s, socket.IPPROTO_IPV6, IPV6_UNICAST_IF, network_order(index)).sendto(b'x', (six, PORT))


def udp4_pktinfo():
    info = struct.pack('i4s4s', index, b'\0' * 4, b'\0' * 4)
    udp().sendmsg([b'x'], [(socket.SOL_IP, IP_PKTINFO, info)], 0, (four, PORT))


def udp6_pktinfo():
    info = struct.pack('16si', b'\0' * 16, index)
    udp(socket.AF_INET6).sendmsg([b'x'], [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, info)], 0, (six, PORT))


def udp6_scope():
    udp(socket.AF_INET6).sendto(b'x', (six, PORT, 0, index))


def udp6_link_local():
    udp(socket.AF_INET6).sendto(b'x', ('fe80::1234', PORT, 0, index))


def udp4_dontroute():
    udp().sendto(b'x', socket.MSG_DONTROUTE, (four, PORT))


def tcp4_dontroute():
    s = on_device(tcp())
    s.setsockopt(socket.SOL_SOCKET, socket.SO_DONTROUTE, 1)
    s.connect((four, PORT))


def udp4_broadcast():
    s = udp()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.sendto(b'x', (four.rsplit('.', 1)[0] + '.255', PORT))


def udp4_everybody():
    s = on_device(udp())
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.sendto(b'x', ('255.255.255.255', PORT))


def udp4_group():
    s = udp()
    s.setsockopt(socket.SOL_IP, socket.IP_MULTICAST_IF, struct.pack('4s4si', b'\0' * 4, b'\0' * 4, index))
    s.sendto(b'x', ('224.0.0.251', PORT))


def udp6_group():
    udp(socket.AF_INET6).sendto(b'x', ('ff02::1234', PORT, 0, index))


def tcp4_own_source():
    s = tcp()
    s.bind((four.rsplit('.', 1)[0] + '.1', 0))
    s.connect((four, PORT))


def udp4_transparent():
    s = udp()
    s.setsockopt(socket.SOL_IP, IP_TRANSPARENT, 1)
    s.bind((four.rsplit('.', 1)[0] + '.77', 0))
    s.sendto(b'x', (four, PORT))


def header4(options=b''):
    """An IPv4 packet of UDP, made by hand."""
    ihl = 5 + len(options) // 4
    return struct.pack('!BBHHHBBH4s4s', 0x40 | ihl, 0, ihl * 4 + 9, 0, 0, 64, 17, 0, b'\0' * 4,
                       socket.inet_aton(four)) + options + struct.pack('!HHHH', 7001, PORT, 9, 0) + b'x'


def raw4_own_header():
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW).sendto(header4(), (four, 0))


def raw4_own_header_device():
    s = on_device(socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW))
    s.sendto(header4(), (four, 0))


def raw4_source_route():
    options = struct.pack('BBB4sB', 0x83, 7, 4, socket.inet_aton('192.0.2.1'), 0)
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW).sendto(header4(options), (four, 0))


def udp4_source_route():
    s = udp()
    s.setsockopt(socket.SOL_IP, socket.IP_OPTIONS,
                 struct.pack('BBB4sB', 0x83, 7, 4, socket.inet_aton(four), 0))
    s.sendto(b'x', ('192.0.2.1', PORT))


def udp4_source_route_once():
    options = struct.pack('BBB4sB', 0x83, 7, 4, socket.inet_aton(four), 0)
    udp().sendmsg([b'x'], [(socket.SOL_IP, IP_RETOPTS, options)], 0, ('192.0.2.1', PORT))


def routing_header():
    """Of type 2, with one address."""
    return struct.pack('!BBBBI16s', 0, 2, 2, 1, 0, socket.inet_pton(socket.AF_INET6, six))


def udp6_routing_header():
    s = udp(socket.AF_INET6)
    s.setsockopt(socket.IPPROTO_IPV6, IPV6_RTHDR, routing_header())
    s.sendto(b'x', ('2001:db8::1', PORT))


def udp6_routing_header_once():
    udp(socket.AF_INET6).sendmsg([b'x'], [(socket.IPPROTO_IPV6, IPV6_RTHDR, routing_header())], 0,
                                 ('2001:db8::1', PORT))


def mark_set():
    tcp().setsockopt(socket.SOL_SOCKET, socket.SO_MARK, 5)


def mark_once():
    udp().sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SO_MARK, struct.pack('I', 5))], 0, (four, PORT))


def mark_get():
    tcp().getsockopt(socket.SOL_SOCKET, socket.SO_MARK)


def mark_receive():
    udp().setsockopt(socket.SOL_SOCKET, SO_RCVMARK, 1)


ACTS = [f for n, f in list(globals().items())
        if callable(f) and n.split('_')[0] in ('tcp4', 'tcp6', 'udp4', 'udp6', 'raw4', 'mark')]

for act in ACTS:
    name = act.__name__
    if wanted and name not in wanted:
        continue
    try:
        act()
        print(name, 'allowed', flush=True)
    except BlockingIOError:  # under way
        print(name, 'allowed', flush=True)
    except socket.timeout:
        print(name, 'refused ETIMEDOUT', flush=True)
    except OSError as e:
        print(name, 'refused', errno.errorcode.get(e.errno, e.errno), flush=True)
