/* SPDX-License-Identifier: BSD-2-Clause */
/* Compiling a folder of manifests: see cache_format.h. For comreg; the runtime only reads. */
#ifndef TESSERA_RUNTIME_CACHE_WRITE_H
#define TESSERA_RUNTIME_CACHE_WRITE_H

#include <stdint.h>

#include <wtypes.h>

struct cache_report {
	char *path; /* of the cache */
	unsigned files, classes;
	unsigned left_out; /* broken manifests among them; readers name these */
	unsigned too_new;  /* manifests with a time in the future: looked at each time */
	uint64_t bytes;
	char *cause; /* on failure: what failed on which file */
};

/*
 * cache_write: replaces the cache of a folder at once; readers keep the old one or see the new one.
 * May wait a moment, until the clock of the file system is past the newest change in the folder.
 * @folder: absolute; one that a layer has (struct layer_folder), no environment folder
 *
 * S_OK; S_FALSE: there is no such folder, and no cache of it any more; E_ACCESSDENIED or
 * REGDB_E_WRITEREGDB with ret_report->cause, and the old cache stays.
 */
HRESULT cache_write(const char *folder, struct cache_report *ret_report);
void cache_report_clear(struct cache_report *report);

#endif
