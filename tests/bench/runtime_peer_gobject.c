/* SPDX-License-Identifier: BSD-2-Clause */
/* GObject: a reference, a question for an interface, an object of a class that is known. */
#include <gio/gio.h>
#include <stdlib.h>

#include "tests/bench/runtime_peer.h"

static GObject *object;
/* Read anew each time: the question is a pure function, and the answer would be kept. */
static volatile GType asked_hit, asked_miss;

static void
reference(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		g_object_ref(object);
		g_object_unref(object);
	}
}

static void
query_hit(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (!g_type_check_instance_is_a((GTypeInstance *)object, asked_hit))
			abort();
		g_object_ref(object);
		g_object_unref(object);
	}
}

static void
query_miss(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (g_type_check_instance_is_a((GTypeInstance *)object, asked_miss))
			abort();
}

static void
activation(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		g_object_unref(g_object_new(G_TYPE_CANCELLABLE, NULL));
}

int
main(void)
{
	static const struct peer_row rows[] = {
		{ "reference", reference },
		{ "query-hit", query_hit },
		{ "query-miss", query_miss },
		{ "activation", activation },
	};

	asked_hit = G_TYPE_ACTION;
	asked_miss = G_TYPE_ICON;
	object = G_OBJECT(g_simple_action_new("bench", NULL));
	return peer_serve(rows, G_N_ELEMENTS(rows));
}
