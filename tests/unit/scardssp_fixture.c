/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of the base service providers share: see scardssp_fixture.h. */
#include "tests/unit/scardssp_fixture.h"

#include <oleauto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TESTS_MAX 64u

/* The classes that a test can leave behind; a resource manager in the process has others. */
static const char *const ours[] = {
	"CByteBuffer",
	"CSCardTypeConv",
	"CSCardCmd",
	"CSCardISO7816",
	"CSCard",
	"HGlobalStream",
};

static void
count_ours(const char *class_name, ULONG count, void *data)
{
	for (size_t i = 0; i < SSP_COUNT(ours); i++)
		if (strcmp(class_name, ours[i]) == 0) {
			printf("#   left: %u %s\n", count, class_name);
			*(ULONG *)data += count;
		}
}

static void
nothing_left(void)
{
	ULONG left = 0;

	tessera_live_objects(count_ours, &left);
	SUITE_EQUAL_INT(left, 0);
}

int
ssp_run(const char *name, const struct suite_test *tests, size_t count)
{
	struct suite_test all[TESTS_MAX];
	int status;

	setenv("TESSERA_RM", "embedded:softcard", 0);
	setenv("TESSERA_KEEP_MODULES", "1", 0);
	if (count + 1 > TESTS_MAX || FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	memcpy(all, tests, count * sizeof all[0]);
	all[count] = (struct suite_test){ "no object is left", nothing_left };
	status = suite_run(name, all, count + 1);
	SetErrorInfo(0, NULL);
	CoUninitialize();
	return status;
}

void
ssp_expect(HRESULT actual, HRESULT expected, const char *call, const char *file, unsigned line)
{
	char message[1024], name[64], *text = NULL;

	if (actual != expected)
		text = tessera_error_text();
	snprintf(name, sizeof name, "%s", tessera_hresult_name(expected));
	snprintf(message, sizeof message, "%.200s gives %s, expected %s; %.400s", call,
	    tessera_hresult_name(actual), name, text != NULL ? text : "no text");
	CU_assertImplementation(actual == expected, line, message, file, "", CU_FALSE);
	CoTaskMemFree(text);
}

void
ssp_fails(HRESULT actual, HRESULT expected, const char *part, const char *call, const char *file,
    unsigned line)
{
	char message[1024], *text;

	ssp_expect(actual, expected, call, file, line);
	if (actual != expected)
		return;
	text = tessera_error_text();
	snprintf(message, sizeof message, "%.200s leaves \"%.400s\", expected \"%.200s\"", call,
	    text != NULL ? text : "(no text)", part);
	CU_assertImplementation(
	    text != NULL && strstr(text, part) != NULL, line, message, file, "", CU_FALSE);
	CoTaskMemFree(text);
}

void *
ssp_create(REFCLSID clsid, REFIID iid)
{
	void *object = NULL;
	HRESULT hr = CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, &object);

	if (FAILED(hr)) {
		char *text = tessera_error_text();

		printf("not ok - an object cannot be made: %s: %s\n", tessera_hresult_name(hr),
		    text != NULL ? text : "no text");
		exit(1);
	}
	return object;
}

static size_t
parse_hex(const char *hex, BYTE *bytes, size_t room)
{
	size_t n = 0;

	for (const char *p = hex; *p != '\0';) {
		unsigned value;

		if (*p == ' ') {
			p++;
			continue;
		}
		if (n == room || sscanf(p, "%2x", &value) != 1)
			abort();
		bytes[n++] = (BYTE)value;
		p += 2;
	}
	return n;
}

IByteBuffer *
ssp_buffer(const char *hex)
{
	IByteBuffer *buffer = NEW_BUFFER();
	BYTE bytes[1024];
	size_t size = parse_hex(hex, bytes, sizeof bytes);

	if (FAILED(IByteBuffer_Initialize(buffer, (LONG)size, bytes)))
		abort();
	return buffer;
}

IByteBuffer *
ssp_buffer_of(size_t size)
{
	IByteBuffer *buffer = NEW_BUFFER();
	BYTE *bytes = malloc(size + 1);

	for (size_t i = 0; i < size; i++)
		bytes[i] = (BYTE)(i * 31 + 7);
	if (FAILED(IByteBuffer_Initialize(buffer, (LONG)size, bytes)))
		abort();
	free(bytes);
	return buffer;
}

void
ssp_expect_bytes(
    IByteBuffer *buffer, const char *hex, const char *text, const char *file, unsigned line)
{
	BYTE bytes[1024];
	LONG count = 0;

	if (buffer == NULL) {
		suite_equal_bytes("", 0, "no buffer", text, file, line);
		return;
	}
	suite_equal_int(ssp_position(buffer), 0, "the place of a returned buffer", "0", file, line);
	IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
	ssp_expect(IByteBuffer_Read(buffer, bytes, sizeof bytes, &count), S_OK, text, file, line);
	IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
	suite_equal_bytes(bytes, (size_t)count, hex, text, file, line);
}

void
ssp_expect_apdu(ISCardCmd *cmd, const char *hex, const char *text, const char *file, unsigned line)
{
	IByteBuffer *apdu = NULL;

	ssp_expect(ISCardCmd_get_Apdu(cmd, &apdu), S_OK, text, file, line);
	ssp_expect_bytes(apdu, hex, text, file, line);
	if (apdu != NULL)
		IByteBuffer_Release(apdu);
}

LONG
ssp_position(IByteBuffer *buffer)
{
	LONG position = -1;

	OK(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_CUR, &position));
	return position;
}

LONG
ssp_size(IByteBuffer *buffer)
{
	STATSTRUCT stat = { 0 };

	OK(IByteBuffer_Stat(buffer, &stat, STATFLAG_DEFAULT));
	return stat.cbSize;
}

ULONG
ssp_references(void *object)
{
	IUnknown *unknown = object;

	unknown->lpVtbl->AddRef(unknown);
	return unknown->lpVtbl->Release(unknown);
}
