/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables and entry points of a broken module; see thing.h. */

#ifndef INNER_QUERY
#define INNER_QUERY inner_query
#endif
#ifndef INNER_ADD_REF
#define INNER_ADD_REF inner_add_ref
#endif
#ifndef INNER_RELEASE
#define INNER_RELEASE inner_release
#endif
#ifndef FACE_QUERY
#define FACE_QUERY face_query
#endif
#ifndef FACE_ADD_REF
#define FACE_ADD_REF face_add_ref
#endif
#ifndef FACE_RELEASE
#define FACE_RELEASE face_release
#endif
#ifndef FACTORY_QUERY
#define FACTORY_QUERY factory_query
#endif
#ifndef FACTORY_CREATE
#define FACTORY_CREATE factory_create
#endif
#ifndef FACTORY_LOCK
#define FACTORY_LOCK factory_lock
#endif
#ifndef GET_CLASS_OBJECT
#define GET_CLASS_OBJECT get_class_object
#endif
#ifndef CAN_UNLOAD_NOW
#define CAN_UNLOAD_NOW can_unload_now
#endif
#ifndef DESTROY
#define DESTROY thing_free
#endif

static const slot inner_table[] = { (slot)INNER_QUERY, (slot)INNER_ADD_REF, (slot)INNER_RELEASE };
static const slot one_table[] = { (slot)FACE_QUERY, (slot)FACE_ADD_REF, (slot)FACE_RELEASE,
	(slot)one_answer };
static const slot factory_table[] = { (slot)FACTORY_QUERY, (slot)factory_count, (slot)factory_count,
	(slot)FACTORY_CREATE, (slot)FACTORY_LOCK };
static struct face factory = { TABLE(factory_table), NULL };

static struct face *
find_face(struct thing *self, REFIID riid)
{
	if (IsEqualIID(riid, &IID_IUnknown))
		return &self->inner;
	if (IsEqualIID(riid, &IID_IOne))
		return &self->one;
	if (IsEqualIID(riid, &IID_ITwo))
		return &self->two;
#ifdef EXTRA_IID
	if (IsEqualIID(riid, EXTRA_IID))
		return &self->extra;
#endif
#ifdef MORE_IID
	if (IsEqualIID(riid, MORE_IID))
		return &self->more;
#endif
	return NULL;
}

static void
destroy(struct thing *self)
{
	DESTROY(self);
}

static struct thing *
make_thing(IUnknown *outer)
{
	struct thing *self = calloc(1, sizeof *self);

	if (self == NULL)
		return NULL;
	self->inner = (struct face){ TABLE(inner_table), self };
	self->one = (struct face){ TABLE(one_table), self };
	self->two = (struct face){ TABLE(one_table), self };
#ifdef EXTRA_IID
	self->extra = (struct face){ TABLE(EXTRA_TABLE), self };
#endif
#ifdef MORE_IID
	self->more = (struct face){ TABLE(MORE_TABLE), self };
#endif
	self->outer = outer;
	atomic_init(&self->references, 1);
	atomic_fetch_add(&live, 1);
	return self;
}

static HRESULT
query_factory(REFIID riid, void **ppv)
{
	return FACTORY_QUERY(&factory, riid, ppv);
}

__attribute__((visibility("default"))) HRESULT
DllGetClassObject(REFCLSID rclsid, REFIID riid, LPVOID *ppv)
{
	return GET_CLASS_OBJECT(rclsid, riid, ppv);
}

__attribute__((visibility("default"))) HRESULT
DllCanUnloadNow(void)
{
	return CAN_UNLOAD_NOW();
}
