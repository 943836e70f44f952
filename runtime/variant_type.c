/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/variant_type.h"

_Static_assert(sizeof(void *) == 8, "strings and interfaces have 8 bytes");

ULONG
variant_type_size(VARTYPE vt)
{
	switch (vt) {
	case VT_I1:
	case VT_UI1:
		return 1;
	case VT_I2:
	case VT_UI2:
	case VT_BOOL:
		return 2;
	case VT_I4:
	case VT_UI4:
	case VT_INT:
	case VT_UINT:
	case VT_R4:
	case VT_ERROR:
		return 4;
	case VT_I8:
	case VT_UI8:
	case VT_R8:
	case VT_CY:
	case VT_DATE:
	case VT_BSTR:
	case VT_UNKNOWN:
	case VT_DISPATCH:
		return 8;
	case VT_DECIMAL:
		return sizeof(DECIMAL);
	case VT_VARIANT:
		return sizeof(VARIANT);
	default:
		return 0;
	}
}

bool
variant_type_is_valid(VARTYPE vt)
{
	VARTYPE base = vt & VT_TYPEMASK;

	if ((vt & ~(VT_TYPEMASK | VT_ARRAY | VT_BYREF)) != 0)
		return false;
	if ((vt & (VT_ARRAY | VT_BYREF)) == 0)
		return base == VT_EMPTY || base == VT_NULL || base == VT_RECORD ||
		    (base != VT_VARIANT && variant_type_size(base) != 0);
	return base == VT_RECORD || variant_type_size(base) != 0;
}
