/* SPDX-License-Identifier: BSD-2-Clause */
/* HOLDERS: who has the readers. What a user runs is shown to that user, root and the daemon. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <winerror.h>

#include "rm/daemon/daemon.h"

#define PROGRAM_SIZE 16u /* what Linux keeps, with NUL */
#define PROGRAM_TEXT 48u /* the same when it is no text and each byte becomes three */
/* The reader's name, the program, five numbers, two lengths, a long number. */
#define ENTRY_SIZE (RM_NAME_SIZE + PROGRAM_TEXT + 4u * 6u + 8u)
#define ENTRIES_MAX (MIN((WIRE_MESSAGE_MAX - WIRE_REPLY_HEADER - 4u) / ENTRY_SIZE, WIRE_LIST_MAX))

void
holders_program(pid_t pid, char *name, size_t size)
{
	char path[64];
	ssize_t length;
	int fd;

	name[0] = '\0';
	(void)snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return;
	length = read(fd, name, size - 1);
	(void)close(fd);
	name[length > 0 ? length : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
}

static void
put_holder(struct wire_writer *answer, const struct rm_holder *holder, uid_t viewer)
{
	char program[PROGRAM_SIZE] = "";

	if (viewer == 0 || viewer == geteuid() || viewer == holder->uid)
		holders_program(holder->pid, program, sizeof program);
	wire_put_text(answer, holder->reader);
	wire_put_u32(answer, (uint32_t)holder->pid);
	wire_put_u32(answer, (uint32_t)holder->uid);
	wire_put_u32(answer, holder->share_mode);
	wire_put_u32(answer, holder->in_transaction);
	wire_put_text(answer, program);
	wire_put_u64(answer, holder->since);
}

void
holders_serve(struct lane *lane, struct call *call)
{
	struct rm_holder *holders = NULL;
	size_t count = 0;
	LONG result = rm_list_holders(scardd.engine, &holders, &count);

	/* More than a message holds are cut off: it is for people. */
	count = MIN(count, ENTRIES_MAX);
	serve_begin(call, result, 0, "scardd has no memory for this");
	if (result == SCARD_S_SUCCESS) {
		wire_put_u32(&call->answer, (uint32_t)count);
		for (size_t i = 0; i < count; i++)
			put_holder(&call->answer, &holders[i], lane->session->uid);
	}
	free(holders);
	serve_finish(call);
}
