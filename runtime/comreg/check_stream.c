/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects that are byte streams. */
#include <string.h>

#include "runtime/comreg/check_trial.h"

#define TEXT "stream"
#define TEXT_LENGTH 6u

/* A stream with TEXT in it, at its start; NULL after trial_skip. */
static IStream *
begin(struct trial *trial)
{
	IStream *stream = trial_interface(trial, &IID_IStream);
	LARGE_INTEGER start = { .QuadPart = 0 };
	ULONG wrote = 0;

	if (stream == NULL)
		return NULL;
	if (FAILED(stream->lpVtbl->Write(stream, TEXT, TEXT_LENGTH, &wrote)) ||
	    wrote != TEXT_LENGTH ||
	    FAILED(stream->lpVtbl->Seek(stream, start, STREAM_SEEK_SET, NULL))) {
		trial_skip(trial, "a new stream cannot be written to");
		return NULL;
	}
	return stream;
}

static HRESULT
seek(IStream *stream, LONGLONG to, DWORD origin, ULONGLONG *ret_position)
{
	LARGE_INTEGER move = { .QuadPart = to };
	ULARGE_INTEGER position = { .QuadPart = 0 };
	HRESULT hr = stream->lpVtbl->Seek(stream, move, origin, &position);

	*ret_position = position.QuadPart;
	return hr;
}

static void
run_read(struct trial *trial)
{
	IStream *stream = begin(trial);
	char text[100];
	ULONG got = 12345;
	HRESULT hr;

	if (stream == NULL)
		return;
	hr = stream->lpVtbl->Read(stream, text, sizeof text, &got);
	if (FAILED(hr) || got != TEXT_LENGTH || memcmp(text, TEXT, TEXT_LENGTH) != 0)
		trial_fail(trial, "reading 100 bytes of %u gives %s and %u", TEXT_LENGTH,
		    tessera_hresult_name(hr), got);
	got = 12345;
	hr = stream->lpVtbl->Read(stream, text, sizeof text, &got);
	if (FAILED(hr) || got != 0)
		trial_fail(
		    trial, "reading at the end gives %s and %u", tessera_hresult_name(hr), got);
	trial_step(trial, "Read without place for the count");
	hr = stream->lpVtbl->Read(stream, text, sizeof text, NULL);
	if (FAILED(hr))
		trial_fail(trial, "reading without place for the count gives %s",
		    tessera_hresult_name(hr));
}

static void
run_seek(struct trial *trial)
{
	IStream *stream = begin(trial);
	ULONGLONG position;
	HRESULT hr;

	if (stream == NULL)
		return;
	(void)seek(stream, 3, STREAM_SEEK_SET, &position);
	hr = seek(stream, -10, STREAM_SEEK_CUR, &position);
	if (SUCCEEDED(hr))
		trial_fail(trial, "seeking before the start gives %s", tessera_hresult_name(hr));
	(void)seek(stream, 0, STREAM_SEEK_CUR, &position);
	if (FAILED(hr) && position != 3)
		trial_fail(trial, "seeking before the start moves from 3 to %llu",
		    (unsigned long long)position);
}

static void
run_gap(struct trial *trial)
{
	IStream *stream = begin(trial);
	char bytes[32];
	ULONGLONG position;
	ULONG done = 0;

	if (stream == NULL)
		return;
	if (FAILED(seek(stream, 20, STREAM_SEEK_SET, &position)) || position != 20) {
		trial_fail(trial, "seeking past the end is refused");
		return;
	}
	(void)stream->lpVtbl->Write(stream, "x", 1, &done);
	(void)seek(stream, 0, STREAM_SEEK_SET, &position);
	memset(bytes, 0xA5, sizeof bytes);
	(void)stream->lpVtbl->Read(stream, bytes, sizeof bytes, &done);
	if (done != 21)
		trial_fail(trial, "after a byte written at 20 there are %u bytes, not 21", done);
	for (ULONG i = TEXT_LENGTH; i < 20; i++)
		if (bytes[i] != 0) {
			trial_fail(
			    trial, "byte %u, between the end and a later write, is not 0", i);
			return;
		}
}

static void
run_clone(struct trial *trial)
{
	IStream *stream = begin(trial), *clone = NULL;
	ULONGLONG position;
	char text[8] = { 0 };
	ULONG done = 0;
	HRESULT hr;

	if (stream == NULL)
		return;
	hr = stream->lpVtbl->Clone(stream, &clone);
	if (FAILED(hr) || clone == NULL) {
		if (hr == E_NOTIMPL)
			trial_skip(trial, "Clone is not implemented");
		else
			trial_fail(trial, "Clone gives %s", tessera_hresult_name(hr));
		return;
	}
	(void)seek(stream, 2, STREAM_SEEK_SET, &position);
	(void)seek(clone, 0, STREAM_SEEK_CUR, &position);
	if (position != 0)
		trial_fail(trial, "a clone moves with the stream");
	(void)stream->lpVtbl->Write(stream, "R", 1, &done);
	(void)clone->lpVtbl->Read(clone, text, TEXT_LENGTH, &done);
	if (memcmp(text, "stReam", TEXT_LENGTH) != 0)
		trial_fail(trial, "a clone does not share the bytes");
}

static HRESULT
get_size(IStream *stream, DWORD flags, STATSTG *ret_status)
{
	memset(ret_status, 0, sizeof *ret_status);
	return stream->lpVtbl->Stat(stream, ret_status, flags);
}

static void
run_size(struct trial *trial)
{
	IStream *stream = begin(trial);

	for (unsigned i = 0; stream != NULL && i < 2; i++) {
		const ULARGE_INTEGER size = { .QuadPart = i == 0 ? 100 : 4 };
		ULONGLONG end;
		HRESULT hr = stream->lpVtbl->SetSize(stream, size);

		if (FAILED(hr)) {
			trial_fail(trial, "SetSize(%u) gives %s", i == 0 ? 100 : 4,
			    tessera_hresult_name(hr));
			return;
		}
		(void)seek(stream, 0, STREAM_SEEK_END, &end);
		if (end != size.QuadPart)
			trial_fail(trial, "after SetSize(%u) the end is at %llu", i == 0 ? 100 : 4,
			    (unsigned long long)end);
	}
}

static void
run_stat(struct trial *trial)
{
	IStream *stream = begin(trial);
	STATSTG status;
	HRESULT hr;

	if (stream == NULL)
		return;
	hr = get_size(stream, STATFLAG_NONAME, &status);
	if (FAILED(hr) || status.type != STGTY_STREAM || status.cbSize.QuadPart != TEXT_LENGTH)
		trial_fail(trial, "Stat of %u bytes gives %s, type %u, %llu bytes", TEXT_LENGTH,
		    tessera_hresult_name(hr), status.type,
		    (unsigned long long)status.cbSize.QuadPart);
	if (status.pwcsName != NULL)
		trial_fail(trial, "Stat with STATFLAG_NONAME gives a name");
	hr = get_size(stream, STATFLAG_DEFAULT, &status);
	if (FAILED(hr))
		trial_fail(trial, "Stat with name gives %s", tessera_hresult_name(hr));
	else
		CoTaskMemFree(status.pwcsName);
}

static const struct check checks[] = {
	{ "stream.read", run_read, "reading past the end succeeds and gives fewer bytes",
	    "ISequentialStream::Read", CHECK_CLASS, 0 },
	{ "stream.seek", run_seek, "seeking before the start fails and moves nothing",
	    "IStream::Seek", CHECK_CLASS, 0 },
	{ "stream.gap", run_gap, "what a write past the end leaves open reads as zero",
	    "IStream::Seek", CHECK_CLASS, 0 },
	{ "stream.clone", run_clone, "a clone shares the bytes and has a place of its own",
	    "IStream::Clone", CHECK_CLASS, 0 },
	{ "stream.size", run_size, "SetSize makes longer and shorter", "IStream::SetSize",
	    CHECK_CLASS, 0 },
	{ "stream.stat", run_stat, "Stat gives type and size, and no name with STATFLAG_NONAME",
	    "IStream::Stat", CHECK_CLASS, 0 },
};
const struct check_group check_stream = CHECK_GROUP_FOR(checks, &IID_IStream);
