/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc/self says of this process: threads, descriptors, signals, mappings of code. */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_PROCESS_H
#define TESSERA_RUNTIME_COMREG_CHECK_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct check_process {
	unsigned threads, descriptors;
	unsigned mappings;        /* of one file */
	uint64_t caught, ignored; /* signals */
};

void check_process_look(struct check_process *ret_process, const char *file);

enum check_code {
	CHECK_NO_CODE,
	CHECK_OTHER_CODE,
	CHECK_MODULE_CODE,  /* of `file` */
	CHECK_RUNTIME_CODE, /* of libtessera-com */
};

/* Whose executable mapping the address lies in. */
enum check_code check_process_code_at(uintptr_t address, const char *file);

#endif
