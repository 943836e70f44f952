/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The compiled form of a folder of manifests. It lies beside the folder, in components.cache:
 *
 *	header, files, buckets, entries, text
 *
 * An entry is a class of a manifest, a ProgID of one, or an override. Entries of one bucket lie
 * together, those with one identifier in the order in which they count. All numbers are the
 * machine's own. Whoever looks up reads the header, one bucket, its entries and what these point
 * to, and nothing else; so each of these pieces has a check of its own.
 */
#ifndef TESSERA_RUNTIME_CACHE_FORMAT_H
#define TESSERA_RUNTIME_CACHE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <glib.h>
#include <guiddef.h>

#define CACHE_MAGIC "TessCac2"
#define CACHE_BYTE_ORDER 0x01020304u
#define CACHE_NAME "components.cache"
#define CACHE_SIZE_MAX (2u * 1024u * 1024u * 1024u - 1u)
#define CACHE_FILES_MAX 10000u
#define CACHE_ENTRIES_MAX (16u * 1024u * 1024u)
#define CACHE_BUCKET_MAX 65536u /* entries of one */
#define CACHE_TEXT_MAX 8192u    /* of one file or entry */

/* What tells that a file is the one that was read. No device: its number may change at each start.
 */
struct cache_stamp {
	uint64_t inode, size;
	int64_t mtime, ctime;
	uint32_t mtime_ns, ctime_ns;
	uint32_t mode, unused;
};

struct cache_header {
	char magic[8];
	uint32_t byte_order, header_size;
	uint64_t size; /* of the whole file */
	/* The file system's clock before anything was read. What is not older is not believed. */
	int64_t snapshot;
	uint32_t snapshot_ns;
	uint32_t files, buckets, entries; /* how many; buckets: a power of two */
	uint32_t overlay;                 /* number of local.component, counted from 1; 0: none */
	uint32_t text_size;
	struct cache_stamp folder;
	uint64_t check;
};

struct cache_file {
	struct cache_stamp stamp;
	uint32_t state; /* enum registry_state */
	uint32_t resident;
	int32_t priority;
	uint32_t unreadable;      /* a property of the reader, not of the file: never believed */
	uint32_t text, text_size; /* name, module, reason, each with its NUL */
	uint64_t check;           /* of this and the text */
};

struct cache_bucket {
	uint32_t first, count;
	uint64_t check; /* of this and its number */
};

enum cache_kind {
	CACHE_CLASS,
	CACHE_TREAT_AS, /* of an override */
	CACHE_PROGID,   /* guid: cache_progid_key(); target: the class */
	CACHE_VERSION_INDEPENDENT,
};

struct cache_entry {
	GUID guid, target; /* the latter: TreatAs, or the class that has the ProgID */
	uint32_t kind, file;
	uint32_t text, text_size; /* name or key, threading model, ProgID, each with its NUL */
	uint64_t text_check;
	uint64_t check; /* of this and its number */
};

uint64_t cache_check(uint64_t seed, const void *data, size_t size);
uint64_t cache_hash(const GUID *guid);

/* What stands for a ProgID among identifiers, in any case of letters. */
GUID cache_progid_key(const char *progid);

void cache_stamp_set(struct cache_stamp *stamp, const struct stat *status);
bool cache_stamp_equal(const struct cache_stamp *stamp, const struct stat *status);

/* (transfer full): where the cache of a folder is. */
char *cache_path(const char *folder);

#endif
