/* SPDX-License-Identifier: BSD-2-Clause */
#include "bad-include-back.h"
