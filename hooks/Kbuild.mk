# SPDX-License-Identifier: GPL-2.0-only
cgc-hooks-y := hook.o task.o exec.o privilege.o signal.o trace.o keyring.o socket.o inet.o netfilter.o forward.o fragment.o \
	tunnel.o unix.o netlink.o file.o sysvipc.o mqueue.o shm.o fifo.o device.o immutable.o procfs.o \
	procnet.o listing.o mount.o namespace.o knob.o lockdown.o read.o peer.o kernel.o jail.o way.o fib.o
