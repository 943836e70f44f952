/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forms.h in the hands of compilers, as golden_slots.c has it of the others: slots, sizes and
 * values written down by hand, and tables of C called from C++.
 */
#define COBJMACROS
#include "golden_forms.h"

#include <stddef.h>
#include <string.h>

#define SLOT(interface, method, slot)                                                \
	_Static_assert(offsetof(interface##Vtbl, method) == (slot) * sizeof(void *), \
	    #interface "::" #method " is slot " #slot)
#define SLOTS(interface, count)                                             \
	_Static_assert(sizeof(interface##Vtbl) == (count) * sizeof(void *), \
	    #interface " has " #count " slots")

SLOT(IFormsBase, Choice, 3);
SLOT(IFormsBase, Near, 4);
SLOT(IFormsBase, Ranged, 5);
SLOTS(IFormsBase, 6);
SLOT(IFormsLater, Ranged, 5);
SLOT(IFormsLater, Later, 6);
SLOTS(IFormsLater, 7);
SLOT(IForms, Invoke, 6);
SLOT(IForms, get_Item, 7);
SLOT(IForms, put_Item, 8);
SLOT(IForms, putref_Item, 9);
SLOT(IForms, Add, 10);
SLOT(IForms, Call, 11);
SLOT(IForms, get_Data, 12);
SLOTS(IForms, 13);
SLOT(DFormsEvents, GetTypeInfoCount, 3);
SLOT(DFormsEvents, Invoke, 6);
SLOTS(DFormsEvents, 7);
SLOTS(DForms, 7);
SLOT(IFormsLocal, Plain, 3);
SLOT(IFormsLocal, Struct, 4);
SLOT(IFormsLocal, Pointer, 5);
SLOTS(IFormsLocal, 6);

_Static_assert(offsetof(CHOICE, kind) == 0 && offsetof(CHOICE, value) == 8, "selector, union");
_Static_assert(sizeof(CHOICE) == 24 && sizeof(((CHOICE *)0)->value) == 16, "largest arm");
_Static_assert(offsetof(UNNAMED_CHOICE, tagged_union) == 4, "a union without a name");
_Static_assert(sizeof(ARMS) == sizeof(void *), "a union is as large as its largest arm");
_Static_assert(offsetof(HOLDER, low) == 16 && offsetof(HOLDER, second) == 18, "nameless members");
_Static_assert(offsetof(HOLDER, grid) == 32 && offsetof(HOLDER, tail) == 56, "after 32 bits");
_Static_assert(FORM_NONE == 0 && FORM_TEXT == 4, "enum values");
_Static_assert(FORM_MASK == INT32_MIN && FORM_FORCE == -1, "enums have 32 bits");
_Static_assert(FORMS_IN_MODULE == 9 && FORMS_INSIDE == 5 && FORMS_YES == 1, "constants");
_Static_assert(FORMS_HYPER == INT64_C(1) << 32, "hyper constant");
_Static_assert(FORMS_QUOTED == 1 && FORMS_QUOTED_INSIDE == 1, "quotations");
_Static_assert(sizeof(FORMS_CALLBACK) == sizeof(void *), "a pointer to a function");

static int arrived;

#define ARRIVE(slot) return (arrived = (slot))

static HRESULT STDMETHODCALLTYPE
query_interface(IForms *This, REFIID riid, void **ppvObject)
{
	(void)This, (void)riid, (void)ppvObject;
	ARRIVE(0);
}

static ULONG STDMETHODCALLTYPE
add_ref(IForms *This)
{
	(void)This;
	arrived = 1;
	return 1;
}

static ULONG STDMETHODCALLTYPE
release(IForms *This)
{
	(void)This;
	arrived = 2;
	return 2;
}

static HRESULT STDMETHODCALLTYPE
get_type_info_count(IForms *This, UINT *pctinfo)
{
	(void)This, (void)pctinfo;
	ARRIVE(3);
}

static HRESULT STDMETHODCALLTYPE
get_type_info(IForms *This, UINT iTInfo, LCID lcid, ITypeInfo **ppTInfo)
{
	(void)This, (void)iTInfo, (void)lcid, (void)ppTInfo;
	ARRIVE(4);
}

static HRESULT STDMETHODCALLTYPE
get_ids_of_names(
    IForms *This, REFIID riid, LPOLESTR *rgszNames, UINT cNames, LCID lcid, DISPID *rgDispId)
{
	(void)This, (void)riid, (void)rgszNames, (void)cNames, (void)lcid, (void)rgDispId;
	ARRIVE(5);
}

static HRESULT STDMETHODCALLTYPE
invoke(IForms *This, DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags,
    DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr)
{
	(void)This, (void)dispIdMember, (void)riid, (void)lcid, (void)wFlags, (void)pDispParams;
	(void)pVarResult, (void)pExcepInfo, (void)puArgErr;
	ARRIVE(6);
}

static HRESULT STDMETHODCALLTYPE
get_item(IForms *This, VARIANT index, VARIANT *item)
{
	(void)This, (void)index, (void)item;
	ARRIVE(7);
}

static HRESULT STDMETHODCALLTYPE
put_item(IForms *This, VARIANT index, VARIANT item)
{
	(void)This, (void)index, (void)item;
	ARRIVE(8);
}

static HRESULT STDMETHODCALLTYPE
putref_item(IForms *This, VARIANT index, IDispatch *item)
{
	(void)This, (void)index, (void)item;
	ARRIVE(9);
}

static HRESULT STDMETHODCALLTYPE
add(IForms *This, BSTR name, VARIANT value, IForms **form)
{
	(void)This, (void)name, (void)value, (void)form;
	ARRIVE(10);
}

static HRESULT STDMETHODCALLTYPE
call(IForms *This, SAFEARRAY *arguments, VARIANT *result)
{
	(void)This, (void)arguments, (void)result;
	ARRIVE(11);
}

static HRESULT STDMETHODCALLTYPE
get_data(IForms *This, UDT *data)
{
	(void)This;
	data->a = 12;
	ARRIVE(12);
}

static ULONG STDMETHODCALLTYPE
local_plain(IFormsLocal *This, void *anything)
{
	(void)This, (void)anything;
	arrived = 3;
	return 3;
}

static UDT *STDMETHODCALLTYPE
local_struct(IFormsLocal *This, UDT *result, LONG a)
{
	(void)This;
	arrived = 4;
	result->a = a;
	return result;
}

static BYTE *STDMETHODCALLTYPE
local_pointer(IFormsLocal *This)
{
	(void)This;
	arrived = 5;
	return NULL;
}

static const IFormsVtbl forms_table = { query_interface, add_ref, release, get_type_info_count,
	get_type_info, get_ids_of_names, invoke, get_item, put_item, putref_item, add, call,
	get_data };
static const IFormsLocalVtbl local_table = {
	.Plain = local_plain, .Struct = local_struct, .Pointer = local_pointer
};

void
golden_forms(void (*report)(const char *name, int ok))
{
	static const size_t layout[] = GOLDEN_LAYOUT;
	static const uint8_t diid[] = { 0x52, 0x3B, 0x1C, 0x7D, 0x0E, 0x9A, 0x6B, 0x4F, 0x8C, 0x11,
		0x5B, 0x7C, 0x2E, 0x0D, 0x1A, 0x06 };
	IForms forms = { &forms_table };
	IFormsLocal local = { &local_table };
	VARIANT value;

	memset(&value, 0, sizeof(value));
	IForms_put_Item(&forms, value, value);
	report("the macro of a property calls its method", arrived == 8);
	report("dual: C++ calls land in the slots of C", golden_call_forms(&forms, &arrived) == 0);
	/* Every dispinterface has the table of IDispatch, which that of IForms begins with. */
	report("dispinterface: C++ calls land in the slots of IDispatch",
	    golden_call_events((DFormsEvents *)(void *)&forms, &arrived) == 0);
	report("local: C++ calls land in the slots of C", golden_call_local(&local, &arrived) == 0);
	report("unions have one layout in C and C++",
	    golden_layout(layout, sizeof(layout) / sizeof(layout[0])) == 0);
	report("a dispinterface has its identifier",
	    memcmp(&DIID_DFormsEvents, diid, sizeof(diid)) == 0);
	report("declare_guid defines an identifier", CATID_Forms.Data1 == 0x7D1C3B52);
}
