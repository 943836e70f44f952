/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/vm/client.h"

#include <string.h>
#include <time.h>

#define PNP "\\\\?PnP?\\Notification"

static long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static unsigned
list(SCARDCONTEXT context, char names[][CLIENT_NAME])
{
	char all[CLIENT_READERS * CLIENT_NAME] = "";
	DWORD length = sizeof all;
	unsigned count = 0;

	if (SCardListReaders(context, NULL, all, &length) != SCARD_S_SUCCESS)
		return 0;
	for (const char *name = all; *name != '\0' && count < CLIENT_READERS;
	     name += strlen(name) + 1) {
		if (strlen(name) >= CLIENT_NAME || strncmp(name, "Virtual PCD", 11) == 0)
			continue; /* what a machine's pcscd may be configured to have */
		memcpy(names[count++], name, strlen(name) + 1);
	}
	return count;
}

bool
client_readers(SCARDCONTEXT context, unsigned count, char names[][CLIENT_NAME])
{
	SCARD_READERSTATE state = { .szReader = PNP };
	char found[CLIENT_READERS][CLIENT_NAME];
	long end = now_ms() + CLIENT_WAIT_MS;

	while (list(context, found) != count) {
		long left = end - now_ms();

		if (left <= 0)
			return false;
#ifdef TESTS_VM_PEER
		/* pcsc-lite of that age tells changes to those alone who wait already. */
		left = left < 200 ? left : 200;
#endif
		(void)SCardGetStatusChange(context, (DWORD)left, &state, 1);
		state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	}
	memcpy(names, found, count * sizeof found[0]);
	return true;
}

SCARD_READERSTATE
client_state(SCARDCONTEXT context, const char *name, unsigned set, unsigned clear)
{
	SCARD_READERSTATE state = { .szReader = name };
	long end = now_ms() + CLIENT_WAIT_MS;

	for (;;) {
		long left = end - now_ms();
		LONG code = SCardGetStatusChange(context, left > 0 ? (DWORD)left : 0, &state, 1);

		if (code == SCARD_S_SUCCESS && (state.dwEventState & set) == set &&
		    (state.dwEventState & clear) == 0)
			return state;
		if (code != SCARD_S_SUCCESS || left <= 0)
			break;
		state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	}
	return (SCARD_READERSTATE){ .szReader = name };
}

SCARDHANDLE
client_connect(SCARDCONTEXT context, const char *name, unsigned *ret_protocol)
{
	SCARDHANDLE card;
	DWORD protocol = 0;

	if (SCardConnect(context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
		&card, &protocol) != SCARD_S_SUCCESS)
		return 0;
	*ret_protocol = (unsigned)protocol;
	return card;
}

const struct client_reply *
client_transmit(SCARDHANDLE card, unsigned protocol, const uint8_t *command, size_t length)
{
	static struct client_reply reply;
	DWORD received = sizeof reply.data;

	reply.code =
	    SCardTransmit(card, protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1,
		command, (DWORD)length, NULL, reply.data, &received);
	reply.length = reply.code == SCARD_S_SUCCESS ? received : 0;
	reply.status = reply.length >= 2
	    ? (unsigned)reply.data[reply.length - 2] << 8 | reply.data[reply.length - 1]
	    : 0;
	return &reply;
}

size_t
client_command(uint8_t *out, const uint8_t header[4], const uint8_t *data, size_t length, size_t le)
{
	bool extended = length > 255 || le > 256;
	size_t n = 4;

	memcpy(out, header, 4);
	if (extended)
		out[n++] = 0;
	if (length > 0) {
		if (extended)
			out[n++] = (uint8_t)(length >> 8);
		out[n++] = (uint8_t)length;
		memcpy(out + n, data, length);
		n += length;
	}
	if (le > 0) {
		if (extended)
			out[n++] = (uint8_t)(le >> 8);
		out[n++] = (uint8_t)le;
	}
	return n;
}
