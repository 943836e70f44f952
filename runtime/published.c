/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Publishing class objects, and the count of reasons for a server process to stay.
 *
 * Activation looks here after TreatAs and before the registry, but only for a class that it has not
 * met: what it found is in the table of class objects. So whatever changes here makes that table
 * forget the class. There are no other processes to serve in this release: an object published for
 * them alone is kept and not seen.
 */
#include "runtime/published.h"

#include <pthread.h>

#include <glib.h>
#include <tessera_class.h>

#include "runtime/apartment.h"
#include "runtime/class_table.h"
#include "runtime/explain.h"
#include "runtime/export.h"
#include "runtime/fork.h"

#define REGCLS_USE 0x3u /* the bits that exclude each other */
#define REGCLS_KNOWN (REGCLS_USE | REGCLS_SUSPENDED | REGCLS_SURROGATE | REGCLS_AGILE)

struct published {
	CLSID clsid;
	IUnknown *object; /* one reference */
	DWORD cookie;
	unsigned
	    users; /* the list, and everyone who is about to take a reference; under the lock */
	bool in_process;
	bool suspended;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GPtrArray *all; /* of struct published, oldest first; under the lock, as what follows */
static DWORD last_cookie;
static ULONG server_references;

bool
published_any(void)
{
	bool any;

	pthread_mutex_lock(&lock);
	any = all != NULL && all->len != 0;
	pthread_mutex_unlock(&lock);
	return any;
}

/* Releases foreign code's object with the last user, so never under the lock. */
static void
done_with(struct published *published)
{
	unsigned left;

	pthread_mutex_lock(&lock);
	left = --published->users;
	pthread_mutex_unlock(&lock);
	if (left != 0)
		return;
	published->object->lpVtbl->Release(published->object);
	g_free(published);
}

static struct published *
use_visible(const CLSID *clsid)
{
	struct published *found = NULL;

	pthread_mutex_lock(&lock);
	for (guint i = 0; all != NULL && i < all->len && found == NULL; i++) {
		struct published *one = g_ptr_array_index(all, i);

		if (one->in_process && !one->suspended && IsEqualCLSID(&one->clsid, clsid))
			found = one;
	}
	if (found != NULL)
		found->users++;
	pthread_mutex_unlock(&lock);
	return found;
}

IUnknown *
published_find(const CLSID *clsid)
{
	struct published *published = use_visible(clsid);
	IUnknown *object;

	if (published == NULL)
		return NULL;
	object = published->object;
	object->lpVtbl->AddRef(object);
	done_with(published);
	return object;
}

static HRESULT
check_flags(DWORD context, DWORD flags)
{
	const DWORD use = flags & REGCLS_USE;

	if ((flags & ~(DWORD)REGCLS_KNOWN) != 0 || use == REGCLS_USE)
		return tessera_error(E_INVALIDARG, NULL, NULL,
		    "the flags 0x%X of a class object have bits without meaning, or both "
		    "REGCLS_MULTIPLEUSE and REGCLS_MULTI_SEPARATE; give one of them",
		    flags);
	if ((context & (CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER)) == 0)
		return tessera_error(E_INVALIDARG, NULL, NULL,
		    "the context 0x%X of a class object serves nobody; add CLSCTX_INPROC_SERVER or "
		    "CLSCTX_LOCAL_SERVER",
		    context);
	if ((flags & REGCLS_SURROGATE) != 0 &&
	    ((context & CLSCTX_INPROC_SERVER) != 0 || use == REGCLS_MULTIPLEUSE))
		return tessera_error(E_INVALIDARG, NULL, NULL,
		    "REGCLS_SURROGATE goes with CLSCTX_LOCAL_SERVER and without "
		    "REGCLS_MULTIPLEUSE");
	if ((context & CLSCTX_INPROC_SERVER) != 0 && use == REGCLS_SINGLEUSE)
		return tessera_error(E_INVALIDARG, NULL, NULL,
		    "a class object for this process cannot be for one use only; give "
		    "REGCLS_MULTIPLEUSE or REGCLS_MULTI_SEPARATE");
	return S_OK;
}

/* Under the lock. NULL: no such cookie. */
static struct published *
find_cookie(DWORD cookie, guint *ret_index)
{
	for (guint i = 0; all != NULL && i < all->len; i++) {
		struct published *one = g_ptr_array_index(all, i);

		if (one->cookie == cookie) {
			*ret_index = i;
			return one;
		}
	}
	return NULL;
}

/* Under the lock: the next number that nobody has, never 0. */
static DWORD
new_cookie(void)
{
	guint index;

	do
		last_cookie = last_cookie == UINT32_MAX ? 1 : last_cookie + 1;
	while (find_cookie(last_cookie, &index) != NULL);
	return last_cookie;
}

TESSERA_EXPORT HRESULT
CoRegisterClassObject(
    REFCLSID rclsid, LPUNKNOWN pUnk, DWORD dwClsContext, DWORD flags, LPDWORD lpdwRegister)
{
	struct published *published;
	HRESULT hr;

	if (lpdwRegister == NULL)
		return E_INVALIDARG;
	*lpdwRegister = 0;
	if (rclsid == NULL || pUnk == NULL)
		return E_INVALIDARG;
	hr = check_flags(dwClsContext, flags);
	if (FAILED(hr))
		return hr;
	if (!apartment_present())
		return explain_not_initialised();
	published = g_new(struct published, 1);
	*published = (struct published){
		.clsid = *rclsid,
		.object = pUnk,
		.users = 1,
		.in_process = (dwClsContext & CLSCTX_INPROC_SERVER) != 0 ||
		    (flags & REGCLS_USE) == REGCLS_MULTIPLEUSE,
		.suspended = (flags & REGCLS_SUSPENDED) != 0,
	};
	pUnk->lpVtbl->AddRef(pUnk);
	pthread_mutex_lock(&lock);
	if (all == NULL)
		all = g_ptr_array_new();
	*lpdwRegister = published->cookie = new_cookie();
	g_ptr_array_add(all, published);
	pthread_mutex_unlock(&lock);
	class_table_forget(rclsid);
	return S_OK;
}

TESSERA_EXPORT HRESULT
CoRevokeClassObject(DWORD dwRegister)
{
	struct published *found;
	CLSID clsid;
	guint index;

	pthread_mutex_lock(&lock);
	found = find_cookie(dwRegister, &index);
	if (found != NULL)
		g_ptr_array_remove_index(all, index);
	pthread_mutex_unlock(&lock);
	if (found == NULL)
		return tessera_error(E_INVALIDARG, NULL, NULL,
		    "no class object is registered under %u; it was revoked before, or the number "
		    "is not from CoRegisterClassObject",
		    dwRegister);
	clsid = found->clsid;
	class_table_forget(&clsid);
	done_with(found);
	return S_OK;
}

static void
suspend_all(bool suspended)
{
	for (guint i = 0; all != NULL && i < all->len; i++)
		((struct published *)g_ptr_array_index(all, i))->suspended = suspended;
}

static HRESULT
change_all(bool suspended)
{
	pthread_mutex_lock(&lock);
	suspend_all(suspended);
	pthread_mutex_unlock(&lock);
	class_table_forget(NULL);
	return S_OK;
}

TESSERA_EXPORT HRESULT
CoResumeClassObjects(void)
{
	return change_all(false);
}

TESSERA_EXPORT HRESULT
CoSuspendClassObjects(void)
{
	return change_all(true);
}

TESSERA_EXPORT ULONG
CoAddRefServerProcess(void)
{
	ULONG now;

	pthread_mutex_lock(&lock);
	now = ++server_references;
	pthread_mutex_unlock(&lock);
	return now;
}

TESSERA_EXPORT ULONG
CoReleaseServerProcess(void)
{
	ULONG left;
	bool last;

	pthread_mutex_lock(&lock);
	last = server_references == 1;
	if (server_references != 0)
		server_references--;
	left = server_references;
	if (last)
		suspend_all(true);
	pthread_mutex_unlock(&lock);
	if (last)
		class_table_forget(NULL);
	return left;
}

__attribute__((constructor)) static void
prepare_for_fork(void)
{
	fork_guard(&lock, FORK_LEAF, NULL);
}
