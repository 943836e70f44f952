/* SPDX-License-Identifier: BSD-2-Clause */
#define COBJMACROS
#include "tests/unit/vpcd_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tessera_com.h>
#include <winerror.h>
#include <winsmcrd.h>

#include "tests/suite.h"
#include "tests/unit/driver_sink.h"

#define T1 SCARD_PROTOCOL_T1

static uint16_t
free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) < 0) {
		perror("no free port");
		exit(1);
	}
	close(fd);
	return ntohs(address.sin_port);
}

struct fixture
fixture_start_settings(const char *text)
{
	struct fixture f = { .driver = driver_new("vpcd"), .sink = sink_new() };
	char message[VPCD_MESSAGE_SIZE];
	HRESULT hr;

	snprintf(f.text, sizeof f.text, "%s", text);
	SUITE_EQUAL_INT(vpcd_settings_parse(f.text, &f.settings, message), 0);
	hr = ISCardReaderDriver_Start(f.driver, f.text, f.sink, 0);
	if (!SUITE_EQUAL_HEX(hr, S_OK)) {
		char *why = tessera_error_text();

		fprintf(stderr, "%s: %s\n", f.text, why != NULL ? why : "");
		exit(1);
	}
	SUITE_EQUAL_INT(sink_count(f.sink), f.settings.slots);
	for (unsigned i = 0; i < f.settings.slots; i++)
		SUITE_EQUAL_INT(sink_event(f.sink, i, &f.readers[i]), SINK_ARRIVED);
	return f;
}

struct fixture
fixture_start(void)
{
	return fixture_start_settings("unix:card");
}

struct fixture
fixture_start_tcp(void)
{
	char text[32];

	snprintf(text, sizeof text, "tcp:%u", free_port());
	return fixture_start_settings(text);
}

void
fixture_stop(struct fixture *f)
{
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(f->driver), S_OK);
	ISCardReaderDriver_Release(f->driver);
	ISCardReaderSink_Release(f->sink);
	driver_check_no_objects();
}

HRESULT
fixture_power(ISCardReader *reader, SCARDREADER_POWER action)
{
	BYTE atr[SCARDREADER_ATR_MAX];
	ULONG length = 0;

	return ISCardReader_Power(reader, action, driver_deadline(20000), atr, &length);
}

void
fixture_insert(struct fixture *f, struct card *card, enum card_manner manner)
{
	size_t before = sink_count(f->sink);
	ULONG active = 0;

	card_begin(card, &f->settings, 0, manner, NULL, 0);
	CU_ASSERT_TRUE(sink_wait(f->sink, before + 1));
	SUITE_EQUAL_INT(sink_event(f->sink, before, NULL), SINK_INSERTED);
	SUITE_EQUAL_HEX(fixture_power(f->readers[0], SCARDREADER_COLD_RESET), S_OK);
	SUITE_EQUAL_HEX(ISCardReader_SetProtocol(
			    f->readers[0], SCARD_PROTOCOL_Tx, driver_deadline(1000), &active),
	    S_OK);
	SUITE_EQUAL_INT(active, T1);
}

const BYTE fixture_command[4] = { 0x00, 0xA4, 0x00, 0x0C };

HRESULT
fixture_transmit(ISCardReader *reader, uint64_t deadline, BYTE *reply, ULONG *length)
{
	return ISCardReader_Transmit(
	    reader, T1, fixture_command, sizeof fixture_command, deadline, reply, length);
}

void
fixture_check_echo(ISCardReader *reader)
{
	BYTE reply[16];
	ULONG length = sizeof reply;

	SUITE_EQUAL_HEX(fixture_transmit(reader, driver_deadline(20000), reply, &length), S_OK);
	SUITE_EQUAL_BYTES(reply, length, ECHOED);
}

void
fixture_check_removed(struct fixture *f, size_t number)
{
	CU_ASSERT_TRUE(sink_wait(f->sink, number + 1));
	SUITE_EQUAL_INT(sink_event(f->sink, number, NULL), SINK_REMOVED);
}
