/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl: the command line. See scardctl(1). */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "rm/scardctl/scardctl.h"

#define COUNT_MAX 1000000000u

/* Options, as bits: which were given, and which a command knows. */
enum {
	OPTION_JSON = 0x01,
	OPTION_COUNT = 0x02,
	OPTION_FILE = 0x04,
	OPTION_READER = 0x08,
	OPTION_TRANSACTION = 0x10,
	OPTION_PROTOCOL = 0x20,
	OPTION_DRIVER = 0x40,
	OPTION_SYSTEM = 0x80,
	OPTION_WRITE = 0x100
};

static const struct {
	const char *name;
	unsigned options;
	guint arguments_max;
	scardctl_command run;
} commands[] = {
	{ "list", OPTION_JSON, 0, scardctl_list },
	{ "status", OPTION_JSON, 1, scardctl_status },
	{ "watch", OPTION_JSON | OPTION_COUNT, 0, scardctl_watch },
	{ "apdu", OPTION_FILE | OPTION_READER | OPTION_TRANSACTION | OPTION_PROTOCOL, G_MAXUINT,
	    scardctl_apdu },
	{ "who", OPTION_JSON, 0, scardctl_who },
	{ "atr", OPTION_JSON | OPTION_READER | OPTION_SYSTEM, 1, scardctl_atr },
	{ "doctor", OPTION_JSON | OPTION_READER, 1, scardctl_doctor },
	{ "trace", OPTION_JSON | OPTION_COUNT | OPTION_READER | OPTION_WRITE, 1, scardctl_trace },
	{ "db", OPTION_JSON | OPTION_SYSTEM, G_MAXUINT, scardctl_db },
	{ "sim", OPTION_DRIVER, G_MAXUINT, scardctl_sim },
};

static const struct option known[] = {
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "count", required_argument, NULL, OPTION_COUNT },
	{ "file", required_argument, NULL, OPTION_FILE },
	{ "reader", required_argument, NULL, OPTION_READER },
	{ "transaction", no_argument, NULL, OPTION_TRANSACTION },
	{ "protocol", required_argument, NULL, OPTION_PROTOCOL },
	{ "driver", required_argument, NULL, OPTION_DRIVER },
	{ "system", no_argument, NULL, OPTION_SYSTEM },
	{ "write", required_argument, NULL, OPTION_WRITE },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static const char help[] =
    "usage: scardctl list [--json]\n"
    "       scardctl status [--json] [READER]\n"
    "       scardctl watch [--json] [--count N]\n"
    "       scardctl apdu [--transaction] [--protocol t0|t1] [--file FILE] [READER] [HEX...]\n"
    "       scardctl who [--json]\n"
    "       scardctl atr [--json] [READER | HEX]\n"
    "       scardctl doctor [--json] [READER]\n"
    "       scardctl trace [--json] [--count N] [-w FILE] [READER]\n"
    "       scardctl db list [--system] [--json]\n"
    "       scardctl db show [--system] [--json] NAME\n"
    "       scardctl db name [--system] ATR\n"
    "       scardctl db add [--system] NAME ATR [MASK]\n"
    "       scardctl db remove [--system] NAME\n"
    "       scardctl db provider [--system] NAME KIND PROVIDER\n"
    "       scardctl db import [--system] FILE\n"
    "       scardctl sim [--driver NAME[=SETTINGS]]... -- COMMAND...\n"
    "       scardctl --help | --version\n"
    "\n"
    "Shows smart card readers, and talks to the cards in them.\n"
    "\n"
    "  list               the readers, their state, the answer to reset of the card\n"
    "  status             more about one reader, or all of them\n"
    "  watch              a line whenever a reader or its card changes\n"
    "  apdu               send commands to a card: arguments, a file, or standard input\n"
    "  who                which programs are connected to which reader\n"
    "  atr                an answer to reset, explained byte by byte\n"
    "  doctor             find what keeps a card from working, and say what to do\n"
    "  trace              what programs do with a reader, as it happens\n"
    "  db                 the kinds of card that are known, and what serves them\n"
    "  sim                run a command with a resource manager and a soft card of its own\n"
    "  --json             for programs; see scardctl(1)\n"
    "  --count N          end after N changes, or after N things that were traced\n"
    "  --file FILE        commands from FILE, one a line in hexadecimal; # begins a comment\n"
    "  --reader READER    the reader, where it could be taken for a command\n"
    "  --transaction      keep other programs from the card meanwhile\n"
    "  --protocol t0|t1   the only protocol that will do\n"
    "  --driver DRIVER    a reader driver, NAME or NAME=SETTINGS, as in vpcd=tcp:35963\n"
    "  --write FILE       a trace as a capture file (pcapng), which Wireshark opens; also -w\n"
    "  --system           the administrator's database, not the user's\n"
    "  --help             this text\n"
    "  --version          the version\n"
    "\n"
    "READER is a name, or a part that only one name has. TESSERA_RM says which resource manager "
    "is\n"
    "asked. Exit status: 0 done, 1 failed, 2 wrong use; sim passes on that of the command.\n";

static int
finish(int result)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return result;
	perror("scardctl: standard output");
	return result == SCARDCTL_OK ? SCARDCTL_FAILURE : result;
}

/* -1: go on; else the exit status. */
static int
take_value(struct scardctl_options *options, int option)
{
	guint64 count;

	switch (option) {
	case OPTION_JSON:
		options->json = true;
		break;
	case OPTION_TRANSACTION:
		options->transaction = true;
		break;
	case OPTION_SYSTEM:
		options->system = true;
		break;
	case OPTION_FILE:
		options->file = optarg;
		break;
	case OPTION_WRITE:
		options->write = optarg;
		break;
	case OPTION_READER:
		options->reader = optarg;
		break;
	case OPTION_DRIVER:
		g_ptr_array_add(options->drivers, optarg);
		break;
	case OPTION_COUNT:
		if (!g_ascii_string_to_unsigned(optarg, 10, 1, COUNT_MAX, &count, NULL))
			return scardctl_wrong_use(
			    "--count is \"%s\", and should be a number from 1", optarg);
		options->count = (unsigned long)count;
		break;
	case OPTION_PROTOCOL:
		if (g_ascii_strcasecmp(optarg, "t0") == 0)
			options->protocols = SCARD_PROTOCOL_T0;
		else if (g_ascii_strcasecmp(optarg, "t1") == 0)
			options->protocols = SCARD_PROTOCOL_T1;
		else
			return scardctl_wrong_use("unknown protocol \"%s\": t0 or t1", optarg);
		break;
	default:
		break;
	}
	return -1;
}

/*
 * Takes the options from optind on, up to the first argument or, with @scattered, all there are.
 * -1: go on; else the exit status.
 */
static int
take_options(
    struct scardctl_options *options, unsigned *given, bool scattered, int argc, char **argv)
{
	int option, result;

	while (
	    (option = getopt_long(argc, argv, scattered ? ":hVw:" : "+:hVw:", known, NULL)) != -1)
		switch (option) {
		case 'h':
			fputs(help, stdout);
			return finish(SCARDCTL_OK);
		case 'V':
			puts("scardctl " TESSERA_VERSION);
			return finish(SCARDCTL_OK);
		case ':':
			return scardctl_wrong_use("%s needs a value", argv[optind - 1]);
		case '?':
			return scardctl_wrong_use("unknown option \"%s\"", argv[optind - 1]);
		default:
			if (option == 'w')
				option = OPTION_WRITE;
			*given |= (unsigned)option;
			if ((result = take_value(options, option)) != -1)
				return result;
		}
	return -1;
}

static const char *
option_name(unsigned bits)
{
	for (size_t i = 0; known[i].name != NULL; i++)
		if ((bits & (unsigned)known[i].val) != 0)
			return known[i].name;
	return "";
}

static int
run(struct scardctl_options *options, int argc, char **argv)
{
	const char *name;
	unsigned given = 0;
	size_t command = 0;
	int result;

	opterr = 0;
	if ((result = take_options(options, &given, false, argc, argv)) != -1)
		return result;
	if ((name = argv[optind]) == NULL)
		return scardctl_wrong_use("say what to do: list, status, watch, apdu, who, atr, "
					  "doctor, trace, db or sim");
	while (command < G_N_ELEMENTS(commands) && strcmp(commands[command].name, name) != 0)
		command++;
	if (command == G_N_ELEMENTS(commands))
		return scardctl_wrong_use("unknown command \"%s\": list, status, watch, apdu, who, "
					  "atr, doctor, trace, db or sim",
		    name);
	argc -= optind;
	argv += optind;
	optind = 0; /* begin anew: the rest is in another order */
	/* What stands behind the command of sim is that command's. */
	result = take_options(options, &given, commands[command].run != scardctl_sim, argc, argv);
	if (result != -1)
		return result;
	if ((given & ~commands[command].options) != 0)
		return scardctl_wrong_use(
		    "%s has no option --%s", name, option_name(given & ~commands[command].options));
	if (g_strv_length(argv + optind) > commands[command].arguments_max)
		return scardctl_wrong_use("%s does not take the argument \"%s\"", name,
		    argv[optind + (int)commands[command].arguments_max]);
	return commands[command].run(options, argv + optind);
}

int
main(int argc, char **argv)
{
	struct scardctl_options options = { .protocols = SCARD_PROTOCOL_Tx };
	int result;

	setlocale(LC_CTYPE, "");
	options.drivers = g_ptr_array_new();
	result = run(&options, argc, argv);
	g_ptr_array_free(options.drivers, TRUE);
	return finish(result);
}
