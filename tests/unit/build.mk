# SPDX-License-Identifier: BSD-2-Clause
# One .mk for each part that is tested.
include $(filter-out %/build.mk,$(wildcard tests/unit/*.mk))
