/* SPDX-License-Identifier: BSD-2-Clause */

#include "bad-included-inner.h"
typedef NOBODY OUTER;
