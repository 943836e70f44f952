/* SPDX-License-Identifier: BSD-2-Clause */
/* The C++ side of golden_forms.c. */
#include "golden_forms.h"

#include <stddef.h>

int
golden_call_forms(IForms *forms, const int *arrived)
{
	IDispatch *dispatch = forms;
	VARIANT value = {};
	IForms *other = nullptr;
	UINT count = 0;
	UDT data = {};
	int wrong = 0;

	wrong += dispatch->AddRef() != 1 || *arrived != 1;
	wrong += dispatch->GetTypeInfoCount(&count) != 3 || *arrived != 3;
	wrong += dispatch->GetTypeInfo(0, 0, nullptr) != 4 || *arrived != 4;
	wrong += dispatch->GetIDsOfNames(IID_IForms, nullptr, 0, 0, nullptr) != 5 || *arrived != 5;
	wrong += forms->get_Item(value, &value) != 7 || *arrived != 7;
	wrong += forms->put_Item(value, value) != 8 || *arrived != 8;
	wrong += forms->putref_Item(value, dispatch) != 9 || *arrived != 9;
	wrong += forms->Add(nullptr, value, &other) != 10 || *arrived != 10;
	wrong += forms->Call(nullptr, &value) != 11 || *arrived != 11;
	wrong += forms->get_Data(&data) != 12 || *arrived != 12 || data.a != 12;
	return wrong;
}

int
golden_call_events(DFormsEvents *events, const int *arrived)
{
	IDispatch *dispatch = events;
	int wrong = 0;

	wrong += events->Release() != 2 || *arrived != 2;
	wrong += dispatch->Invoke(7, IID_IForms, 0, 0, nullptr, nullptr, nullptr, nullptr) != 6 ||
	    *arrived != 6;
	return wrong;
}

int
golden_call_local(IFormsLocal *local, const int *arrived)
{
	UDT result = {};
	int wrong = 0;

	wrong += local->Plain(nullptr) != 3 || *arrived != 3;
	wrong += local->Struct(&result, 4) != &result || *arrived != 4 || result.a != 4;
	wrong += local->Pointer() != nullptr || *arrived != 5;
	return wrong;
}

int
golden_layout(const size_t *values, size_t count)
{
	static const size_t own[] = GOLDEN_LAYOUT;
	int wrong = count != sizeof(own) / sizeof(own[0]);

	for (size_t i = 0; i < count && wrong == 0; i++)
		wrong += own[i] != values[i];
	return wrong;
}
