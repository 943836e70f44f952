/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resource manager's benchmark: scardd with null readers, Debian's pcscd with the same null
 * card beside it, and the socket's own round trip as a floor. All processes share one CPU, because
 * their placement on several changes the figures more than anything that is measured. Rounds of
 * floor, scardd and pcscd alternate, so that a change of the machine's speed meets all.
 *
 *	rm [--quick] BUILD-TREE
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

#include "tests/bench/rm_daemon.h"
#include "tests/bench/sample.h"
#include "tests/bench/table.h"

#define PEERS 2
#define PATIENCE_MS 30000
#define FIGURES 6
#define READERS 64

struct run {
	struct daemon daemons[PEERS]; /* ours and the peer */
	bool there[PEERS];
	bool quick;
	unsigned failures;
};

static int
pick(const struct run *run, int full, int quick)
{
	return run->quick ? quick : full;
}

static void
failed(struct run *run, const struct daemon *daemon, const char *what, const char *why)
{
	printf("# %s: %s: %s\n", daemon->name, what, why);
	/* What the peer cannot do is a figure; what we cannot is a failure. */
	if (daemon == &run->daemons[0])
		run->failures++;
}

/* Reads a line of figures; those that are not there become TABLE_NONE. */
static bool
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

/* A load that runs once and tells its figures. */
static void
once(struct run *run, int peer, double *figures, const char *const *words)
{
	struct daemon *daemon = &run->daemons[peer];
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
} single_rows[] = {
	{ "establish", "establish + release", 200 },
	{ "connect", "connect + disconnect", 200 },
	{ "transmit-5", "transmit, 5 bytes -> 2", 600 },
	{ "transmit-255", "transmit, 255 bytes -> 2", 400 },
	{ "transmit-4096", "transmit, 4,096 bytes -> 2", 400 },
	{ "transmit-65000", "transmit, 65,000 bytes -> 2", 200 },
	{ "receive-65000", "transmit, 5 bytes -> 65,002", 200 },
	{ "transaction", "begin + end transaction", 400 },
	{ "status", "status", 400 },
	{ "status-change", "status change, time-out 0", 400 },
	{ "list", "list 16 readers", 400 },
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

static void
single(struct run *run)
{
	static const char *const words[] = { "rows", NULL };
	int rounds = pick(run, 15, 2);
	struct process loads[PEERS];

	for (int p = 0; p < PEERS; p++)
		if (run->there[p] && !daemon_load(&run->daemons[p], &loads[p], words))
			run->there[p] = false;
	for (size_t i = 0; i < SINGLE_ROWS; i++) {
		double figures[PEERS][FIGURES];
		bool works[PEERS] = { run->there[0], run->there[1] };

		for (int r = 0; r < rounds; r++)
			for (int p = 0; p < PEERS; p++)
				works[p] = works[p] &&
				    round_of(&loads[p], single_rows[i].name,
					run->quick ? 20 : single_rows[i].count);
		for (int p = 0; p < PEERS; p++) {
			for (int f = 0; f < FIGURES; f++)
				figures[p][f] = TABLE_NONE;
			if (works[p] && process_tell(&loads[p], "tell %s\n", single_rows[i].name))
				(void)hear_figures(run, &run->daemons[p], &loads[p],
				    single_rows[i].name, figures[p]);
			else if (run->there[p])
				failed(run, &run->daemons[p], single_rows[i].name, "failed");
		}
		table_row(&(struct table_row){ single_rows[i].title, figures[0][0], figures[0][1],
		    figures[0][2], figures[0][3], figures[0][4], figures[1][0], figures[1][1] });
		if (figures[0][0] >= 0)
			single_targets(single_rows[i].name, figures[0], figures[1]);
	}
	for (int p = 0; p < PEERS; p++)
		if (run->there[p])
			(void)process_end(&loads[p], 0, 2000);
}

/* Figures that are two times, p50 and p99, beside the peer's. */
static void
times(struct run *run, const char *title, double ours[FIGURES], double peer[FIGURES],
    const char *const *words)
{
	const char *copy[8] = { NULL };

	for (int p = 0; p < PEERS; p++) {
		for (int i = 0; i < 7 && words[i] != NULL; i++)
			copy[i] = strcmp(words[i], "BLOCK") == 0 ? run->daemons[p].block : words[i];
		once(run, p, p == 0 ? ours : peer, copy);
	}
	table_row(&(struct table_row){
	    title, ours[0], ours[1], TABLE_NONE, TABLE_NONE, TABLE_NONE, peer[0], peer[1] });
	if (ours[0] >= 0 && peer[0] >= 0)
		table_target(ours[0] < peer[0], "ahead of pcscd");
}

static void
many(struct run *run, const char *title, const char *readers, const char *kind, bool fairness)
{
	double figures[PEERS][FIGURES];
	char most[16];

	for (int p = 0; p < PEERS; p++) {
		const char *words[] = { "many", "64", readers, run->quick ? "100" : "1500", kind,
			NULL };

		(void)snprintf(most, sizeof most, "%u", run->daemons[p].readers);
		if (strcmp(readers, "all") == 0)
			words[2] = most;
		once(run, p, figures[p], words);
		if (figures[p][0] >= 0)
			table_line(p == 0 ? title : "",
			    "%s: %.0f a second, of a client %.0f to %.0f, max/min %.2f%s",
			    run->daemons[p].name, figures[p][0], figures[p][1], figures[p][2],
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

static void
events(struct run *run)
{
	double ours[FIGURES], peer[FIGURES];

	times(run, "end to next begin, 2 clients", ours, peer,
	    (const char *[]){ "handover", run->quick ? "100" : "2000", NULL });
	if (ours[0] >= 0) {
		table_target(ours[0] <= 40, "p50 40 us");
		table_target(ours[1] <= 250, "p99 250 us");
	}
	times(run, "holder killed to next holder", ours, peer,
	    (const char *[]){ "killed", run->quick ? "3" : "40", NULL });
	if (ours[0] >= 0)
		table_target(ours[0] <= 1000, "median 1 ms");
	times(run, "insertion to status change", ours, peer,
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
		once(run, p, figures[p],
		    (const char *[]){ "blocked", run->quick ? "100" : "2000", NULL });
		if (figures[p][0] >= 0)
			table_line(p == 0 ? "64 clients on a reader of 50 ms" : "",
			    "%s: another reader's p50 %.1f -> %.1f, p99 %.1f -> %.1f us",
			    run->daemons[p].name, figures[p][0], figures[p][2], figures[p][1],
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
		works[p] = run->there[p] && daemon_load(&run->daemons[p], &loads[p], words);
		if (works[p] && !process_hear(&loads[p], line, sizeof line, PATIENCE_MS))
			failed(run, &run->daemons[p], "idle", "no answer in time");
	}
	/* What came before is over when it has been quiet for a moment. */
	rest(pick(run, 1000, 50));
	for (int p = 0; p < PEERS; p++)
		works[p] = works[p] && daemon_read(&run->daemons[p], &before[p]);
	rest(ms);
	for (int p = 0; p < PEERS; p++)
		if (works[p] && daemon_read(&run->daemons[p], &after[p]))
			table_line(p == 0 ? "idle" : "",
			    "%s: %.0f context switches, %.0f us of CPU in %.1f s; %.0f threads",
			    run->daemons[p].name, after[p].switches - before[p].switches,
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
	struct daemon *daemon = &run->daemons[peer];
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

	if (stay(run, 0, (const char *[]){ "sessions", burst, run->daemons[0].socket, NULL },
		figures, &before, &with)) {
		table_line("connects at once", "scardd: %.0f in %.0f ms, %.0f refused", figures[0],
		    figures[2] / 1e3, figures[1]);
		table_target(figures[2] <= 5e5 && figures[1] == 0, "5,000 in 0.5 s, none refused");
	}
	if (stay(run, 1, (const char *[]){ "contexts", burst, NULL }, figures, &before, &with))
		table_line(
		    "", "pcscd: %.0f in %.0f ms, then refused", figures[0], figures[1] / 1e3);
	if (stay(run, 0, (const char *[]){ "sessions", most, run->daemons[0].socket, NULL },
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
	struct daemon *daemon = &run->daemons[peer];
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
			if (!daemon_end(&run->daemons[p]))
				failed(run, &run->daemons[p], "stop", "had to be killed");
			if (!start_once(run, p, &sets[p]))
				failed(run, &run->daemons[p], "first", "failed");
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
	struct daemon *daemon = &run->daemons[0];

	if (!run->there[0])
		return;
	if (!daemon_end(daemon) || !daemon_set_readers(daemon, READERS) || !daemon_start(daemon)) {
		failed(run, daemon, "start", "not with more readers");
		run->there[0] = false;
	}
}

static void
measure(struct run *run)
{
	table_head("pcscd");
	/* First, before crowds leave threads that end when they have been idle for a while. */
	idle(run);
	crowds(run);
	single(run);
	more_readers(run);
	many(run, "64 clients, 64 readers", "all", "transmit", false);
	many(run, "64 clients, one reader", "1", "transaction", true);
	events(run);
	blocked(run);
	starts(run);
	(void)table_end();
}

int
main(int argc, char **argv)
{
	struct run run = { .quick = argc == 3 && strcmp(argv[1], "--quick") == 0 };
	char folder[256];
	const char *tmp = secure_getenv("TMPDIR");
	char build[PATH_MAX];

	if (argc != 2 + run.quick || realpath(argv[argc - 1], build) == NULL) {
		fprintf(stderr, "usage: %s [--quick] BUILD-TREE\n", argv[0]);
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	pin();
	(void)snprintf(folder, sizeof folder, "%.200s/rm-bench.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(folder) == NULL) {
		perror(folder);
		return 1;
	}
	run.there[0] = daemon_scardd(&run.daemons[0], build, folder);
	run.there[1] = daemon_pcscd(&run.daemons[1], build, folder);
	for (int p = 0; p < PEERS; p++) {
		if (run.there[p] && !daemon_start(&run.daemons[p]))
			run.there[p] = false;
		if (!run.there[p])
			failed(&run, &run.daemons[p], "start", "not there to be measured");
	}
	measure(&run);
	for (int p = 0; p < PEERS; p++)
		if (!daemon_end(&run.daemons[p]))
			failed(&run, &run.daemons[p], "stop", "had to be killed");
	(void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	return run.failures != 0;
}
