/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process that hosts one handler for one device. Each slot has a thread that takes the driver's
 * requests from the slot's channel and calls the handler, and one that watches for cards. Whatever
 * the handler does to this process, the driver sees a socket close or a deadline pass.
 */
#ifndef IFDHANDLER_HOST_H
#define IFDHANDLER_HOST_H

#include <pthread.h>
#include <stdbool.h>

#include "rm/drivers/ifdhandler/channel.h"
#include "rm/drivers/ifdhandler/handler.h"

/* The end of the event socket that the process is born with. */
#define IFD_HOST_EVENTS_FD 3
/* How often a handler is asked for its card that cannot tell by itself. */
#define IFD_PRESENCE_INTERVAL_MS 400u
/* How long a handler that can tell is left alone with that. */
#define IFD_WAIT_MS 5000

struct ifd_slot {
	struct ifd_host *host;
	unsigned number;
	struct ifd_channel channel;
	int memory_fd; /* the channel's, until it is sent */
	bool present;  /* as it was told to the driver */
	bool unsure;   /* the handler did not say at first */
	pthread_mutex_t own;
	pthread_mutex_t *lock; /* around calls of the handler: `own`, or slot 0's for all */
	pthread_t watcher;
	pthread_cond_t ask; /* with `ask_lock`: look at the card now, or end */
	pthread_mutex_t ask_lock;
	bool asked, ending;
	ifd_wait_fn wait; /* NULL: it is asked every so often */
	ifd_stop_fn stop;
};

struct ifd_host {
	struct ifd_entries handler;
	struct ifd_slot slots[IFD_SLOTS_MAX];
	unsigned slot_count;
};

/* Loads the handler. 0, or -1 and the reason. */
int ifd_host_load(struct ifd_host *host, const char *library, char *reason);

/* Opens the handler's channels, and ours of the slots. @device: empty: by the channel's number. */
int ifd_host_open(struct ifd_host *host, char *device, unsigned long channel, char *reason);

/* Starts a slot's threads. 0 or -1. */
int ifd_slot_begin(struct ifd_slot *slot);

/* Ends the watching, and closes the channel. */
void ifd_slot_end(struct ifd_slot *slot);

/* Carries out one request; the answer's length. @out: IFD_PAYLOAD_MAX bytes. */
int32_t ifd_slot_call(struct ifd_slot *slot, const struct ifd_request *request, uint8_t *payload,
    uint8_t *out, uint32_t *ret_length);

/* Tells the driver; a driver that does not listen is gone, and this process ends. */
void ifd_host_tell(const struct ifd_event *event);

#endif
