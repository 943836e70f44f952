/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replays the exchanges in tests/wire, most recorded between a program and scardd, some written
 * after PROTOCOL: every packet is what its line says, and has the form that the mark says. What is
 * in them stays readable: messages are added to, not changed.
 *
 *	# text               comment
 *	> DESCRIPTION        a request, as wire_describe gives it
 *	< DESCRIPTION        a reply to the request before it
 *	>! and <!            the same, but malformed
 *	  hex bytes          of the packet, on any number of lines that begin with a space
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "rm/wire/wire.h"
#include "tests/suite.h"

#define DESCRIPTION_SIZE 1024u

struct packet {
	const char *description;
	unsigned line;
	bool is_reply, malformed;
	GByteArray *bytes;
};

static unsigned seen[2][UINT16_MAX + 1]; /* good messages by direction and number */

static void
packet_free(void *data)
{
	struct packet *packet = data;

	g_byte_array_unref(packet->bytes);
	g_free(packet);
}

static struct packet *
packet_new(const char *text, unsigned line)
{
	struct packet *packet = g_new0(struct packet, 1);

	packet->is_reply = text[0] == '<';
	packet->malformed = text[1] == '!';
	packet->description = text + (packet->malformed ? 3 : 2);
	packet->line = line;
	packet->bytes = g_byte_array_new();
	return packet;
}

static bool
add_hex(struct packet *packet, const char *text)
{
	for (; *text != '\0'; text++) {
		int high, low;
		guint8 byte;

		if (*text == ' ')
			continue;
		high = g_ascii_xdigit_value(text[0]);
		low = text[1] != '\0' ? g_ascii_xdigit_value(text[1]) : -1;
		if (high < 0 || low < 0)
			return false;
		byte = (guint8)(high << 4 | low);
		g_byte_array_append(packet->bytes, &byte, 1);
		text++;
	}
	return true;
}

/* The packets of a file; NULL with a line on standard output where it is not in the format. */
static GPtrArray *
read_packets(char **lines, const char *name)
{
	g_autoptr(GPtrArray) packets = g_ptr_array_new_with_free_func(packet_free);

	for (unsigned i = 0; lines[i] != NULL; i++) {
		const char *line = lines[i];
		bool good = true;

		if (line[0] == '>' || line[0] == '<')
			g_ptr_array_add(packets, packet_new(line, i + 1));
		else if (line[0] == ' ')
			good = packets->len > 0 &&
			    add_hex(g_ptr_array_index(packets, packets->len - 1), line);
		else
			good = line[0] == '\0' || line[0] == '#';
		if (!good) {
			printf("# %s:%u: not understood\n", name, i + 1);
			return NULL;
		}
	}
	return g_steal_pointer(&packets);
}

static void
replay_packet(const struct packet *packet, const struct packet *before)
{
	const guint8 *data = packet->bytes->data;
	size_t size = packet->bytes->len;
	char description[DESCRIPTION_SIZE];
	struct wire_reader reader;
	struct wire_header header, request;

	SUITE_EQUAL_INT(wire_check(data, size), packet->malformed ? -EBADMSG : 0);
	wire_describe(data, size, description, sizeof description);
	SUITE_EQUAL_STRING(description, packet->description);
	if (packet->malformed)
		return;
	CU_ASSERT_FATAL(wire_open(&reader, data, size, &header) == 0);
	SUITE_EQUAL_INT(header.is_reply, packet->is_reply);
	seen[packet->is_reply][header.number]++;
	if (!packet->is_reply)
		return;
	CU_ASSERT_FATAL(before != NULL && !before->is_reply && !before->malformed);
	CU_ASSERT_FATAL(wire_open(&reader, before->bytes->data, before->bytes->len, &request) == 0);
	SUITE_EQUAL_INT(header.number, request.number);
	SUITE_EQUAL_INT(header.serial, request.serial);
}

static unsigned
replay_file(const char *path)
{
	g_autofree char *text = NULL, *name = g_path_get_basename(path);
	g_auto(GStrv) lines = NULL;
	g_autoptr(GPtrArray) packets = NULL;

	CU_ASSERT_FATAL(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	packets = read_packets(lines, name);
	CU_ASSERT_PTR_NOT_NULL_FATAL(packets);
	CU_ASSERT(packets->len > 0);
	for (guint i = 0; i < packets->len; i++) {
		unsigned failures = CU_get_number_of_failures();
		const struct packet *packet = g_ptr_array_index(packets, i);

		replay_packet(packet, i > 0 ? g_ptr_array_index(packets, i - 1) : NULL);
		if (CU_get_number_of_failures() != failures)
			printf("# %s:%u\n", name, packet->line);
	}
	return packets->len;
}

static void
replay(void)
{
	const char *source = getenv("TESSERA_SRC");
	g_autofree char *path =
	    g_build_filename(source != NULL ? source : ".", "tests", "wire", NULL);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	unsigned packets = 0;
	const char *entry;

	CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
	while ((entry = g_dir_read_name(folder)) != NULL) {
		g_autofree char *file = g_build_filename(path, entry, NULL);

		if (g_str_has_suffix(entry, ".exchange"))
			packets += replay_file(file);
	}
	CU_ASSERT(packets > 0);
}

static void
all_are_recorded(void)
{
	for (unsigned number = 0; number <= UINT16_MAX; number++)
		if (wire_info((uint16_t)number) != NULL)
			for (unsigned is_reply = 0; is_reply < 2; is_reply++) {
				if (seen[is_reply][number] == 0)
					printf("# no %s of %s\n", is_reply ? "reply" : "request",
					    wire_info((uint16_t)number)->name);
				CU_ASSERT(seen[is_reply][number] > 0);
			}
}

static const struct suite_test tests[] = {
	{ "the recorded packets are what their lines say", replay },
	{ "every message is recorded in both directions", all_are_recorded },
};

int
main(void)
{
	return suite_run("wire_exchanges", tests, sizeof tests / sizeof tests[0]);
}
