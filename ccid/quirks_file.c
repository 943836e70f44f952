/* SPDX-License-Identifier: BSD-2-Clause */
/* Quirks files: read with limits; what makes no sense is noted and left out, the rest holds. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ccid/quirks_table.h"

#define FILE_SIZE_MAX (256u * 1024u)
#define GROUPS_MAX 2048u
#define SHOWN_MAX 64 /* characters of foreign text in a note */
#define KEY_RELEASES "Releases"

struct reading {
	struct ccid_quirk_table *table;
	const char *path;
	void (*note)(void *data, const char *line);
	void *data;
};

/* Foreign text made fit for a line of the log (transfer full). */
static char *
shown(const char *text)
{
	char *copy = g_strndup(text, SHOWN_MAX);

	for (char *p = copy; *p != '\0'; p++)
		if (!g_ascii_isprint(*p))
			*p = '?';
	return copy;
}

/* @group, @key: NULL where the cause is not theirs */
static void
note(const struct reading *reading, const char *group, const char *key, const char *cause)
{
	g_autofree char *group_shown = shown(group != NULL ? group : "");
	g_autofree char *key_shown = shown(key != NULL ? key : "");
	g_autofree char *line =
	    g_strdup_printf("%s:%s%s%s%s%s %s", reading->path, group != NULL ? " [" : "",
		group_shown, group != NULL ? "]" : "", key != NULL ? " " : "", key_shown, cause);

	if (reading->note != NULL)
		reading->note(reading->data, line);
}

/* Reads at most FILE_SIZE_MAX bytes (transfer full). -1: errno says why; EFBIG: too many. */
static ssize_t
read_file(const char *path, char **ret)
{
	char *text;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat state;
	size_t size = 0;
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	text = g_malloc(FILE_SIZE_MAX + 1);
	if (fstat(fd, &state) == 0 && !S_ISREG(state.st_mode))
		errno = EINVAL;
	else
		while ((n = read(fd, text + size, FILE_SIZE_MAX + 1 - size)) > 0)
			size += (size_t)n;
	if (n == 0 && size > FILE_SIZE_MAX) {
		errno = EFBIG;
		n = -1;
	}
	if (n < 0) {
		int saved = errno;

		close(fd);
		g_free(text);
		errno = saved;
		return -1;
	}
	close(fd);
	*ret = text;
	return (ssize_t)size;
}

/* One key of a group, which is not Releases. */
static void
take_key(const struct reading *reading, const char *group, const char *name, const char *text,
    const struct quirk_key *keys, size_t count, uint64_t *set, void *values)
{
	int number = ccid_quirk_key_find(keys, count, name);
	g_autofree char *problem = NULL;

	if (number < 0) {
		note(reading, group, name, "is no key of such a group");
		return;
	}
	problem = ccid_quirk_key_set(&keys[number], text, values);
	if (problem != NULL)
		note(reading, group, name, problem);
	else
		*set |= UINT64_C(1) << number;
}

static void
take_keys(const struct reading *reading, GKeyFile *file, const char *group,
    const struct quirk_key *keys, size_t count, struct quirk_rule *rule, uint64_t *set,
    void *values)
{
	g_auto(GStrv) names = g_key_file_get_keys(file, group, NULL, NULL);

	for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *text = g_key_file_get_string(file, group, names[i], &error);

		if (text == NULL || error != NULL)
			note(reading, group, names[i], "has a value that is not text");
		else if (rule == NULL || strcmp(names[i], KEY_RELEASES) != 0)
			take_key(reading, group, names[i], text, keys, count, set, values);
	}
}

/* Without a readable range the group would hold for releases that it is not about. */
static bool
take_releases(
    const struct reading *reading, GKeyFile *file, const char *group, struct quirk_rule *rule)
{
	g_autofree char *text = NULL;

	if (!g_key_file_has_key(file, group, KEY_RELEASES, NULL))
		return true;
	text = g_key_file_get_string(file, group, KEY_RELEASES, NULL);
	if (text != NULL && ccid_quirk_rule_releases(rule, text))
		return true;
	note(reading, group, KEY_RELEASES,
	    "expected LOW-HIGH, four hexadecimal digits each; the group is left out");
	return false;
}

static void
take_group(const struct reading *reading, GKeyFile *file, const char *group)
{
	struct quirk_rule rule = { 0 };
	struct card_rule card = { 0 };

	if (ccid_card_rule_name(&card, group)) {
		take_keys(reading, file, group, ccid_card_quirk_keys, ccid_card_quirk_key_count,
		    NULL, &card.set, &card.values);
		g_array_append_val(reading->table->cards, card);
	} else if (!ccid_quirk_rule_name(&rule, group)) {
		note(reading, group, NULL,
		    "expected [VVVV:PPPP], [VVVV:PPPP:SLOT], [VVVV:*] or [ATR:BYTES]; the group is "
		    "left out");
	} else if (take_releases(reading, file, group, &rule)) {
		take_keys(reading, file, group, ccid_quirk_keys, ccid_quirk_key_count, &rule,
		    &rule.set, &rule.values);
		g_array_append_val(reading->table->rules, rule);
	}
}

static void
take_file(const struct reading *reading, const char *text, size_t size)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) groups = NULL;

	if (!g_key_file_load_from_data(file, text, size, G_KEY_FILE_NONE, &error)) {
		g_autofree char *cause =
		    g_strdup_printf("%s; the file is left out", error->message);

		/* GLib quotes the line. */
		for (char *p = cause; *p != '\0'; p++)
			if (!g_ascii_isprint(*p))
				*p = '?';
		note(reading, NULL, NULL, cause);
		return;
	}
	groups = g_key_file_get_groups(file, NULL);
	for (size_t i = 0; groups[i] != NULL; i++) {
		if (reading->table->rules->len + reading->table->cards->len == GROUPS_MAX) {
			note(reading, groups[i], NULL,
			    "is one group too many; it and those behind it are left out");
			return;
		}
		take_group(reading, file, groups[i]);
	}
}

struct ccid_quirk_table *
ccid_quirks_read(const char *const *paths, void (*say)(void *data, const char *line), void *data)
{
	struct ccid_quirk_table *table = g_new0(struct ccid_quirk_table, 1);

	table->rules = g_array_new(FALSE, FALSE, sizeof(struct quirk_rule));
	table->cards = g_array_new(FALSE, FALSE, sizeof(struct card_rule));
	for (; *paths != NULL; paths++) {
		const struct reading reading = { table, *paths, say, data };
		g_autofree char *text = NULL;
		ssize_t size = read_file(*paths, &text);

		if (size >= 0)
			take_file(&reading, text, (size_t)size);
		else if (errno == EFBIG)
			note(&reading, NULL, NULL, "is larger than 262144 bytes; it is left out");
		else if (errno != ENOENT && errno != ENOTDIR)
			note(&reading, NULL, NULL, g_strerror(errno));
	}
	return table;
}

void
ccid_quirks_free(struct ccid_quirk_table *table)
{
	if (table == NULL)
		return;
	g_array_unref(table->rules);
	g_array_unref(table->cards);
	g_free(table);
}
