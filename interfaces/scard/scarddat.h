/* SPDX-License-Identifier: BSD-2-Clause */
/* Windows spreads the smart card interfaces over four headers; here one holds them all. */
#include <scardssp.h>
