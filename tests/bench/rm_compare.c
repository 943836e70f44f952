/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/rm_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/table.h"

int
pick(const struct run *run, int full, int quick)
{
	return run->quick ? quick : full;
}

void
failed(struct run *run, const struct daemon *daemon, const char *what, const char *why)
{
	printf("# %s: %s: %s\n", daemon->name, what, why);
	if (daemon == run->daemons[0])
		run->failures++;
}

bool
hear_figures(struct run *run, const struct daemon *daemon, const struct process *load,
    const char *what, double *figures)
{
	char line[512] = "";

	for (int i = 0; i < FIGURES; i++)
		figures[i] = TABLE_NONE;
	if (!process_hear(load, line, sizeof line, PATIENCE_MS)) {
		failed(run, daemon, what, "no answer in time");
		return false;
	}
	if (strncmp(line, "error ", 6) == 0 ||
	    sscanf(line, "%lf %lf %lf %lf %lf %lf", &figures[0], &figures[1], &figures[2],
		&figures[3], &figures[4], &figures[5]) < 1) {
		failed(run, daemon, what, line);
		return false;
	}
	return true;
}

void
compare_once(struct run *run, int peer, double *figures, const char *const *words)
{
	struct daemon *daemon = run->daemons[peer];
	struct process load;

	for (int i = 0; i < FIGURES; i++)
		figures[i] = TABLE_NONE;
	if (!run->there[peer])
		return;
	if (!daemon_load(daemon, &load, words)) {
		failed(run, daemon, words[0], "cannot be started");
		return;
	}
	(void)hear_figures(run, daemon, &load, words[0], figures);
	(void)process_end(&load, 0, 1000);
}

static const struct {
	const char *name, *title;
	unsigned count; /* calls in a round */
	bool route;     /* a row also where only the way to the card is another */
} single_rows[] = {
	{ "establish", "establish + release", 200, false },
	{ "connect", "connect + disconnect", 200, true },
	{ "transmit-5", "transmit, 5 bytes -> 2", 600, true },
	{ "transmit-255", "transmit, 255 bytes -> 2", 400, true },
	{ "transmit-4096", "transmit, 4,096 bytes -> 2", 400, false },
	{ "transmit-65000", "transmit, 65,000 bytes -> 2", 200, true },
	{ "receive-65000", "transmit, 5 bytes -> 65,002", 200, true },
	{ "transaction", "begin + end transaction", 400, false },
	{ "status", "status", 400, false },
	{ "status-change", "status change, time-out 0", 400, false },
	{ "list", "list 16 readers", 400, false },
};
#define SINGLE_ROWS (sizeof single_rows / sizeof single_rows[0])

static bool
round_of(const struct process *load, const char *name, unsigned count)
{
	char line[512];

	return process_tell(load, "run %s %u\n", name, count) &&
	    process_hear(load, line, sizeof line, PATIENCE_MS) && strcmp(line, "done") == 0;
}

static void
single_targets(const char *name, const double ours[FIGURES], const double peer[FIGURES])
{
	if (strncmp(name, "transmit", 8) == 0 || strncmp(name, "receive", 7) == 0) {
		table_target(ours[4] <= 1.5, "at most 1.5 x the floor (%.2f)", ours[4]);
		table_target(ours[5] <= 2, "p99 at most 2 x the floor's (%.2f)", ours[5]);
	}
	if (peer[0] >= 0)
		table_target(ours[0] < peer[0], "ahead of pcscd");
}

void
compare_single(struct run *run, const char *prefix, bool all)
{
	static const char *const words[] = { "rows", NULL };
	int rounds = pick(run, 15, 2);
	struct process loads[PEERS];

	for (int p = 0; p < PEERS; p++)
		if (run->there[p] && !daemon_load(run->daemons[p], &loads[p], words))
			run->there[p] = false;
	for (size_t i = 0; i < SINGLE_ROWS; i++) {
		double figures[PEERS][FIGURES];
		char title[64];
		bool works[PEERS] = { run->there[0], run->there[1] };

		if (!all && !single_rows[i].route)
			continue;
		(void)snprintf(title, sizeof title, "%s%s", prefix, single_rows[i].title);
		for (int r = 0; r < rounds; r++)
			for (int p = 0; p < PEERS; p++)
				works[p] = works[p] &&
				    round_of(&loads[p], single_rows[i].name,
					run->quick ? 20 : single_rows[i].count);
		for (int p = 0; p < PEERS; p++) {
			for (int f = 0; f < FIGURES; f++)
				figures[p][f] = TABLE_NONE;
			if (works[p] && process_tell(&loads[p], "tell %s\n", single_rows[i].name))
				(void)hear_figures(run, run->daemons[p], &loads[p],
				    single_rows[i].name, figures[p]);
			else if (run->there[p])
				failed(run, run->daemons[p], single_rows[i].name, "failed");
		}
		table_row(&(struct table_row){ title, figures[0][0], figures[0][1], figures[0][2],
		    figures[0][3], figures[0][4], figures[1][0], figures[1][1] });
		if (figures[0][0] >= 0 && !all && figures[1][0] >= 0)
			table_target(figures[0][0] <= figures[1][0], "not behind pcscd");
		else if (figures[0][0] >= 0)
			single_targets(single_rows[i].name, figures[0], figures[1]);
	}
	for (int p = 0; p < PEERS; p++)
		if (run->there[p])
			(void)process_end(&loads[p], 0, 2000);
}

void
compare_times(struct run *run, const char *title, double ours[FIGURES], double peer[FIGURES],
    const char *const *words)
{
	const char *copy[8] = { NULL };

	for (int p = 0; p < PEERS; p++) {
		for (int i = 0; i < 7 && words[i] != NULL; i++)
			copy[i] =
			    strcmp(words[i], "BLOCK") == 0 ? run->daemons[p]->block : words[i];
		compare_once(run, p, p == 0 ? ours : peer, copy);
	}
	table_row(&(struct table_row){
	    title, ours[0], ours[1], TABLE_NONE, TABLE_NONE, TABLE_NONE, peer[0], peer[1] });
	if (ours[0] >= 0 && peer[0] >= 0)
		table_target(ours[0] < peer[0], "ahead of pcscd");
}

void
compare_many(
    struct run *run, const char *title, const char *readers, const char *kind, bool fairness)
{
	double figures[PEERS][FIGURES];
	char most[16];

	for (int p = 0; p < PEERS; p++) {
		const char *words[] = { "many", "64", readers, run->quick ? "100" : "1500", kind,
			NULL };

		(void)snprintf(most, sizeof most, "%u", run->daemons[p]->readers);
		if (strcmp(readers, "all") == 0)
			words[2] = most;
		compare_once(run, p, figures[p], words);
		if (figures[p][0] >= 0)
			table_line(p == 0 ? title : "",
			    "%s: %.0f a second, of a client %.0f to %.0f, max/min %.2f%s",
			    run->daemons[p]->name, figures[p][0], figures[p][1], figures[p][2],
			    figures[p][2] / figures[p][1],
			    p == 1 && strcmp(readers, "all") == 0 ? " (16 readers: it has no more)"
								  : "");
	}
	if (figures[0][0] < 0)
		return;
	if (fairness)
		table_target(figures[0][2] <= 1.2 * figures[0][1], "fairness max/min 1.2 (%.2f)",
		    figures[0][2] / figures[0][1]);
	if (figures[1][0] >= 0)
		table_target(figures[0][0] > figures[1][0], "ahead of pcscd");
}
