/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cache may hold anything. Whatever the bytes are, looking into it ends, stays within the file,
 * and gives records within their limits or none.
 *
 * A random change breaks one of the checks, and little is reached behind them. So the input is
 * tried as it is, and then with all checks made right.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/cache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is used of tables whose sizes the input gives. */
#define PIECES_MAX 64u

static void
look_up(struct cache *cache, const GUID *guid)
{
	GPtrArray *entries = NULL;

	if (!cache_find(cache, guid, &entries)) {
		assert(entries == NULL);
		return;
	}
	for (guint i = 0; i < entries->len; i++) {
		const struct cache_entry_record *entry = g_ptr_array_index(entries, i);

		assert(entry->file < cache_files(cache));
		assert(entry->name == NULL || strlen(entry->name) <= CACHE_TEXT_MAX);
		assert(entry->kind <= CACHE_VERSION_INDEPENDENT);
	}
	g_ptr_array_unref(entries);
}

static void
look_into(struct cache *cache, const uint8_t *data, size_t size)
{
	struct stat status = { .st_mode = S_IFREG | 0644 };

	assert(cache_files(cache) <= CACHE_FILES_MAX);
	assert(cache_overlay(cache) <= cache_files(cache));
	(void)cache_folder_is_current(cache, &status);
	for (unsigned i = 0; i < cache_files(cache) + 1 && i < PIECES_MAX; i++) {
		struct cache_file_record record = { 0 };

		if (!cache_file(cache, i, &record))
			continue;
		assert(i < cache_files(cache) && record.name[0] != '\0');
		assert(strchr(record.name, '/') == NULL && record.state <= REGISTRY_BROKEN);
		(void)cache_file_is_current(cache, &record, &status);
		cache_file_record_clear(&record);
	}
	/* Any 16 bytes of the file are an identifier that may be in it. */
	for (size_t i = 0; i + sizeof(GUID) <= size && i < PIECES_MAX * 8; i += 8) {
		GUID guid;

		memcpy(&guid, data + size - sizeof guid - i, sizeof guid);
		look_up(cache, &guid);
	}
}

static void
try_bytes(const uint8_t *data, size_t size)
{
	int fd = memfd_create("cache", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	struct cache *cache;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || fchmod(fd, 0644) != 0)
		abort();
	cache = cache_open_file(path);
	if (cache != NULL)
		look_into(cache, data, size);
	cache_close(cache);
	close(fd);
}

static uint64_t
check_text(uint64_t seed, const uint8_t *text, uint64_t size, uint32_t at, uint32_t length)
{
	return at <= size && length <= size - at ? cache_check(seed, text + at, length) : 0;
}

/* Each check as a writer would have made it, as far as the tables lie within the input. */
static void
make_right(uint8_t *data, size_t size)
{
	struct cache_header *header = (struct cache_header *)data;
	struct cache_file *files = (struct cache_file *)(header + 1);
	struct cache_bucket *buckets;
	struct cache_entry *entries;
	uint64_t text_at;

	memcpy(header->magic, CACHE_MAGIC, sizeof header->magic);
	header->byte_order = CACHE_BYTE_ORDER;
	header->header_size = sizeof *header;
	header->size = size;
	header->files %= PIECES_MAX;
	header->buckets = 1u << (header->buckets % 5);
	header->entries %= PIECES_MAX;
	text_at = sizeof *header + header->files * sizeof *files +
	    header->buckets * sizeof *buckets + header->entries * sizeof *entries;
	if (text_at > size)
		return;
	header->text_size = (uint32_t)(size - text_at);
	header->check = cache_check(0, header, offsetof(struct cache_header, check));
	buckets = (struct cache_bucket *)(files + header->files);
	entries = (struct cache_entry *)(buckets + header->buckets);
	for (uint32_t i = 0; i < header->files; i++)
		files[i].check =
		    check_text(cache_check(i, &files[i], offsetof(struct cache_file, check)),
			data + text_at, header->text_size, files[i].text, files[i].text_size);
	for (uint32_t i = 0; i < header->buckets; i++)
		buckets[i].check =
		    cache_check(i, &buckets[i], offsetof(struct cache_bucket, check));
	for (uint32_t i = 0; i < header->entries; i++) {
		entries[i].text_check = check_text(
		    0, data + text_at, header->text_size, entries[i].text, entries[i].text_size);
		entries[i].check = cache_check(i, &entries[i], offsetof(struct cache_entry, check));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree uint8_t *copy = NULL;

	try_bytes(data, size);
	if (size < sizeof(struct cache_header))
		return 0;
	copy = g_memdup2(data, size);
	make_right(copy, size);
	try_bytes(copy, size);
	return 0;
}
