/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GStreamer's element factory: an object of a class found by name in a registry of plugins. With
 * the argument "first": one such object, for a whole process.
 */
#include <gst/gst.h>
#include <stdlib.h>

#include "tests/bench/runtime_peer.h"

static GstElementFactory *factory;

static void
reference(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		gst_object_ref(factory);
		gst_object_unref(factory);
	}
}

static void
activation(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		GstElement *element = gst_element_factory_make("fakesink", NULL);

		if (element == NULL)
			abort();
		gst_object_unref(element);
	}
}

int
main(int argc, char **argv)
{
	static const struct peer_row rows[] = {
		{ "reference", reference },
		{ "activation", activation },
	};

	gst_init(NULL, NULL);
	if (argc == 2 && strcmp(argv[1], "first") == 0) {
		activation(1);
		return 0;
	}
	factory = gst_element_factory_find("fakesink");
	if (factory == NULL)
		return 1;
	return peer_serve(rows, G_N_ELEMENTS(rows));
}
