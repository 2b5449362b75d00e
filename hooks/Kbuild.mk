# SPDX-License-Identifier: GPL-2.0-only
cgc-hooks-y := hook.o task.o exec.o socket.o inet.o netfilter.o tunnel.o read.o peer.o kernel.o
