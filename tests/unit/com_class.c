/* SPDX-License-Identifier: BSD-2-Clause */
/* The class helper, with classes of the program itself. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tessera_class.h>
#include <tessera_com.h>

#include "counter.h"
#include "runtime/comreg/check_outer.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

static int constructed, destructed, left_by_destructor;
static HRESULT constructor_says = S_OK;

struct widget {
	struct tessera_object object;
	TESSERA_INTERFACE(ICounter2) counter;
	TESSERA_INTERFACE(ISupportErrorInfo) support;
	TESSERA_INTERFACE(IDispatch) dispatch;
	LONG value;
};

static HRESULT
widget_Next(ICounter2 *iface, LONG *value)
{
	*value = TESSERA_SELF(struct widget, iface)->value++;
	return S_OK;
}

static HRESULT
widget_Fail(ICounter2 *iface, HRESULT code)
{
	(void)iface;
	return code;
}

static HRESULT
widget_Add(ICounter2 *iface, LONG step, LONG *value)
{
	struct widget *self = TESSERA_SELF(struct widget, iface);

	*value = self->value += step;
	return S_OK;
}

static HRESULT
widget_construct(struct tessera_object *object)
{
	struct widget *self = (struct widget *)(void *)object;
	ICounter2 *counter = NULL;

	constructed++;
	/* All but the interfaces is zero; those work already. */
	CU_ASSERT_EQUAL(self->value, 0);
	EXPECT_HRESULT(self->counter.iface.lpVtbl->QueryInterface(
			   &self->counter.iface, &IID_ICounter2, (void **)&counter),
	    object->controller == &object->inner ? S_OK : E_NOINTERFACE);
	if (counter != NULL)
		counter->lpVtbl->Release(counter);
	self->value = 5;
	return constructor_says;
}

/* Hands itself out and takes itself back, as code that releases inner objects does. */
static void
widget_destruct(struct tessera_object *object)
{
	struct widget *self = (struct widget *)(void *)object;

	destructed++;
	if (object->controller == &object->inner) {
		self->counter.iface.lpVtbl->AddRef(&self->counter.iface);
		self->counter.iface.lpVtbl->Release(&self->counter.iface);
	}
	object->inner.lpVtbl->AddRef(&object->inner);
	object->inner.lpVtbl->Release(&object->inner);
	left_by_destructor++;
}

static const ICounter2Vtbl widget_counter_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ICounter2),
	.Next = widget_Next,
	.Fail = widget_Fail,
	.Add = widget_Add,
};
static const IDispatchVtbl widget_dispatch_vtbl = {
	TESSERA_DISPATCH_SLOTS(IDispatch),
};
static const struct tessera_interface widget_interfaces[] = {
	{ &IID_ICounter2, offsetof(struct widget, counter), &widget_counter_vtbl },
	{ &IID_ICounter, offsetof(struct widget, counter), &widget_counter_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct widget, support),
	    &tessera_support_error_info_vtbl },
	{ &IID_IDispatch, offsetof(struct widget, dispatch), &widget_dispatch_vtbl },
};
static struct tessera_census widget_census, lone_census;
static const CLSID clsid_widget = { 0x1, 0, 0, { 0 } };
static const CLSID clsid_lone = { 0x2, 0, 0, { 0 } };
static const struct tessera_class widget_class = {
	.clsid = &clsid_widget,
	.name = "Widget",
	.size = sizeof(struct widget),
	.interfaces = widget_interfaces,
	.interface_count = 4,
	.construct = widget_construct,
	.destruct = widget_destruct,
	.census = &widget_census,
};
static const struct tessera_class lone_class = {
	.clsid = &clsid_lone,
	.name = "Lone",
	.size = sizeof(struct widget),
	.interfaces = widget_interfaces,
	.interface_count = 2,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE,
	.census = &lone_census,
};
/* One that serves the process. */
static struct tessera_census service_census;
static const struct tessera_class service_class = {
	.name = "Service",
	.size = sizeof(struct widget),
	.interfaces = widget_interfaces,
	.interface_count = 2,
	.flags = TESSERA_CLASS_SERVICE,
	.census = &service_census,
};
TESSERA_CLASSES(&widget_class, &lone_class, &service_class);

/* A second module, to see its own entry points alone. */
static const struct tessera_class *const only_widget[] = { &widget_class };
static struct tessera_module module = { .classes = only_widget, .class_count = 1 };

static ICounter2 *
new_widget(void)
{
	ICounter2 *counter = NULL;

	CU_ASSERT_EQUAL_FATAL(
	    tessera_object_create(&widget_class, NULL, &IID_ICounter2, (void **)&counter), S_OK);
	return counter;
}

static void
identity(void)
{
	ICounter2 *counter = new_widget();
	ISupportErrorInfo *support = NULL;
	IUnknown *first = NULL, *unknown = NULL;
	LONG value;

	EXPECT_HRESULT(counter->lpVtbl->Next(counter, &value), S_OK);
	SUITE_EQUAL_INT(value, 5);
	EXPECT_HRESULT(
	    counter->lpVtbl->QueryInterface(counter, &IID_ISupportErrorInfo, (void **)&support),
	    S_OK);
	CU_ASSERT((void *)support != (void *)counter);
	EXPECT_HRESULT(
	    counter->lpVtbl->QueryInterface(counter, &IID_IUnknown, (void **)&first), S_OK);
	for (int i = 0; i < 1000; i++) {
		if (i % 2 == 0)
			counter->lpVtbl->QueryInterface(counter, &IID_IUnknown, (void **)&unknown);
		else
			support->lpVtbl->QueryInterface(support, &IID_IUnknown, (void **)&unknown);
		CU_ASSERT_PTR_EQUAL_FATAL(unknown, first);
		unknown->lpVtbl->Release(unknown);
	}
	SUITE_EQUAL_INT(counter->lpVtbl->AddRef(counter), 4);
	SUITE_EQUAL_INT(counter->lpVtbl->Release(counter), 3);
	SUITE_EQUAL_INT(first->lpVtbl->Release(first), 2);
	SUITE_EQUAL_INT(support->lpVtbl->Release(support), 1);
	SUITE_EQUAL_INT(counter->lpVtbl->Release(counter), 0);
}

static void
failed_queries(void)
{
	ICounter2 *counter = new_widget();
	void *other = (void *)0x1;

	EXPECT_HRESULT(
	    counter->lpVtbl->QueryInterface(counter, &IID_IStream, &other), E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(other);
	EXPECT_HRESULT(counter->lpVtbl->QueryInterface(counter, &IID_IStream, NULL), E_POINTER);
	other = (void *)0x1;
	EXPECT_HRESULT(counter->lpVtbl->QueryInterface(counter, NULL, &other), E_INVALIDARG);
	CU_ASSERT_PTR_NULL(other);
	SUITE_EQUAL_INT(counter->lpVtbl->Release(counter), 0);
}

static void
destruction(void)
{
	ICounter2 *counter;

	constructed = destructed = left_by_destructor = 0;
	counter = new_widget();
	SUITE_EQUAL_INT(constructed, 1);
	SUITE_EQUAL_INT(counter->lpVtbl->Release(counter), 0);
	SUITE_EQUAL_INT(destructed, 1);
	SUITE_EQUAL_INT(left_by_destructor, 1);
}

static void
failing_constructor(void)
{
	void *object = (void *)0x1;
	struct check_outer outer;

	destructed = 0;
	constructor_says = CO_E_SERVER_STOPPING;
	EXPECT_HRESULT(tessera_object_create(&widget_class, NULL, &IID_ICounter, &object),
	    CO_E_SERVER_STOPPING);
	CU_ASSERT_PTR_NULL(object);
	check_outer_init(&outer);
	EXPECT_HRESULT(tessera_object_create(&widget_class, &outer.unknown, &IID_IUnknown, &object),
	    CO_E_SERVER_STOPPING);
	constructor_says = S_OK;
	CU_ASSERT_PTR_NULL(object);
	SUITE_EQUAL_INT(destructed, 2);
	SUITE_EQUAL_INT(outer.references, 1);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
failing_final_query(void)
{
	void *object = (void *)0x1;

	destructed = 0;
	EXPECT_HRESULT(
	    tessera_object_create(&widget_class, NULL, &IID_IStream, &object), E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(object);
	SUITE_EQUAL_INT(destructed, 1);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
	EXPECT_HRESULT(tessera_object_create(&widget_class, NULL, &IID_IUnknown, NULL), E_POINTER);
	EXPECT_HRESULT(tessera_object_create(&widget_class, NULL, NULL, &object), E_INVALIDARG);
}

static void
aggregation(void)
{
	struct check_outer outer;
	ICounter2 *counter = NULL;
	IUnknown *unknown = NULL;
	ULONG queries;
	LONG value;

	check_outer_init(&outer);
	destructed = 0;
	EXPECT_HRESULT(tessera_object_create(
			   &widget_class, &outer.unknown, &IID_IUnknown, (void **)&outer.inner),
	    S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(outer.inner);
	/* The inner holds no reference to the outer. */
	SUITE_EQUAL_INT(outer.references, 1);

	/* The inner's own IUnknown is its own. */
	queries = outer.queries;
	EXPECT_HRESULT(
	    outer.inner->lpVtbl->QueryInterface(outer.inner, &IID_IUnknown, (void **)&unknown),
	    S_OK);
	CU_ASSERT_PTR_EQUAL(unknown, outer.inner);
	SUITE_EQUAL_INT(outer.queries, queries);
	SUITE_EQUAL_INT(unknown->lpVtbl->Release(unknown), 1);
	SUITE_EQUAL_INT(outer.references, 1);

	/* Its other interfaces are the outer's in all three. */
	EXPECT_HRESULT(
	    outer.unknown.lpVtbl->QueryInterface(&outer.unknown, &IID_ICounter2, (void **)&counter),
	    S_OK);
	SUITE_EQUAL_INT(outer.references, 2);
	SUITE_EQUAL_INT(outer.add_refs, 1);
	EXPECT_HRESULT(
	    counter->lpVtbl->QueryInterface(counter, &IID_IUnknown, (void **)&unknown), S_OK);
	CU_ASSERT_PTR_EQUAL(unknown, &outer.unknown);
	SUITE_EQUAL_INT(unknown->lpVtbl->Release(unknown), 2);
	SUITE_EQUAL_INT(counter->lpVtbl->AddRef(counter), 3);
	SUITE_EQUAL_INT(counter->lpVtbl->Release(counter), 2);
	SUITE_EQUAL_INT(outer.add_refs, 3);
	SUITE_EQUAL_INT(outer.releases, 2);
	EXPECT_HRESULT(counter->lpVtbl->Next(counter, &value), S_OK);
	SUITE_EQUAL_INT(value, 5);
	SUITE_EQUAL_INT(counter->lpVtbl->Release(counter), 1);

	SUITE_EQUAL_INT(destructed, 0);
	SUITE_EQUAL_INT(outer.inner->lpVtbl->Release(outer.inner), 0);
	SUITE_EQUAL_INT(destructed, 1);
	SUITE_EQUAL_INT(outer.references, 1);
}

static void
refused_aggregation(void)
{
	struct check_outer outer;
	void *object = (void *)0x1;

	check_outer_init(&outer);
	EXPECT_HRESULT(tessera_object_create(&widget_class, &outer.unknown, &IID_ICounter, &object),
	    E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(object);
	object = (void *)0x1;
	EXPECT_HRESULT(tessera_object_create(&lone_class, &outer.unknown, &IID_IUnknown, &object),
	    CLASS_E_NOAGGREGATION);
	CU_ASSERT_PTR_NULL(object);
	EXPECT_HRESULT(tessera_object_create(&lone_class, &outer.unknown, &IID_ICounter, &object),
	    CLASS_E_NOAGGREGATION);
	SUITE_EQUAL_INT(outer.references, 1);
	SUITE_EQUAL_INT(outer.add_refs, outer.releases);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
error_support(void)
{
	ICounter2 *counter = new_widget();
	ISupportErrorInfo *support = NULL;

	EXPECT_HRESULT(
	    counter->lpVtbl->QueryInterface(counter, &IID_ISupportErrorInfo, (void **)&support),
	    S_OK);
	EXPECT_HRESULT(support->lpVtbl->InterfaceSupportsErrorInfo(support, &IID_ICounter2), S_OK);
	EXPECT_HRESULT(support->lpVtbl->InterfaceSupportsErrorInfo(support, &IID_IDispatch), S_OK);
	EXPECT_HRESULT(support->lpVtbl->InterfaceSupportsErrorInfo(support, &IID_IStream), S_FALSE);
	EXPECT_HRESULT(support->lpVtbl->InterfaceSupportsErrorInfo(support, NULL), E_INVALIDARG);
	support->lpVtbl->Release(support);
	counter->lpVtbl->Release(counter);
}

static void
dispatch(void)
{
	IDispatch *dispatch = NULL;
	ITypeInfo *info = (ITypeInfo *)0x1;
	LPOLESTR name = (LPOLESTR)u"x";
	DISPPARAMS none = { 0 };
	VARIANT result;
	UINT count = 7;
	DISPID id;

	CU_ASSERT_EQUAL_FATAL(
	    tessera_object_create(&widget_class, NULL, &IID_IDispatch, (void **)&dispatch), S_OK);
	EXPECT_HRESULT(dispatch->lpVtbl->GetTypeInfoCount(dispatch, &count), S_OK);
	SUITE_EQUAL_INT(count, 0);
	EXPECT_HRESULT(dispatch->lpVtbl->GetTypeInfoCount(dispatch, NULL), E_POINTER);
	EXPECT_HRESULT(dispatch->lpVtbl->GetTypeInfo(dispatch, 0, 0, &info), E_NOTIMPL);
	CU_ASSERT_PTR_NULL(info);
	EXPECT_HRESULT(
	    dispatch->lpVtbl->GetIDsOfNames(dispatch, &IID_NULL, &name, 1, 0, &id), E_NOTIMPL);
	memset(&result, 0xAA, sizeof result);
	EXPECT_HRESULT(
	    dispatch->lpVtbl->Invoke(dispatch, 1, &IID_NULL, 0, 1, &none, &result, NULL, NULL),
	    E_NOTIMPL);
	SUITE_EQUAL_INT(V_VT(&result), VT_EMPTY);
	dispatch->lpVtbl->Release(dispatch);
}

struct seen {
	int calls;
	ULONG widgets, lones;
};

static void
note(const char *name, ULONG count, void *data)
{
	struct seen *seen = data;

	seen->calls++;
	if (strcmp(name, "Widget") == 0)
		seen->widgets = count;
	else if (strcmp(name, "Lone") == 0)
		seen->lones = count;
}

static void *
release_it(void *object)
{
	ICounter2 *counter = object;

	counter->lpVtbl->Release(counter);
	return NULL;
}

static void
census(void)
{
	ICounter2 *widgets[3];
	ICounter *lone = NULL;
	struct seen seen = { 0 };
	pthread_t thread;

	SUITE_EQUAL_INT(tessera_live_objects(note, &seen), 0);
	SUITE_EQUAL_INT(seen.calls, 0);
	for (int i = 0; i < 3; i++)
		widgets[i] = new_widget();
	EXPECT_HRESULT(
	    tessera_object_create(&lone_class, NULL, &IID_ICounter, (void **)&lone), S_OK);
	SUITE_EQUAL_INT(tessera_live_objects(note, &seen), 4);
	SUITE_EQUAL_INT(seen.calls, 2);
	SUITE_EQUAL_INT(seen.widgets, 3);
	SUITE_EQUAL_INT(seen.lones, 1);
	/* Released on other threads than made on: shards go below zero, the sum does not. */
	for (int i = 0; i < 3; i++)
		if (pthread_create(&thread, NULL, release_it, widgets[i]) != 0 ||
		    pthread_join(thread, NULL) != 0)
			abort();
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 1);
	lone->lpVtbl->Release(lone);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
services(void)
{
	static const struct tessera_class *const only_service[] = { &service_class };
	struct tessera_module serving = { .classes = only_service, .class_count = 1 };
	ICounter *counter = NULL;

	EXPECT_HRESULT(
	    tessera_object_create(&service_class, NULL, &IID_ICounter, (void **)&counter), S_OK);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
	SUITE_EQUAL_INT(tessera_live_services(NULL, NULL), 1);
	EXPECT_HRESULT(tessera_module_can_unload_now(&serving), S_FALSE);
	counter->lpVtbl->Release(counter);
	SUITE_EQUAL_INT(tessera_live_services(NULL, NULL), 0);
	EXPECT_HRESULT(tessera_module_can_unload_now(&serving), S_OK);
}

static void
class_objects(void)
{
	IClassFactory *factory = NULL;
	IUnknown *unknown = NULL;
	ICounter *counter = NULL;
	void *other = (void *)0x1;

	EXPECT_HRESULT(tessera_module_can_unload_now(&module), S_OK);
	EXPECT_HRESULT(
	    tessera_module_get_class_object(&module, &clsid_lone, &IID_IClassFactory, &other),
	    CLASS_E_CLASSNOTAVAILABLE);
	CU_ASSERT_PTR_NULL(other);
	other = (void *)0x1;
	EXPECT_HRESULT(
	    tessera_module_get_class_object(&module, &clsid_widget, &IID_ICounter, &other),
	    E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(other);
	EXPECT_HRESULT(
	    tessera_module_get_class_object(&module, &clsid_widget, &IID_IClassFactory, NULL),
	    E_POINTER);
	SUITE_EQUAL_INT(module.factories, 0);
	EXPECT_HRESULT(tessera_module_get_class_object(
			   &module, &clsid_widget, &IID_IClassFactory, (void **)&factory),
	    S_OK);
	SUITE_EQUAL_INT(module.factories, 1);
	EXPECT_HRESULT(tessera_module_can_unload_now(&module), S_FALSE);
	EXPECT_HRESULT(
	    factory->lpVtbl->QueryInterface(factory, &IID_IUnknown, (void **)&unknown), S_OK);
	SUITE_EQUAL_INT(module.factories, 2);
	EXPECT_HRESULT(
	    factory->lpVtbl->QueryInterface(factory, &IID_ICounter, &other), E_NOINTERFACE);
	EXPECT_HRESULT(factory->lpVtbl->QueryInterface(factory, &IID_IUnknown, NULL), E_POINTER);
	unknown->lpVtbl->Release(unknown);
	EXPECT_HRESULT(
	    factory->lpVtbl->CreateInstance(factory, NULL, &IID_ICounter, (void **)&counter), S_OK);
	EXPECT_HRESULT(factory->lpVtbl->LockServer(factory, TRUE), S_OK);
	SUITE_EQUAL_INT(factory->lpVtbl->Release(factory), 0);
	SUITE_EQUAL_INT(module.factories, 0);
	EXPECT_HRESULT(tessera_module_can_unload_now(&module), S_FALSE);
	counter->lpVtbl->Release(counter);
	EXPECT_HRESULT(tessera_module_can_unload_now(&module), S_FALSE);
	EXPECT_HRESULT(tessera_module_get_class_object(
			   &module, &clsid_widget, &IID_IClassFactory, (void **)&factory),
	    S_OK);
	EXPECT_HRESULT(factory->lpVtbl->LockServer(factory, FALSE), S_OK);
	factory->lpVtbl->Release(factory);
	EXPECT_HRESULT(tessera_module_can_unload_now(&module), S_OK);
}

static void
modules_come_and_go(void)
{
	ICounter2 *counter = new_widget();

	/* The class is in both; the object counts in each, for each lists its classes. */
	tessera_module_begin(&module);
	module.locks = 2;
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 2);
	SUITE_EQUAL_INT(tessera_live_locks(), 2);
	module.locks = 0;
	tessera_module_end(&module);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 1);
	tessera_module_end(&module);
	counter->lpVtbl->Release(counter);
}

static const struct suite_test tests[] = {
	{ "identity and counts", identity },
	{ "queries that fail", failed_queries },
	{ "destruction happens once", destruction },
	{ "a constructor that fails", failing_constructor },
	{ "a final query that fails", failing_final_query },
	{ "aggregation", aggregation },
	{ "aggregation refused", refused_aggregation },
	{ "ISupportErrorInfo", error_support },
	{ "IDispatch without type information", dispatch },
	{ "live objects by class", census },
	{ "objects that serve the process are counted apart", services },
	{ "class objects and unloading", class_objects },
	{ "modules come and go", modules_come_and_go },
};

int
main(void)
{
	return suite_run("class helper", tests, sizeof tests / sizeof tests[0]);
}
