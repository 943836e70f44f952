/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

typedef enum ONCE { ONCE_FIRST, ONCE_SECOND } ONCE;
