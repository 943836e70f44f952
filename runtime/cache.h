/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a compiled folder. Nothing is mapped: who truncates a mapped file kills all who look at
 * it, and the few pieces that a lookup needs are read as fast. Nothing is believed: each function
 * that returns false has found the file damaged, has said so once where TESSERA_LOG is set, and the
 * cache is of no use from then on.
 */
#ifndef TESSERA_RUNTIME_CACHE_H
#define TESSERA_RUNTIME_CACHE_H

#include "runtime/cache_format.h"
#include "runtime/manifest_file.h"

struct cache;

/* What is recorded of a manifest. */
struct cache_file_record {
	struct cache_stamp stamp;
	enum registry_state state;
	bool resident, unreadable;
	int priority;
	char *name, *module, *reason; /* the latter two: NULL: none */
};

struct cache_entry_record {
	enum cache_kind kind;
	GUID target;
	unsigned file;
	char *name, *threading_model, *progid; /* NULL: none */
};

/* (transfer full): the cache of a folder; NULL: there is none, or none to be used. */
struct cache *cache_open(const char *folder);
/* The same of any file, for tests. */
struct cache *cache_open_file(const char *path);
/* NULL is fine. */
void cache_close(struct cache *cache);

unsigned cache_files(const struct cache *cache);
/* The number of local.component; cache_files(): there is none. */
unsigned cache_overlay(const struct cache *cache);

/* Whether the folder has the same files as when the cache was made, and we may see them. */
bool cache_folder_is_current(const struct cache *cache, const struct stat *status);
/* Whether a file still is as it was read, and we may read it. */
bool cache_file_is_current(
    const struct cache *cache, const struct cache_file_record *record, const struct stat *status);

/* Entries with this identifier, in the order in which they count; of struct cache_entry_record. */
bool cache_find(struct cache *cache, const GUID *guid, GPtrArray **ret_entries);
bool cache_file(struct cache *cache, unsigned number, struct cache_file_record *ret_record);
void cache_file_record_clear(struct cache_file_record *record);

#endif
