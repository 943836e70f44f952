/* SPDX-License-Identifier: BSD-2-Clause */
/* The usual guard: the second time there is nothing. It includes itself, which the guard ends. */
#ifndef DIRECTIVES_SHARED_H
#define DIRECTIVES_SHARED_H

#include "directives_shared.h"

#define SHARED_LIMIT 16
#define SHARED_TYPE SHARED
#define UUID_OF_SHARED 0c3e6c2a-0000-4000-8000-0000000000aa
#define ANY_NUMBER(format, ...) format

typedef struct SHARED {
	LONG values[SHARED_LIMIT];
} SHARED;

#endif
