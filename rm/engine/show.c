/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows the host what there is to see, at each change of it. The registry's lock is held. */
#include "rm/engine/private.h"

void
rm_show_list(struct rm_engine *engine)
{
	const struct rm_set set = { engine->reader_count, engine->reader_events };
	struct rm_shown *shown;
	size_t count = 0;

	if (engine->host.show_list == NULL)
		return;
	shown = g_new(struct rm_shown, engine->readers.length);
	for (GList *link = engine->readers.head; link != NULL; link = link->next) {
		struct rm_reader *reader = link->data;

		if (reader->left)
			continue;
		reader->place = count;
		shown[count++] = (struct rm_shown){ reader->name, &reader->view, reader->counted };
	}
	engine->host.show_list(engine->host.data, &set, shown, count);
	g_free(shown);
}

void
rm_show_reader(const struct rm_reader *reader)
{
	const struct rm_host *host = &reader->engine->host;

	if (host->show_reader != NULL && !reader->left)
		host->show_reader(host->data, reader->place, &reader->view);
}
