/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why an activation failed, in words: the class, the files, the cause and what to do about it.
 * Texts are (transfer full), g_free.
 */
#ifndef TESSERA_RUNTIME_EXPLAIN_H
#define TESSERA_RUNTIME_EXPLAIN_H

#include "runtime/class_table.h"
#include "runtime/loader.h"
#include "runtime/lookup.h"

/* "class NAME {CLSID} (TreatAs for {ASKED}), manifest FILE, module FILE", and the note. */
char *explain_class(const CLSID *asked, const struct lookup_class *class);

char *explain_not_registered(const CLSID *asked, const char *cause);
char *explain_threading_model(const CLSID *asked, const struct lookup_class *class);
char *explain_module(const CLSID *asked, const struct lookup_class *class, HRESULT hr,
    const struct loader_failure *failure);
/* @said: the component's own words; may be NULL */
char *
explain_refusal(const CLSID *asked, const struct lookup_class *class, HRESULT hr, const char *said);

/* These leave the text on the thread and return the code. */
HRESULT explain_not_initialised(void);
/* Leaves what the component itself left, if it did. */
HRESULT explain_call(const struct class_entry *entry, const char *call, const IID *iid, HRESULT hr);

#endif
