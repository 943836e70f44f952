/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/com_laws.h"

#include <stdio.h>
#include <string.h>
#include <tessera_com.h>

#include "runtime/comreg/check_outer.h"
#include "runtime/guid_text.h"

#define POISON ((void *)(uintptr_t)0xDEADBEEF)
#define IDENTITY_QUERIES 1000u

/* The interfaces that an object has, with a reference each. */
struct face {
	IID iid;
	IUnknown *pointer;
};

static char *broken(const struct subject *subject, const char *format, ...) G_GNUC_PRINTF(2, 3);

static char *
broken(const struct subject *subject, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	return g_strdup_printf("class %s: %s", subject->name, text);
}

static const IID *
candidate(const struct subject *subject, guint i)
{
	return &g_array_index(subject->candidates, IID, i);
}

static HRESULT
create_at(const struct subject *subject, IUnknown *outer, REFIID riid, void **ppv)
{
	if (subject->create != NULL)
		return subject->create(outer, riid, ppv);
	return CoCreateInstance(&subject->clsid, outer, CLSCTX_INPROC_SERVER, riid, ppv);
}

static HRESULT
create(const struct subject *subject, IUnknown *outer, REFIID riid, void **ppv)
{
	*ppv = POISON;
	return create_at(subject, outer, riid, ppv);
}

static char *
create_unknown(const struct subject *subject, IUnknown **ret_unknown)
{
	HRESULT hr = create(subject, NULL, &IID_IUnknown, (void **)ret_unknown);
	char *text, *result;

	if (SUCCEEDED(hr))
		return NULL;
	text = tessera_error_text();
	result = broken(subject, "creation fails with %s: %s", tessera_hresult_name(hr),
	    text != NULL ? text : "");
	CoTaskMemFree(text);
	return result;
}

static GArray *
get_faces(const struct subject *subject, IUnknown *object)
{
	GArray *faces = g_array_new(FALSE, FALSE, sizeof(struct face));

	for (guint i = 0; i < subject->candidates->len; i++) {
		struct face face = { .iid = *candidate(subject, i), .pointer = NULL };

		if (SUCCEEDED(
			object->lpVtbl->QueryInterface(object, &face.iid, (void **)&face.pointer)))
			g_array_append_val(faces, face);
	}
	return faces;
}

static void
release_faces(GArray *faces)
{
	for (guint i = 0; i < faces->len; i++) {
		IUnknown *pointer = g_array_index(faces, struct face, i).pointer;

		pointer->lpVtbl->Release(pointer);
	}
	g_array_unref(faces);
}

static ULONG
count_of(IUnknown *object)
{
	object->lpVtbl->AddRef(object);
	return object->lpVtbl->Release(object);
}

struct live {
	const char *name;
	ULONG count;
};

static void
visit(const char *name, ULONG count, void *data)
{
	struct live *live = data;

	if (strcmp(name, live->name) == 0)
		live->count += count;
}

ULONG
law_live(const struct subject *subject)
{
	struct live live = { .name = subject->name, .count = 0 };

	tessera_live_objects(visit, &live);
	return live.count;
}

char *
law_creation(const struct subject *subject)
{
	char iid[GUID_TEXT_LENGTH + 1];
	IUnknown *object, *face = NULL;
	char *result = create_unknown(subject, &object);

	if (result != NULL)
		return result;
	for (guint i = 0; i < subject->declared->len && result == NULL; i++) {
		const IID *declared = &g_array_index(subject->declared, IID, i);

		if (FAILED(object->lpVtbl->QueryInterface(object, declared, (void **)&face)))
			result = broken(subject, "lacks interface %s, which its manifest promises",
			    guid_to_text(declared, iid));
		else
			face->lpVtbl->Release(face);
	}
	object->lpVtbl->Release(object);
	return result;
}

static char *
check_identity(const struct subject *subject, IUnknown *object, const GArray *faces)
{
	IUnknown *first = NULL, *unknown = NULL;
	char *result = NULL;

	object->lpVtbl->QueryInterface(object, &IID_IUnknown, (void **)&first);
	for (unsigned i = 0; i < IDENTITY_QUERIES && result == NULL; i++) {
		IUnknown *from = g_array_index(faces, struct face, i % faces->len).pointer;

		if (FAILED(from->lpVtbl->QueryInterface(from, &IID_IUnknown, (void **)&unknown)))
			return broken(subject, "an interface does not answer IUnknown");
		if (unknown != first)
			result = broken(subject, "IUnknown has two addresses");
		unknown->lpVtbl->Release(unknown);
	}
	first->lpVtbl->Release(first);
	return result;
}

char *
law_identity(const struct subject *subject)
{
	IUnknown *object;
	GArray *faces;
	char *result = create_unknown(subject, &object);

	if (result != NULL)
		return result;
	faces = get_faces(subject, object);
	result = check_identity(subject, object, faces);
	release_faces(faces);
	object->lpVtbl->Release(object);
	return result;
}

static gboolean
has_face(const GArray *faces, const IID *iid)
{
	for (guint i = 0; i < faces->len; i++)
		if (IsEqualIID(&g_array_index(faces, struct face, i).iid, iid))
			return TRUE;
	return FALSE;
}

/* The row of the matrix for one interface must equal the set. */
static char *
check_row(const struct subject *subject, const struct face *from, const GArray *faces)
{
	char a[GUID_TEXT_LENGTH + 1], b[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < subject->candidates->len; i++) {
		const IID *iid = candidate(subject, i);
		IUnknown *to = POISON;
		HRESULT hr =
		    from->pointer->lpVtbl->QueryInterface(from->pointer, iid, (void **)&to);

		if (SUCCEEDED(hr) != has_face(faces, iid))
			return broken(subject,
			    "asked through %s, it answers %s for %s, which is "
			    "not what it answered before",
			    guid_to_text(&from->iid, a), tessera_hresult_name(hr),
			    guid_to_text(iid, b));
		if (SUCCEEDED(hr))
			to->lpVtbl->Release(to);
	}
	return NULL;
}

char *
law_matrix(const struct subject *subject)
{
	IUnknown *object;
	GArray *faces;
	char *result = create_unknown(subject, &object);

	if (result != NULL)
		return result;
	faces = get_faces(subject, object);
	for (unsigned round = 0; round < 2; round++)
		for (guint i = 0; i < faces->len && result == NULL; i++)
			result = check_row(subject, &g_array_index(faces, struct face, i), faces);
	release_faces(faces);
	object->lpVtbl->Release(object);
	return result;
}

static char *
check_failed_query(const struct subject *subject, IUnknown *from, const IID *iid)
{
	char text[GUID_TEXT_LENGTH + 1];
	ULONG before = count_of(from);
	void *to = POISON;
	HRESULT hr = from->lpVtbl->QueryInterface(from, iid, &to);

	if (hr != E_NOINTERFACE)
		return broken(subject, "answers %s for %s, expected E_NOINTERFACE",
		    tessera_hresult_name(hr), guid_to_text(iid, text));
	if (to != NULL)
		return broken(subject, "a failed query does not clear the result");
	if (count_of(from) != before)
		return broken(subject, "a failed query changes the count");
	if (from->lpVtbl->QueryInterface(from, &IID_IUnknown, NULL) != E_POINTER)
		return broken(subject, "a query without place for the result is not E_POINTER");
	return NULL;
}

char *
law_failed_queries(const struct subject *subject)
{
	IUnknown *object;
	GArray *faces;
	char *result = create_unknown(subject, &object);

	if (result != NULL)
		return result;
	faces = get_faces(subject, object);
	for (guint i = 0; i < subject->candidates->len; i++)
		for (guint f = 0; f < faces->len && result == NULL; f++)
			if (!has_face(faces, candidate(subject, i)))
				result = check_failed_query(subject,
				    g_array_index(faces, struct face, f).pointer,
				    candidate(subject, i));
	release_faces(faces);
	object->lpVtbl->Release(object);
	return result;
}

char *
law_counts(const struct subject *subject)
{
	IUnknown *object;
	GArray *faces;
	ULONG start, left;
	char *result = create_unknown(subject, &object);

	if (result != NULL)
		return result;
	start = count_of(object);
	faces = get_faces(subject, object);
	for (guint i = 0; i < faces->len; i++) {
		IUnknown *face = g_array_index(faces, struct face, i).pointer;

		for (unsigned n = 0; n < 100; n++)
			face->lpVtbl->AddRef(face);
		for (unsigned n = 0; n < 100; n++)
			face->lpVtbl->Release(face);
	}
	release_faces(faces);
	if (count_of(object) != start)
		result = broken(subject,
		    "began with %u references and has %u after as many "
		    "taken as given",
		    start, count_of(object));
	left = object->lpVtbl->Release(object);
	if (result == NULL && start == 1 && left != 0)
		result = broken(subject, "the last Release leaves %u", left);
	return result;
}

/* One line of /proc/self/maps. */
static gboolean
covers(const char *line, uintptr_t address)
{
	unsigned long from, to;
	char permissions[5];

	return sscanf(line, "%lx-%lx %4s", &from, &to, permissions) == 3 && address >= from &&
	    address < to && permissions[2] == 'x';
}

static gboolean
is_code(char *const *maps, uintptr_t address)
{
	for (size_t i = 0; maps[i] != NULL; i++)
		if (covers(maps[i], address))
			return TRUE;
	return FALSE;
}

static char *
check_table(const struct subject *subject, char *const *maps, const struct face *face)
{
	/* All have a method of their own, but IUnknown and the marker interface. */
	const unsigned slots =
	    IsEqualIID(&face->iid, &IID_IUnknown) || IsEqualIID(&face->iid, &IID_IAgileObject) ? 3
											       : 4;
	char text[GUID_TEXT_LENGTH + 1];
	uintptr_t functions[4];

	memcpy(functions, face->pointer->lpVtbl, slots * sizeof functions[0]);
	for (unsigned i = 0; i < slots; i++)
		if (!is_code(maps, functions[i]))
			return broken(subject, "slot %u of interface %s does not point to code", i,
			    guid_to_text(&face->iid, text));
	return NULL;
}

char *
law_tables(const struct subject *subject)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) maps = NULL;
	IUnknown *object;
	GArray *faces;
	char *result = create_unknown(subject, &object);

	if (result != NULL)
		return result;
	faces = get_faces(subject, object);
	g_file_get_contents("/proc/self/maps", &text, NULL, NULL);
	maps = g_strsplit(text != NULL ? text : "", "\n", 0);
	for (guint i = 0; i < faces->len && result == NULL; i++)
		result = check_table(subject, maps, &g_array_index(faces, struct face, i));
	release_faces(faces);
	object->lpVtbl->Release(object);
	return result;
}

static HRESULT
get_factory(const struct subject *subject, IClassFactory **ret_factory)
{
	*ret_factory = NULL;
	return CoGetClassObject(
	    &subject->clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)ret_factory);
}

static char *
check_class_object(const struct subject *subject, IClassFactory *factory)
{
	IUnknown *unknown = NULL, *again = NULL;
	void *other;

	if (FAILED(factory->lpVtbl->QueryInterface(factory, &IID_IUnknown, (void **)&unknown)))
		return broken(subject, "the class object does not answer IUnknown");
	if (FAILED(unknown->lpVtbl->QueryInterface(unknown, &IID_IClassFactory, (void **)&again)))
		return broken(subject, "the class object loses IClassFactory");
	again->lpVtbl->Release(again);
	unknown->lpVtbl->Release(unknown);
	for (guint i = 0; i < subject->candidates->len; i++) {
		const IID *iid = candidate(subject, i);

		if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IClassFactory))
			continue;
		other = POISON;
		if (factory->lpVtbl->QueryInterface(factory, iid, &other) != E_NOINTERFACE ||
		    other != NULL)
			return broken(subject, "the class object answers an instance's interface");
	}
	return NULL;
}

char *
law_class_object(const struct subject *subject)
{
	IClassFactory *factory;
	HRESULT hr = get_factory(subject, &factory);
	char *result;

	if (FAILED(hr))
		return broken(subject, "no class factory: %s", tessera_hresult_name(hr));
	result = check_class_object(subject, factory);
	if (result == NULL &&
	    (factory->lpVtbl->LockServer(factory, TRUE) != S_OK ||
		factory->lpVtbl->LockServer(factory, FALSE) != S_OK))
		result = broken(subject, "LockServer fails");
	factory->lpVtbl->Release(factory);
	return result;
}

static char *
check_refused(const struct subject *subject, const char *what, HRESULT hr, const void *result,
    HRESULT expected, HRESULT or_expected)
{
	CoTaskMemFree(tessera_error_text());
	if (hr != expected && hr != or_expected)
		return broken(subject, "%s: %s", what, tessera_hresult_name(hr));
	if (result != NULL)
		return broken(subject, "%s: the result is not cleared", what);
	return NULL;
}

char *
law_failed_creation(const struct subject *subject)
{
	const IID *random = candidate(subject, subject->candidates->len - 1);
	struct check_outer outer;
	void *object;
	char *result;
	HRESULT hr = create(subject, NULL, random, &object);

	result = check_refused(
	    subject, "created for an unknown interface", hr, object, E_NOINTERFACE, E_NOINTERFACE);
	check_outer_init(&outer);
	for (guint i = 0; i < subject->declared->len && result == NULL; i++) {
		hr = create(
		    subject, &outer.unknown, &g_array_index(subject->declared, IID, i), &object);
		result = check_refused(subject, "aggregated with another interface than IUnknown",
		    hr, object, E_NOINTERFACE, CLASS_E_NOAGGREGATION);
	}
	if (result == NULL && outer.references != 1)
		result = broken(subject, "a refused aggregation keeps the outer object");
	if (result == NULL && create_at(subject, NULL, &IID_IUnknown, NULL) != E_POINTER)
		result = broken(subject, "created without place for the result: not E_POINTER");
	return result;
}

/* A delegating interface acts on the outer object's count, query and identity alone. */
static char *
check_delegation(const struct subject *subject, struct check_outer *outer, const IID *iid)
{
	char text[GUID_TEXT_LENGTH + 1];
	const ULONG inner_count = count_of(outer->inner);
	const ULONG before = outer->references;
	IUnknown *face = NULL, *unknown = NULL;

	if (FAILED(outer->inner->lpVtbl->QueryInterface(outer->inner, iid, (void **)&face)))
		return NULL;
	guid_to_text(iid, text);
	if (outer->references != before + 1)
		return broken(subject, "aggregated, %s is not counted by the outer object", text);
	face->lpVtbl->AddRef(face);
	if (outer->references != before + 2)
		return broken(subject, "aggregated, AddRef of %s does not delegate", text);
	face->lpVtbl->Release(face);
	if (outer->references != before + 1)
		return broken(subject, "aggregated, Release of %s does not delegate", text);
	if (FAILED(face->lpVtbl->QueryInterface(face, &IID_IUnknown, (void **)&unknown)) ||
	    unknown != &outer->unknown)
		return broken(subject, "aggregated, %s has an identity of its own", text);
	unknown->lpVtbl->Release(unknown);
	face->lpVtbl->Release(face);
	if (count_of(outer->inner) != inner_count)
		return broken(subject, "aggregated, %s counts on the inner object too", text);
	return NULL;
}

static char *
check_aggregate(const struct subject *subject, struct check_outer *outer)
{
	IUnknown *unknown = NULL;
	char *result = NULL;
	ULONG queries;

	if (outer->references != 1)
		return broken(subject, "aggregated, it keeps a reference to the outer object");
	queries = outer->queries;
	if (FAILED(outer->inner->lpVtbl->QueryInterface(
		outer->inner, &IID_IUnknown, (void **)&unknown)) ||
	    unknown != outer->inner || outer->queries != queries || outer->references != 1)
		return broken(subject, "aggregated, its own IUnknown delegates");
	unknown->lpVtbl->Release(unknown);
	for (guint i = 0; i < subject->candidates->len && result == NULL; i++)
		if (!IsEqualIID(candidate(subject, i), &IID_IUnknown))
			result = check_delegation(subject, outer, candidate(subject, i));
	return result;
}

char *
law_aggregation(const struct subject *subject)
{
	struct check_outer outer;
	char *result;
	HRESULT hr;

	check_outer_init(&outer);
	hr = create(subject, &outer.unknown, &IID_IUnknown, (void **)&outer.inner);
	if (FAILED(hr)) {
		result = check_refused(subject, "aggregation", hr, outer.inner,
		    CLASS_E_NOAGGREGATION, CLASS_E_NOAGGREGATION);
	} else {
		result = check_aggregate(subject, &outer);
		outer.inner->lpVtbl->Release(outer.inner);
	}
	if (result == NULL && outer.references != 1)
		result = broken(subject, "the outer object's count does not balance");
	return result;
}
