# SPDX-License-Identifier: BSD-2-Clause
# One build.mk for each emulated thing.
include $(wildcard tests/emulator/*/build.mk)
