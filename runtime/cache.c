/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/fork.h"

struct cache {
	int fd;
	char *path;
	struct cache_header header;
	uint64_t files_at, buckets_at, entries_at, text_at;
};

static pthread_mutex_t said_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *said; /* paths of caches that were complained of */

__attribute__((constructor)) static void
guard_said(void)
{
	fork_guard(&said_lock, FORK_LEAF, NULL);
}

/* Says it once a file and process. Always false. */
static bool
complain(const char *path, const char *problem)
{
	bool is_new;

	if (secure_getenv("TESSERA_LOG") == NULL)
		return false;
	pthread_mutex_lock(&said_lock);
	if (said == NULL)
		said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	is_new = g_hash_table_add(said, g_strdup(path));
	pthread_mutex_unlock(&said_lock);
	if (is_new)
		fprintf(stderr, "tessera: %s: %s; it is ignored, `comreg cache` makes it anew\n",
		    path, problem);
	return false;
}

static bool
damaged(const struct cache *cache, const char *problem)
{
	return complain(cache->path, problem);
}

static bool
read_at(const struct cache *cache, uint64_t at, void *buffer, size_t size)
{
	char *to = buffer;

	while (size > 0) {
		ssize_t n = pread(cache->fd, to, size, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return damaged(cache, "the file ends too early, or cannot be read");
		to += n;
		at += (uint64_t)n;
		size -= (size_t)n;
	}
	return true;
}

/* Sets where the parts are; false: they are not, all of them, in a file of this size. */
static bool
lay_out(struct cache *cache, uint64_t size)
{
	const struct cache_header *header = &cache->header;

	if (header->files > CACHE_FILES_MAX || header->entries > CACHE_ENTRIES_MAX ||
	    header->buckets == 0 || header->buckets > CACHE_ENTRIES_MAX * 2 ||
	    (header->buckets & (header->buckets - 1)) != 0 || header->overlay > header->files)
		return false;
	cache->files_at = sizeof *header;
	cache->buckets_at = cache->files_at + header->files * sizeof(struct cache_file);
	cache->entries_at = cache->buckets_at + header->buckets * sizeof(struct cache_bucket);
	cache->text_at = cache->entries_at + header->entries * sizeof(struct cache_entry);
	return cache->text_at + header->text_size == size && header->size == size;
}

/* The folder is as good as who may write to its surroundings; the cache must not be worse. */
static bool
check_owner(const struct cache *cache, const struct stat *status)
{
	if (!S_ISREG(status->st_mode))
		return damaged(cache, "is not a regular file");
	if (status->st_uid != 0 && status->st_uid != geteuid())
		return damaged(cache, "belongs neither to root nor to the user");
	if (status->st_mode & (S_IWGRP | S_IWOTH))
		return damaged(cache, "others may write to it");
	return true;
}

static bool
read_header(struct cache *cache)
{
	struct cache_header *header = &cache->header;
	struct stat status;

	if (fstat(cache->fd, &status) != 0)
		return damaged(cache, "cannot be examined");
	if (!check_owner(cache, &status))
		return false;
	if ((uint64_t)status.st_size < sizeof *header || status.st_size > CACHE_SIZE_MAX)
		return damaged(cache, "is not of a cache's size");
	if (!read_at(cache, 0, header, sizeof *header))
		return false;
	if (memcmp(header->magic, CACHE_MAGIC, sizeof header->magic) != 0 ||
	    header->byte_order != CACHE_BYTE_ORDER || header->header_size != sizeof *header)
		return damaged(cache, "is not a cache of this version and machine");
	if (header->check != cache_check(0, header, offsetof(struct cache_header, check)) ||
	    !lay_out(cache, (uint64_t)status.st_size))
		return damaged(cache, "its header is damaged, or its end is missing");
	return true;
}

struct cache *
cache_open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct cache *cache;

	if (fd < 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			complain(path, g_strerror(errno));
		return NULL;
	}
	cache = g_new0(struct cache, 1);
	cache->fd = fd;
	cache->path = g_strdup(path);
	if (!read_header(cache)) {
		cache_close(cache);
		return NULL;
	}
	return cache;
}

struct cache *
cache_open(const char *folder)
{
	g_autofree char *path = cache_path(folder);

	return cache_open_file(path);
}

void
cache_close(struct cache *cache)
{
	if (cache == NULL)
		return;
	close(cache->fd);
	g_free(cache->path);
	g_free(cache);
}

unsigned
cache_files(const struct cache *cache)
{
	return cache->header.files;
}

unsigned
cache_overlay(const struct cache *cache)
{
	return cache->header.overlay > 0 ? cache->header.overlay - 1 : cache->header.files;
}

static bool
is_older(const struct cache *cache, int64_t seconds, uint32_t nanoseconds)
{
	return seconds < cache->header.snapshot ||
	    (seconds == cache->header.snapshot && nanoseconds < cache->header.snapshot_ns);
}

/* The same, and recorded when its times could no longer hide a change. */
static bool
is_current(const struct cache *cache, const struct cache_stamp *stamp, const struct stat *status)
{
	return cache_stamp_equal(stamp, status) && is_older(cache, stamp->mtime, stamp->mtime_ns) &&
	    is_older(cache, stamp->ctime, stamp->ctime_ns);
}

/* Whoever made the cache may have been allowed more than we are. False is the safe answer. */
static bool
may(const struct stat *status, mode_t others)
{
	uid_t user = geteuid();

	return user == 0 || (status->st_mode & others) == others ||
	    (status->st_uid == user && (status->st_mode & (others << 6)) == others << 6);
}

bool
cache_folder_is_current(const struct cache *cache, const struct stat *status)
{
	return is_current(cache, &cache->header.folder, status) && may(status, S_IROTH | S_IXOTH);
}

bool
cache_file_is_current(
    const struct cache *cache, const struct cache_file_record *record, const struct stat *status)
{
	return !record->unreadable && is_current(cache, &record->stamp, status) &&
	    (may(status, S_IROTH) || !S_ISREG(status->st_mode));
}

/* (transfer full): a piece of text that consists of `count` strings; NULL: damaged. */
static char *
read_text(const struct cache *cache, uint32_t at, uint32_t size, unsigned count, char **ret_strings)
{
	g_autofree char *text = NULL;
	char *next;

	if (size > CACHE_TEXT_MAX || at > cache->header.text_size ||
	    size > cache->header.text_size - at) {
		damaged(cache, "a text lies outside of it");
		return NULL;
	}
	text = g_malloc0((gsize)size + 1);
	if (!read_at(cache, cache->text_at + at, text, size))
		return NULL;
	next = text;
	for (unsigned i = 0; i < count; i++) {
		ret_strings[i] = next;
		next += strlen(next) + 1;
		if (next > text + size) {
			damaged(cache, "a text does not end");
			return NULL;
		}
	}
	return g_steal_pointer(&text);
}

static char *
copy_text(const char *text)
{
	return text[0] != '\0' ? g_strdup(text) : NULL;
}

bool
cache_file(struct cache *cache, unsigned number, struct cache_file_record *ret_record)
{
	struct cache_file file;
	g_autofree char *text = NULL;
	char *strings[3];
	uint64_t check;

	if (number >= cache->header.files)
		return damaged(cache, "it has no manifest of that number");
	if (!read_at(cache, cache->files_at + number * sizeof file, &file, sizeof file))
		return false;
	text = read_text(cache, file.text, file.text_size, G_N_ELEMENTS(strings), strings);
	if (text == NULL)
		return false;
	check = cache_check(number, &file, offsetof(struct cache_file, check));
	if (file.check != cache_check(check, text, file.text_size) ||
	    file.state > REGISTRY_BROKEN || strings[0][0] == '\0' ||
	    strchr(strings[0], '/') != NULL)
		return damaged(cache, "what it says of a manifest is damaged");
	ret_record->stamp = file.stamp;
	ret_record->state = (enum registry_state)file.state;
	ret_record->resident = file.resident != 0;
	ret_record->unreadable = file.unreadable != 0;
	ret_record->priority = file.priority;
	ret_record->name = g_strdup(strings[0]);
	ret_record->module = copy_text(strings[1]);
	ret_record->reason = copy_text(strings[2]);
	return true;
}

void
cache_file_record_clear(struct cache_file_record *record)
{
	g_free(record->name);
	g_free(record->module);
	g_free(record->reason);
	memset(record, 0, sizeof *record);
}

static void
entry_free(void *data)
{
	struct cache_entry_record *entry = data;

	g_free(entry->name);
	g_free(entry->threading_model);
	g_free(entry->progid);
	g_free(entry);
}

/* Each entry of a bucket, for one that was ours may have been made another's. */
static bool
check_entry(const struct cache *cache, uint32_t number, const struct cache_entry *entry)
{
	if (entry->check != cache_check(number, entry, offsetof(struct cache_entry, check)) ||
	    entry->kind > CACHE_VERSION_INDEPENDENT || entry->file >= cache->header.files)
		return damaged(cache, "what it says of a class is damaged");
	return true;
}

static bool
add_entry(const struct cache *cache, const struct cache_entry *entry, GPtrArray *entries)
{
	g_autofree char *text = NULL;
	struct cache_entry_record *record;
	char *strings[3];

	text = read_text(cache, entry->text, entry->text_size, G_N_ELEMENTS(strings), strings);
	if (text == NULL)
		return false; /* NOLINT(clang-analyzer-unix.Malloc): there is nothing to free */
	if (entry->text_check != cache_check(0, text, entry->text_size))
		return damaged(cache, "what it says of a class is damaged");
	record = g_new0(struct cache_entry_record, 1);
	g_ptr_array_add(entries, record);
	record->kind = (enum cache_kind)entry->kind;
	record->target = entry->target;
	record->file = entry->file;
	record->name = copy_text(strings[0]);
	record->threading_model = copy_text(strings[1]);
	record->progid = copy_text(strings[2]);
	return true;
}

static bool
read_bucket(const struct cache *cache, const GUID *guid, struct cache_bucket *ret_bucket)
{
	uint64_t number = cache_hash(guid) & (cache->header.buckets - 1);

	if (!read_at(cache, cache->buckets_at + number * sizeof *ret_bucket, ret_bucket,
		sizeof *ret_bucket))
		return false;
	if (ret_bucket->check !=
		cache_check(number, ret_bucket, offsetof(struct cache_bucket, check)) ||
	    ret_bucket->count > CACHE_BUCKET_MAX || ret_bucket->first > cache->header.entries ||
	    ret_bucket->count > cache->header.entries - ret_bucket->first)
		return damaged(cache, "its table is damaged");
	return true;
}

static bool
add_entries(const struct cache *cache, const GUID *guid, const struct cache_bucket *bucket,
    const struct cache_entry *entries, GPtrArray *found)
{
	for (uint32_t i = 0; i < bucket->count; i++)
		if (!check_entry(cache, bucket->first + i, &entries[i]) ||
		    (IsEqualGUID(&entries[i].guid, guid) && !add_entry(cache, &entries[i], found)))
			return false;
	return true;
}

bool
cache_find(struct cache *cache, const GUID *guid, GPtrArray **ret_entries)
{
	GPtrArray *found;
	struct cache_entry *entries;
	struct cache_bucket bucket;
	bool done;

	if (!read_bucket(cache, guid, &bucket))
		return false;
	found = g_ptr_array_new_with_free_func(entry_free);
	entries = g_new0(struct cache_entry, bucket.count + 1);
	done = read_at(cache, cache->entries_at + bucket.first * sizeof *entries, entries,
		   bucket.count * sizeof *entries) &&
	    add_entries(cache, guid, &bucket, entries, found);
	g_free(entries);
	if (done)
		*ret_entries = found;
	else
		g_ptr_array_unref(found);
	return done;
}
