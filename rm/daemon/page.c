/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The status page: what the engine shows, in memory that clients map and cannot write. Its size is
 * fixed, so nobody can take it away under their eyes. Without it everything works, by asking.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rm/daemon/daemon.h"
#include "rm/wire/page.h"

_Static_assert(WIRE_PAGE_NAME_SIZE == RM_NAME_SIZE, "a name fits");
_Static_assert(WIRE_PAGE_ATR_MAX == RM_ATR_MAX, "an ATR fits");

static struct wire_page *page;

void
page_begin(void)
{
	int fd = memfd_create("scardd", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *mapped = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof *page) == 0)
		mapped = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	/* This mapping alone can write from now on. */
	if (mapped != MAP_FAILED &&
	    fcntl(fd, F_ADD_SEALS,
		F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) {
		scardd.page = fd;
		page = mapped;
		wire_page_init(page);
		return;
	}
	log_line(LOG_LEVEL_INFO, "no status page: %s; clients ask instead", strerror(errno));
	if (mapped != MAP_FAILED)
		(void)munmap(mapped, sizeof *page);
	if (fd >= 0)
		(void)close(fd);
}

void
page_close(void)
{
	if (page != NULL)
		wire_page_close(page);
}

void
page_end(void)
{
	if (page == NULL)
		return;
	(void)munmap(page, sizeof *page);
	(void)close(scardd.page);
	page = NULL;
	scardd.page = -1;
}

static struct wire_page_state
state_of(const struct rm_view *view)
{
	struct wire_page_state state = {
		.flags = (view->lost ? WIRE_PAGE_LOST : 0u) |
		    (view->present ? WIRE_PAGE_PRESENT : 0u) | (view->mute ? WIRE_PAGE_MUTE : 0u) |
		    (view->powered ? WIRE_PAGE_POWERED : 0u) |
		    (view->exclusive ? WIRE_PAGE_EXCLUSIVE : 0u) |
		    (view->in_use ? WIRE_PAGE_IN_USE : 0u),
		.counter = view->counter,
		.atr_length = view->atr_length,
	};

	memcpy(state.atr, view->atr, sizeof view->atr);
	return state;
}

void
page_show_list(void *data, const struct rm_set *set, const struct rm_shown *readers, size_t count)
{
	struct wire_page_set shown = { .readers = WIRE_PAGE_READERS_MAX + 1,
		.counted = set->reader_count,
		.events = set->reader_events };
	struct wire_page_reader *list = NULL;

	(void)data;
	if (page == NULL)
		return;
	/* Too many: then clients ask. */
	if (count <= WIRE_PAGE_READERS_MAX) {
		shown.readers = (uint32_t)count;
		list = g_new0(struct wire_page_reader, count);
		for (size_t i = 0; i < count; i++) {
			memcpy(list[i].name, readers[i].name, strlen(readers[i].name));
			list[i].state = state_of(readers[i].view);
			if (readers[i].counted)
				list[i].state.flags |= WIRE_PAGE_COUNTED;
		}
	}
	wire_page_put_list(page, &shown, list);
	g_free(list);
}

void
page_show_reader(void *data, size_t place, const struct rm_view *view)
{
	const struct wire_page_state state = state_of(view);

	(void)data;
	if (page != NULL)
		wire_page_put_state(page, place, &state);
}
