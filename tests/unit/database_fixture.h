/* SPDX-License-Identifier: BSD-2-Clause */
/* Layers of a test's own for the card database. */
#ifndef TESTS_UNIT_DATABASE_FIXTURE_H
#define TESTS_UNIT_DATABASE_FIXTURE_H

#include "rm/database/database.h"

/* A database with four new empty layers, one of each kind, and the folders of one. Static. */
struct database *fixture_database(void);
const char *fixture_cards(enum database_layer layer);
const char *fixture_readers(enum database_layer layer);
/* Another database over the same folders. */
struct database *fixture_again(void);

/* Puts a file in place, whole. */
void fixture_write(const char *folder, const char *name, const char *contents);

/* A minimal card file, in a buffer that lasts until the next call. */
const char *fixture_card(const char *name, const char *atr, const char *more);

/* Names of all card types, with a comma behind each; until the next call. */
const char *fixture_names(struct database *database);

#endif
