/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What comes to the host of IFD handlers from elsewhere. The first byte says what the rest is: 'p'
 * an Info.plist, 'c' a configuration, 'q' a request, 'r' a reply, 'e' an event, 'f' a list of
 * features or an answer to reset.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rm/drivers/ifdhandler/codes.h"
#include "rm/drivers/ifdhandler/plist.h"
#include "rm/drivers/ifdhandler/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
plist(const char *text, size_t size)
{
	char message[IFD_PLIST_MESSAGE_SIZE];
	struct ifd_plist plist;

	if (ifd_plist_parse(text, size, &plist, message) < 0) {
		assert(memchr(message, '\0', sizeof message) != NULL && message[0] != '\0');
		return;
	}
	assert(plist.executable[0] != '\0' && strchr(plist.executable, '/') == NULL);
	for (size_t i = 0; i < plist.device_count; i++)
		assert(strlen(plist.devices[i].name) < IFD_PLIST_VALUE_SIZE);
	(void)ifd_plist_name(&plist, "usb:08E6/3437");
	ifd_plist_clear(&plist);
}

static void
configuration(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), message[IFD_MESSAGE_SIZE];
	struct ifd_settings settings;

	memcpy(text, data, size);
	text[size] = '\0';
	if (ifd_settings_configuration(text, &settings, message) == 0)
		assert(settings.library[0] == '/');
	free(text);
}

static void
packets(char kind, const uint8_t *data, size_t size)
{
	struct ifd_request request;
	struct ifd_reply reply;
	struct ifd_event event;

	if (kind == 'q' && size >= sizeof request) {
		memcpy(&request, data, sizeof request);
		if (ifd_request_check(&request) == 0)
			assert(request.length <= IFD_PAYLOAD_MAX);
	}
	if (kind == 'r' && size >= sizeof reply) {
		memcpy(&reply, data, sizeof reply);
		if (ifd_reply_check(&reply) == 0)
			assert(reply.length <= IFD_PAYLOAD_MAX);
	}
	for (unsigned slots = 0; kind == 'e' && slots < 3; slots++)
		if (ifd_event_check(data, size, slots, &event) == 0)
			assert(strlen(event.reason) < IFD_REASON_SIZE &&
			    (event.kind != IFD_EVENT_PRESENCE || event.slot < slots));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] == 'p') {
		plist((const char *)data + 1, size - 1);
	} else if (data[0] == 'c') {
		configuration(data + 1, size - 1);
	} else if (data[0] == 'f') {
		uint8_t *copy = malloc(size);

		memcpy(copy, data + 1, size - 1);
		ifd_code_features(copy, size - 1);
		(void)ifd_code_first_protocol(copy, size - 1);
		free(copy);
	} else {
		packets((char)data[0], data + 1, size - 1);
	}
	return 0;
}
