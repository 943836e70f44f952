/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The soft card's commands, byte for byte, as T=1 carries them (ISO 7816-4).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/unit/softcard_script.h"

#define FCI_MF "6F 0A 82 01 38 83 02 3F 00 8A 01 05 "
#define FCI_DF "6F 10 82 01 38 83 02 50 00 84 04 A0 01 02 03 8A 01 05 "
#define FCP_5001 "62 11 82 01 01 83 02 50 01 80 02 00 0A 88 01 08 8A 01 05 "
#define FCP_5003 "62 10 82 01 01 83 02 50 03 80 02 01 2C 88 00 8A 01 05 "

static void
lengths(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "", "6700" }, { "00", "6700" }, { "00 A4 00", "6700" },
	    { "00 A4 00 00", "9000" }, { "00 A4 00 00 02 3F", "6700" }, /* Lc 2, one byte */
	    { "00 A4 00 0C 02 3F 00", "9000" },                         /* case 3 */
	    { "00 A4 00 00 02 3F 00 00", FCI_MF "9000" },               /* case 4 */
	    { "00 A4 00 00 02 3F 00 00 00", "6700" },                   /* one byte too many */
	    { "00 A4 00 00 00 02", "6700" },                            /* half an extended field */
	    { "00 A4 00 00 00 00 00", FCI_MF "9000" },                  /* case 2, extended */
	    { "00 A4 00 0C 00 00 02 3F 00", "9000" },                   /* case 3, extended */
	    { "00 A4 00 00 00 00 02 3F 00 00 00", FCI_MF "9000" },      /* case 4, extended */
	    { "00 A4 00 00 00 00 02 3F 00 00", "6700" }, { "00 A4 00 00 00 00 03 3F 00", "6700" },
	    { "00 A4 00 00 00 00 00 3F 00", "6700" }); /* extended Lc 0 */
	softcard_card_free(card);
}

static void
classes_and_instructions(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "80 A4 00 00", "6E00" }, { "A0 A4 00 00", "6E00" },
	    { "FF A4 00 00", "6E00" }, { "20 A4 00 00", "6E00" },
	    { "01 A4 00 00", "6881" }, /* channel 1 */
	    { "40 A4 00 00", "6881" }, /* channel 4 */
	    { "04 A4 00 00", "6882" }, /* secure messaging */
	    { "0C A4 00 00", "6882" }, { "60 A4 00 00", "6882" },
	    { "10 A4 00 00", "6884" }, /* chaining */
	    { "50 A4 00 00", "6884" }, { "00 00 00 00", "6D00" }, { "00 A5 00 00", "6D00" },
	    { "00 D0 00 00 01 00", "6D00" }, { "00 C2 00 00 01 00", "6D00" }, /* ENVELOPE */
	    { "00 60 00 00", "6D00" }, { "00 FF FF FF", "6D00" },
	    { "00 70 00 00 01", "6881" }, /* MANAGE CHANNEL */
	    { "00 70 80 01", "6881" },
	    { "00 C0 00 00 00", "6985" }); /* GET RESPONSE: nothing is held under T=1 */
	softcard_card_free(card);
}

static void
select_by_id(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "00 A4 00 00 02 50 00 00", FCI_DF "9000" },
	    { "00 A4 00 04 02 50 01 00", FCP_5001 "9000" }, /* child of the current directory */
	    { "00 A4 00 04 02 50 03 00", FCP_5003 "9000" }, /* beside it; no short identifier */
	    { "00 A4 00 0C 02 50 00", "9000" },             /* the current directory itself */
	    { "00 A4 00 0C 02 51 00", "9000" },
	    { "00 A4 00 0C 02 50 01", "6A82" }, /* not of the parent: only directories are */
	    { "00 A4 00 0C 02 50 00", "9000" }, /* the parent */
	    { "00 A4 00 0C 02 60 00", "9000" }, /* a directory beside */
	    { "00 A4 00 0C 02 50 01", "9000" },
	    { "00 B0 00 00 00", "6001 9000" }, /* and it is this one's 5001 */
	    { "00 A4 00 0C 02 12 34", "6A82" },
	    { "00 B0 00 00 00", "6001 9000" }, /* a failed selection changes nothing */
	    { "00 A4 00 00 02 3F 00 00", FCI_MF "9000" }, { "00 A4 00 0C 02 50 01", "6A82" },
	    { "00 A4 00 00", "9000" }, /* no data: the MF */
	    { "00 A4 00 00 01 3F", "6A87" }, { "00 A4 00 00 03 3F 00 00", "6A87" });
	softcard_card_free(card);
}

static void
select_by_kind(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "00 A4 01 0C 02 50 00", "9000" }, /* child directory */
	    { "00 A4 01 0C 02 50 01", "6A82" },                         /* a file is none */
	    { "00 A4 02 0C 02 50 01", "9000" },                         /* file of the directory */
	    { "00 A4 02 0C 02 51 00", "6A82" },                         /* a directory is none */
	    { "00 A4 01 0C 02 51 00", "9000" }, { "00 A4 03 00 00", FCI_DF "9000" }, /* parent */
	    { "00 A4 03 0C", "9000" }, { "00 A4 03 0C", "6A82" }, /* the MF has none */
	    { "00 A4 03 0C 02 3F 00", "6A87" }, { "00 A4 01 0C", "6A87" },
	    { "00 A4 02 0C 01 50", "6A87" }, { "00 A4 05 0C 02 50 00", "6A86" },
	    { "00 A4 FF 0C 02 50 00", "6A86" });
	softcard_card_free(card);
}

static void
select_by_name(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "00 A4 04 00 04 A0 01 02 03 00", FCI_DF "9000" },
	    { "00 A4 04 00 02 A0 01 00", FCI_DF "9000" }, /* truncated: the first that fits */
	    { "00 A4 04 02 02 A0 01 00",                  /* next */
		"6F 10 82 01 38 83 02 51 00 84 04 A0 01 02 04 8A 01 05 9000" },
	    { "00 A4 04 02 02 A0 01 00", "6F 0E 82 01 38 83 02 60 00 84 02 A0 01 8A 01 05 9000" },
	    { "00 A4 04 02 02 A0 01 00", "6A82" },
	    { "00 A4 04 03 03 A0 01 02 00", /* previous */
		"6F 10 82 01 38 83 02 51 00 84 04 A0 01 02 04 8A 01 05 9000" },
	    { "00 A4 04 03 02 A0 01 00", FCI_DF "9000" }, { "00 A4 04 03 02 A0 01 00", "6A82" },
	    { "00 A4 04 01 01 A0 00", /* last */
		"6F 0E 82 01 38 83 02 60 00 84 02 A0 01 8A 01 05 9000" },
	    { "00 A4 04 00 05 A0 01 02 03 00", "6A82" },
	    { "00 A4 04 00 11 A0 01 02 03 00 00 00 00 00 00 00 00 00 00 00 00 00", "6A82" },
	    { "00 A4 04 0C", "6A87" });
	softcard_card_free(card);
}

static void
select_by_path(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "00 A4 08 0C 04 50 00 50 01", "9000" },
	    { "00 B0 00 00 00", "30313233343536373839 9000" },
	    { "00 A4 09 0C 04 51 00 51 01", "9000" }, /* from 5000, the directory of 5001 */
	    { "00 A4 09 0C 02 51 01", "9000" }, { "00 A4 08 0C 06 50 00 51 00 51 01", "9000" },
	    { "00 A4 08 0C 04 50 01 50 01", "6A82" },
	    { "00 A4 08 0C 06 50 00 50 01 50 01", "6A82" }, /* through a file */
	    { "00 A4 08 0C 04 3F 00 50 00", "6A82" },       /* the MF is not part of the path */
	    { "00 A4 08 0C 03 50 00 50", "6A87" }, { "00 A4 08 0C", "6A87" },
	    { "00 A4 09 0C", "6A87" });
	softcard_card_free(card);
}

static void
select_answers(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "00 A4 00 0C 02 50 00 00", "9000" }, /* none asked for */
	    { "00 A4 00 00 02 50 00", "9000" },    /* no Le: none can be sent */
	    { "00 A4 00 08 02 50 00 00", "6A86" }, /* FMD: there is none */
	    { "00 A4 00 10 02 50 00 00", "6A86" }, { "00 A4 00 80 02 50 00 00", "6A86" },
	    { "00 A4 00 02 02 50 00 00", "6A86" },        /* "next" is for names */
	    { "00 A4 00 00 02 3F 00 0C", FCI_MF "9000" }, /* exact Le */
	    { "00 A4 00 00 02 50 00 0C", "6C12" }, /* too short: said, and nothing selected */
	    { "00 B0 81 00 01", "6A82" });
	softcard_card_free(card);
}

static void
read_binary(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "00 B0 00 00 00", "6986" },             /* nothing selected */
	    { "00 A4 00 0C 02 50 00", "9000" }, { "00 B0 00 00 00", "6986" }, /* a directory */
	    { "00 A4 00 0C 02 50 01", "9000" }, { "00 B0 00 00 04", "30313233 9000" },
	    { "00 B0 00 08 02", "3839 9000" },
	    { "00 B0 00 08 00", "3839 9000" },                       /* up to the end */
	    { "00 B0 00 08 03", "3839 6282" },                       /* more than there is */
	    { "00 B0 00 0A 01", "6B00" },                            /* behind the end */
	    { "00 B0 7F FF 00", "6B00" }, { "00 B0 00 00", "6700" }, /* no Le */
	    { "00 B0 00 00 01 00", "6700" },                         /* data */
	    { "00 B0 00 00 00 00 00", "30313233343536373839 9000" }, /* extended: up to the end */
	    { "00 B0 00 06 00 00 04", "36373839 9000" },
	    { "00 B0 00 06 00 00 05", "36373839 6282" },
	    { "00 B0 81 07 00", "373839 9000" }, /* short identifier */
	    { "00 B0 80 07 00", "373839 9000" }, /* 0: the current file */
	    { "00 B0 82 00 00", "6982" },        /* found and selected, but not to be read yet */
	    { "00 B0 83 00 00", "6A82" }, { "00 B0 9F 00 00", "6A82" },
	    { "00 B0 A1 00 00", "6A86" }, { "00 B0 C1 00 00", "6A86" },
	    { "00 A4 02 0C 02 50 04", "9000" }, { "00 B0 00 00 00", "6982" }, /* never */
	    { "00 A4 00 00", "9000" },
	    { "00 B0 9E 06 00", "2E2E 9000" },  /* short identifier 30 in the MF */
	    { "00 B0 00 00 02", "4546 9000" }); /* which it made the current file */
	softcard_card_free(card);
}

static void
read_binary_long(void)
{
	static const uint8_t select[] = { 0x00, 0xA4, 0x08, 0x0C, 0x04, 0x50, 0x00, 0x50, 0x03 };
	static const struct {
		uint8_t command[7];
		size_t length, data, first;
		unsigned sw;
	} rows[] = {
		{ { 0x00, 0xB0, 0x00, 0x00, 0x00 }, 5, 256, 0, 0x9000 },
		{ { 0x00, 0xB0, 0x01, 0x00, 0x00 }, 5, 44, 0x00, 0x9000 },
		{ { 0x00, 0xB0, 0x00, 0x00, 0x00, 0x01, 0x01 }, 7, 257, 0, 0x9000 },
		{ { 0x00, 0xB0, 0x00, 0x00, 0x00, 0x00, 0x00 }, 7, 300, 0, 0x9000 },
		{ { 0x00, 0xB0, 0x00, 0x2D, 0x00, 0x01, 0x00 }, 7, 255, 0x2D, 0x9000 },
		{ { 0x00, 0xB0, 0x00, 0x2D, 0x00, 0x01, 0x01 }, 7, 255, 0x2D, 0x6282 },
	};
	struct softcard_card *card = softcard_script_card();
	uint8_t *reply = malloc(SOFTCARD_REPLY_MAX);

	SUITE_EQUAL_INT(softcard_card_transmit(card, select, sizeof select, reply), 2);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t n = softcard_card_transmit(card, rows[i].command, rows[i].length, reply);

		SUITE_EQUAL_INT(n, rows[i].data + 2);
		SUITE_EQUAL_INT(reply[0], rows[i].first);
		SUITE_EQUAL_INT(reply[n - 3], (rows[i].first + rows[i].data - 1) & 0xFF);
		SUITE_EQUAL_HEX(reply[n - 2] << 8 | reply[n - 1], rows[i].sw);
	}
	free(reply);
	softcard_card_free(card);
}

static void
update_binary(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "00 D6 00 00 01 AA", "6986" },
	    { "00 A4 08 0C 04 50 00 50 01", "9000" },
	    { "00 D6 00 00 01 AA", "6982" }, /* before the PIN */
	    { "00 20 00 01 04 31 32 33 34", "9000" }, { "00 D6 00 00 02 AA BB", "9000" },
	    { "00 D6 00 08 02 CC DD", "9000" },
	    { "00 D6 00 09 02 EE EE", "6A84" }, /* over the end: nothing is written */
	    { "00 D6 00 0A 01 EE", "6B00" }, { "00 D6 00 00", "6700" },
	    { "00 D6 00 00 00", "6700" }, { "00 D6 00 00 01 AA 00", "6700" }, /* Le */
	    { "00 B0 00 00 00", "AABB 323334353637 CCDD 9000" },
	    { "00 D6 81 02 01 00", "9000" }, /* short identifier */
	    { "00 D6 82 03 01 00", "9000" }, { "00 B0 00 00 00", "CAFEBA00 9000" },
	    { "00 D6 83 00 01 00", "6A82" }, { "00 D6 A1 00 01 00", "6A86" },
	    { "00 D6 00 00 00 00 03 01 02 03", "9000" }, /* extended Lc */
	    { "00 B0 00 00 00", "01020300 9000" }, { NULL, NULL },
	    { "00 A4 08 0C 04 50 00 50 01", "9000" },
	    { "00 B0 00 00 03", "AABB00 9000" }, /* written for good */
	    { "00 D6 00 00 01 11", "6982" },     /* but the PIN is asked for again */
	    { "00 A4 08 0C 02 2F 00", "9000" }, { "00 20 00 01 04 31 32 33 34", "9000" },
	    { "00 D6 00 00 01 11", "6982" }); /* never */
	softcard_card_free(card);
}

static void
verify(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "00 20 00 01", "63C3" }, /* how many tries */
	    { "00 20 00 01 04 31 32 33 34", "9000" }, { "00 20 00 01", "9000" }, { NULL, NULL },
	    { "00 20 00 01", "63C3" }, /* a reset ends it */
	    { "00 20 00 01 04 31 32 33 35", "63C2" }, { "00 20 00 01", "63C2" },
	    { "00 20 00 01 05 31 32 33 34 35", "63C1" }, /* longer than the PIN */
	    { "00 20 00 01 03 31 32 33", "6700" },       /* no PIN is that short: no try */
	    { "00 20 00 01 11 31 32 33 34 31 32 33 34 31 32 33 34 31 32 33 34 35", "6700" },
	    { "00 20 00 01 04 31 32 33 34 00", "6700" }, /* Le */
	    { "00 20 00 01 00", "6700" }, { NULL, NULL },
	    { "00 20 00 01", "63C1" },                /* tries outlast a reset */
	    { "00 20 00 01 04 31 32 33 34", "9000" }, /* the right one restores them */
	    { "00 20 00 01 04 30 30 30 30", "63C2" }, /* and a wrong one takes it back */
	    { "00 A4 08 0C 04 50 00 50 02", "9000" }, { "00 B0 00 00 00", "6982" },
	    { "00 20 00 01 04 31 32 33 34", "9000" }, { "00 B0 00 00 00", "CAFEBABE 9000" },
	    { "00 20 00 01 04 30 30 30 30", "63C2" }, { "00 20 00 01 04 30 30 30 30", "63C1" },
	    { "00 20 00 01 04 30 30 30 30", "63C0" },
	    { "00 20 00 01 04 31 32 33 34", "6983" }, /* blocked, even for the right one */
	    { "00 20 00 01", "6983" }, { NULL, NULL }, { "00 20 00 01 04 31 32 33 34", "6983" },
	    { "00 20 00 02", "6A88" }, { "00 20 00 00", "6A88" },
	    { "00 20 00 02 04 31 32 33 34", "6A88" }, { "00 20 01 01", "6A86" },
	    { "00 20 00 41", "6A86" }, { "00 20 00 21", "6A86" });
	softcard_card_free(card);
}

static void
verify_local(void)
{
	struct softcard_card *card = softcard_script_card();

	SOFTCARD_SCRIPT(card, NULL, { "00 20 00 81", "6A88" }, /* not here */
	    { "00 A4 08 0C 02 50 00", "9000" }, { "00 20 00 81 06 61 62 63 64 65 66", "6A88" },
	    { "00 A4 01 0C 02 51 00", "9000" },
	    { "00 20 00 01", "63C3" }, /* that of the card is known everywhere */
	    { "00 20 00 81", "63C2" }, { "00 A4 02 0C 02 51 01", "9000" },
	    { "00 B0 00 00 00", "6982" }, { "00 20 00 01 04 31 32 33 34", "9000" },
	    { "00 B0 00 00 00", "6982" }, /* another PIN does not do */
	    { "00 20 00 81 06 61 62 63 64 65 66", "9000" }, { "00 B0 00 00 00", "5101 9000" },
	    { "00 A4 03 0C", "9000" }, /* leaving the directory ends it */
	    { "00 A4 09 0C 04 51 00 51 01", "9000" }, { "00 B0 00 00 00", "6982" },
	    { "00 20 00 01", "9000" }); /* but not what is the card's */
	softcard_card_free(card);
}

static int
failing_random(void *data, uint8_t *out, size_t length)
{
	(void)data, (void)out, (void)length;
	return -EIO;
}

static void
get_challenge(void)
{
	struct softcard_card *card = softcard_script_card();
	static const uint8_t most[] = { 0x00, 0x84, 0x00, 0x00, 0x00 };
	uint8_t *reply = malloc(SOFTCARD_REPLY_MAX);

	SOFTCARD_SCRIPT(card, NULL, { "00 84 00 00 08", "0102030405060708 9000" },
	    { "00 84 00 00 01", "01 9000" }, { "00 84 00 00 00 00 02", "0102 9000" },
	    { "00 84 00 00 00 01 01", "6700" }, /* 257 */
	    { "00 84 00 00", "6700" }, { "00 84 00 00 01 00", "6700" },
	    { "00 84 01 00 08", "6A86" }, { "00 84 00 01 08", "6A86" });
	SUITE_EQUAL_INT(softcard_card_transmit(card, most, sizeof most, reply), 258);
	SUITE_EQUAL_INT(reply[255], 0);
	softcard_card_set_random(card, failing_random, NULL);
	SOFTCARD_SCRIPT(card, NULL, { "00 84 00 00 08", "6F00" });
	softcard_card_set_random(card, NULL, NULL);
	SOFTCARD_SCRIPT(card, NULL, { "00 84 00 00 08", "6F00" });
	free(reply);
	softcard_card_free(card);
}

static void
model(void)
{
	const struct softcard_access always = { .rule = SOFTCARD_ALWAYS };
	static const uint8_t name[17] = "0123456789abcdef";
	struct softcard_card *card = softcard_card_new();
	int directory, file;

	directory = softcard_card_add_directory(card, SOFTCARD_MF, 0x5000, name, 16);
	SUITE_EQUAL_INT(directory, 1);
	SUITE_EQUAL_INT(softcard_card_add_directory(card, SOFTCARD_MF, 0x5001, name, 17), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_directory(card, SOFTCARD_MF, 0x5000, NULL, 0), -EEXIST);
	SUITE_EQUAL_INT(softcard_card_add_directory(card, SOFTCARD_MF, 0x3F00, NULL, 0), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_directory(card, SOFTCARD_MF, 0x3FFF, NULL, 0), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_directory(card, SOFTCARD_MF, 0xFFFF, NULL, 0), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_directory(card, 7, 0x5002, NULL, 0), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_directory(card, -1, 0x5002, NULL, 0), -EINVAL);

	file = softcard_card_add_file(card, directory, 1, 5, 4, always, always);
	SUITE_EQUAL_INT(file, 2);
	SUITE_EQUAL_INT(softcard_card_add_file(card, directory, 2, 5, 4, always, always), -EEXIST);
	SUITE_EQUAL_INT(softcard_card_add_file(card, directory, 2, 31, 4, always, always), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_file(card, directory, 2, 0, 0, always, always), -EINVAL);
	SUITE_EQUAL_INT(
	    softcard_card_add_file(card, directory, 2, 0, 32768, always, always), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_file(card, file, 2, 0, 4, always, always), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_fill(card, file, name, 4), 0);
	SUITE_EQUAL_INT(softcard_card_fill(card, file, name, 5), -ENOSPC);
	SUITE_EQUAL_INT(softcard_card_fill(card, directory, name, 1), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_fill(card, 3, name, 1), -EINVAL);

	SUITE_EQUAL_INT(softcard_card_add_pin(card, 1, SOFTCARD_MF, name, 4, 3), 0);
	SUITE_EQUAL_INT(softcard_card_add_pin(card, 1, SOFTCARD_MF, name, 4, 3), -EEXIST);
	SUITE_EQUAL_INT(softcard_card_add_pin(card, 2, SOFTCARD_MF, name, 3, 3), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_pin(card, 2, SOFTCARD_MF, name, 17, 3), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_pin(card, 2, SOFTCARD_MF, name, 4, 0), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_pin(card, 2, SOFTCARD_MF, name, 4, 16), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_pin(card, 2, directory, name, 4, 3), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_pin(card, 0, SOFTCARD_MF, name, 4, 3), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_pin(card, 0x20, SOFTCARD_MF, name, 4, 3), -EINVAL);
	SUITE_EQUAL_INT(softcard_card_add_pin(card, 0x81, directory, name, 4, 3), 0);
	CU_ASSERT_TRUE(softcard_card_has_pin(card, 1, directory));
	CU_ASSERT_TRUE(softcard_card_has_pin(card, 0x81, directory));
	CU_ASSERT_FALSE(softcard_card_has_pin(card, 0x81, SOFTCARD_MF));
	softcard_card_free(card);
	softcard_card_free(NULL);
}

static void
model_limits(void)
{
	struct softcard_card *card = softcard_card_new();
	int parent = SOFTCARD_MF;

	for (uint16_t i = 1; i <= 8; i++) {
		parent = softcard_card_add_directory(card, parent, i, NULL, 0);
		SUITE_EQUAL_INT(parent, i);
	}
	SUITE_EQUAL_INT(softcard_card_add_directory(card, parent, 9, NULL, 0), -ELOOP);
	for (uint16_t i = 9; i < 256; i++)
		SUITE_EQUAL_INT(softcard_card_add_directory(card, SOFTCARD_MF, i, NULL, 0), i);
	SUITE_EQUAL_INT(softcard_card_add_directory(card, SOFTCARD_MF, 256, NULL, 0), -ENOSPC);
	for (uint8_t i = 1; i <= 16; i++)
		SUITE_EQUAL_INT(
		    softcard_card_add_pin(card, i, SOFTCARD_MF, (const uint8_t *)"1234", 4, 3), 0);
	SUITE_EQUAL_INT(
	    softcard_card_add_pin(card, 17, SOFTCARD_MF, (const uint8_t *)"1234", 4, 3), -ENOSPC);
	softcard_card_free(card);
}

static void
copies(void)
{
	struct softcard_card *card = softcard_script_card(), *copy;

	SOFTCARD_SCRIPT(card, NULL, { "00 20 00 01 04 30 30 30 30", "63C2" },
	    { "00 20 00 01 04 31 32 33 34", "9000" }, { "00 20 00 01 04 30 30 30 30", "63C2" },
	    { "00 A4 08 0C 04 50 00 50 03", "9000" }, { "00 D6 00 00 01 77", "9000" });
	copy = softcard_card_copy(card);
	SOFTCARD_SCRIPT(copy, NULL, { "00 B0 00 00 01", "6986" }, { "00 20 00 01", "63C2" },
	    { "00 A4 08 0C 04 50 00 50 03", "9000" }, { "00 B0 00 00 01", "77 9000" },
	    { "00 D6 00 00 01 88", "9000" });
	SOFTCARD_SCRIPT(card, NULL, { "00 B0 00 00 01", "77 9000" });
	softcard_card_free(card);
	SOFTCARD_SCRIPT(copy, NULL, { "00 B0 00 00 01", "88 9000" });
	softcard_card_free(copy);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "lengths of commands", lengths },
		{ "classes and instructions", classes_and_instructions },
		{ "SELECT by identifier", select_by_id },
		{ "SELECT child, file, parent", select_by_kind },
		{ "SELECT by name", select_by_name },
		{ "SELECT by path", select_by_path },
		{ "SELECT: what is answered", select_answers },
		{ "READ BINARY", read_binary },
		{ "READ BINARY of more than 255 bytes", read_binary_long },
		{ "UPDATE BINARY", update_binary },
		{ "VERIFY", verify },
		{ "VERIFY of a directory's PIN", verify_local },
		{ "GET CHALLENGE", get_challenge },
		{ "the model refuses what a card cannot be", model },
		{ "limits of the model", model_limits },
		{ "a copy is a card of its own", copies },
	};

	return suite_run("soft card", tests, sizeof tests / sizeof tests[0]);
}
