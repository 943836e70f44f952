/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/ifdhandler/message.h"

#include <errno.h>
#include <string.h>

int
ifd_request_check(const struct ifd_request *request)
{
	if (request->operation < IFD_DO_POWER || request->operation > IFD_DO_LAST ||
	    request->length > IFD_PAYLOAD_MAX)
		return -EBADMSG;
	if (request->length > 0 && request->operation != IFD_DO_TRANSMIT &&
	    request->operation != IFD_DO_CONTROL && request->operation != IFD_DO_SET)
		return -EBADMSG;
	if ((request->operation == IFD_DO_TRANSMIT || request->operation == IFD_DO_PROTOCOL) &&
	    request->value > 1)
		return -EBADMSG;
	return 0;
}

int
ifd_reply_check(const struct ifd_reply *reply)
{
	return reply->length <= IFD_PAYLOAD_MAX ? 0 : -EBADMSG;
}

/* A text of the right size ends within it and has nothing that a terminal would obey. */
static void
clean(char *text, size_t size)
{
	text[size - 1] = '\0';
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7F)
			*text = '?';
}

int
ifd_event_check(const void *packet, size_t length, unsigned slots, struct ifd_event *ret)
{
	struct ifd_event event;
	bool first;

	if (length != sizeof event)
		return -EBADMSG;
	memcpy(&event, packet, sizeof event);
	first = event.kind == IFD_EVENT_READY || event.kind == IFD_EVENT_FAILED;
	if (event.kind < IFD_EVENT_READY || event.kind > IFD_EVENT_LAST || first != (slots == 0))
		return -EBADMSG;
	if (event.kind == IFD_EVENT_READY && (event.value == 0 || event.value > IFD_SLOTS_MAX))
		return -EBADMSG;
	if (event.kind == IFD_EVENT_PRESENCE && (event.slot >= slots || event.value > 1))
		return -EBADMSG;
	clean(event.vendor, sizeof event.vendor);
	clean(event.model, sizeof event.model);
	clean(event.serial_number, sizeof event.serial_number);
	clean(event.reason, sizeof event.reason);
	*ret = event;
	return 0;
}
