/* SPDX-License-Identifier: BSD-2-Clause */
/* What of an exchange a trace shows: nothing of a secret, and of what nobody knows. */
#include <string.h>

#include <glib.h>
#include <winscard.h>

#include "rm/daemon/secrets.h"
#include "rm/scardctl/hex.h"
#include "tests/suite.h"

#define BYTES_MAX 512u

struct row {
	const char *command, *reply;
	size_t command_shown, reply_shown;
};

static struct secrets_shown
show(struct secrets *secrets, bool raw, const char *command, const char *reply)
{
	uint8_t sent[BYTES_MAX], got[BYTES_MAX];
	size_t sent_length = 0, got_length = 0;

	CU_ASSERT_TRUE_FATAL(hex_parse(command, sent, sizeof sent, &sent_length));
	if (*reply != '\0')
		CU_ASSERT_TRUE_FATAL(hex_parse(reply, got, sizeof got, &got_length));
	return secrets_exchange(secrets, raw, sent, sent_length, got, got_length);
}

static void
run(const struct row *rows, size_t count, struct secrets *secrets, bool raw)
{
	for (size_t i = 0; i < count; i++) {
		struct secrets_shown shown = show(secrets, raw, rows[i].command, rows[i].reply);

		if (shown.command != rows[i].command_shown || shown.reply != rows[i].reply_shown)
			printf("# %s / %s\n", rows[i].command, rows[i].reply);
		SUITE_EQUAL_INT(shown.command, rows[i].command_shown);
		SUITE_EQUAL_INT(shown.reply, rows[i].reply_shown);
	}
}

static void
each_alone(void)
{
	static const struct row rows[] = {
		/* Known and harmless: all. */
		{ "00A4040007A000000004101000", "6F0284009000", 13, 6 },
		{ "00B0000010", "0102039000", 5, 5 },
		{ "0084000008", "01020304050607089000", 5, 10 },
		{ "00CB3FFF055C035FC10200", "53009000", 11, 4 },
		{ "10A4040002A0", "9000", 4, 2 }, /* its length is a lie */
		{ "41B20104", "01029000", 4, 4 },
		{ "A0A40000023F00", "9F16", 7, 2 },
		{ "A0F200000D", "01029000", 5, 4 },
		{ "80CA9F7F00", "9F7F019000", 5, 5 },
		{ "FFCA000000", "01020304 9000", 5, 6 },
		/* Secrets: the header and the length. */
		{ "002000810831323334353637FF", "63C2", 5, 2 },
		{ "0020008108313233343536FFFF00", "9000", 5, 2 },
		{ "00210081083132333435363738", "9000", 5, 2 },
		{ "00240081103132333435363738 3132333435363739", "9000", 5, 2 },
		{ "002C0081083132333435363738", "9000", 5, 2 },
		{ "0082000108 0102030405060708", "9000", 5, 2 },
		{ "008703 9B 04 7C028000", "7C0A8108 0102030405060708 9000", 5, 2 },
		{ "002A808604 00010203 00", "DEADBEEF 9000", 5, 2 },
		{ "00C2000005 0020008100", "9000", 5, 2 },
		{ "00DB3FFF04 01020304", "9000", 5, 2 },
		{ "00D6000002 0102", "9000", 5, 2 },
		{ "80D80081 04 01020304", "9000", 5, 2 },
		{ "8050000008 0102030405060708 00", "01029000", 5, 2 },
		{ "8482010010 00112233445566778899AABBCCDDEEFF", "9000", 5, 2 },
		{ "FF82000006 FFFFFFFFFFFF", "9000", 5, 2 },
		/* Of no class that is known here, whatever its instruction. */
		{ "90A4040002 3F00", "9000", 5, 2 },
		{ "80B0000010", "01029000", 5, 2 },
		{ "B0CA000000", "01029000", 5, 2 },
		/* Extended lengths. */
		{ "0020008100000431323334", "9000", 7, 2 },
		{ "00A40400000002 3F00", "9000", 9, 2 },
		{ "00B00000000000", "0102039000", 7, 5 },
		{ "002A8086000002 0102 0000", "DEAD9000", 7, 2 },
		/* No length that fits: it may be data. */
		{ "0020008131323334", "6700", 4, 2 },
		{ "002000810031", "6700", 4, 2 },
		{ "0020008100000031", "6700", 4, 2 },
		{ "00A4000031323334", "6700", 4, 2 },
		{ "00A40400FF3F00", "6700", 4, 2 },
		/* Nothing in it but a question. */
		{ "00200081", "63C3", 4, 2 },
		/* No reply, or none that is one. */
		{ "0020008104 31323334", "", 5, 0 },
		{ "002A808604 00010203", "FF", 5, 1 },
		/* No command at all. */
		{ "002000", "6700", 0, 0 },
		{ "31", "6E00", 0, 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct secrets secrets = SECRETS_BEGIN;

		run(&rows[i], 1, &secrets, false);
	}
}

static void
secure_messaging(void)
{
	static const struct row rows[] = {
		/* Cryptograms and checksums only. */
		{ "0C20008111 8701 01 8E08 0102030405060708 9702 0000", "990290008E0411223344 9000",
		    22, 12 },
		{ "0C20008105 8703 010203", "9902 9000 9000", 10, 6 },
		{ "0C2A808605 8703 010203", "8703010203 9000", 10, 7 },
		/* A plain value is none, nor what follows something unknown. */
		{ "0C20008106 8104 31323334", "9000", 5, 2 },
		{ "0C2000810B 8703 010203 8104 31323334", "9000", 5, 2 },
		{ "0C20008105 8704 010203", "9000", 5, 2 },
		{ "0C20008106 8784 00000001", "9000", 5, 2 },
		{ "0C2A808605 8703 010203", "8103010203 9000", 10, 2 },
		/* A proprietary format may be anything. */
		{ "0420008105 8703 010203", "9000", 5, 2 },
		{ "8C20008105 8703 010203", "9000", 5, 2 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct secrets secrets = SECRETS_BEGIN;

		run(&rows[i], 1, &secrets, false);
	}
}

/* GET RESPONSE gives what the command before it has left. */
static void
what_is_left(void)
{
	static const struct row rows[] = {
		{ "00C0000010", "DEAD9000", 5, 2 }, /* of a command that nobody saw */
		{ "00A4040002A000", "6110", 7, 2 },
		{ "00C0000010", "6F009000", 5, 4 },
		{ "00C0000010", "6F009000", 5, 4 },
		{ "002A808604 00010203", "6110", 5, 2 },
		{ "00C0000010", "DEAD9000", 5, 2 },
		{ "01A4040002A000", "6110", 7, 2 }, /* another channel */
		{ "00C0000010", "DEAD9000", 5, 2 },
		{ "01C0000010", "6F009000", 5, 4 },
		{ "00A4040002A000", "6110", 7, 2 },
		{ "00C0000010", "6F009000", 5, 4 },
	};
	struct secrets secrets = SECRETS_BEGIN;

	run(rows, G_N_ELEMENTS(rows), &secrets, false);
}

static void
without_a_protocol(void)
{
	static const struct row raw = { "00A4040002A000", "6F009000", 0, 0 };
	static const struct row after = { "00C0000010", "6F009000", 5, 2 };
	struct secrets secrets = { .channels = 0 };

	run(&raw, 1, &secrets, true);
	run(&after, 1, &secrets, false);
}

/* Every instruction of every class with data: those that are shown are these and no more. */
static void
all_instructions(void)
{
	unsigned shown_count = 0;

	for (unsigned class = 0; class < 256; class ++)
		for (unsigned ins = 0; ins < 256; ins++) {
			const uint8_t command[] = { (uint8_t) class, (uint8_t)ins, 0, 0, 2, 0x31,
				0x32 };
			struct secrets secrets = SECRETS_BEGIN;
			struct secrets_shown shown = secrets_exchange(
			    &secrets, false, command, sizeof command, command, sizeof command);

			CU_ASSERT(shown.command == 5 || shown.command == sizeof command);
			CU_ASSERT_EQUAL(shown.command_whole, shown.command == sizeof command);
			CU_ASSERT(shown.reply == 2 || shown.reply_whole);
			shown_count += shown.command_whole;
		}
	/* 9 of each interindustry class, 4 of SIMs, 2 of GlobalPlatform, 1 of readers. */
	SUITE_EQUAL_INT(shown_count, 128 * 9 + 4 + 2 + 1);
}

static void
control_codes(void)
{
	CU_ASSERT_TRUE(secrets_control_shown(CM_IOCTL_GET_FEATURE_REQUEST));
	CU_ASSERT_TRUE(secrets_control_shown(IOCTL_SMARTCARD_GET_ATTRIBUTE));
	CU_ASSERT_TRUE(secrets_control_shown(IOCTL_SMARTCARD_GET_STATE));
	/* Commands, values, PIN pads, whatever a driver hands on. */
	CU_ASSERT_FALSE(secrets_control_shown(IOCTL_SMARTCARD_TRANSMIT));
	CU_ASSERT_FALSE(secrets_control_shown(IOCTL_SMARTCARD_SET_ATTRIBUTE));
	CU_ASSERT_FALSE(secrets_control_shown(SCARD_CTL_CODE(1)));
	CU_ASSERT_FALSE(secrets_control_shown(SCARD_CTL_CODE(3500)));
	for (unsigned feature = 1; feature < 32; feature++)
		CU_ASSERT_FALSE(secrets_control_shown(0x42330000u + feature));
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "commands, each alone", each_alone },
		{ "secure messaging", secure_messaging },
		{ "what a command has left", what_is_left },
		{ "without a protocol", without_a_protocol },
		{ "every instruction of every class", all_instructions },
		{ "control codes", control_codes },
	};

	return suite_run("scardd_secrets", tests, G_N_ELEMENTS(tests));
}
