#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""flood.py send ADDRESS PORT: datagrams from now on, whatever becomes of them
flood.py count ADDRESS PORT FILE: writes `ready', and after each datagram how many there were, to FILE"""
import socket
import sys
import time


def send(address, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        try:
            sock.sendto(b"hello", (address, int(port)))
        except OSError:
            pass
        time.sleep(0.001)


def count(address, port, path):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, int(port)))
    got = 0
    with open(path, "w", encoding="ascii", buffering=1) as out:
        print("ready", file=out)
        while True:
            sock.recv(100)
            got += 1
            if got < 100000:
                print(got, file=out)


{"send": send, "count": count}[sys.argv[1]](*sys.argv[2:])
