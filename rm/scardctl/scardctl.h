/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl: readers and cards from the command line. It sees the resource manager only through
 * <winscard.h> and <tessera_scard.h>, as any program does; the card database is files.
 */
#ifndef RM_SCARDCTL_SCARDCTL_H
#define RM_SCARDCTL_SCARDCTL_H

#include <stdbool.h>

#include <glib.h>
#include <winscard.h>

/* Exit status. */
enum {
	SCARDCTL_OK = 0,
	SCARDCTL_FAILURE = 1,
	SCARDCTL_USAGE = 2,
	SCARDCTL_NOT_EXECUTABLE = 126, /* sim: as env(1) and the shell */
	SCARDCTL_NOT_FOUND = 127,
	SCARDCTL_SIGNAL = 128 /* sim: and the signal's number */
};

struct scardctl_options {
	bool json;
	bool transaction;
	bool system;         /* db: the administrator's files, not the user's */
	unsigned long count; /* 0: no limit */
	const char *file;    /* NULL: none */
	const char *write;   /* NULL: none */
	const char *reader;  /* NULL: not given as an option */
	DWORD protocols;     /* SCARD_PROTOCOL_* that will do */
	GPtrArray *drivers;  /* NAME[=SETTINGS], the arguments themselves */
};

/* The commands: each does its work with the arguments behind its name and returns the exit status.
 */
typedef int (*scardctl_command)(const struct scardctl_options *options, char **arguments);
int scardctl_list(const struct scardctl_options *options, char **arguments);
int scardctl_status(const struct scardctl_options *options, char **arguments);
int scardctl_watch(const struct scardctl_options *options, char **arguments);
int scardctl_apdu(const struct scardctl_options *options, char **arguments);
int scardctl_who(const struct scardctl_options *options, char **arguments);
int scardctl_db(const struct scardctl_options *options, char **arguments);
int scardctl_atr(const struct scardctl_options *options, char **arguments);
int scardctl_doctor(const struct scardctl_options *options, char **arguments);
int scardctl_trace(const struct scardctl_options *options, char **arguments);
int scardctl_sim(const struct scardctl_options *options, char **arguments);

/* One line on standard error, "scardctl: ...", and the exit status of a failure. */
int scardctl_problem(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same for wrong use. */
int scardctl_wrong_use(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A winscard call has just failed: says what was to be done, the code, and the library's reason. */
int scardctl_failed(LONG code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A context; 0 after scardctl_failed. */
SCARDCONTEXT scardctl_establish(void);

#endif
