/* SPDX-License-Identifier: BSD-2-Clause */
/* This library lies in a folder of its own, which LD_LIBRARY_PATH names. */
#include "rm/api/backend.h"

const char api_engine_module[] = "../libtessera-engine.so";
