/* SPDX-License-Identifier: BSD-2-Clause */
/* The C++ side of golden_slots.c. */
#include "golden_slots.h"

#include <large.h>

int
golden_default_call(IGreeter *greeter)
{
	return greeter->Reset();
}

int
golden_calls(IGreeter *greeter, const int *arrived)
{
	BSTR text = nullptr;
	ULONG count = 0;
	void *object = nullptr;
	IUnknown *unknown = greeter;
	int wrong = 0;

	wrong += unknown->QueryInterface(IID_IGreeter, &object) != 0 || *arrived != 0;
	wrong += unknown->AddRef() != 2 || *arrived != 1;
	wrong += unknown->Release() != 1 || *arrived != 2;
	wrong += greeter->Greet(nullptr, MANNER_TWICE, &text) != 0 || *arrived != 3;
	wrong += greeter->get_Count(&count) != 0 || *arrived != 4 || count != 77;
	wrong += greeter->Reset(MANNER_ONCE) != 0 || *arrived != 5;
	return wrong;
}
