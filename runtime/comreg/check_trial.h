/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a check works with, in its child process: the loaded module, one class, and the ways to tell
 * what was found. A check that tells nothing has passed. It need not clean up after a finding.
 */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_TRIAL_H
#define TESSERA_RUNTIME_COMREG_CHECK_TRIAL_H

#include "runtime/comreg/check.h"
#include "runtime/guid_text.h"

#include <tessera_com.h>

/* What an out parameter holds before a call that must clear it. */
#define CHECK_POISON ((void *)(uintptr_t)0xDEADBEEF)

typedef HRESULT (*check_get_class_object)(REFCLSID rclsid, REFIID riid, LPVOID *ppv);
typedef HRESULT (*check_entry)(void);

struct trial {
	const struct check_target *target;
	CLSID clsid;
	const struct manifest_class *class; /* NULL: no manifest has it */
	const GArray *answered;             /* of IID: what the object was found to answer */
	void *handle;                       /* of the module; NULL for CHECK_LOADS_ITSELF */
	check_get_class_object get_class_object;
	check_entry can_unload_now, register_server, unregister_server; /* NULL: not exported */
	int report_fd;
	bool has_failed, is_skipped;
};

/* The rule is broken. */
void trial_fail(struct trial *trial, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The check does not apply. */
void trial_skip(struct trial *trial, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Worth knowing, no finding. */
void trial_note(struct trial *trial, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* What happens next: told when the process does not survive it. */
void trial_step(struct trial *trial, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* For CHECK_DISCOVER. */
void trial_answers(struct trial *trial, const IID *iid);

/* Loads the module as the runtime would; false after trial_skip. */
bool trial_load(struct trial *trial);

/* These three return NULL after trial_skip. */
IClassFactory *trial_factory(struct trial *trial);
IUnknown *trial_object(struct trial *trial);
/* That interface of a new object, which nobody else has. */
void *trial_interface(struct trial *trial, const IID *iid);

/* As CreateInstance; poisons *ppv first. */
HRESULT trial_create(struct trial *trial, IUnknown *outer, const IID *iid, void **ppv);

bool trial_is_answered(const struct trial *trial, const IID *iid);
/* The object's interface, which it is known to answer; NULL after trial_fail. */
IUnknown *trial_face(struct trial *trial, IUnknown *object, const IID *iid);

/* DllCanUnloadNow; E_NOTIMPL when there is none. */
HRESULT trial_can_unload(const struct trial *trial);
/* Fails unless the module says that nothing is left; a module without the export passes. */
void trial_expect_idle(struct trial *trial, const char *after_what);

/* The count as AddRef and Release tell it. */
ULONG trial_count(IUnknown *object);
/* An interface that nobody has. */
IID trial_random_iid(void);
/* The interface's name, else its IID, in one of a few buffers that take turns. */
const char *trial_iid_name(const struct trial *trial, const IID *iid);

/* E_POINTER and what else says "that pointer may not be NULL". */
bool trial_refuses_null(HRESULT hr);

#endif
