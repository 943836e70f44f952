# SPDX-License-Identifier: BSD-2-Clause
# scardssp.so: the base smart card service providers.

SCARDSSP_SOURCES := $(wildcard providers/scardssp/*.c)

$(eval $(call component,scardssp,interfaces/scard/scardssp.idl,$(SCARDSSP_SOURCES),com scard uuid glib))
