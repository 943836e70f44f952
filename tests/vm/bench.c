/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CCID driver beside libccid, in one guest: pcscd with libccid, pcscd with our bundle, scardd
 *with our driver, each with the same software reader, in turn, several rounds.
 *
 *	bench [--quick] BUILD      for root in the guest of run.sh --modules vhci_hcd
 *
 * Figures are of an emulated machine and good for nothing but the comparison.
 */
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/process.h"
#include "tests/bench/rm_daemon.h"
#include "tests/bench/sample.h"

#define FOLDER "/run"
#define LOGS "/vm" /* run.sh --keep brings them */
#define PATIENCE_MS 30000
#define SETTLE_MS 300
#define STACKS 3u
#define KINDS 2u
#define SIZES 3u
#define LINE 16384u
/* Where pcscd looks for bundles, within the build tree. */
#define BUNDLES "%.400s/lib/tessera/pcsc"
#define OUR_BUNDLE "/ifd-tessera.bundle"

#define PRINT(where, ...) ((void)snprintf((where), sizeof(where), __VA_ARGS__))

static const struct {
	const char *name, *options[6];
} kinds[KINDS] = {
	{ "extended APDU", { "-u", "-f", "0x000404BA", "-m", "65556" } },
	{ "TPDU, T=1", { "-u" } },
};
static const unsigned sizes[SIZES] = { 5, 255, 4096 };

/* Of one exchange, over USB. */
struct traffic {
	double transfer, besides, in;
};

struct stack {
	const char *title;
	struct daemon daemon;
	bool there;
	const char *failure; /* what did not work the last time, NULL: all did */
	unsigned failures;
	struct sample_set times[KINDS][SIZES], cpu[KINDS][SIZES];
	struct sample_set plug, insertion, idle;
	struct traffic traffic[KINDS][SIZES];
};

static struct stack stacks[STACKS] = {
	{ .title = "pcscd, libccid" },
	{ .title = "pcscd, our bundle" },
	{ .title = "scardd, our driver" },
};
static unsigned rounds = 5, exchanges = 150, idle_ms = 5000;
static char reader_program[512];
static struct process reader, load;

static bool
ask(const struct process *process, const char *command, char *line)
{
	return process_tell(process, "%s\n", command) &&
	    process_hear(process, line, LINE, PATIENCE_MS);
}

static bool
orders(const struct process *process, const char *command)
{
	char line[LINE];

	return ask(process, command, line) && strcmp(line, "ok") == 0;
}

/* Nothing tells that a client is inside its wait: it gets time to be. */
static void
settle(unsigned ms)
{
	(void)poll(NULL, 0, (int)ms);
}

/* What the client waits for happens by @action; microseconds from one to the other, or -1. */
static double
reaction(const char *wait, const char *action)
{
	char line[LINE];
	double start;

	if (!ask(&load, wait, line) || strcmp(line, "waiting") != 0)
		return -1;
	settle(SETTLE_MS);
	start = now_us();
	if (!orders(&reader, action) || !process_hear(&load, line, sizeof line, PATIENCE_MS) ||
	    strcmp(line, "failed") == 0)
		return -1;
	return strtod(line, NULL) - start;
}

static bool
react(struct sample_set *set, const char *wait, const char *action)
{
	double took = reaction(wait, action);

	if (took >= 0 && set != NULL)
		sample_add(set, took);
	return took >= 0;
}

static bool
count(struct traffic *ret, unsigned exchanges_made)
{
	unsigned transfer, status, parameters, other, in;
	char line[LINE];

	if (!ask(&reader, "count", line) ||
	    sscanf(line, "transfer %u status %u parameters %u other %u in %u", &transfer, &status,
		&parameters, &other, &in) != 5)
		return false;
	ret->transfer = (double)transfer / exchanges_made;
	ret->besides = (double)(status + parameters + other) / exchanges_made;
	ret->in = (double)in / exchanges_made;
	return true;
}

static bool
exchange(struct stack *stack, unsigned kind, unsigned size)
{
	struct daemon_figures before, after;
	struct traffic none;
	char command[64], line[LINE], *at = line;
	double client;

	PRINT(command, "echo %u %u", sizes[size], exchanges);
	if (!count(&none, 1) || !daemon_read(&stack->daemon, &before) ||
	    !ask(&load, command, line) || strcmp(line, "failed") == 0 ||
	    !daemon_read(&stack->daemon, &after) || !count(&stack->traffic[kind][size], exchanges))
		return false;
	client = strtod(at, &at);
	for (unsigned i = 0; i < exchanges; i++)
		sample_add(&stack->times[kind][size], strtod(at, &at));
	sample_add(&stack->cpu[kind][size], client + (after.cpu_us - before.cpu_us) / exchanges);
	return true;
}

static bool
idle(struct stack *stack)
{
	struct daemon_figures before, after;

	settle(SETTLE_MS);
	if (!daemon_read(&stack->daemon, &before))
		return false;
	settle(idle_ms);
	if (!daemon_read(&stack->daemon, &after))
		return false;
	sample_add(&stack->idle, (after.switches - before.switches) * 1e3 / idle_ms);
	return true;
}

/* One kind of reader from plugging in to the end; what did not work, NULL: all did. */
static const char *
run_kind(struct stack *stack, unsigned kind)
{
	const char *words[8] = { reader_program };

	for (size_t i = 0; i < G_N_ELEMENTS(kinds[kind].options); i++)
		words[i + 1] = kinds[kind].options[i];
	if (process_start(&reader, words, (const char *const[]){ NULL }, -1, LOGS "/reader.log") !=
	    0)
		return "the reader";
	if (!react(&stack->plug, "present", "plug"))
		return "plugging in";
	if (!orders(&load, "connect"))
		return "connect";
	for (unsigned size = 0; size < SIZES; size++)
		if (!exchange(stack, kind, size))
			return "an exchange";
	if (!orders(&load, "disconnect"))
		return "disconnect";
	if (kind > 0)
		return react(NULL, "absent", "unplug") ? NULL : "unplugging";
	if (!idle(stack))
		return "idling";
	for (unsigned i = 0; i < 3; i++)
		if (!react(NULL, "empty", "remove") ||
		    !react(&stack->insertion, "present", "insert"))
			return "a card's insertion";
	return react(NULL, "absent", "unplug") ? NULL : "unplugging";
}

static void
run_stack(struct stack *stack)
{
	const char *none[] = { NULL }, *failure = NULL;

	if (!daemon_start(&stack->daemon))
		failure = "the daemon's start";
	else if (!daemon_load(&stack->daemon, &load, none))
		failure = "the client's start";
	for (unsigned kind = 0; failure == NULL && kind < KINDS; kind++) {
		failure = run_kind(stack, kind);
		(void)process_end(&reader, 0, PATIENCE_MS);
	}
	(void)process_end(&load, 0, PATIENCE_MS);
	if (!daemon_end(&stack->daemon) && failure == NULL)
		failure = "the daemon's end";
	if (failure == NULL)
		return;
	stack->failure = failure;
	stack->failures++;
}

/* @bundles: other than the system's, NULL: those */
static void
describe(struct stack *stack, const char *name, const char *build, const char *bundles)
{
	struct daemon *daemon = &stack->daemon;
	bool ours = strcmp(name, "scardd") == 0;

	*daemon = (struct daemon){ .name = name, .listener = -1 };
	PRINT(daemon->socket, FOLDER "/bench-%u.sock", (unsigned)(stack - stacks));
	PRINT(daemon->log, LOGS "/bench-%u.log", (unsigned)(stack - stacks));
	PRINT(daemon->load, "%.400s/tests/vm/bench_load%s", build, ours ? "" : "_pcsclite");
	PRINT(daemon->client_word, "%s%s",
	    ours ? "TESSERA_RM=unix:" : "PCSCLITE_CSOCK_NAME=", daemon->socket);
	daemon->client_environment[0] = daemon->client_word;
	if (ours) {
		PRINT(daemon->program, "%.400s/bin/scardd", build);
		daemon->argv[1] = "--driver";
		daemon->argv[2] = "ccid";
	} else {
		PRINT(daemon->program, "/usr/sbin/pcscd");
		daemon->argv[1] = "--foreground";
		/* Its own folder of serial readers, which is empty. */
		daemon->argv[2] = "--config";
		daemon->argv[3] = FOLDER "/no-readers";
	}
	daemon->argv[0] = daemon->program;
	stack->there = access(daemon->program, X_OK) == 0 && access(daemon->load, X_OK) == 0;
	if (bundles != NULL) {
		/* pcscd of Debian 12 looks for drivers in one place, whatever its environment says.
		 */
		PRINT(daemon->words[0], "%.400s", bundles);
		daemon->argv[0] = "/usr/bin/unshare";
		daemon->argv[1] = "--mount";
		daemon->argv[2] = "/bin/sh";
		daemon->argv[3] = "-c";
		daemon->argv[4] = "mount --bind \"$0\" /usr/lib/pcsc/drivers && "
				  "exec /usr/sbin/pcscd --foreground --config \"$1\"";
		daemon->argv[5] = daemon->words[0];
		daemon->argv[6] = FOLDER "/no-readers";
		PRINT(daemon->words[1], "%s" OUR_BUNDLE, bundles);
		stack->there = stack->there && access(daemon->words[1], R_OK) == 0;
	}
}

static double
part(struct sample_set *set, double where)
{
	return set->count > 0 ? sample_part(set, where) : -1;
}

static void
row(const char *name, const char *unit, struct sample_set *sets[STACKS])
{
	char label[64];

	PRINT(label, "%s, %s", name, unit);
	printf("%-40s", label);
	for (unsigned i = 0; i < STACKS; i++)
		if (sets[i]->count == 0)
			printf(" %22s", "-");
		else
			printf(" %9.1f %5.0f..%-6.0f", part(sets[i], 0.5), part(sets[i], 0.25),
			    part(sets[i], 0.75));
	printf("\n");
}

static void
rows(void)
{
	struct sample_set *sets[STACKS];
	char name[64];

	printf("%-40s", "median, quartiles");
	for (unsigned i = 0; i < STACKS; i++)
		printf(" %22s", stacks[i].title);
	printf("\n");
	for (unsigned kind = 0; kind < KINDS; kind++)
		for (unsigned size = 0; size < SIZES; size++) {
			PRINT(name, "%s, %u bytes", kinds[kind].name, sizes[size]);
			for (unsigned i = 0; i < STACKS; i++)
				sets[i] = &stacks[i].times[kind][size];
			row(name, "us", sets);
			for (unsigned i = 0; i < STACKS; i++)
				sets[i] = &stacks[i].cpu[kind][size];
			row(name, "us of CPU", sets);
		}
	for (unsigned i = 0; i < STACKS; i++)
		sets[i] = &stacks[i].insertion;
	row("insertion to status change", "us", sets);
	for (unsigned i = 0; i < STACKS; i++)
		sets[i] = &stacks[i].plug;
	row("plug to first ATR", "us", sets);
	for (unsigned i = 0; i < STACKS; i++)
		sets[i] = &stacks[i].idle;
	row("idle, wake-ups", "a second", sets);
}

static void
traffic_rows(void)
{
	printf("%-40s", "transfer messages + others, bulk reads");
	for (unsigned i = 0; i < STACKS; i++)
		printf(" %22s", stacks[i].title);
	printf("\n");
	for (unsigned kind = 0; kind < KINDS; kind++)
		for (unsigned size = 0; size < SIZES; size++) {
			char name[64];

			PRINT(name, "%s, %u bytes", kinds[kind].name, sizes[size]);
			printf("%-40s", name);
			for (unsigned i = 0; i < STACKS; i++) {
				const struct traffic *t = &stacks[i].traffic[kind][size];

				printf("  %6.2f + %4.2f, %6.2f", t->transfer, t->besides, t->in);
			}
			printf("\n");
		}
}

/* The driver's targets beside libccid; how many were missed. */
static unsigned
targets(void)
{
	struct stack *peer = &stacks[0];
	unsigned missed = 0;

	for (unsigned i = 1; i < STACKS; i++) {
		struct stack *ours = &stacks[i];

		if (!ours->there)
			continue;
		for (unsigned kind = 0; kind < KINDS; kind++)
			for (unsigned size = 0; size < SIZES; size++) {
				struct sample_set *theirs = &peer->times[kind][size];
				double spread = part(theirs, 0.75) - part(theirs, 0.25);
				double median = part(&ours->times[kind][size], 0.5);
				bool met = median >= 0 && median <= part(theirs, 0.5) + spread;

				printf("    %-4s%s, %s, %u bytes: median within libccid's and its "
				       "interquartile range\n",
				    met ? "yes" : "NO", ours->title, kinds[kind].name, sizes[size]);
				missed += !met;
			}
	}
	if (stacks[2].idle.count > 0) {
		bool met = part(&stacks[2].idle, 0.5) <= 0;

		printf("    %-4sscardd, our driver: no wake-up while idle\n", met ? "yes" : "NO");
		missed += !met;
	}
	return missed;
}

int
main(int argc, char **argv)
{
	const char *build = argv[argc - 1];
	char bundles[480];
	bool failed = false;

	if (argc < 2)
		return 2;
	if (argc > 2 && strcmp(argv[1], "--quick") == 0) {
		rounds = 1;
		exchanges = 20;
		idle_ms = 1000;
	}
	PRINT(reader_program, "%.400s/tests/vm/software_reader", build);
	(void)g_mkdir_with_parents(FOLDER "/no-readers", 0755);
	PRINT(bundles, BUNDLES, build);
	describe(&stacks[0], "pcscd", build, NULL);
	describe(&stacks[1], "pcscd", build, bundles);
	describe(&stacks[2], "scardd", build, NULL);
	for (unsigned round = 0; round < rounds; round++)
		for (unsigned i = 0; i < STACKS; i++)
			if (stacks[i].there)
				run_stack(&stacks[i]);
	rows();
	traffic_rows();
	for (unsigned i = 0; i < STACKS; i++) {
		if (!stacks[i].there)
			printf("%s: is not there\n", stacks[i].title);
		else if (stacks[i].failures > 0)
			printf("%s: %u of %u rounds ended early, the last at %s\n", stacks[i].title,
			    stacks[i].failures, rounds, stacks[i].failure);
		/* What the peer cannot do is told and no more. */
		failed |= i > 0 && (!stacks[i].there || stacks[i].failures > 0);
	}
	printf("targets missed: %u\n", targets());
	return failed ? 1 : 0;
}
