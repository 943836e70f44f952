# SPDX-License-Identifier: BSD-2-Clause
# One .mk for each harness.
include $(filter-out %/build.mk,$(wildcard tests/fuzz/*.mk))
