/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the base service providers share: running, comparing results and buffers, and
 * implementations of IByteBuffer, IStream and ISCardCmd that are not the module's own.
 */
#ifndef TESTS_UNIT_SCARDSSP_FIXTURE_H
#define TESTS_UNIT_SCARDSSP_FIXTURE_H

#ifndef COBJMACROS
#define COBJMACROS
#endif
#include <scardssp.h>
#include <tessera_com.h>

#include "tests/suite.h"

#define SSP_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * As suite_run, with the component runtime started and TESSERA_RM=embedded:softcard unless set; a
 * last test asserts that no object of the module is left.
 */
int ssp_run(const char *name, const struct suite_test *tests, size_t count);

/* Compares results; on failure both are reported by name, with the error object's text. */
#define EXPECT(call, expected) ssp_expect((call), (expected), #call, __FILE__, __LINE__)
#define OK(call) EXPECT(call, S_OK)
void
ssp_expect(HRESULT actual, HRESULT expected, const char *call, const char *file, unsigned line);

/* The same, and that the call leaves an error object whose text contains `part`. */
#define FAILS(call, expected, part) \
	(SetErrorInfo(0, NULL), ssp_fails((call), (expected), part, #call, __FILE__, __LINE__))
void ssp_fails(HRESULT actual, HRESULT expected, const char *part, const char *call,
    const char *file, unsigned line);

/* New objects; the program ends when there are none. */
void *ssp_create(REFCLSID clsid, REFIID iid);
#define NEW_BUFFER() ((IByteBuffer *)ssp_create(&CLSID_CByteBuffer, &IID_IByteBuffer))
#define NEW_CONV() ((ISCardTypeConv *)ssp_create(&CLSID_CSCardTypeConv, &IID_ISCardTypeConv))
#define NEW_CMD() ((ISCardCmd *)ssp_create(&CLSID_CSCardCmd, &IID_ISCardCmd))
#define NEW_ISO() ((ISCardISO7816 *)ssp_create(&CLSID_CSCardISO7816, &IID_ISCardISO7816))
#define NEW_CARD() ((ISCard *)ssp_create(&CLSID_CSCard, &IID_ISCard))

/* A new buffer with these bytes (hex text), or with `size` bytes of a fixed pattern; at its start.
 */
IByteBuffer *ssp_buffer(const char *hex);
IByteBuffer *ssp_buffer_of(size_t size);

/* Compares all bytes of a buffer, and releases it when `release` says so. Its place must be 0. */
#define EXPECT_BYTES(buffer, hex) ssp_expect_bytes((buffer), (hex), #buffer, __FILE__, __LINE__)
void ssp_expect_bytes(
    IByteBuffer *buffer, const char *hex, const char *text, const char *file, unsigned line);
/* The same for an ISCardCmd's command. */
#define EXPECT_APDU(cmd, hex) ssp_expect_apdu((cmd), (hex), #cmd, __FILE__, __LINE__)
void
ssp_expect_apdu(ISCardCmd *cmd, const char *hex, const char *text, const char *file, unsigned line);

LONG ssp_position(IByteBuffer *buffer);
LONG ssp_size(IByteBuffer *buffer);

/* References held on an object, as AddRef and Release tell. */
ULONG ssp_references(void *object);

/*
 * An IByteBuffer of another make that forwards to `inner` (which it references), and can lie.
 * Released like any other.
 */
struct ssp_faults {
	HRESULT stat, seek, read, write; /* what the method returns instead, when not S_OK */
	LONG stat_size;                  /* what Stat says, when not 0 */
	LONG read_at_most;               /* bytes of one Read, when not 0 */
	LONG write_at_most;              /* bytes of one Write, when not 0 */
};
IByteBuffer *ssp_foreign_buffer(IByteBuffer *inner, const struct ssp_faults *faults);

/* An IStream of another make; calls are counted, results fixed. */
struct ssp_stream {
	IStream iface;
	ULONG references;
	unsigned reads, writes, seeks, sizes, copies, commits, reverts, locks, unlocks, stats,
	    clones;
	HRESULT result;
	uint64_t size;
	uint64_t position;
};
void ssp_stream_init(struct ssp_stream *stream);

/* An ISCardCmd of another make that forwards to `inner` (which it references). */
ISCardCmd *ssp_foreign_cmd(ISCardCmd *inner);

#endif
