# SPDX-License-Identifier: GPL-2.0-only
"""One QEMU: how it is started, talked to and ended."""
import os
import socket
import subprocess


class Port:
    """A virtio-serial port of the guest, here the end of a socket."""

    def __init__(self, path, to=None):
        self.to = to
        self.connected = False
        self.received = bytearray()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(1)

    def accept(self):
        self.socket, _ = self.listener.accept()
        self.listener.close()
        self.connected = True
        return self.socket

    def carry(self):
        """Takes what has come; False at the end."""
        data = self.socket.recv(65536)
        if not data:
            self.connected = False
            self.socket.close()
        elif self.to is None:
            self.received += data
        while data and self.to is not None:
            data = data[os.write(self.to, data):]
            if not data:
                return True
        return self.connected

    def text(self):
        return self.received.decode(errors="replace")


class Guest:
    def __init__(self, name, image, directory, memory, processors=2, icount=False):
        self.name = name
        self.image = image
        self.directory = os.path.join(directory, name)
        self.files = os.path.join(self.directory, "initrd.d", "guest")
        self.console = os.path.join(self.directory, "console")
        self.ports = {}
        self.chardevs = []
        self.network = ""
        self.process = None
        os.makedirs(self.files)
        vm = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
        for file in os.listdir(os.path.join(vm, "guest")):
            with open(os.path.join(vm, "guest", file), encoding="utf-8") as source:
                self.give(file, source.read())
        os.rename(os.path.join(self.files, "init"), os.path.join(self.directory, "initrd.d", "init"))
        self.words = [
            "setpriv", "--pdeathsig", "KILL", f"{image}/qemu", "-nodefaults", "-no-user-config", "-no-reboot",
            "-display", "none", "-machine", "q35", "-m", str(memory),
            "-chardev", f"file,id=console,path={self.console},append=on", "-serial", "chardev:console",
            "-kernel", f"{image}/kernel", "-initrd", f"{self.directory}/initrd",
            "-drive", f"file={image}/disk,format=raw,if=virtio,snapshot=on,cache=unsafe",
            "-device", "virtio-rng-pci", "-device", "virtio-serial-pci"]
        if icount:
            self.words += ["-accel", "tcg", "-icount", "shift=0,sleep=off", "-cpu", "max,la57=off,-erms,-fsrm", "-smp", "1"]
        else:
            self.words += ["-accel", "tcg,thread=multi", "-cpu", "max,la57=off", "-smp", str(processors)]
        self.append = ["console=ttyS0", "loglevel=5", "panic=-1", "panic_on_warn=1", "oops=panic",
                       "rcupdate.rcu_cpu_stall_timeout=120", "net.ifnames=0", "rdinit=/init",
                       "no_timer_check"]  # on a busy machine the timer comes too late for that

    def give(self, name, text):
        """Puts a file into the guest, as /run/guest/NAME."""
        path = os.path.join(self.files, name)
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def share(self, directory):
        self.give("share", "")
        path = os.path.realpath(directory).replace(",", ",,")
        self.words += ["-virtfs", f"local,path={path},mount_tag=share,security_model=none,multidevs=remap"]

    def port(self, name, to=None):
        path = os.path.join(self.directory, name)
        self.ports[name] = Port(path, to)
        self.chardev(name, f"socket,path={path}")

    def chardev(self, name, backend):
        self.chardevs.append(name)
        self.words += ["-chardev", f"{backend},id={name}", "-device", f"virtserialport,chardev={name},name={name}"]

    def silent_port(self, name):
        self.chardev(name, "null")

    def link(self, path, number, server):
        """A network interface: one end of a socket to another guest, the network's .1 or .2."""
        end = 1 if server else 2
        interface = f"eth{self.network.count('link set')}"
        self.words += ["-netdev", f"stream,id={interface},server={'on' if server else 'off'},addr.type=unix,addr.path={path}",
                       "-device", f"virtio-net-pci,netdev={interface},mac=52:54:00:99:{number:02x}:{end:02x},romfile="]
        self.network += f"echo 0 >/proc/sys/net/ipv6/conf/{interface}/accept_dad\nip link set {interface} up\n"
        self.network += f"ip addr add 10.99.{number}.{end}/24 brd + dev {interface}\n"
        self.network += f"ip addr add fd99:{number}::{end}/64 dev {interface}\n"

    def boot(self):
        # port 0 would be a console's
        self.give("ports", "".join(f"{number} {name}\n" for number, name in enumerate(self.chardevs, 1)))
        self.give("name", self.name + "\n")
        if self.network:
            self.give("network", self.network)
        self.make_initrd()
        self.words += ["-append", " ".join(self.append)]
        with open(self.console, "ab") as log:
            self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def make_initrd(self):
        """The image's archive and behind it one with the files for this boot."""
        stage = os.path.join(self.directory, "initrd.d")
        names = [os.path.relpath(os.path.join(place, name), stage)
                 for place, directories, files in os.walk(stage) for name in directories + files]
        own = subprocess.run(["busybox", "cpio", "-o", "-H", "newc"], cwd=stage, check=True, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, input="\n".join(names).encode() + b"\n").stdout
        with open(os.path.join(self.image, "initrd"), "rb") as base, open(os.path.join(self.directory, "initrd"), "wb") as file:
            file.write(base.read())
            file.write(own)

    def ended(self):
        return self.process is None or self.process.poll() is not None

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
