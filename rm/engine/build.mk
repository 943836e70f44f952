# SPDX-License-Identifier: BSD-2-Clause
# The engine with its embedded host: a module that libtessera-scard loads when it is asked for.

ENGINE_SOURCES   := $(wildcard rm/engine/*.c)
# Pure: what a client of the daemon tells in its place.
LOOK_SOURCES     := rm/engine/look.c rm/engine/dialect.c
EMBEDDED_SOURCES := $(wildcard rm/api/embedded*.c)
ENGINE_MODULE    := $(L)/tessera/libtessera-engine.so

PRIVATE_MODULES += $(ENGINE_MODULE)
$(eval $(call loadable,$(ENGINE_MODULE),$(ENGINE_SOURCES) $(EMBEDDED_SOURCES),com uuid glib,rm/engine/engine.map))
