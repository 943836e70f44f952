/* SPDX-License-Identifier: BSD-2-Clause */
/* The process that hosts a handler, from the driver's side. One thread, the one that starts it. */
#ifndef IFDHANDLER_PROCESS_H
#define IFDHANDLER_PROCESS_H

#include <sys/types.h>

#include "rm/drivers/ifdhandler/message.h"
#include "rm/drivers/ifdhandler/settings.h"

/* The most that come with an event. */
#define IFD_FDS_MAX (IFD_SLOTS_MAX * IFD_SLOT_FDS)

struct ifd_process {
	pid_t pid;
	int pid_fd; /* -1: there is none */
	int events_fd;
};

/* 0 or a negative errno. It ends with the thread that calls this. */
int ifd_process_start(struct ifd_process *process, const struct ifd_settings *settings);

/*
 * The next event.
 * @slots: 0: the first
 * @fds: room for IFD_FDS_MAX; with IFD_EVENT_READY IFD_SLOT_FDS of each slot, to be closed
 * 0; -EAGAIN: none yet; -ENODEV: it has ended; -EBADMSG
 */
int ifd_process_event(
    const struct ifd_process *process, unsigned slots, struct ifd_event *ret, int *fds);

/* Ends it: it may end by itself for so long, then it is killed. */
void ifd_process_end(struct ifd_process *process, int patience_ms);

#endif
