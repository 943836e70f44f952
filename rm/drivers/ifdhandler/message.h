/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the driver and the process that hosts a handler say to each other: events in packets over a
 * socket pair, and for each slot a request and its reply at a time, in memory of both. Both sides
 * are of one build, so numbers are the machine's; nothing is believed all the same, because a
 * handler that has gone astray may write anything anywhere. Pure.
 */
#ifndef IFDHANDLER_MESSAGE_H
#define IFDHANDLER_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IFD_SLOTS_MAX 16u
/* Descriptors of a slot: memory, the request's event, the reply's. */
#define IFD_SLOT_FDS 3u
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
	uint32_t number; /* written last; comes back in the reply */
	uint32_t operation;
	uint32_t value;
	uint32_t length; /* of the payload */
};

struct ifd_reply {
	uint32_t number; /* written last */
	int32_t code;    /* enum ifd_code, or what else the handler says */
	uint32_t length; /* of the answer */
};

/* A slot's memory. The driver's until the request has its number, then the host's until the reply
 * has the same. */
struct ifd_shared {
	struct ifd_request request;
	uint32_t waiting; /* 1: the driver wants the reply's event */
	_Alignas(64) struct ifd_reply reply;
	_Alignas(64) uint8_t in[IFD_PAYLOAD_MAX];
	_Alignas(64)
	    uint8_t out[IFD_PAYLOAD_MAX]; /* last: a handler that writes too much meets the end */
};

enum ifd_event_kind {
	IFD_EVENT_READY = 1, /* comes first and once; the slots' descriptors come with it */
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

/* Look at what was read, which the other side can no longer change. 0 or -EBADMSG. */
int ifd_request_check(const struct ifd_request *request);
int ifd_reply_check(const struct ifd_reply *reply);
/* @slots: 0: nothing but READY and FAILED may come. The texts of *ret end. Returns 0 or -EBADMSG.
 */
int ifd_event_check(const void *packet, size_t length, unsigned slots, struct ifd_event *ret);

#endif
