/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resource manager's benchmark: scardd with null readers, Debian's pcscd with the same null
 * card beside it, and the socket's own round trip as a floor. All processes share one CPU, because
 * their placement on several changes the figures more than anything that is measured. Rounds of
 * floor, scardd and pcscd alternate, so that a change of the machine's speed meets all.
 *
 *	rm [--quick] [--routes] BUILD-TREE
 *
 * At the end come other ways to the card: the drop-in for pcsc-lite's library, and pcscd's handler
 * in processes of its own; with --routes only these.
 *
 * Figures are printed, with yes or NO behind each target. The exit status says whether all could be
 * measured, not how good they are.
 */
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/rm_compare.h"
#include "tests/bench/sample.h"
#include "tests/bench/table.h"

#define READERS 64

static void
events(struct run *run)
{
	double ours[FIGURES], peer[FIGURES];

	compare_times(run, "end to next begin, 2 clients", ours, peer,
	    (const char *[]){ "handover", run->quick ? "100" : "2000", NULL });
	if (ours[0] >= 0) {
		table_target(ours[0] <= 40, "p50 40 us");
		table_target(ours[1] <= 250, "p99 250 us");
	}
	compare_times(run, "holder killed to next holder", ours, peer,
	    (const char *[]){ "killed", run->quick ? "3" : "40", NULL });
	if (ours[0] >= 0)
		table_target(ours[0] <= 1000, "median 1 ms");
	compare_times(run, "insertion to status change", ours, peer,
	    (const char *[]){ "insertion", run->quick ? "5" : "300", "BLOCK", NULL });
	if (ours[0] >= 0)
		table_target(ours[1] <= 1000, "p99 1 ms");
}

static void
blocked(struct run *run)
{
	double figures[PEERS][FIGURES];
	const double *f = figures[0];

	for (int p = 0; p < PEERS; p++) {
		compare_once(run, p, figures[p],
		    (const char *[]){ "blocked", run->quick ? "100" : "2000", NULL });
		if (figures[p][0] >= 0)
			table_line(p == 0 ? "64 clients on a reader of 50 ms" : "",
			    "%s: another reader's p50 %.1f -> %.1f, p99 %.1f -> %.1f us",
			    run->daemons[p]->name, figures[p][0], figures[p][2], figures[p][1],
			    figures[p][3]);
	}
	if (f[0] < 0)
		return;
	table_target(f[2] <= 1.2 * f[0], "median within 20 %% (%+.0f %%)", 100 * (f[2] / f[0] - 1));
	table_target(f[3] <= 1000, "p99 under 1 ms");
	if (figures[1][0] >= 0)
		table_target(f[2] < figures[1][2], "ahead of pcscd");
}

static void
rest(int ms)
{
	(void)poll(NULL, 0, ms);
}

/* Nobody does anything; a client waits for an event. */
static void
idle(struct run *run)
{
	static const char *const words[] = { "idle", NULL };
	struct daemon_figures before[PEERS], after[PEERS];
	struct process loads[PEERS];
	bool works[PEERS];
	char line[64];
	int ms = pick(run, 5000, 200);

	for (int p = 0; p < PEERS; p++) {
		works[p] = run->there[p] && daemon_load(run->daemons[p], &loads[p], words);
		if (works[p] && !process_hear(&loads[p], line, sizeof line, PATIENCE_MS))
			failed(run, run->daemons[p], "idle", "no answer in time");
	}
	/* What came before is over when it has been quiet for a moment. */
	rest(pick(run, 1000, 50));
	for (int p = 0; p < PEERS; p++)
		works[p] = works[p] && daemon_read(run->daemons[p], &before[p]);
	rest(ms);
	for (int p = 0; p < PEERS; p++)
		if (works[p] && daemon_read(run->daemons[p], &after[p]))
			table_line(p == 0 ? "idle" : "",
			    "%s: %.0f context switches, %.0f us of CPU in %.1f s; %.0f threads",
			    run->daemons[p]->name, after[p].switches - before[p].switches,
			    after[p].cpu_us - before[p].cpu_us, ms / 1e3, after[p].threads);
	if (works[0])
		table_target(after[0].switches == before[0].switches, "no context switch");
	for (int p = 0; p < PEERS; p++)
		if (run->there[p])
			(void)process_end(&loads[p], 0, 5000);
}

/* Starts a load that stays, reads its figures and the daemon's, and ends it. */
static bool
stay(struct run *run, int peer, const char *const *words, double *figures,
    struct daemon_figures *before, struct daemon_figures *with)
{
	struct daemon *daemon = run->daemons[peer];
	struct process load;
	bool works;

	if (!run->there[peer] || !daemon_read(daemon, before) || !daemon_load(daemon, &load, words))
		return false;
	works = hear_figures(run, daemon, &load, words[0], figures) && daemon_read(daemon, with);
	(void)process_end(&load, 0, PATIENCE_MS);
	return works;
}

static void
crowds(struct run *run)
{
	const char *most = run->quick ? "500" : "10000", *burst = run->quick ? "500" : "5000";
	struct daemon_figures before, with;
	double figures[FIGURES];
	bool all;

	if (stay(run, 0, (const char *[]){ "sessions", burst, run->daemons[0]->socket, NULL },
		figures, &before, &with)) {
		table_line("connects at once", "scardd: %.0f in %.0f ms, %.0f refused", figures[0],
		    figures[2] / 1e3, figures[1]);
		table_target(figures[2] <= 5e5 && figures[1] == 0, "5,000 in 0.5 s, none refused");
	}
	if (stay(run, 1, (const char *[]){ "contexts", burst, NULL }, figures, &before, &with))
		table_line(
		    "", "pcscd: %.0f in %.0f ms, then refused", figures[0], figures[1] / 1e3);
	if (stay(run, 0, (const char *[]){ "sessions", most, run->daemons[0]->socket, NULL },
		figures, &before, &with)) {
		table_line("idle clients with a context",
		    "scardd: %.0f; %.0f kB resident, %.2f kB each; %.0f threads", figures[0],
		    with.rss_kb, (with.rss_kb - before.rss_kb) / figures[0], with.threads);
		all = figures[0] == atof(most);
		table_target(all && with.rss_kb <= 16384 && with.threads <= 8,
		    "10,000 with at most 8 threads and 16 MB");
	}
	if (stay(run, 0, (const char *[]){ "contexts", most, NULL }, figures, &before, &with))
		table_line("idle contexts of one client",
		    "scardd: %.0f; %.0f kB resident, %.2f kB each; %.0f threads", figures[0],
		    with.rss_kb, (with.rss_kb - before.rss_kb) / figures[0], with.threads);
	if (stay(run, 1, (const char *[]){ "contexts", most, NULL }, figures, &before, &with))
		table_line("",
		    "pcscd: %.0f, then refused; %.0f kB resident, %.2f kB each; %.0f threads",
		    figures[0], with.rss_kb, (with.rss_kb - before.rss_kb) / figures[0],
		    with.threads);
}

/* From the start of the daemon to a context; the client waits in the socket meanwhile. */
static bool
start_once(struct run *run, int peer, struct sample_set *set)
{
	struct daemon *daemon = run->daemons[peer];
	double figures[FIGURES];
	struct process load;
	char line[64];
	bool works;

	if (!daemon_load(daemon, &load, (const char *[]){ "first", NULL }))
		return false;
	works = process_hear(&load, line, sizeof line, PATIENCE_MS);
	(void)snprintf(line, sizeof line, "%f\n", now_us());
	works = works && daemon_start(daemon) && process_tell(&load, "%s", line) &&
	    hear_figures(run, daemon, &load, "first", figures);
	if (works)
		sample_add(set, figures[0]);
	(void)process_end(&load, 0, 2000);
	return works;
}

static void
starts(struct run *run)
{
	struct sample_set sets[PEERS] = { 0 };
	int times_each = pick(run, 9, 1);

	for (int i = 0; i < times_each; i++)
		for (int p = 0; p < PEERS; p++) {
			if (!run->there[p])
				continue;
			if (!daemon_end(run->daemons[p]))
				failed(run, run->daemons[p], "stop", "had to be killed");
			if (!start_once(run, p, &sets[p]))
				failed(run, run->daemons[p], "first", "failed");
		}
	table_row(&(struct table_row){ "start to first answer",
	    sets[0].count ? sample_part(&sets[0], 0.5) : TABLE_NONE,
	    sets[0].count ? sample_part(&sets[0], 0.99) : TABLE_NONE, TABLE_NONE, TABLE_NONE,
	    TABLE_NONE, sets[1].count ? sample_part(&sets[1], 0.5) : TABLE_NONE,
	    sets[1].count ? sample_part(&sets[1], 0.99) : TABLE_NONE });
	if (sets[0].count && sets[1].count)
		table_target(
		    sample_part(&sets[0], 0.5) < sample_part(&sets[1], 0.5), "ahead of pcscd");
	for (int p = 0; p < PEERS; p++)
		sample_clear(&sets[p]);
}

static int
remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static void
pin(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	(void)sched_setaffinity(0, sizeof one, &one);
}

/* More than the peer can have: for the rows that are about many. */
static void
more_readers(struct run *run)
{
	struct daemon *daemon = run->daemons[0];

	if (!run->there[0])
		return;
	if (!daemon_end(daemon) || !daemon_set_readers(daemon, READERS) || !daemon_start(daemon)) {
		failed(run, daemon, "start", "not with more readers");
		run->there[0] = false;
	}
}

/* Our manager by another way, beside the peer as it is. */
static void
route(struct run *run, bool (*prepare)(struct daemon *, const char *, const char *),
    const char *name, const char *build, const char *folder)
{
	struct daemon daemon;
	struct run other = { .daemons = { &daemon, run->daemons[1] },
		.there = { true, run->there[1] },
		.quick = run->quick };
	char single[64], many[64];

	if (!prepare(&daemon, build, folder) || !daemon_start(&daemon)) {
		failed(&other, &daemon, "start", "not there to be measured");
		run->failures++;
		return;
	}
	(void)snprintf(many, sizeof many, "%s: 64 clients, one reader", name);
	(void)snprintf(single, sizeof single, "%s: ", name);
	compare_single(&other, single, false);
	compare_many(&other, many, "1", "transaction", true);
	if (!daemon_end(&daemon))
		failed(&other, &daemon, "stop", "had to be killed");
	run->failures += other.failures;
}

static void
measure(struct run *run)
{
	/* First, before crowds leave threads that end when they have been idle for a while. */
	idle(run);
	crowds(run);
	compare_single(run, "", true);
	more_readers(run);
	compare_many(run, "64 clients, 64 readers", "all", "transmit", false);
	compare_many(run, "64 clients, one reader", "1", "transaction", true);
	events(run);
	blocked(run);
	starts(run);
}

int
main(int argc, char **argv)
{
	struct daemon daemons[PEERS];
	struct run run = { .daemons = { &daemons[0], &daemons[1] } };
	bool routes = false;
	int word = 1;
	char folder[256];
	const char *tmp = secure_getenv("TMPDIR");
	char build[PATH_MAX];

	run.quick = word < argc && strcmp(argv[word], "--quick") == 0;
	word += run.quick;
	routes = word < argc && strcmp(argv[word], "--routes") == 0;
	word += routes;
	if (argc != word + 1 || realpath(argv[word], build) == NULL) {
		fprintf(stderr, "usage: %s [--quick] [--routes] BUILD-TREE\n", argv[0]);
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	pin();
	(void)snprintf(folder, sizeof folder, "%.200s/rm-bench.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(folder) == NULL) {
		perror(folder);
		return 1;
	}
	run.there[0] = daemon_scardd(run.daemons[0], build, folder);
	run.there[1] = daemon_pcscd(run.daemons[1], build, folder);
	for (int p = 0; p < PEERS; p++) {
		if (run.there[p] && !daemon_start(run.daemons[p]))
			run.there[p] = false;
		if (!run.there[p])
			failed(&run, run.daemons[p], "start", "not there to be measured");
	}
	table_head("pcscd");
	if (!routes)
		measure(&run);
	route(&run, daemon_dropin, "drop-in", build, folder);
	route(&run, daemon_hosted, "hosted", build, folder);
	(void)table_end();
	for (int p = 0; p < PEERS; p++)
		if (!daemon_end(run.daemons[p]))
			failed(&run, run.daemons[p], "stop", "had to be killed");
	(void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	return run.failures != 0;
}
