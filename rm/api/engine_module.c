/* SPDX-License-Identifier: BSD-2-Clause */
/* Beside this library, in the folder of private modules. */
#include "rm/api/backend.h"

const char api_engine_module[] = "tessera/libtessera-engine.so";
