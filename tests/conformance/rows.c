/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/conformance/rows.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ROWS_MAX 1024u
#define WORD_SIZE 48u

static struct row {
	char function[WORD_SIZE], what[WORD_SIZE];
	bool held;
} rows[ROWS_MAX];
static size_t count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void
first_word(const char *text, char word[WORD_SIZE])
{
	size_t length =
	    strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	(void)snprintf(word, WORD_SIZE, "%.*s", (int)length, text);
}

static bool
is_api(const char *function)
{
	return strncmp(function, "SCard", 5) == 0 || strncmp(function, "GetOpenCardName", 15) == 0;
}

void
rows_note(const char *call, const char *what, bool held)
{
	struct row row = { .held = held };
	size_t i = 0;

	first_word(call, row.function);
	first_word(what, row.what);
	if (!is_api(row.function))
		return;
	(void)pthread_mutex_lock(&lock);
	while (i < count &&
	    (strcmp(rows[i].function, row.function) != 0 || strcmp(rows[i].what, row.what) != 0))
		i++;
	if (i < count)
		rows[i].held &= held;
	else if (count < ROWS_MAX)
		rows[count++] = row;
	(void)pthread_mutex_unlock(&lock);
}

static FILE *
open_file(const char *name)
{
	const char *build = getenv("TESSERA_BUILD"), *manager = getenv("TESSERA_RM");
	const char *kind =
	    manager != NULL && strncmp(manager, "unix:", 5) == 0 ? "scardd" : "embedded";
	char path[PATH_MAX];

	(void)snprintf(path, sizeof path, "%s/tests/rows", build != NULL ? build : ".");
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		return NULL;
	(void)snprintf(
	    path, sizeof path, "%s/tests/rows/%s.%s", build != NULL ? build : ".", name, kind);
	return fopen(path, "we");
}

int
rows_end(const char *name, int status)
{
	FILE *file = open_file(name);

	if (file == NULL) {
		printf("not ok - %s: the rows cannot be written: %s\n", name, strerror(errno));
		return 1;
	}
	for (size_t i = 0; i < count; i++)
		if (rows[i].held)
			fprintf(file, "%s %s\n", rows[i].function, rows[i].what);
	if (status == 0)
		fputs("passed\n", file);
	return fclose(file) == 0 ? status : 1;
}
