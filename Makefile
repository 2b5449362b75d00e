# SPDX-License-Identifier: GPL-2.0-only
# Two faces: kbuild reads the first half, people the second.
ifneq ($(KERNELRELEASE),)

obj-m := cgcompt.o
include $(src)/src/Kbuild.mk
include $(src)/hooks/Kbuild.mk
cgcompt-y := $(addprefix src/,$(cgc-src-y)) $(addprefix hooks/,$(cgc-hooks-y))
# The shadow headers come before the kernel's own.
NOSTDINC_FLAGS += -I$(src)/src/compat
ccflags-y := -I$(src)/src/port/kernel -I$(src)/src -I$(src) \
	-Wall -Wmissing-declarations -Wmissing-prototypes -Wold-style-definition $(CGC_CFLAGS)
# What hooks ask is itself nobody's to hook.
ccflags-remove-y := $(CC_FLAGS_FTRACE)

else

KDIR ?= /lib/modules/$(shell uname -r)/build
DESTDIR ?=

all: tools

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:
	$(MAKE) -C ctl

install-tools:
	$(MAKE) -C ctl install DESTDIR=$(DESTDIR)

unit:
	$(MAKE) -C test/unit check

fuzz fuzz-smoke:
	$(MAKE) -C test/fuzz $@

bench:
	$(MAKE) -C test/bench

layers:
	test/layers.sh

check:
	test/check

clean:
	$(MAKE) -C ctl clean
	$(MAKE) -C test/unit clean
	$(MAKE) -C test/fuzz clean
	$(MAKE) -C test/bench clean
	find src hooks . -maxdepth 2 \( -name '*.o' -o -name '*.ko' -o -name '*.mod*' -o -name '.*.cmd' \) -not -path './.git/*' -delete
	rm -f modules.order Module.symvers

.PHONY: all modules tools install-tools unit fuzz fuzz-smoke bench layers check clean

endif
