/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/null/card.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000u

/* TS, T0, TD1: T=1, TD2 none, TCK. */
const uint8_t null_atr[NULL_ATR_LENGTH] = { 0x3B, 0x80, 0x80, 0x01, 0x01 };

static void
fill(struct null_block *block)
{
	for (unsigned i = 0; i < NULL_SLOTS_MAX; i++)
		atomic_init(&block->slots[i], 1);
}

int
null_block_make(const char *path)
{
	struct null_block *block;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int r = 0;

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, sizeof *block) < 0)
		r = -errno;
	(void)close(fd);
	if (r < 0)
		return r;
	if ((block = null_block_open(path)) == NULL)
		return -errno;
	fill(block);
	null_block_close(block);
	return 0;
}

struct null_block *
null_block_open(const char *path)
{
	int fd = -1;
	void *block;
	int saved;

	if (path != NULL && (fd = open(path, O_RDWR | O_CLOEXEC)) < 0)
		return NULL;
	block = mmap(NULL, sizeof(struct null_block), PROT_READ | PROT_WRITE,
	    path != NULL ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, fd, 0);
	saved = errno;
	if (fd >= 0)
		(void)close(fd);
	errno = saved;
	if (block == MAP_FAILED)
		return NULL;
	if (path == NULL)
		fill(block);
	return block;
}

void
null_block_close(struct null_block *block)
{
	if (block != NULL)
		(void)munmap(block, sizeof *block);
}

bool
null_block_present(struct null_block *block, unsigned slot)
{
	return atomic_load(&block->slots[slot]) & 1;
}

static void
wake(_Atomic uint32_t *word)
{
	(void)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void
null_wake(_Atomic uint32_t *word)
{
	(void)atomic_fetch_add(word, 1);
	wake(word);
}

static void
change(struct null_block *block, unsigned slot, uint32_t value)
{
	atomic_store(&block->slots[slot], value);
	wake(&block->slots[slot]);
	null_wake(&block->generation);
}

void
null_block_set(struct null_block *block, unsigned slot, bool present)
{
	uint32_t old = atomic_load(&block->slots[slot]);

	change(block, slot, ((old | 1) + 1) | (present ? 1 : 0));
}

void
null_block_touch(struct null_block *block, unsigned slot)
{
	change(block, slot, atomic_load(&block->slots[slot]) + 2);
}

void
null_wait(_Atomic uint32_t *word, uint32_t seen, uint64_t deadline)
{
	const struct timespec until = { .tv_sec = (time_t)(deadline / NANOSECONDS),
		.tv_nsec = (long)(deadline % NANOSECONDS) };

	while (atomic_load(word) == seen) {
		long r = syscall(SYS_futex, word, FUTEX_WAIT_BITSET, seen,
		    deadline != 0 ? &until : NULL, NULL, FUTEX_BITSET_MATCH_ANY);

		if (r < 0 && errno == ETIMEDOUT)
			return;
	}
}

static bool
block_for(unsigned milliseconds, _Atomic uint32_t *cancels)
{
	uint32_t seen = atomic_load(cancels);
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	null_wait(cancels, seen,
	    (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec + milliseconds * 1000000u);
	return atomic_load(cancels) == seen;
}

enum null_result
null_card_answer(const uint8_t *command, size_t command_length, _Atomic uint32_t *cancels,
    uint8_t *reply, size_t *length)
{
	size_t room = *length, body = 0;
	unsigned number = command_length >= 4 ? (unsigned)command[2] << 8 | command[3] : 0;

	if (command_length >= 4 && command[1] == 0x02)
		body = number;
	else if (command_length >= 4 && command[1] == 0x03 && !block_for(number, cancels))
		return NULL_CANCELLED;
	*length = body + 2;
	if (room < body + 2)
		return NULL_NO_ROOM;
	memset(reply, 0, body);
	reply[body] = 0x90;
	reply[body + 1] = 0x00;
	return NULL_ANSWERED;
}
