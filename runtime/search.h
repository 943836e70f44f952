/* SPDX-License-Identifier: BSD-2-Clause */
/* The way from an identifier to its class object, for a class not met before. */
#ifndef TESSERA_RUNTIME_SEARCH_H
#define TESSERA_RUNTIME_SEARCH_H

#include "runtime/class_table.h"

/* Told of each decision as it is taken; `what` is one of the words in tessera_com.h. */
struct search_tracer {
	void (*step)(LPCSTR what, HRESULT result, LPCSTR text, void *data);
	void *data;
};

/*
 * search_class: TreatAs, then what this process has published, then the registry.
 * @tracer: NULL: nobody listens
 * @ret_entry: (transfer full): not in the table
 *
 * The calling thread is inside (activity.h). Failures leave a text on the thread.
 */
HRESULT search_class(
    const CLSID *clsid, const struct search_tracer *tracer, struct class_entry **ret_entry);

#endif
