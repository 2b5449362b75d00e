#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sockets that are told what to do, a line each on standard input; an answer for each line.

routesock.py: `tcp`, `udp`: make one; `take PATH`: get one that is given at the unix socket PATH; `give PATH`: pass the
one there is to who takes it; `to ADDRESS`: connect it to port 7000 there, or send to it; `say`: send by a connected one;
`listen PORT`: answer whoever connects."""

import array
import errno
import os
import socket
import sys
import threading

sock = None
family = socket.AF_INET


def take(path):
    if os.path.exists(path):
        os.unlink(path)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()
    print('waiting', flush=True)
    _, control, _, _ = server.accept()[0].recvmsg(1, socket.CMSG_SPACE(4))
    fds = array.array('i')
    fds.frombytes(control[0][2][:4])
    return socket.socket(fileno=fds[0])


def give(path):
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(path)
    peer.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [sock.fileno()]))])


def serve(port):
    server = socket.create_server(('', port))

    def answer():
        while True:
            peer = server.accept()[0]
            peer.sendall(b'hello\n')
            peer.close()

    threading.Thread(target=answer, daemon=True).start()


def do(word, argument):
    global sock
    if word in ('tcp', 'udp'):
        sock = socket.socket(family, socket.SOCK_STREAM if word == 'tcp' else socket.SOCK_DGRAM)
        sock.settimeout(5)
    elif word == 'take':
        sock = take(argument)
        sock.settimeout(5)
    elif word == 'give':
        give(argument)
    elif word == 'to' and sock.type == socket.SOCK_DGRAM:
        sock.sendto(b'x', (argument, 7000))
    elif word == 'to':
        sock.connect((argument, 7000))
    elif word == 'say':
        sock.send(b'x')
    elif word == 'listen':
        serve(int(argument))


for line in sys.stdin:
    words = line.split() + ['']
    try:
        do(words[0], words[1])
        print('ok', flush=True)
    except socket.timeout:
        print('ETIMEDOUT', flush=True)
    except OSError as e:
        print(errno.errorcode.get(e.errno, e.errno), flush=True)
