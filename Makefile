# SPDX-License-Identifier: BSD-2-Clause
#
# One make for the whole tree: each folder adds its targets in a build.mk, with the functions below.
# Everything that is made lies under $(BUILD), which has the shape of an installed tree (bin, lib,
# include, share), so that programs run from it as they do when installed.
#
#   make demo       install what is missing, build, run the main job
#   make check      install what is missing, build, run all tests
#   make            build
#   make help       the other targets and the variables

BUILD    ?= build
PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
LIBDIR   ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR  ?= $(PREFIX)/share
MANDIR   ?= $(DATADIR)/man
SYSCONFDIR ?= $(if $(filter /usr,$(PREFIX)),/etc,$(PREFIX)/etc)
DESTDIR  ?=
SANITIZE ?=

VERSION := 0.1.0
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif
CFLAGS  ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wundef -Wvla $(WERROR)
SANITIZE_FLAGS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer)

# Where the installed parts lie as seen from each other: the tree can be moved as a whole.
relative = $(shell realpath -m --relative-to=$(1) $(2))
LIB_IN_PREFIX   := $(call relative,$(PREFIX),$(LIBDIR))
LIB_FROM_BIN    := $(call relative,$(BINDIR),$(LIBDIR))
DATA_FROM_LIB   := $(call relative,$(LIBDIR),$(DATADIR))
SYSCONF_FROM_LIB := $(call relative,$(LIBDIR),$(SYSCONFDIR))

B := $(BUILD)
L := $(B)/$(LIB_IN_PREFIX)
H := $(B)/include/tessera
COMPONENTS_DIR := $(L)/tessera/components
MANIFESTS_DIR  := $(B)/share/tessera/components.d

GLIB_CFLAGS   := $(shell pkg-config --cflags glib-2.0 2>/dev/null)
# GLib's own headers are not clean at our level of warnings; they are the system's.
GLIB_CFLAGS   := $(patsubst -I%,-isystem %,$(GLIB_CFLAGS))

CPPFLAGS_ALL := -D_GNU_SOURCE -I$(H) -I. -I$(B)/gen $(GLIB_CFLAGS) $(CPPFLAGS)
CFLAGS_ALL   := -std=c11 -fPIC -fvisibility=hidden -pthread $(WARNINGS) $(SANITIZE_FLAGS) $(CFLAGS)
CXXFLAGS_ALL := -std=c++17 -fPIC -pthread -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(WERROR) \
	$(SANITIZE_FLAGS) $(CFLAGS)
LDFLAGS_ALL  := -pthread -Wl,--as-needed -Wl,-z,relro,-z,now $(SANITIZE_FLAGS) $(LDFLAGS)
# A sanitizer's run-time library stays undefined in shared objects; the program brings it.
NO_UNDEFINED := $(if $(SANITIZE),,-Wl,--no-undefined)

# What may be linked: flags, and for our own libraries the file to depend on.
link_glib    := $(shell pkg-config --libs glib-2.0 2>/dev/null)
link_gmodule := $(shell pkg-config --libs gmodule-no-export-2.0 2>/dev/null)
link_cunit   := -lcunit
link_dl      := -ldl
link_m       := -lm
link_cxx     := -lstdc++
link_uuid    := $(L)/libtessera-uuid.a
file_uuid    := $(L)/libtessera-uuid.a
link_com     := $(L)/libtessera-com.so
file_com     := $(L)/libtessera-com.so
link_scard   := $(L)/libtessera-scard.so
file_scard   := $(L)/libtessera-scard.so

# One short line a step; V=1 shows the commands.
V ?=
ifeq ($(V),)
Q := @
say = @printf '  %-8s %s\n' '$(1)' '$(patsubst $(B)/%,%,$(2))'
else
Q :=
say = @:
endif

objects = $(patsubst %,$(B)/obj/%.o,$(basename $(1)))
# Objects of C files that are generated: paths below $(B)/gen.
gen_objects = $(patsubst $(B)/gen/%.c,$(B)/obj/gen/%.o,$(1))

# $(eval $(call program,FILE,SOURCES,LIBRARIES)): a program in the build tree, e.g. $(B)/bin/comreg.
define program
ALL += $(1)
OBJECTS += $(call objects,$(2))
$(1): $(call objects,$(2)) $(foreach l,$(3),$(file_$(l)))
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) -pie $$(LDFLAGS_ALL) -o $$@ $(call objects,$(2)) $(foreach l,$(3),$(link_$(l))) \
	    '-Wl,-rpath,$$$$ORIGIN/$$(shell realpath -m --relative-to=$$(@D) $$(L))'
endef

# $(eval $(call shared_library,NAME,SOVERSION,SOURCES,LIBRARIES,VERSION_SCRIPT[,PUBLIC_OBJECTS])):
# $(L)/NAME.so.SOVERSION and the link for the linker.
define shared_library
ALL += $(L)/$(1).so
OBJECTS += $(call objects,$(3))
$(L)/$(1).so.$(2): $(call objects,$(3)) $(5) $(foreach l,$(4),$(file_$(l)))
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) -shared $$(LDFLAGS_ALL) $$(NO_UNDEFINED) -Wl,-soname,$(1).so.$(2) -Wl,--version-script=$(5) \
	    -o $$@ $(call objects,$(3)) $(foreach l,$(4),$(link_$(l))) '-Wl,-rpath,$$$$ORIGIN'
$(L)/$(1).so: $(L)/$(1).so.$(2)
	@ln -sf $(1).so.$(2) $$@
endef

# $(eval $(call loadable,FILE,SOURCES,LIBRARIES,VERSION_SCRIPT)): a module that is loaded by name.
define loadable
ALL += $(1)
OBJECTS += $(call objects,$(2))
$(1): $(call objects,$(2)) $(4) $(foreach l,$(3),$(file_$(l)))
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) -shared $$(LDFLAGS_ALL) $$(NO_UNDEFINED) -Wl,--version-script=$(4) -o $$@ $(call objects,$(2)) \
	    $(foreach l,$(3),$(link_$(l))) '-Wl,-rpath,$$$$ORIGIN/$$(shell realpath -m --relative-to=$$(@D) $$(L))'
endef

# $(eval $(call component,NAME,IDL,SOURCES,LIBRARIES)): NAME.so and NAME.component from one IDL file
# with a library block. An IDL file outside interfaces/ also gives $(B)/gen/NAME.h and NAME_i.c.
define component
$(call loadable,$(COMPONENTS_DIR)/$(1).so,$(3),$(4),runtime/component.map)
ALL += $(MANIFESTS_DIR)/$(1).component
MANIFESTS += $(MANIFESTS_DIR)/$(1).component
COMPONENTS += $(COMPONENTS_DIR)/$(1).so
$(MANIFESTS_DIR)/$(1).component: $(2) $(COMIDL)
	@mkdir -p $$(@D) $(B)/dep
	$$(call say,COMIDL,$$@)
	$$(Q)$(COMIDL) $(IDL_PATH) --manifest $$@ --module $(1).so --depfile $(B)/dep/$(1).component.d $(2)
endef

# $(eval $(call private_idl,NAME,IDL)): header and identifiers of an IDL file outside interfaces/.
define private_idl
GENERATED += $(B)/gen/$(1).h
$(B)/gen/$(1).h $(B)/gen/$(1)_i.c &: $(2) $(COMIDL)
	@mkdir -p $(B)/gen $(B)/dep
	$$(call say,COMIDL,$$@)
	$$(Q)$(COMIDL) $(IDL_PATH) --header $(B)/gen/$(1).h --ids $(B)/gen/$(1)_i.c --depfile $(B)/dep/$(1).h.d $(2)
endef

# $(eval $(call test_program,NAME,SOURCES,LIBRARIES[,concurrent])): $(B)/tests/NAME, run by `check`;
# with `concurrent` also under ThreadSanitizer.
define test_program
$(call program,$(B)/tests/$(1),tests/suite.c $(2),cunit $(3))
TESTS += $(B)/tests/$(1)
$(if $(4),CONCURRENT_TESTS += $(B)/tests/$(1))
endef

# $(eval $(call test_script,FILE[,PREREQUISITES])): a script that prints TAP lines, run by `check`.
define test_script
TESTS += $(1)
TEST_NEEDS += $(2)
endef

COMIDL := $(B)/bin/comidl
IDL_PATH := -I interfaces/com -I interfaces/scard

.PHONY: all
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

include interfaces/build.mk
include $(wildcard idl/build.mk runtime/build.mk)
# First those that name sources which the others link as well.
RM_FIRST := rm/wire/build.mk rm/engine/build.mk rm/database/build.mk
include $(RM_FIRST) $(filter-out $(RM_FIRST),$(wildcard rm/*/build.mk)) $(wildcard rm/drivers/*/build.mk)
include $(wildcard ccid/build.mk)
include $(wildcard providers/*/build.mk)
include $(wildcard tests/*/build.mk)

# Tests are built by `check` alone: whoever only builds needs no test packages.
all: $(filter-out $(B)/tests/%,$(ALL))

# Generated headers are there before anything of ours is compiled; after that -MMD knows the rest.
$(B)/obj/%.o: %.c | $(HEADERS) $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(B)/obj/%.o: %.cc | $(HEADERS) $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) $(CPPFLAGS_ALL) $(CXXFLAGS_ALL) -MMD -MP -c -o $@ $<

$(B)/obj/gen/%.o: $(B)/gen/%.c | $(HEADERS) $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# comidl makes those headers, so it waits for none.
$(B)/obj/idl/%.o: idl/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

-include $(sort $(OBJECTS:.o=.d)) $(wildcard $(B)/dep/*.d)

include packages.mk install.mk lint.mk tests/check.mk

.PHONY: help
help:
	@sed -n 's/^#   //p' Makefile
	@echo 'Targets: all deps deps-peers demo check check-vm sanitize install uninstall clean format lint bench bench-rm bench-runtime bench-ccid update-golden'
	@echo 'Variables: BUILD PREFIX BINDIR LIBDIR INCLUDEDIR DATADIR SYSCONFDIR DESTDIR CC CFLAGS SANITIZE WERROR V'

.PHONY: clean
clean:
	rm -rf $(BUILD)
