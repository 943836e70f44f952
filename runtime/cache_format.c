/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/cache_format.h"

#include <string.h>

/* Fowler, Noll and Vo's: against accidents. Against malice there is the file's owner. */
uint64_t
cache_check(uint64_t seed, const void *data, size_t size)
{
	const unsigned char *bytes = data;
	uint64_t value = seed ^ 14695981039346656037u;

	for (size_t i = 0; i < size; i++)
		value = (value ^ bytes[i]) * 1099511628211u;
	return value;
}

uint64_t
cache_hash(const GUID *guid)
{
	uint64_t halves[2];

	memcpy(halves, guid, sizeof halves);
	halves[0] = (halves[0] ^ (halves[1] >> 29)) * 0x9E3779B97F4A7C15u;
	halves[0] ^= halves[0] >> 32;
	halves[1] = (halves[0] + halves[1]) * 0xC2B2AE3D27D4EB4Fu;
	return halves[1] ^ (halves[1] >> 32);
}

GUID
cache_progid_key(const char *progid)
{
	g_autofree char *key = g_ascii_strdown(progid, -1);
	uint64_t halves[2];
	GUID guid;

	halves[0] = cache_check(1, key, strlen(key));
	halves[1] = cache_check(2, key, strlen(key)) * 0x9E3779B97F4A7C15u;
	memcpy(&guid, halves, sizeof guid);
	return guid;
}

void
cache_stamp_set(struct cache_stamp *stamp, const struct stat *status)
{
	memset(stamp, 0, sizeof *stamp);
	stamp->inode = status->st_ino;
	stamp->size = (uint64_t)status->st_size;
	stamp->mtime = status->st_mtim.tv_sec;
	stamp->mtime_ns = (uint32_t)status->st_mtim.tv_nsec;
	stamp->ctime = status->st_ctim.tv_sec;
	stamp->ctime_ns = (uint32_t)status->st_ctim.tv_nsec;
	stamp->mode = status->st_mode;
}

bool
cache_stamp_equal(const struct cache_stamp *stamp, const struct stat *status)
{
	struct cache_stamp is;

	cache_stamp_set(&is, status);
	return memcmp(&is, stamp, sizeof is) == 0;
}

char *
cache_path(const char *folder)
{
	g_autofree char *parent = g_path_get_dirname(folder);

	return g_build_filename(parent, CACHE_NAME, NULL);
}
