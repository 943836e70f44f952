/* SPDX-License-Identifier: BSD-2-Clause */
/* A sink for connection points: answers one interface, and says S_OK to whatever it is told. */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_SINK_H
#define TESSERA_RUNTIME_COMREG_CHECK_SINK_H

#include <objbase.h>

struct check_sink {
	IUnknown unknown;
	IID iid;
	ULONG references; /* changed atomically */
};

/* One reference. @iid: what it answers beside IUnknown. */
void check_sink_init(struct check_sink *sink, const IID *iid);

#endif
