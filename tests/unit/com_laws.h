/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of the Component Object Model, each as a function that tries a class and tells what it
 * broke. They need no knowledge of the class, run on any thread and may run at once.
 *
 * Each returns NULL, or a text (g_free) that says what happened.
 */
#ifndef TESTS_UNIT_COM_LAWS_H
#define TESTS_UNIT_COM_LAWS_H

#include <glib.h>
#include <objbase.h>

/* A class to try. */
struct subject {
	CLSID clsid;
	const char *name;
	const GArray *declared;   /* of IID: what its manifest promises */
	const GArray *candidates; /* of IID: what is worth asking for; the last three are random */
	/* Makes an object, where that is not CoCreateInstance's to do; NULL: it is. */
	HRESULT (*create)(IUnknown *outer, REFIID riid, void **ppv);
};

typedef char *(*law)(const struct subject *subject);

/* A new object answers IUnknown and all that the manifest promises. */
char *law_creation(const struct subject *subject);
/* One address for IUnknown, in 1000 queries from all interfaces. */
char *law_identity(const struct subject *subject);
/* The set of interfaces is the same from each of them, and does not change: reflexive, symmetric,
 * transitive, static. */
char *law_matrix(const struct subject *subject);
/* A query that fails clears the result and leaves the count alone. */
char *law_failed_queries(const struct subject *subject);
/* References given equal references taken; the last one ends the object. */
char *law_counts(const struct subject *subject);
/* Slots point into code. */
char *law_tables(const struct subject *subject);
/* The class object is one, and not an instance. */
char *law_class_object(const struct subject *subject);
/* CreateInstance that fails clears the result and leaves nothing behind. */
char *law_failed_creation(const struct subject *subject);
/* Aggregation is refused with the right code, or works by the rules. */
char *law_aggregation(const struct subject *subject);

/* Objects of that class that exist now, if it is written with the class helper. */
ULONG law_live(const struct subject *subject);

#endif
