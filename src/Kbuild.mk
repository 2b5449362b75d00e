# SPDX-License-Identifier: GPL-2.0-only
cgc-src-y := main.o hold.o mode.o names.o policy.o pin.o immutable.o mapping.o compartment.o seal.o check.o bound.o event.o task.o \
	labelmap.o object.o ipc.o fifo.o terminal.o keyring.o fowner.o timewait.o connection.o \
	pair.o reverse.o revoke.o netdev.o netdev_facts.o forward.o flowcache.o route.o route_list.o statement.o transaction.o lockout.o \
	control.o list.o proc.o loader.o core/rule.o core/ruleset.o core/decide.o core/text.o core/definition.o \
	core/format.o core/format_netdev.o core/glob.o core/netdev_map.o core/route.o
