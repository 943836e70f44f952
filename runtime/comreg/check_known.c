/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/check_known.h"

#include <string.h>

#include <glib.h>

#define CLASSIC(n)                                   \
	{                                            \
		n, 0, 0,                             \
		{                                    \
			0xC0, 0, 0, 0, 0, 0, 0, 0x46 \
		}                                    \
	}
#define CONTROL(n)                                                     \
	{                                                              \
		n, 0xBAB4, 0x101A,                                     \
		{                                                      \
			0xB6, 0x9C, 0x00, 0xAA, 0x00, 0x34, 0x1D, 0x07 \
		}                                                      \
	}
#define ERRORS(n, a, b)                                                \
	{                                                              \
		n, a, b,                                               \
		{                                                      \
			0x8E, 0x65, 0x08, 0x00, 0x2B, 0x2B, 0xD1, 0x19 \
		}                                                      \
	}

const IID check_iid_connection_point_container = CONTROL(0xB196B284);
const IID check_iid_connection_point = CONTROL(0xB196B286);

static const struct check_known known[] = {
	{ CLASSIC(0x00000000), "IUnknown", 3, 0, 0 },
	{ CLASSIC(0x00000001), "IClassFactory", 5, 0, 0 },
	{ CLASSIC(0x00000002), "IMalloc", 9, 0, 0 },
	{ CLASSIC(0x00000003), "IMarshal", 9, 0, 0 },
	{ CLASSIC(0x0000000A), "ILockBytes", 10, 0, 0 },
	{ CLASSIC(0x0000000C), "IStream", 14, 0, 0 },
	{ CLASSIC(0x00000019), "IExternalConnection", 5, 0, 0 },
	{ CLASSIC(0x00000020), "IMultiQI", 4, 0, 0 },
	{ CLASSIC(0x00000100), "IEnumUnknown", 7, sizeof(void *), CHECK_OWNS_INTERFACE },
	{ CLASSIC(0x00000101), "IEnumString", 7, sizeof(void *), CHECK_OWNS_TASK_MEMORY },
	{ CLASSIC(0x00000102), "IEnumMoniker", 7, sizeof(void *), CHECK_OWNS_INTERFACE },
	{ CLASSIC(0x00000109), "IPersistStream", 8, 0, 0 },
	{ CLASSIC(0x0000010A), "IPersistStorage", 10, 0, 0 },
	{ CLASSIC(0x0000010B), "IPersistFile", 9, 0, 0 },
	{ CLASSIC(0x0000010C), "IPersist", 4, 0, 0 },
	{ CLASSIC(0x00000146), "IGlobalInterfaceTable", 6, 0, 0 },
	{ CLASSIC(0x00020400), "IDispatch", 7, 0, 0 },
	{ CLASSIC(0x00020404), "IEnumVARIANT", 7, sizeof(VARIANT), CHECK_OWNS_VARIANT },
	{ CLASSIC(0x0002E000), "IEnumGUID", 7, sizeof(GUID), CHECK_OWNS_NOTHING },
	{ CLASSIC(0x0002E011), "IEnumCATEGORYINFO", 7, 276, CHECK_OWNS_NOTHING },
	{ CLASSIC(0x0002E012), "ICatRegister", 9, 0, 0 },
	{ CLASSIC(0x0002E013), "ICatInformation", 9, 0, 0 },
	{ { 0x0C733A30, 0x2A1C, 0x11CE, { 0xAD, 0xE5, 0x00, 0xAA, 0x00, 0x44, 0x77, 0x3D } },
	    "ISequentialStream", 5, 0, 0 },
	{ ERRORS(0x1CF2B120, 0x547D, 0x101B), "IErrorInfo", 8, 0, 0 },
	{ ERRORS(0x22F03340, 0x547D, 0x101B), "ICreateErrorInfo", 8, 0, 0 },
	{ ERRORS(0xDF0B3D60, 0x548F, 0x101B), "ISupportErrorInfo", 4, 0, 0 },
	{ CONTROL(0xB196B283), "IProvideClassInfo", 4, 0, 0 },
	{ CONTROL(0xB196B284), "IConnectionPointContainer", 5, 0, 0 },
	{ CONTROL(0xB196B285), "IEnumConnectionPoints", 7, sizeof(void *), CHECK_OWNS_INTERFACE },
	{ CONTROL(0xB196B286), "IConnectionPoint", 8, 0, 0 },
	{ CONTROL(0xB196B287), "IEnumConnections", 7, 16, CHECK_OWNS_INTERFACE },
	{ { 0x7FD52380, 0x4E07, 0x101B, { 0xAE, 0x2D, 0x08, 0x00, 0x2B, 0x2E, 0xC7, 0x13 } },
	    "IPersistStreamInit", 9, 0, 0 },
	{ { 0x79EAC9C9, 0xBAF9, 0x11CE, { 0x8C, 0x82, 0x00, 0xAA, 0x00, 0x4B, 0xA9, 0x0B } },
	    "IPersistMoniker", 9, 0, 0 },
	{ { 0x37D84F60, 0x42CB, 0x11CE, { 0x81, 0x35, 0x00, 0xAA, 0x00, 0x4B, 0xB8, 0x51 } },
	    "IPersistPropertyBag", 7, 0, 0 },
	{ { 0xBD1AE5E0, 0xA6AE, 0x11CE, { 0xBD, 0x37, 0x50, 0x42, 0x00, 0xC1, 0x00, 0x00 } },
	    "IPersistMemory", 9, 0, 0 },
	{ { 0x6D5140C1, 0x7436, 0x11CE, { 0x80, 0x34, 0x00, 0xAA, 0x00, 0x60, 0x09, 0xFA } },
	    "IServiceProvider", 4, 0, 0 },
	{ { 0xFC4801A3, 0x2BA9, 0x11CF, { 0xA2, 0x29, 0x00, 0xAA, 0x00, 0x3D, 0x73, 0x52 } },
	    "IObjectWithSite", 5, 0, 0 },
	{ { 0x94EA2B94, 0xE9CC, 0x49E0, { 0xC0, 0xFF, 0xEE, 0x64, 0xCA, 0x8F, 0x5B, 0x90 } },
	    "IAgileObject", 3, 0, 0 },
};

const struct check_known *
check_known_at(size_t index)
{
	return index < G_N_ELEMENTS(known) ? &known[index] : NULL;
}

const struct check_known *
check_known_find(const IID *iid)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (IsEqualIID(&known[i].iid, iid))
			return &known[i];
	return NULL;
}

const struct check_known *
check_known_called(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}
