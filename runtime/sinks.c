/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/sinks.h"

#include <stdlib.h>

static void
sink_unref(struct sink *sink)
{
	if (__atomic_sub_fetch(&sink->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	sink->iface->lpVtbl->Release(sink->iface);
	free(sink);
}

struct tessera_sinks *
sinks_ref(struct tessera_sinks *sinks)
{
	if (sinks != NULL)
		__atomic_fetch_add(&sinks->references, 1, __ATOMIC_RELAXED);
	return sinks;
}

void
sinks_unref(struct tessera_sinks *sinks)
{
	if (sinks == NULL || __atomic_sub_fetch(&sinks->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	for (size_t i = 0; i < sinks->count; i++)
		sink_unref(sinks->sinks[i]);
	free(sinks);
}

size_t
sinks_find(const struct tessera_sinks *sinks, DWORD cookie)
{
	size_t i = 0;

	while (i < sinks_count(sinks) &&
	    (sinks->sinks[i]->cookie != cookie || sink_is_removed(sinks->sinks[i])))
		i++;
	return i;
}

/* Room for `count`; holds nothing yet. */
static struct tessera_sinks *
list_new(size_t count)
{
	struct tessera_sinks *list = malloc(sizeof *list + count * sizeof list->sinks[0]);

	if (list != NULL)
		*list = (struct tessera_sinks){ .references = 1 };
	return list;
}

static void
append(struct tessera_sinks *list, struct sink *sink)
{
	__atomic_fetch_add(&sink->references, 1, __ATOMIC_RELAXED);
	list->sinks[list->count++] = sink;
}

static void
append_those_present(struct tessera_sinks *list, const struct tessera_sinks *from)
{
	for (size_t i = 0; i < sinks_count(from); i++)
		if (!sink_is_removed(from->sinks[i]))
			append(list, from->sinks[i]);
}

struct tessera_sinks *
sinks_with(const struct tessera_sinks *sinks, IUnknown *iface, DWORD cookie)
{
	struct tessera_sinks *list = list_new(sinks_count(sinks) + 1);
	struct sink *sink = malloc(sizeof *sink);

	if (list == NULL || sink == NULL) {
		free(list);
		free(sink);
		return NULL;
	}
	*sink = (struct sink){ .iface = iface, .cookie = cookie };
	append_those_present(list, sinks);
	append(list, sink);
	return list;
}

struct tessera_sinks *
sinks_without(struct tessera_sinks *sinks, size_t place)
{
	struct tessera_sinks *list;

	__atomic_store_n(&sinks->sinks[place]->removed, true, __ATOMIC_RELAXED);
	if (sinks->count == 1)
		return NULL;
	list = list_new(sinks->count - 1);
	if (list == NULL)
		return sinks_ref(sinks);
	append_those_present(list, sinks);
	return list;
}
