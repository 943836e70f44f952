/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The component runtime's benchmark: each figure beside a floor, and beside peers that are
 * installed, round by round in one run.
 *
 *	runtime [--quick] BUILD
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/bench/process.h"
#include "tests/bench/runtime_calls.h"
#include "tests/bench/runtime_cold.h"
#include "tests/bench/runtime_peers.h"
#include "tests/bench/sample.h"
#include "tests/bench/table.h"

struct row {
	const char *name, *peer_name;
	void (*measured)(unsigned count);
	void (*floor)(unsigned count);
	unsigned count; /* operations in a round */
	double most;    /* times the floor, to reach; 0: nothing is asked */
};

static double
time_one(void (*what)(unsigned), unsigned count)
{
	double start = now_us();

	what(count);
	return (now_us() - start) * 1e3 / count;
}

static void
measure(const struct row *row, int rounds, struct peers *peers)
{
	struct sample_set measured = { 0 }, floor = { 0 }, ratio = { 0 };

	peers_begin_row(peers);
	(void)time_one(row->measured, row->count / 10);
	(void)time_one(row->floor, row->count / 10);
	for (int i = 0; i < rounds; i++) {
		double one = time_one(row->measured, row->count);
		double least = time_one(row->floor, row->count);

		sample_add(&measured, one);
		sample_add(&floor, least);
		sample_add(&ratio, one / least);
		peers_ask(peers, row->peer_name, row->count);
	}
	printf("%-36s %9.1f %9.1f %6.2f", row->name, sample_part(&measured, 0.5),
	    sample_part(&floor, 0.5), sample_part(&ratio, 0.5));
	peers_print_row(peers);
	printf("\n");
	if (row->most > 0)
		table_target(
		    sample_part(&ratio, 0.5) <= row->most, "at most %.1f x the floor", row->most);
	sample_clear(&measured);
	sample_clear(&floor);
	sample_clear(&ratio);
}

static void
measure_calls(bool quick, struct peers *peers)
{
	static const struct row rows[] = {
		{ "AddRef + Release", "reference", calls_reference, calls_reference_floor, 200000,
		    1.2 },
		{ "QueryInterface + Release, hit", "query-hit", calls_query_hit, calls_query_floor,
		    200000, 0 },
		{ "QueryInterface, miss", "query-miss", calls_query_miss, calls_query_floor, 200000,
		    0 },
		{ "CoCreateInstance + Release, warm", "activation", calls_activation,
		    calls_activation_floor, 50000, 2.5 },
	};

	printf("%-36s %9s %9s %6s", "nanoseconds, medians, one CPU", "p50", "floor", "x");
	peers_print_head(peers);
	printf("\n");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct row row = rows[i];

		row.count /= quick ? 50 : 1;
		measure(&row, quick ? 3 : 31, peers);
	}
}

static void
measure_threads(bool quick)
{
	struct sample_set ratio = { 0 };
	double one = 0, two = 0;
	unsigned count = quick ? 2000 : 400000;

	for (int i = 0; i < (quick ? 3 : 15); i++) {
		one = calls_activations_together(1, count);
		two = calls_activations_together(2, count);
		sample_add(&ratio, two / one);
	}
	if (two > 0) {
		table_line(
		    "CoCreateInstance, two threads", "%.2f x one thread", sample_part(&ratio, 0.5));
		table_target(sample_part(&ratio, 0.5) >= 1.8, "at least 1.8 x");
	} else {
		table_line("CoCreateInstance, two threads", "not measured: there is one CPU");
	}
	sample_clear(&ratio);
}

static void
pin(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	(void)sched_setaffinity(0, sizeof one, &one);
}

int
main(int argc, char **argv)
{
	bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
	const char *build = argv[argc - 1];
	struct peers peers;
	char components[512], folder[] = "/tmp/tessera-bench.XXXXXX";
	cpu_set_t all;

	if (argc != 2 + quick) {
		fprintf(stderr, "usage: runtime [--quick] BUILD\n");
		return 2;
	}
	if (mkdtemp(folder) == NULL) {
		perror(folder);
		return 1;
	}
	(void)snprintf(components, sizeof components, "%s/tests/components", build);
	(void)setenv("TESSERA_COMPONENT_PATH", components, 1);
	(void)setenv("XDG_DATA_HOME", folder, 1);
	(void)sched_getaffinity(0, sizeof all, &all);
	pin();
	calls_prepare();
	peers_start(&peers, build, folder, quick);
	measure_calls(quick, &peers);
	peers_end(&peers);
	(void)sched_setaffinity(0, sizeof all, &all);
	measure_threads(quick);
	pin();
	cold_measure(build, folder, quick);
	(void)table_end();
	cold_remove(folder);
	return 0;
}
