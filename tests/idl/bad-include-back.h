/* SPDX-License-Identifier: BSD-2-Clause */
/* No guard. */
#include "bad-include-circle.h"
