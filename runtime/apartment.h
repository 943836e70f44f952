/* SPDX-License-Identifier: BSD-2-Clause */
/* Start-up: which threads use components. */
#ifndef TESSERA_RUNTIME_APARTMENT_H
#define TESSERA_RUNTIME_APARTMENT_H

#include <stdbool.h>

/* May the calling thread activate classes? It, or any thread of the process, has been initialised.
 */
bool apartment_present(void);

/* An initialised thread is initialised no more. */
void apartment_leave(void);

#endif
