/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/runtime_peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

/* Wine makes its folder of system files with the first program. */
#define PATIENCE_MS 120000
#define WINE_LOADER "/usr/lib/wine/wine64"
#define WINE_SERVER "/usr/lib/wine/wineserver64"

static void
start(struct peers *peers, const char *name, const char *loader, const char *program)
{
	g_autofree char *prefix = g_strdup_printf("WINEPREFIX=%s/wine", peers->folder);
	g_autofree char *log = g_build_filename(peers->folder, "peer.log", NULL);
	const char *const argv[] = { loader != NULL ? loader : program,
		loader != NULL ? program : NULL, NULL };
	const char *const environment[] = { prefix, "WINEDEBUG=-all",
		"WINEDLLOVERRIDES=mscoree,mshtml=", NULL };
	char line[64];

	if (access(program, R_OK) != 0 || (loader != NULL && access(loader, X_OK) != 0))
		return;
	if (process_start(&peers->peer[peers->count].process, argv, environment, -1, log) != 0)
		return;
	peers->peer[peers->count].name = name;
	/* The first answer shows that it runs. */
	if (process_tell(&peers->peer[peers->count].process, "reference 1\n") &&
	    process_hear(&peers->peer[peers->count].process, line, sizeof line, PATIENCE_MS)) {
		peers->count++;
		return;
	}
	printf("%s: did not start\n", name);
	(void)process_end(&peers->peer[peers->count].process, SIGKILL, PATIENCE_MS);
}

void
peers_start(struct peers *peers, const char *build, const char *folder, bool quick)
{
	g_autofree char *gobject = g_strdup_printf("%s/tests/bench/runtime_peer_gobject", build);
	g_autofree char *gstreamer =
	    g_strdup_printf("%s/tests/bench/runtime_peer_gstreamer", build);
	g_autofree char *wine = g_strdup_printf("%s/tests/bench/runtime_peer_wine.exe.so", build);
	g_autofree char *prefix = g_strdup_printf("%s/wine", folder);

	memset(peers, 0, sizeof *peers);
	g_strlcpy(peers->folder, folder, sizeof peers->folder);
	start(peers, "GObject", NULL, gobject);
	start(peers, "GStreamer", NULL, gstreamer);
	if (!quick && g_mkdir_with_parents(prefix, 0700) == 0)
		start(peers, "Wine", WINE_LOADER, wine);
}

/* Wine's server stays for a while; it belongs to this folder alone. */
static void
end_wine(struct peers *peers)
{
	g_autofree char *prefix = g_strdup_printf("%s/wine", peers->folder);
	const char *const argv[] = { WINE_SERVER, "-k", NULL };
	g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "WINEPREFIX", prefix, TRUE);

	(void)g_spawn_sync(NULL, (char **)(unsigned long)argv, environment,
	    G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, NULL,
	    NULL);
}

void
peers_end(struct peers *peers)
{
	for (unsigned i = 0; i < peers->count; i++) {
		(void)process_end(&peers->peer[i].process, 0, PATIENCE_MS);
		if (strcmp(peers->peer[i].name, "Wine") == 0)
			end_wine(peers);
		sample_clear(&peers->peer[i].times);
	}
}

void
peers_begin_row(struct peers *peers)
{
	for (unsigned i = 0; i < peers->count; i++) {
		sample_clear(&peers->peer[i].times);
		peers->peer[i].answers = true;
	}
}

void
peers_ask(struct peers *peers, const char *row, unsigned count)
{
	char line[64];

	for (unsigned i = 0; i < peers->count; i++) {
		/* Wine's activation takes ten thousand times as long as ours. */
		unsigned fewer = strcmp(peers->peer[i].name, "Wine") == 0 && count >= 1000
		    ? count / 1000
		    : count;
		double took = -1;

		if (!peers->peer[i].answers)
			continue;
		if (process_tell(&peers->peer[i].process, "%s %u\n", row,
			strcmp(row, "activation") == 0 ? fewer : count) &&
		    process_hear(&peers->peer[i].process, line, sizeof line, PATIENCE_MS))
			took = g_ascii_strtod(line, NULL);
		if (took >= 0)
			sample_add(&peers->peer[i].times, took);
		else
			peers->peer[i].answers = false;
	}
}

void
peers_print_head(const struct peers *peers)
{
	for (unsigned i = 0; i < peers->count; i++)
		printf(" %10s", peers->peer[i].name);
}

void
peers_print_row(struct peers *peers)
{
	for (unsigned i = 0; i < peers->count; i++)
		if (peers->peer[i].answers)
			printf(" %10.1f", sample_part(&peers->peer[i].times, 0.5));
		else
			printf(" %10s", "-");
}
