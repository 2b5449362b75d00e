# SPDX-License-Identifier: GPL-2.0-only
"""One run: image, guest, hosts, output, verdict."""
import os
import selectors
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import console
import places
from guest import Guest

KERNEL_COMPLAINED = 99
OUT_OF_TIME = 124
NOT_RUN = 125

VM = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def say(text):
    sys.stdout.flush()
    print(f"vm: {text}", file=sys.stderr, flush=True)


def image_for(options):
    """The directory that test/vm/image prints; ends the program with its status where there is none."""
    words = [os.path.join(VM, "image"), "--kernel", options.kernel]
    words += ["--install", options.install] if options.install else []
    words += ["--plain"] if options.plain else []
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.strip()


def run(options):
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda number, frame: sys.exit(128 + number))
    place = places.take()
    image = image_for(options)
    # not $TMPDIR: a socket's path is at most 107 bytes
    directory = tempfile.mkdtemp(prefix="cgcompt-vm.", dir="/tmp")
    guests = []
    try:
        start(options, image, directory, guests)
        status = watch(guests, options.timeout)
        return verdict(options, guests, status)
    finally:
        for guest in guests:
            guest.stop()
        shutil.rmtree(directory, ignore_errors=True)
        place.close()


def start(options, image, directory, guests):
    """Boots the guest and its hosts, and puts them into the list of guests as they start."""
    # a debug kernel takes an eighth for its shadow and more for its records
    memory = max(options.mem, 2048) if options.kernel == "debug" else options.mem
    guest = Guest("guest", image, directory, memory=memory, processors=options.processors, icount=options.icount)
    guest.give("command", "#!/bin/sh\nexec " + shlex.join(options.command) + "\n")
    guest.append += options.append.split()
    if options.systemd:
        guest.give("systemd", "")
        guest.append += ["systemd.show_status=no"]
    if options.share:
        guest.share(options.share)
    guest.port("out", 1)
    guest.port("err", 2)
    guest.port("status")
    lines = [(number, os.path.join(directory, f"line{number}"), os.path.join(directory, f"net{number}"))
             for number in range(1, options.hosts + 1)]
    for number, line, net in lines:
        guest.chardev(f"host{number}", f"socket,server=on,wait=off,path={line}")
        guest.link(net, number, server=True)
    guests.append(guest)
    guest.boot()
    for number, line, net in lines:
        while not (os.path.exists(line) and os.path.exists(net)) and not guest.ended():
            time.sleep(0.02)
        host = Guest(f"host{number}", image, directory, memory=512, processors=1)
        host.give("command", "#!/bin/sh\nexec /run/guest/hostd\n")
        for name in ("out", "err", "status"):
            host.silent_port(name)
        host.chardev("guest", f"socket,path={line}")
        host.link(net, number, server=False)
        guests.append(host)
        host.boot()


def watch(guests, timeout):
    """Carries output until the guest has ended. Returns its status line, or None when time was up."""
    main = guests[0]
    deadline = time.monotonic() + timeout
    with selectors.DefaultSelector() as ready:
        for port in main.ports.values():
            ready.register(port.listener, selectors.EVENT_READ, port)
        while len(ready.get_map()):
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            for key, _ in ready.select(min(left, 0.5)):
                port = key.data
                ready.unregister(key.fileobj)
                if key.fileobj is port.listener:
                    ready.register(port.accept(), selectors.EVENT_READ, port)
                elif port.carry():
                    ready.register(key.fileobj, selectors.EVENT_READ, port)
            if main.ended() and not any(port.connected for port in main.ports.values()):
                break
    return main.ports["status"].text()


def verdict(options, guests, status):
    """The exit status, with what is to be said about it."""
    if status is None:
        for guest in guests:
            guest.stop()
    for guest in guests:
        complaint = console.complaint(guest.console)
        if complaint:
            say(f"the kernel of {guest.name} complained ({options.kernel}), see {kept(options, guest)}:")
            sys.stderr.write(complaint)
            return KERNEL_COMPLAINED
    if status is None:
        say(f"out of time after {options.timeout:g} s; the console is in {kept(options, guests[0])}, it ends:")
        sys.stderr.write(console.tail(guests[0].console))
        return OUT_OF_TIME
    words = status.split()
    if len(words) != 2:
        say(f"the guest ended before the command did; the console is in {kept(options, guests[0])}, it ends:")
        sys.stderr.write(console.tail(guests[0].console))
        return NOT_RUN
    if options.console:
        kept(options, guests[0])
    # a warning, an oops, a bad page or a lockup also leaves its mark in the taint flags
    taint = int(words[1])
    if taint & (1 << 5 | 1 << 7 | 1 << 9 | 1 << 14):
        say(f"the kernel is tainted ({taint:#x}); the console is in {kept(options, guests[0])}")
        return KERNEL_COMPLAINED
    return int(words[0])


def kept(options, guest):
    """A copy of the console that outlives this run."""
    place = options.console
    if not place:
        os.makedirs(os.path.join(places.CACHE, "console"), exist_ok=True)
        place = os.path.join(places.CACHE, "console", time.strftime("%Y%m%d-%H%M%S") + f"-{guest.name}.log")
    shutil.copy(guest.console, place)
    return place
