/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * comreg check: the rules of the Component Object Model, each tried on a module in a process of its
 * own that may crash, hang or leak: how it ends is a finding of that check.
 *
 * The program is two. The tool (check.c, check_target.c, check_run.c, check_report.c) finds out
 * what to try, starts comreg anew for every check, and reports. The child (check_child.c) loads the
 * module and runs one row of the table; it writes what it finds to a pipe, line by line, so that
 * nothing is lost when it dies.
 */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_H
#define TESSERA_RUNTIME_COMREG_CHECK_H

#include <stdbool.h>

#include <glib.h>
#include <objbase.h>

#include "runtime/manifest.h"

#define CHECK_SECONDS_DEFAULT 10u
#define CHECK_SECONDS_MAX 600u
#define CHECK_IIDS_MAX 256u     /* options --iid */
#define CHECK_LINE_MAX 2000u    /* of evidence */
#define CHECK_LINES_MAX 64u     /* of evidence, a check */
#define CHECK_OUTPUT_MAX 16384u /* bytes kept of what the module prints */

/* What is tried: a module, and one of its classes or (clsid GUID_NULL) the module alone. */
struct check_target {
	char *module;        /* absolute path */
	char *manifest_path; /* NULL: none is known */
	bool is_registered;  /* the manifest lies in a layer */
	struct manifest *manifest;
	GArray *classes; /* of CLSID */
	GArray *iids;    /* of IID: worth asking for, beside those of manifest and check_known.h */
};

enum check_scope {
	CHECK_MODULE, /* once */
	CHECK_CLASS   /* for each class */
};

/* Runs with the watching allocator loaded; not applicable under a sanitizer, which has its own. */
#define CHECK_WATCHES_MEMORY 0x1u
/* The child does not load the module: the check does, or need not. */
#define CHECK_LOADS_ITSELF 0x2u
/* Registers and unregisters, in a folder of its own that is thrown away. */
#define CHECK_REGISTERS 0x4u

struct trial;

struct check {
	const char *name; /* stable: group.rule */
	void (*run)(struct trial *trial);
	const char *rule;   /* one line */
	const char *source; /* where the rule is written */
	enum check_scope scope;
	unsigned flags;
};

struct check_group {
	const struct check *checks;
	size_t count;
	const IID *needs; /* not run for classes that do not answer it; NULL: for all */
};

#define CHECK_GROUP_FOR(rows, iid)            \
	{                                     \
		rows, G_N_ELEMENTS(rows), iid \
	}
#define CHECK_GROUP(rows) CHECK_GROUP_FOR(rows, NULL)
extern const struct check_group check_module, check_registration, check_factory, check_unknown,
    check_aggregation, check_memory, check_strings, check_errors, check_dispatch, check_invoke,
    check_enumerator, check_connection, check_stream, check_threads;

/* In the order of the report; NULL after the last. */
const struct check *check_at(size_t index);
/* What a class must answer for the check to apply; NULL: anything. */
const IID *check_needs(size_t index);
/* NULL: no check of that name. */
const struct check *check_find(const char *name);

enum check_verdict {
	CHECK_PASSED,
	CHECK_FAILED,
	CHECK_SKIPPED, /* not applicable; the reason is the first line */
	CHECK_BROKE    /* the kit could not run it */
};

struct check_result {
	enum check_verdict verdict;
	GPtrArray *lines; /* of char *: evidence, clean of control characters */
	GArray *answered; /* of IID: what the object was found to answer */
};
void check_result_clear(struct check_result *result);

/* Finds module, manifest and classes; otherwise says why not and returns an exit status. */
int check_target_find(
    struct check_target *target, const char *what, const GArray *classes, const GArray *iids);
void check_target_clear(struct check_target *target);
/* "Counter", else the CLSID; g_free. */
char *check_target_class_name(const struct check_target *target, const CLSID *clsid);

/*
 * check_run: one check in a child process.
 * @clsid: NULL for checks of the module
 * @iids: what the object is known to answer
 */
void check_run(const char *name, unsigned flags, const struct check_target *target,
    const CLSID *clsid, const GArray *iids, unsigned seconds, struct check_result *ret_result);

/* The check that finds out what an object answers: the first of a class to run. */
#define CHECK_DISCOVER "unknown.answers"

/* In the child: runs that check and ends the process. */
void check_child(const char *name, const struct check_target *target, int report_fd)
    __attribute__((noreturn));

/* The watching allocator, as the dynamic linker wants it; NULL: it cannot be used, *ret_why. */
char *check_allocator(const char **ret_why);

struct check_report;
struct check_report *check_report_begin(const struct check_target *target, bool json);
void check_report_add(struct check_report *report, const struct check *check, const char *class,
    const struct check_result *result);
/* Frees it; the exit status. */
int check_report_end(struct check_report *report);

#endif
