/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines from a check's process to the tool: one of these characters, then text. */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_REPORT_LINE_H
#define TESSERA_RUNTIME_COMREG_CHECK_REPORT_LINE_H

enum check_line {
	CHECK_LINE_FAIL = 'F',
	CHECK_LINE_SKIP = 'S',
	CHECK_LINE_BROKE = 'B',
	CHECK_LINE_NOTE = 'N',
	CHECK_LINE_STEP = 'T',
	CHECK_LINE_ANSWERS = 'A', /* an IID */
	CHECK_LINE_END = 'E',     /* the check came to its end; without it the process died */
};

#endif
