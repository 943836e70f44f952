/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/ifdhandler/message.h"

#include <errno.h>
#include <string.h>

int
ifd_request_check(const void *packet, size_t length, struct ifd_request *ret)
{
	struct ifd_request request;
	size_t payload;

	if (length < sizeof request || length - sizeof request > IFD_PAYLOAD_MAX)
		return -EBADMSG;
	memcpy(&request, packet, sizeof request);
	payload = length - sizeof request;
	if (request.operation < IFD_DO_POWER || request.operation > IFD_DO_LAST ||
	    request.room > IFD_PAYLOAD_MAX)
		return -EBADMSG;
	if (payload > 0 && request.operation != IFD_DO_TRANSMIT &&
	    request.operation != IFD_DO_CONTROL && request.operation != IFD_DO_SET)
		return -EBADMSG;
	if ((request.operation == IFD_DO_TRANSMIT || request.operation == IFD_DO_PROTOCOL) &&
	    request.value > 1)
		return -EBADMSG;
	*ret = request;
	return (int)payload;
}

int
ifd_reply_check(const struct ifd_reply *header, size_t packet_length, uint32_t number, size_t room)
{
	size_t payload;

	if (packet_length < sizeof *header || header->number != number ||
	    header->length > IFD_PAYLOAD_MAX)
		return -EBADMSG;
	payload = packet_length - sizeof *header;
	if (payload != (header->length <= room ? header->length : 0))
		return -EBADMSG;
	return (int)payload;
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
