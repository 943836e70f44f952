/* SPDX-License-Identifier: BSD-2-Clause */
/* Waking another thread that waits in poll: an eventfd that does not block. */
#ifndef VPCD_EVENT_H
#define VPCD_EVENT_H

/* A descriptor, or -1 with errno. */
int vpcd_event_new(void);
/* Makes it readable. */
void vpcd_event_raise(int fd);
/* Makes it unreadable again. */
void vpcd_event_clear(int fd);

#endif
