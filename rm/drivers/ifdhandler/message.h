/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the driver and the process that hosts a handler say to each other, in packets over socket
 * pairs: events on one of them, and on one for each slot a request and its reply at a time. Both
 * sides are of one build, so numbers are the machine's; nothing is believed all the same, because
 * a handler that has gone astray may write anything anywhere. Pure.
 */
#ifndef IFDHANDLER_MESSAGE_H
#define IFDHANDLER_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IFD_SLOTS_MAX 16u
/* Longest command, answer, value. */
#define IFD_PAYLOAD_MAX 65544u
/* Room for a text, NUL included. */
#define IFD_TEXT_SIZE 128u
#define IFD_REASON_SIZE 320u

enum ifd_operation {
	IFD_DO_POWER = 1, /* value: enum ifd_power */
	IFD_DO_PROTOCOL,  /* value: 0 or 1 */
	IFD_DO_TRANSMIT,  /* value: 0 or 1; payload: the command */
	IFD_DO_CONTROL,   /* value: the code; payload */
	IFD_DO_GET,       /* value: the tag */
	IFD_DO_SET,       /* value: the tag; payload */
	IFD_DO_LAST = IFD_DO_SET
};

struct ifd_request {
	uint32_t number; /* comes back in the reply */
	uint32_t operation;
	uint32_t value;
	uint32_t room; /* longest payload that the reply may have */
};

struct ifd_reply {
	uint32_t number;
	int32_t code;    /* enum ifd_code, or what else the handler says */
	uint32_t length; /* of the answer; more than the room: it is not there */
};

enum ifd_event_kind {
	IFD_EVENT_READY = 1, /* comes first and once; the slots' sockets come with it */
	IFD_EVENT_FAILED,    /* instead: `reason`, and the process ends */
	IFD_EVENT_PRESENCE,  /* slot, value: 0 or 1 */
	IFD_EVENT_GONE,      /* the handler says that its device is gone; the process ends */
	IFD_EVENT_LAST = IFD_EVENT_GONE
};

struct ifd_event {
	uint32_t kind;
	uint32_t slot;
	uint32_t value;  /* READY: the number of slots */
	uint32_t serial; /* READY: one exchange at a time, whatever the slot */
	uint8_t present[IFD_SLOTS_MAX];
	char vendor[IFD_TEXT_SIZE], model[IFD_TEXT_SIZE], serial_number[IFD_TEXT_SIZE];
	char reason[IFD_REASON_SIZE];
};

/*
 * Look at a packet. They return the payload's length, which stands behind the header, or -EBADMSG.
 */
int ifd_request_check(const void *packet, size_t length, struct ifd_request *ret);
/* @room: what the request said */
int
ifd_reply_check(const struct ifd_reply *header, size_t packet_length, uint32_t number, size_t room);
/* @slots: 0: nothing but READY and FAILED may come. The texts of *ret end. Returns 0 or -EBADMSG.
 */
int ifd_event_check(const void *packet, size_t length, unsigned slots, struct ifd_event *ret);

#endif
