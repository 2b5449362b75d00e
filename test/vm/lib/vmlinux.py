#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""vmlinux.py VMLINUZ: writes the kernel proper to standard output.

Under emulation the kernel takes seconds to unpack itself; QEMU also starts the unpacked one (by its PVH entry).
"""
import struct
import subprocess
import sys

UNPACK = {b"\xfd7zXZ": ["xz", "-dc", "--single-stream"], b"\x28\xb5\x2f\xfd": ["zstd", "-dcq"], b"\x1f\x8b": ["gzip", "-dc"]}


def payload(image):
    """The compressed part, see Documentation/arch/x86/boot.rst; its last four bytes are its size unpacked."""
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (image[0x1F1] + 1) * 512 + offset
    return image[start:start + length - 4]


def main(path):
    with open(path, "rb") as file:
        data = payload(file.read())
    for magic, words in UNPACK.items():
        if data.startswith(magic):
            return subprocess.run(words, input=data, stdout=sys.stdout, check=False).returncode
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
