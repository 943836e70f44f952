/* SPDX-License-Identifier: BSD-2-Clause */
/* Classes that stand in for others. */
#ifndef TESSERA_RUNTIME_TREAT_AS_H
#define TESSERA_RUNTIME_TREAT_AS_H

#include <guiddef.h>

/* The class at the end of the chain of TreatAs, registered or not; `clsid` itself if there is none
 * or it bites its tail. */
void treat_as_end(const CLSID *clsid, CLSID *ret_end);

#endif
