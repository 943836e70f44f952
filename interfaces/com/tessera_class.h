/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The class helper: how a component is written in C.
 *
 * You write a struct per class, functions for your own methods, a table of interfaces, and one
 * TESSERA_MODULE line. QueryInterface, AddRef, Release, aggregation, the class factory, the
 * module's entry points and the count of live objects come from here.
 *
 *	struct counter {
 *		struct tessera_object object;           // first
 *		TESSERA_INTERFACE(ICounter) counter;    // one per interface
 *		LONG value;
 *	};
 *
 *	static HRESULT
 *	counter_Next(ICounter *iface, LONG *value)
 *	{
 *		struct counter *self = TESSERA_SELF(struct counter, iface);
 *
 *		*value = self->value++;
 *		return S_OK;
 *	}
 *
 *	static const ICounterVtbl counter_vtbl = {
 *		TESSERA_UNKNOWN_SLOTS(ICounter),
 *		.Next = counter_Next,
 *	};
 *	static const struct tessera_interface counter_interfaces[] = {
 *		{ &IID_ICounter, offsetof(struct counter, counter), &counter_vtbl },
 *	};
 *	static struct tessera_census counter_census;
 *	static const struct tessera_class counter_class = {
 *		.clsid = &CLSID_Counter,
 *		.name = "Counter",
 *		.size = sizeof(struct counter),
 *		.interfaces = counter_interfaces,
 *		.interface_count = 1,
 *		.census = &counter_census,
 *	};
 *	TESSERA_MODULE(&counter_class);
 *
 * C only: a component in C++ derives from the abstract classes and has its own DllGetClassObject.
 */
#ifndef TESSERA_CLASS_H
#define TESSERA_CLASS_H

#include <oleauto.h>

#ifndef __cplusplus

/* First member of every object; written by the helper alone. */
struct tessera_object {
	IUnknown inner;       /* the object's own IUnknown, never delegating */
	IUnknown *controller; /* who answers for the object: &inner, or the aggregator */
	const struct tessera_class *type;
	uint32_t references; /* of `inner`; changed atomically */
};

/* One interface of an object: the pointer clients hold is the address of `iface`. */
#define TESSERA_INTERFACE(I)                   \
	struct {                               \
		I iface;                       \
		struct tessera_object *object; \
	}

/*
 * The object behind an interface pointer made by TESSERA_INTERFACE; `type` begins with its
 * tessera_object.
 */
struct tessera_face {
	const void *lpVtbl;
	struct tessera_object *object;
};
#define TESSERA_SELF(type, iface) ((type *)(void *)((struct tessera_face *)(void *)(iface))->object)

/*
 * A row of the table: the interface, where its TESSERA_INTERFACE lies in the object, its functions.
 * Base interfaces (IDispatch of ISCardCmd, ISequentialStream of IStream) have rows of their own
 * with the same place. IUnknown needs no row.
 */
struct tessera_interface {
	const IID *iid;
	size_t offset;
	const void *vtbl;
};

/* Live objects of a class, counted without a line that all threads write. All zero at first. */
#define TESSERA_CENSUS_SHARDS 8
struct tessera_census {
	struct {
		_Alignas(64) int64_t made;
		int64_t ended;
	} shard[TESSERA_CENSUS_SHARDS];
};

#define TESSERA_CLASS_NOT_AGGREGATABLE 0x1u
/*
 * The class serves the process rather than a client: a reader driver and its readers, which the
 * resource manager keeps to the end. tessera_live_objects, which shows what a client forgot, leaves
 * its objects out; DllCanUnloadNow counts them.
 */
#define TESSERA_CLASS_SERVICE 0x2u

/*
 * A class. All of it constant except what `census` points to.
 */
struct tessera_class {
	const CLSID *clsid; /* NULL: objects are made only by tessera_object_create */
	const char *name;   /* as in the IDL file; what the count of live objects shows */
	size_t size;        /* of the object's struct */
	const struct tessera_interface *interfaces;
	size_t interface_count;
	/*
	 * Fills a new object; everything else in it is zero, and its interfaces work. NULL: nothing
	 * to do. On failure the destructor is called, then the memory is freed; the result goes to
	 * the creator.
	 */
	HRESULT (*construct)(struct tessera_object *object);
	/*
	 * Frees what the object owns, also a half-filled one. No one else has a pointer to it; it
	 * may give its own interfaces to others for the time of the call. NULL: nothing to do.
	 */
	void (*destruct)(struct tessera_object *object);
	uint32_t flags;
	struct tessera_census *census; /* NULL: not counted; then do not unload its module */
};

/* Slots 0 to 2 of every interface; `This` is an interface pointer made by TESSERA_INTERFACE. */
HRESULT tessera_object_query_interface(void *This, REFIID riid, void **ppvObject);
ULONG tessera_object_add_ref(void *This);
ULONG tessera_object_release(void *This);

/* Slots 3 to 6 of an IDispatch without type information: count 0, the others E_NOTIMPL. */
HRESULT tessera_dispatch_get_type_info_count(void *This, UINT *pctinfo);
HRESULT tessera_dispatch_get_type_info(void *This, UINT iTInfo, LCID lcid, ITypeInfo **ppTInfo);
HRESULT tessera_dispatch_get_ids_of_names(
    void *This, REFIID riid, LPOLESTR *rgszNames, UINT cNames, LCID lcid, DISPID *rgDispId);
HRESULT
tessera_dispatch_invoke(void *This, DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags,
    DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr);

/* Designated initialisers for a table of functions of interface I. */
#define TESSERA_UNKNOWN_SLOTS(I)                                                            \
	.QueryInterface = (HRESULT(*)(I *, REFIID, void **))tessera_object_query_interface, \
	.AddRef = (ULONG(*)(I *))tessera_object_add_ref,                                    \
	.Release = (ULONG(*)(I *))tessera_object_release
#define TESSERA_DISPATCH_SLOTS(I)                                                                 \
	TESSERA_UNKNOWN_SLOTS(I),                                                                 \
	    .GetTypeInfoCount = (HRESULT(*)(I *, UINT *))tessera_dispatch_get_type_info_count,    \
	    .GetTypeInfo =                                                                        \
		(HRESULT(*)(I *, UINT, LCID, ITypeInfo **))tessera_dispatch_get_type_info,        \
	    .GetIDsOfNames = (HRESULT(*)(                                                         \
		I *, REFIID, LPOLESTR *, UINT, LCID, DISPID *))tessera_dispatch_get_ids_of_names, \
	    .Invoke = (HRESULT(*)(I *, DISPID, REFIID, LCID, WORD, DISPPARAMS *, VARIANT *,       \
		EXCEPINFO *, UINT *))tessera_dispatch_invoke

/*
 * ISupportErrorInfo for any class: S_OK for the interfaces in the class's table. Use it as the vtbl
 * of a TESSERA_INTERFACE(ISupportErrorInfo) member.
 */
extern const ISupportErrorInfoVtbl tessera_support_error_info_vtbl;

/*
 * tessera_object_create: a new object without a factory, for use inside the module.
 * As IClassFactory::CreateInstance of that class.
 */
HRESULT
tessera_object_create(const struct tessera_class *type, IUnknown *outer, REFIID riid, void **ppv);

/*
 * tessera_error: leaves an error object with a text on the calling thread and returns `code`.
 * @iid: the interface whose method failed; @source: the class's ProgID or name; both may be NULL
 * @format: as printf; names the object, the cause and the next step; UTF-8. Never a PIN or key.
 */
HRESULT tessera_error(HRESULT code, const IID *iid, const char *source, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The classes of one module or library; linked into the runtime's list while it is loaded. */
struct tessera_module {
	const struct tessera_class *const *classes;
	size_t class_count;
	int64_t locks;     /* LockServer; changed atomically */
	int64_t factories; /* references to class objects; changed atomically */
	struct tessera_module *next;
};
void tessera_module_begin(struct tessera_module *module);
void tessera_module_end(struct tessera_module *module);
HRESULT tessera_module_get_class_object(
    struct tessera_module *module, REFCLSID rclsid, REFIID riid, LPVOID *ppv);
HRESULT tessera_module_can_unload_now(struct tessera_module *module);

/* All classes of a library that is no component module (no entry points), private ones too. */
#define TESSERA_CLASSES(...)                                                               \
	static const struct tessera_class *const tessera_own_classes[] = { __VA_ARGS__ };  \
	static struct tessera_module tessera_own_module = {                                \
		.classes = tessera_own_classes,                                            \
		.class_count = sizeof tessera_own_classes / sizeof tessera_own_classes[0], \
	};                                                                                 \
	__attribute__((constructor)) static void tessera_own_begin(void)                   \
	{                                                                                  \
		tessera_module_begin(&tessera_own_module);                                 \
	}                                                                                  \
	__attribute__((destructor)) static void tessera_own_end(void)                      \
	{                                                                                  \
		tessera_module_end(&tessera_own_module);                                   \
	}                                                                                  \
	struct tessera_module /* swallows the semicolon */

/* The same for a component module, with its exports. Once per module, at file level. */
#define TESSERA_MODULE(...)                                                                     \
	TESSERA_CLASSES(__VA_ARGS__);                                                           \
	__attribute__((visibility("default"))) HRESULT DllGetClassObject(                       \
	    REFCLSID rclsid, REFIID riid, LPVOID *ppv)                                          \
	{                                                                                       \
		return tessera_module_get_class_object(&tessera_own_module, rclsid, riid, ppv); \
	}                                                                                       \
	__attribute__((visibility("default"))) HRESULT DllCanUnloadNow(void)                    \
	{                                                                                       \
		return tessera_module_can_unload_now(&tessera_own_module);                      \
	}                                                                                       \
	struct tessera_module /* swallows the semicolon */

#endif

#endif
