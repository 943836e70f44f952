/* SPDX-License-Identifier: BSD-2-Clause */
/* The status page of the session, as long as the daemon that writes it is there. */
#include <poll.h>

#include "rm/api/remote_state.h"

void
remote_page_drop(void)
{
	remote_page_unmap(remote.page);
	remote.page = NULL;
}

/* Whether the page is that of a daemon that still has the session. The lock is held. */
static bool
page_holds(SCARDCONTEXT context, uint32_t *ret_dialect)
{
	struct pollfd control = { .fd = remote.control, .events = POLLRDHUP };
	const struct remote_handle *found;

	if (!remote.opened || remote.page == NULL)
		return false;
	if (context != 0) {
		found = remote_handles_get(&remote.handles, REMOTE_CONTEXT, context);
		if (found == NULL || found->generation != remote.generation)
			return false;
		*ret_dialect = found->dialect;
	}
	/* A daemon that was killed has left its page as it was. */
	return poll(&control, 1, 0) == 0;
}

struct wire_page_copy *
remote_session_look(SCARDCONTEXT context, uint32_t *ret_dialect)
{
	struct wire_page_copy *copy = NULL;

	(void)pthread_mutex_lock(&remote.lock);
	if (page_holds(context, ret_dialect))
		copy = wire_page_read(remote.page);
	(void)pthread_mutex_unlock(&remote.lock);
	return copy;
}
