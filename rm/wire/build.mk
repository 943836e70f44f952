# SPDX-License-Identifier: BSD-2-Clause
# The wire between libtessera-scard and scardd: sources to link, both ends the same. Need glib.

WIRE_SOURCES := $(wildcard rm/wire/*.c)
