# SPDX-License-Identifier: MIT
# One Makefile, not recursive. `make help` lists the targets; HACKING.md explains them.
#   CC=clang   another compiler      V=1   show commands      O=DIR   build elsewhere
#   GUARD=...  -D flags that leave a guard out (tests/ablate)

O ?= build
V ?= 0
PYTHON ?= python3
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' '$(1)' '$(2)';)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

WARN := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wvla -Wno-unused-parameter
INCLUDE := -I. -I$(O)
CLANG := $(findstring clang,$(shell $(CC) --version 2>/dev/null | head -n 1))

# ---- what the kernel is made of: every .c and .S of its rooms
KROOMS := lib cpu machine kernel/trace kernel/mm kernel/sched kernel/proc kernel/fs kernel/ipc sys boot
KSRC := $(filter-out cpu/offsets.c,$(wildcard $(addsuffix /*.c,$(KROOMS))))
KASM := $(wildcard $(addsuffix /*.S,$(KROOMS)))
# Generated sources. Only dispatches whose every handler exists are linked.
KGEN := $(O)/gen/dispatch_linux64.c $(O)/gen/dispatch_linux32.c $(O)/gen/sysdesc.c
KOBJ := $(KSRC:%.c=$(O)/k/%.o) $(KASM:%.S=$(O)/k/%.S.o) $(KGEN:$(O)/gen/%.c=$(O)/k/gen/%.o)

# What any kernel that links the crossing must be compiled with (and liblstar.pc says).
CROSSING := -std=gnu17 -ffreestanding -fno-pic -fno-pie -mcmodel=kernel -mno-red-zone \
	-mgeneral-regs-only -fno-stack-protector -fcf-protection=none
KFLAGS := $(CROSSING) -O2 -g -fno-asynchronous-unwind-tables \
	-fno-strict-aliasing -fno-omit-frame-pointer -momit-leaf-frame-pointer \
	-ftrivial-auto-var-init=zero -fno-common $(WARN) $(INCLUDE) $(GUARD)
ifeq ($(CLANG),)
KFLAGS += -fno-tree-loop-distribute-patterns
else
KFLAGS += --target=x86_64-linux-gnu -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang
endif
KLDFLAGS := -nostdlib -static -Wl,-z,max-page-size=0x1000,-z,noexecstack,--build-id=none \
	-Wl,-T,boot/kernel.ld -Wl,--no-warn-rwx-segments

# ---- the launcher
LSRC := $(wildcard tools/lstar/*.c)
LGEN := $(O)/gen/sysdesc.c $(O)/gen/abi_names.c
LOBJ := $(LSRC:%.c=$(O)/h/%.o) $(LGEN:$(O)/gen/%.c=$(O)/h/gen/%.o)
LFLAGS := -std=gnu17 -O2 -g -D_GNU_SOURCE $(WARN) $(INCLUDE)

GENSTAMP := $(O)/gen/.stamp
GENIN := $(wildcard abi/*.def abi/*.tbl) tools/gensys $(wildcard tools/gensys_*.py tools/gensyslib/*.py)

.PHONY: all kernel launcher liblstar bare help check lint test conformance unit-tests clean compile_commands.json
all: kernel launcher ## build the kernel and the launcher
kernel: $(O)/lstar.elf ## build the kernel alone
launcher: $(O)/lstar ## build the launcher alone

help: ## this list
	@grep -hE '^[a-z_.]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 24

# On the path of every call; a backtrace steps over them.
HOT := $(O)/k/cpu/syscall.o $(O)/k/sys/dispatch.o $(O)/k/gen/dispatch_linux64.o \
	$(O)/k/gen/dispatch_linux32.o $(O)/liblstar/obj/cpu/syscall.c.o
$(HOT): KFLAGS += -fomit-frame-pointer
$(HOT): LIBFLAGS += -fomit-frame-pointer

# ---- generated files
$(GENSTAMP): $(GENIN)
	$(call say,GEN,abi)
	$(Q)mkdir -p $(O)/gen && $(PYTHON) tools/gensys abi $(O)/gen && touch $@

$(sort $(KGEN) $(LGEN)): $(GENSTAMP) ;

$(O)/gen/frame_offsets.h: cpu/offsets.c $(wildcard cpu/*.h base/*.h)
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(filter-out -Werror,$(KFLAGS)) -S -o $(O)/gen/offsets.s $<
	$(Q)sed -n 's/.*"@@ \([A-Z_0-9]*\) \([0-9]*\)"$$/#define \1 \2/p' $(O)/gen/offsets.s > $@

# ---- the pages every program gets (vdso/): position independent, without relocations
VDSOFLAGS := -O2 -g0 -ffreestanding -fPIC -fno-stack-protector -fcf-protection=none -nostdlib \
	-fasynchronous-unwind-tables -fno-strict-aliasing $(WARN) $(INCLUDE)
VDSOLINK = -shared -nostdlib -Wl,-T,vdso/layout.lds -Wl,--version-script=$(1) -Wl,-soname,$(2) \
	-Wl,--hash-style=both,--build-id=none,--eh-frame-hdr,-Bsymbolic,-z,max-page-size=4096,-z,noexecstack
NORELOC = readelf -rW $(1) | grep -q 'R_[X3]' && { echo "$(1) has relocations" >&2; exit 1; } || :

$(O)/vdso/vdso64.so: vdso/vdso64.c vdso/vdso64.map vdso/layout.lds vdso/vvar.h $(GENSTAMP)
	$(call say,VDSO,$@)
	$(Q)mkdir -p $(@D) && $(CC) -std=gnu17 $(VDSOFLAGS) $(call VDSOLINK,vdso/vdso64.map,linux-vdso.so.1) -o $@ $<
	$(Q)$(call NORELOC,$@)

$(O)/vdso/vdso32.so: vdso/vdso32.S vdso/vdso32.map vdso/layout.lds
	$(call say,VDSO,$@)
	$(Q)mkdir -p $(@D) && $(CC) -m32 -c -o $(O)/vdso/vdso32.o $<
	$(Q)$(CC) -m32 $(call VDSOLINK,vdso/vdso32.map,linux-gate.so.1) -o $@ $(O)/vdso/vdso32.o
	$(Q)$(call NORELOC,$@)

# From the object's unstripped symbols: hidden ones are not in the dynamic table.
$(O)/gen/vdso32_offsets.h: $(O)/vdso/vdso32.so
	$(Q)mkdir -p $(@D) && nm $< | sed -n 's/^\([0-9a-f]*\) [tT] \(vdso32_\|__\)\([a-z0-9_]*\)$$/#define VDSO32_\3 0x\1u/p' > $@
	$(Q)echo '#define VDSO32_SEQUENCE_BYTES 6' >> $@

$(O)/k/kernel/proc/vdso.o: $(O)/gen/vdso32_offsets.h
$(O)/k/kernel/proc/vdso_image.S.o: $(O)/vdso/vdso64.so $(O)/vdso/vdso32.so
$(O)/k/kernel/proc/vdso_image.S.o: KFLAGS += '-DVDSO64_FILE="$(O)/vdso/vdso64.so"' '-DVDSO32_FILE="$(O)/vdso/vdso32.so"'

# ---- kernel
$(O)/k/%.o: %.c $(GENSTAMP)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(KFLAGS) -MMD -MP -c -o $@ $<

$(O)/k/gen/%.o: $(O)/gen/%.c $(GENSTAMP)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(KFLAGS) -MMD -MP -c -o $@ $<

$(O)/k/%.S.o: %.S $(O)/gen/frame_offsets.h $(GENSTAMP)
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(filter-out -std=% -W%,$(KFLAGS)) -MMD -MP -c -o $@ $<

# Two links: the first gives the addresses the symbol table of the second lists.
$(O)/k/ksyms0.S: tools/genksyms
	$(Q)mkdir -p $(@D) && $(PYTHON) tools/genksyms < /dev/null > $@
$(O)/lstar.first.elf: $(KOBJ) $(O)/k/ksyms0.o boot/kernel.ld
	$(Q)$(CC) $(KLDFLAGS) -o $@ $(KOBJ) $(O)/k/ksyms0.o
$(O)/k/ksyms.S: $(O)/lstar.first.elf tools/genksyms
	$(Q)nm -n $< | $(PYTHON) tools/genksyms > $@
$(O)/k/ksyms%.o: $(O)/k/ksyms%.S
	$(Q)$(CC) -c -o $@ $<
$(O)/k/ksyms.o: $(O)/k/ksyms.S
	$(Q)$(CC) -c -o $@ $<
$(O)/lstar.elf: $(O)/lstar.first.elf $(O)/k/ksyms.o
	$(call say,LD,$@)
	$(Q)$(CC) $(KLDFLAGS) -o $@ $(KOBJ) $(O)/k/ksyms.o

# ---- the crossing as a library (docs/adopting.md): compiled against the headers that go with it
# and nothing else, so that it cannot need anything else
LIB := $(O)/liblstar
LIBINC := $(LIB)/include/lstar
LIBOBJ := $(patsubst %,$(LIB)/obj/%.o,$(filter cpu/%,$(KSRC) $(KASM)))
LIBHDR := $(addprefix $(LIBINC)/,$(wildcard cpu/*.h cpu/*.def base/*.h))
LIBFLAGS := $(filter-out $(INCLUDE),$(KFLAGS)) -I$(LIBINC)

liblstar: $(LIB)/liblstar.a $(LIB)/lib/pkgconfig/liblstar.pc ## the crossing for other kernels

$(LIBHDR): $(LIBINC)/%: %
	$(Q)mkdir -p $(@D) && cp $< $@
$(LIBINC)/gen/frame_offsets.h: $(O)/gen/frame_offsets.h
	$(Q)mkdir -p $(@D) && cp $< $@
LIBHDR += $(LIBINC)/gen/frame_offsets.h
$(LIB)/obj/%.c.o: %.c $(LIBHDR)
	$(call say,CC,$< for liblstar)
	$(Q)mkdir -p $(@D) && $(CC) $(LIBFLAGS) -c -o $@ $<
$(LIB)/obj/%.S.o: %.S $(LIBHDR)
	$(call say,AS,$< for liblstar)
	$(Q)mkdir -p $(@D) && $(CC) $(filter-out -std=% -W%,$(LIBFLAGS)) -c -o $@ $<
$(LIB)/liblstar.a: $(LIBOBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^
$(LIB)/lib/pkgconfig/liblstar.pc: cpu/liblstar.pc.in Makefile
	$(Q)mkdir -p $(@D) && sed 's|@CROSSING@|$(CROSSING)|' $< > $@

# ---- a kernel that links nothing but that
BARE := $(O)/bare
bare: $(BARE)/bare.elf ## the smallest kernel around the library
$(BARE)/%.o: examples/bare/% $(wildcard examples/bare/*.h) $(LIBHDR)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(CROSSING) -O2 -g -Wall -Wextra -Wno-unused-parameter -Werror -Wa,--noexecstack \
		-I$(LIBINC) -c -o $@ $<
$(BARE)/bare.elf: $(BARE)/start.S.o $(BARE)/program.S.o $(BARE)/bare.c.o $(LIB)/liblstar.a examples/bare/bare.ld
	$(call say,LD,$@)
	$(Q)$(CC) -nostdlib -static -Wl,--build-id=none,--no-warn-rwx-segments \
		-Wl,-T,examples/bare/bare.ld -o $@ $(filter %.o %.a,$^)

# ---- launcher
$(O)/h/%.o: %.c $(GENSTAMP)
	$(call say,HOSTCC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(LFLAGS) -MMD -MP -c -o $@ $<
$(O)/h/gen/%.o: $(O)/gen/%.c $(GENSTAMP)
	$(Q)mkdir -p $(@D) && $(CC) $(LFLAGS) -MMD -MP -c -o $@ $<
$(O)/lstar: $(LOBJ)
	$(call say,LD,$@)
	$(Q)$(CC) -o $@ $(LOBJ)

# ---- tests on the host: the kernel's own sources under the sanitizers, over a fake bottom layer
TFLAGS := -std=gnu17 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer -Wall -Wextra -Werror -Itests/host/fake -Itests/host $(INCLUDE)
UNITS := $(patsubst tests/host/%.c,%,$(wildcard tests/host/*_test.c))
FAKED := $(wildcard kernel/fs/*.c) kernel/proc/file.c kernel/proc/fdtable.c kernel/mm/uio.c \
	lib/cpio.c lib/printf.c lib/parse.c tests/host/fake_kernel.c \
	sys/args.c sys/file.c sys/stat.c sys/dir.c sys/poll.c
sources_lib_string_test := lib/string.c
sources_lib_printf_test := lib/printf.c
sources_lib_parse_test := lib/parse.c
sources_cpio_test := lib/cpio.c
sources_exit_test := cpu/exit.c
sources_elf_test := kernel/proc/elf.c
# The functions are renamed, or the sanitizers' own would be tested.
$(O)/t/lib/string.o $(O)/t/tests/host/lib_string_test.o: TFLAGS += -include tests/host/string_names.h
unit_objects = $(patsubst %.c,$(O)/t/%.o,tests/host/$(1).c $(or $(sources_$(1)),$(FAKED)))

$(O)/t/%.o: %.c $(GENSTAMP)
	$(call say,TESTCC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(TFLAGS) -MMD -MP -c -o $@ $<
define unit_rule
$(O)/t/$(1): $(call unit_objects,$(1))
	$(Q)$(CC) -fsanitize=address,undefined -o $$@ $$^ -lcmocka
endef
$(foreach u,$(UNITS),$(eval $(call unit_rule,$(u))))
$(O)/t/fake_qemu: tests/host/fake_qemu.c abi/hostlink.h
	$(Q)mkdir -p $(@D) && $(CC) $(LFLAGS) -o $@ $<

unit-tests: $(UNITS:%=$(O)/t/%) $(O)/t/fake_qemu

lint: ## rooms, hops, references
	tools/layercheck .
	tools/hopcheck .
	tools/doccheck .

check: all unit-tests liblstar ## everything that needs no QEMU
	$(Q)tests/all --build $(O) --fast

test: all unit-tests liblstar bare ## all tests but the big suites
	$(Q)tests/all --build $(O)

conformance: all unit-tests liblstar bare ## suites that need big downloads or a second emulator
	$(Q)tests/all --build $(O) --conformance

compile_commands.json: ## for clangd and clang-tidy
	$(Q)$(MAKE) -nB V=1 CC=$(CC) O=$(O) all | $(PYTHON) tools/compdb > $@

clean: ## remove the build directory
	rm -rf $(O)

-include $(KOBJ:.o=.d) $(LOBJ:.o=.d) $(wildcard $(O)/t/*/*.d $(O)/t/*/*/*.d)
