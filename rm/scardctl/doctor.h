/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl doctor: what its parts share, and what they find.
 *
 * They look at /sys, /proc, /dev and /run. For tests, the environment variable
 * TESSERA_SCARDCTL_ROOT names a folder in which these are looked for instead; a program that runs
 * with more rights than its caller does not see it (secure_getenv). It changes where is looked, not
 * what is done: doctor writes nothing and starts nothing.
 */
#ifndef RM_SCARDCTL_DOCTOR_H
#define RM_SCARDCTL_DOCTOR_H

#include <stdbool.h>

#include <glib.h>
#include <winscard.h>

#include "rm/scardctl/scardctl.h"

enum doctor_severity {
	DOCTOR_WARNING, /* may be as it should be */
	DOCTOR_ERROR    /* something does not work */
};

struct doctor_finding {
	enum doctor_severity severity;
	const char *check; /* a word that the manual explains */
	char *object;      /* a file, a reader, a device */
	char *problem;
	char *next; /* what to do */
};

struct doctor {
	const struct scardctl_options *options;
	const char *root;    /* "" */
	const char *reader;  /* the only one to look at; NULL: all */
	GPtrArray *findings; /* of struct doctor_finding */
	unsigned readers;    /* that were looked at */
	bool answers;        /* there is a resource manager */
	bool embedded;       /* it is in this process */
	bool system;         /* or it would be the system's */
};

void doctor_note(struct doctor *doctor, enum doctor_severity severity, const char *check,
    const char *object, const char *next, const char *format, ...) G_GNUC_PRINTF(6, 7);
/* A path below the root. (transfer full) */
char *doctor_path(const struct doctor *doctor, const char *path);

/* A process, for findings. */
struct doctor_process {
	pid_t pid;
	char *name;
};
/* doctor_process.c */
/* Those that have an open descriptor that leads to this (a path, "socket:[N]"); of other users only
 * root sees them. (transfer full, of struct doctor_process) */
GPtrArray *doctor_who_has(const struct doctor *doctor, const char *target);
/* Those of this name. (transfer full) */
GPtrArray *doctor_named(const struct doctor *doctor, const char *name);
/* "pcscd[12], scdaemon[34]". (transfer full) */
char *doctor_process_text(const GPtrArray *processes);

/* The parts. */
/* doctor_daemon.c: sockets, rights, what answers there; pcscd. */
void doctor_examine_daemon(struct doctor *doctor);
void doctor_examine_pcscd(struct doctor *doctor);
/* doctor_usb.c: readers on USB, and who has them. */
void doctor_examine_usb(struct doctor *doctor);
/* doctor_components.c: drivers that scardd.conf names, the dialog. */
void doctor_examine_components(struct doctor *doctor);
/* Why a class cannot be used; NULL: it can. It is loaded for that. (transfer full) */
char *doctor_class_problem(const GUID *clsid);
/* doctor_cards.c: readers and their cards; needs a resource manager. */
void doctor_examine_cards(struct doctor *doctor);

#endif
