/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/runtime_cold.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "tests/bench/sample.h"
#include "tests/bench/table.h"

#define CLASSES_A_FILE 10u
#define CLASSES_A_FILE_OF_MANY 100u
#define WIDL "/usr/bin/widl-stable"

struct place {
	const char *build;
	char *data; /* XDG_DATA_HOME */
};

static void
write_text(const char *path, const GString *text)
{
	g_autoptr(GError) error = NULL;

	if (g_file_set_contents(path, text->str, (gssize)text->len, &error))
		return;
	fprintf(stderr, "%s\n", error->message);
	exit(1);
}

/* Classes whose modules do not exist: nobody asks for them. */
static void
write_manifest(const char *folder, unsigned first, unsigned count)
{
	g_autofree char *path = g_strdup_printf("%s/many-%06u.component", folder, first);
	g_autoptr(GString) text = g_string_new("[Component]\nModule=/nowhere/many.so\n");

	for (unsigned i = first; i < first + count; i++)
		g_string_append_printf(text,
		    "\n[Class {%08X-0000-4000-8000-0123456789AB}]\nName=Many%u\n"
		    "ProgID=Bench.Many%u.1\nVersionIndependentProgID=Bench.Many%u\n"
		    "Description=One of many\nThreadingModel=Both\n"
		    "Interfaces={5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A01}\n",
		    i, i, i, i);
	write_text(path, text);
}

static void
write_measured(const char *folder, const char *build)
{
	g_autofree char *path = g_build_filename(folder, "counter.component", NULL);
	g_autofree char *relative = g_build_filename(build, "tests/components/counter.so", NULL);
	g_autofree char *module = g_canonicalize_filename(relative, NULL);
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text,
	    "[Component]\nModule=%s\n\n[Class {5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A12}]\n"
	    "Name=Hermit\nThreadingModel=Free\n",
	    module);
	write_text(path, text);
}

/* A user layer with that many classes, and its cache. */
static struct place
make_place(const char *build, const char *folder, unsigned classes, unsigned a_file)
{
	struct place place = { build, g_strdup_printf("%s/%u", folder, classes) };
	g_autofree char *layer = g_build_filename(place.data, "tessera", "components.d", NULL);
	g_autofree char *command = g_strdup_printf(
	    "env -u TESSERA_COMPONENT_PATH XDG_DATA_HOME='%s' '%s/bin/comreg' cache "
	    "--layer user >/dev/null",
	    place.data, build);

	if (g_mkdir_with_parents(layer, 0700) != 0) {
		perror(layer);
		exit(1);
	}
	write_measured(layer, build);
	for (unsigned first = 1; first < classes; first += a_file)
		write_manifest(layer, first, MIN(a_file, classes - first));
	if (system(command) != 0)
		table_line(
		    "comreg cache", "failed for %u classes; what follows is without", classes);
	return place;
}

/* Microseconds from the start of a program to its end; ends the bench when it fails. */
static double
time_program(const char *const *argv, const char *data)
{
	g_autofree char *home = g_strdup_printf("XDG_DATA_HOME=%s", data != NULL ? data : "/");
	char *environment[] = { home, (char[]){ "PATH=/usr/bin:/bin" }, NULL };
	double start = now_us();
	int status;
	pid_t pid;

	if ((errno = posix_spawn(
		 &pid, argv[0], NULL, NULL, (char **)(unsigned long)argv, environment)) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "%s: did not end with success\n", argv[0]);
		exit(1);
	}
	return now_us() - start;
}

static void
measure_first(const char *build, const char *folder, unsigned classes, bool quick)
{
	struct place place = make_place(build, folder, classes, CLASSES_A_FILE);
	g_autofree char *first = g_strdup_printf("%s/tests/bench/runtime_first", build);
	g_autofree char *floor = g_strdup_printf("%s/tests/bench/runtime_first_floor", build);
	g_autofree char *module = g_strdup_printf("%s/tests/components/counter.so", build);
	g_autofree char *name = g_strdup_printf("first object of a process, %u", classes);
	const char *const measured[] = { first, NULL };
	const char *const least[] = { floor, module, NULL };
	struct sample_set ours = { 0 }, theirs = { 0 }, ratio = { 0 };

	for (int i = 0; i < (quick ? 3 : 101); i++) {
		double one = time_program(measured, place.data);
		double other = time_program(least, NULL);

		if (i == 0)
			continue;
		sample_add(&ours, one);
		sample_add(&theirs, other);
		sample_add(&ratio, one / other);
	}
	table_line(name, "%.0f us, floor %.0f us, %.2f x", sample_part(&ours, 0.5),
	    sample_part(&theirs, 0.5), sample_part(&ratio, 0.5));
	table_target(sample_part(&ratio, 0.5) <= 1.6,
	    "at most 1.6 x a program that links GModule, loads "
	    "and calls the factory");
	sample_clear(&ours);
	sample_clear(&theirs);
	sample_clear(&ratio);
	g_free(place.data);
}

/* The peers' first object in a process, where they are there. */
static void
measure_first_of_gstreamer(const char *build, bool quick)
{
	g_autofree char *program = g_strdup_printf("%s/tests/bench/runtime_peer_gstreamer", build);
	const char *const argv[] = { program, "first", NULL };
	struct sample_set times = { 0 };

	if (access(program, X_OK) != 0)
		return;
	for (int i = 0; i < (quick ? 2 : 31); i++)
		sample_add(&times, time_program(argv, "/tmp"));
	table_line("  GStreamer's element factory", "%.0f us", sample_part(&times, 0.5));
	sample_clear(&times);
}

/* runtime_lookup prints microseconds of the first lookup and nanoseconds of one of many after it.
 */
static void
measure_lookup(const char *build, const char *folder, bool quick)
{
	unsigned classes = quick ? 1000 : 100000;
	struct place place = make_place(build, folder, classes, CLASSES_A_FILE_OF_MANY);
	g_autofree char *command =
	    g_strdup_printf("env -u TESSERA_COMPONENT_PATH XDG_DATA_HOME='%s' "
			    "'%s/tests/bench/runtime_lookup' %u %u",
		place.data, build, classes, quick ? 200u : 20000u);
	struct sample_set first = { 0 }, again = { 0 }, found = { 0 };

	for (int i = 0; i < (quick ? 2 : 31); i++) {
		g_autofree char *output = NULL;
		double first_us, again_ns, found_ns;
		int status;

		if (!g_spawn_command_line_sync(command, &output, NULL, &status, NULL) ||
		    status != 0 ||
		    sscanf(output, "%lf %lf %lf", &first_us, &again_ns, &found_ns) != 3) {
			fprintf(stderr, "%s: did not end with success\n", command);
			exit(1);
		}
		sample_add(&first, first_us);
		sample_add(&again, again_ns);
		sample_add(&found, found_ns);
	}
	table_line("lookup among 100,000 classes",
	    "first %.1f us, others %.1f us, found before %.0f ns%s", sample_part(&first, 0.5),
	    sample_part(&again, 0.5) / 1e3, sample_part(&found, 0.5),
	    quick ? " (quick: 1,000 classes)" : "");
	table_target(sample_part(&first, 0.5) <= 25, "first at most 25 us from open");
	table_target(sample_part(&found, 0.5) <= 100, "warm at most 100 ns");
	sample_clear(&first);
	sample_clear(&again);
	sample_clear(&found);
	g_free(place.data);
}

static void
write_interfaces(const char *path, unsigned count, const char *base)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text, "import \"%s\";\n", base);
	for (unsigned i = 0; i < count; i++) {
		g_string_append_printf(text,
		    "\n[object, uuid(%08X-0000-4000-8000-0123456789AC), pointer_default(unique)]\n"
		    "interface IMany%u : IUnknown\n{\n",
		    i + 1, i);
		for (unsigned m = 0; m < 10; m++)
			g_string_append_printf(text,
			    "\tHRESULT Method%u([in] LONG first, [in] BSTR second, [out] LONG "
			    "*third, "
			    "[out, retval] IUnknown **fourth);\n",
			    m);
		g_string_append(text, "}\n");
	}
	write_text(path, text);
}

static void
measure_compiler(const char *build, const char *folder, bool quick)
{
	g_autofree char *source = g_build_filename(folder, "many.idl", NULL);
	g_autofree char *header = g_build_filename(folder, "many.h", NULL);
	g_autofree char *comidl = g_strdup_printf("%s/bin/comidl", build);
	const char *const ours[] = { comidl, "-I", "interfaces/com", "--header", header, source,
		NULL };
	const char *const theirs[] = { WIDL, "-h", "-m64", "-H", header, "-I",
		"/usr/include/wine/wine/windows", source, NULL };
	struct sample_set mine = { 0 }, peer = { 0 };
	bool has_peer = !quick && access(WIDL, X_OK) == 0;

	write_interfaces(source, quick ? 10 : 1000, "oaidl.idl");
	for (int i = 0; i < (quick ? 2 : 11); i++) {
		sample_add(&mine, time_program(ours, NULL));
		if (has_peer)
			sample_add(&peer, time_program(theirs, NULL));
	}
	if (has_peer)
		table_line("comidl, 1,000 interfaces of 10", "%.0f ms, widl %.0f ms",
		    sample_part(&mine, 0.5) / 1e3, sample_part(&peer, 0.5) / 1e3);
	else
		table_line("comidl, 1,000 interfaces of 10", "%.0f ms%s",
		    sample_part(&mine, 0.5) / 1e3,
		    quick ? " (quick: 10 interfaces)" : ", widl is not here");
	sample_clear(&mine);
	sample_clear(&peer);
}

void
cold_measure(const char *build, const char *folder, bool quick)
{
	measure_first(build, folder, 10, quick);
	if (!quick) {
		measure_first(build, folder, 1000, quick);
		measure_first(build, folder, 10000, quick);
	}
	measure_first_of_gstreamer(build, quick);
	measure_lookup(build, folder, quick);
	measure_compiler(build, folder, quick);
}

void
cold_remove(const char *folder)
{
	const char *const argv[] = { "/bin/rm", "-rf", "--", folder, NULL };

	(void)time_program(argv, NULL);
}
