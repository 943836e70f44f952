/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The emulator inside a program that knows nothing of it: usbfs.so, loaded with LD_PRELOAD, whose
 * readers live in that program's process. They are steered by lines on a socket, whose number is in
 * TESSERA_EMULATOR; each line is answered with "ok" and perhaps a number, or "no" and the reason.
 * Lines that need no answer may stand in TESSERA_EMULATOR_BEGIN, each with a semicolon behind it:
 * they are obeyed before the program begins, in its children as well.
 *
 *	plug BUS ADDRESS LEVEL SLOTS         LEVEL: character, tpdu, short, extended
 *	unplug BUS ADDRESS                   with news from udev
 *	pull BUS ADDRESS                     without
 *	insert BUS ADDRESS SLOT T WHAT       T: 0 or 1; WHAT: files, echo
 *	remove BUS ADDRESS SLOT
 *	fault BUS ADDRESS AT TYPE ACTION ARGUMENT  numbers of reader.h; one more line of the table
 *	faultless BUS ADDRESS
 *	release BUS ADDRESS                  how many late replies
 *	steps BUS ADDRESS                    how many so far
 *	messages BUS ADDRESS
 *	vanish BUS ADDRESS STEP              before that step from now on
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/emulator/reader.h"

#define READERS_MAX 512
#define FAULTS_MAX 16
#define ARGUMENTS_MAX 8

/* T=0 at the default rate; T=1, IFSC 254, BWI 4, CWI 5, LRC. */
#define ATR_T0 "3B 00"
#define ATR_T1 "3B 80 81 31 FE 45 0B"

struct steered {
	unsigned bus, address;
	struct emu_reader *reader;
	struct emu_fault faults[FAULTS_MAX];
	size_t fault_count;
};

static struct steered steered[READERS_MAX];
static size_t steered_count;

static const char *
plug(struct steered *one, char **argument, long *ret_number)
{
	static const struct {
		const char *name;
		uint32_t level;
	} levels[] = {
		{ "character", EMU_LEVEL_CHARACTER },
		{ "tpdu", EMU_LEVEL_TPDU },
		{ "short", EMU_LEVEL_SHORT },
		{ "extended", EMU_LEVEL_EXTENDED },
	};
	struct emu_reader_params params;
	unsigned slots = (unsigned)atoi(argument[1]);

	(void)ret_number;
	if (slots < 1 || slots > EMU_SLOTS_MAX)
		return "how many slots?";
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
		if (strcmp(levels[i].name, argument[0]) != 0)
			continue;
		params = emu_reader_defaults(levels[i].level);
		params.function[0].ccid.max_slot_index = (uint8_t)(slots - 1);
		/* One that went before stays: its clients may have it open. */
		one->reader = emu_reader_new(&params);
		one->fault_count = 0;
		emu_reader_plug(one->reader, one->bus, one->address);
		return NULL;
	}
	return "which level?";
}

static const char *
unplug(struct steered *one, char **argument, long *ret_number)
{
	(void)argument, (void)ret_number;
	usbfs_unplug(emu_reader_usb(one->reader), true);
	return NULL;
}

static const char *
pull(struct steered *one, char **argument, long *ret_number)
{
	(void)argument, (void)ret_number;
	usbfs_unplug(emu_reader_usb(one->reader), false);
	return NULL;
}

static const char *
insert(struct steered *one, char **argument, long *ret_number)
{
	struct emu_application application;

	(void)ret_number;
	if (strcmp(argument[2], "files") == 0)
		application = emu_application_files();
	else
		application = emu_application_echo();
	emu_reader_insert(one->reader, 0, (unsigned)atoi(argument[0]),
	    atoi(argument[1]) == 0 ? emu_card_t0(ATR_T0, application)
				   : emu_card_t1(ATR_T1, application));
	return NULL;
}

static const char *
take_out(struct steered *one, char **argument, long *ret_number)
{
	(void)ret_number;
	emu_reader_remove(one->reader, 0, (unsigned)atoi(argument[0]));
	return NULL;
}

static const char *
fault(struct steered *one, char **argument, long *ret_number)
{
	(void)ret_number;
	if (one->fault_count == FAULTS_MAX)
		return "too many";
	emu_reader_faults(one->reader, NULL, 0);
	one->faults[one->fault_count++] = (struct emu_fault){
		.at = (unsigned)strtoul(argument[0], NULL, 0),
		.type = (uint8_t)strtoul(argument[1], NULL, 0),
		.action = (enum emu_action)strtoul(argument[2], NULL, 0),
		.argument = (uint32_t)strtoul(argument[3], NULL, 0),
	};
	emu_reader_faults(one->reader, one->faults, one->fault_count);
	return NULL;
}

static const char *
faultless(struct steered *one, char **argument, long *ret_number)
{
	(void)argument, (void)ret_number;
	emu_reader_faults(one->reader, NULL, 0);
	one->fault_count = 0;
	return NULL;
}

static const char *
release(struct steered *one, char **argument, long *ret_number)
{
	(void)argument;
	*ret_number = (long)emu_reader_release(one->reader);
	return NULL;
}

static const char *
steps(struct steered *one, char **argument, long *ret_number)
{
	(void)argument;
	*ret_number = (long)emu_reader_steps(one->reader);
	return NULL;
}

static const char *
messages(struct steered *one, char **argument, long *ret_number)
{
	(void)argument;
	*ret_number = (long)emu_reader_messages(one->reader);
	return NULL;
}

static const char *
vanish(struct steered *one, char **argument, long *ret_number)
{
	(void)ret_number;
	emu_reader_unplug_at(one->reader, strtoul(argument[0], NULL, 0), false);
	return NULL;
}

static const struct {
	const char *verb;
	int arguments; /* behind bus and address */
	const char *(*run)(struct steered *one, char **argument, long *ret_number);
} verbs[] = {
	{ "plug", 2, plug },
	{ "unplug", 0, unplug },
	{ "pull", 0, pull },
	{ "insert", 3, insert },
	{ "remove", 1, take_out },
	{ "fault", 4, fault },
	{ "faultless", 0, faultless },
	{ "release", 0, release },
	{ "steps", 0, steps },
	{ "messages", 0, messages },
	{ "vanish", 1, vanish },
};

/* The reader in a place; @make: or room for one. */
static struct steered *
find(unsigned bus, unsigned address, bool make)
{
	for (size_t i = 0; i < steered_count; i++)
		if (steered[i].bus == bus && steered[i].address == address)
			return &steered[i];
	if (!make || steered_count == READERS_MAX)
		return NULL;
	steered[steered_count].bus = bus;
	steered[steered_count].address = address;
	return &steered[steered_count++];
}

static const char *
obey(char *line, long *ret_number)
{
	char *words[ARGUMENTS_MAX], *rest = NULL;
	struct steered *one;
	int count = 0;

	for (char *word = strtok_r(line, " \n", &rest); word != NULL && count < ARGUMENTS_MAX;
	     word = strtok_r(NULL, " \n", &rest))
		words[count++] = word;
	for (size_t i = 0; count >= 3 && i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(verbs[i].verb, words[0]) != 0 || count != verbs[i].arguments + 3)
			continue;
		one =
		    find((unsigned)atoi(words[1]), (unsigned)atoi(words[2]), verbs[i].run == plug);
		if (one == NULL || (one->reader == NULL && verbs[i].run != plug))
			return "no such reader";
		return verbs[i].run(one, words + 3, ret_number);
	}
	return "not understood";
}

/* Without stdio: at exit it would wait for a stream that is being read here. False: no more. */
static bool
read_line(int fd, char *line, size_t room)
{
	size_t length = 0;

	while (length + 1 < room) {
		if (read(fd, line + length, 1) != 1)
			return false;
		if (line[length] == '\n')
			break;
		length++;
	}
	line[length] = '\0';
	return true;
}

static void *
steer(void *argument)
{
	int fd = (int)(intptr_t)argument;
	char line[256];

	while (read_line(fd, line, sizeof line)) {
		long number = -1;
		const char *reason = obey(line, &number);
		int written;

		if (reason != NULL)
			written = dprintf(fd, "no %s\n", reason);
		else if (number >= 0)
			written = dprintf(fd, "ok %ld\n", number);
		else
			written = dprintf(fd, "ok\n");
		if (written < 0)
			break;
	}
	close(fd);
	return NULL;
}

static void
obey_first(void)
{
	const char *lines = secure_getenv("TESSERA_EMULATOR_BEGIN");
	char *copy = strdup(lines != NULL ? lines : ""), *rest = NULL;
	long ignored;

	for (char *line = strtok_r(copy, ";", &rest); line != NULL;
	     line = strtok_r(NULL, ";", &rest)) {
		const char *reason = obey(line, &ignored);

		if (reason != NULL) {
			(void)fprintf(stderr, "TESSERA_EMULATOR_BEGIN: %s\n", reason);
			_exit(1);
		}
	}
	free(copy);
}

__attribute__((constructor)) static void
start(void)
{
	const char *number = secure_getenv("TESSERA_EMULATOR");
	sigset_t all, before;
	pthread_t thread;
	int fd;

	obey_first();
	if (number == NULL)
		return;
	fd = atoi(number);
	/* Not for the program's own children, and no signals of the program's here. */
	unsetenv("TESSERA_EMULATOR");
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&thread, NULL, steer, (void *)(intptr_t)fd) == 0)
		pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}
