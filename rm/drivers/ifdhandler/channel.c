/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/ifdhandler/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static int
map(struct ifd_channel *channel, int memory_fd)
{
	void *memory =
	    mmap(NULL, sizeof *channel->shared, PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd, 0);

	if (memory == MAP_FAILED)
		return -errno;
	channel->shared = memory;
	return 0;
}

static int
make_memory(struct ifd_channel *channel, int *ret_fd)
{
	int fd = memfd_create("tessera-ifd", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r;

	if (fd < 0)
		return -errno;
	r = ftruncate(fd, sizeof *channel->shared) == 0 && fcntl(fd, F_ADD_SEALS, SEALS) == 0
	    ? map(channel, fd)
	    : -errno;
	if (r < 0)
		(void)close(fd);
	else
		*ret_fd = fd;
	return r;
}

int
ifd_channel_make(struct ifd_channel *channel, int *ret_memory_fd)
{
	int r = 0;

	channel->shared = NULL;
	channel->request_fd = eventfd(0, EFD_CLOEXEC);
	channel->reply_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (channel->request_fd < 0 || channel->reply_fd < 0)
		r = -EMFILE;
	if (r == 0)
		r = make_memory(channel, ret_memory_fd);
	if (r < 0)
		ifd_channel_close(channel);
	return r;
}

/* Memory that could shrink would take this process with it. */
static int
check_memory(int fd)
{
	struct stat status;
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &status) != 0 ||
	    status.st_size != sizeof(struct ifd_shared))
		return -EBADMSG;
	return 0;
}

int
ifd_channel_take(struct ifd_channel *channel, const int fds[IFD_SLOT_FDS])
{
	int r = check_memory(fds[0]);

	channel->shared = NULL;
	channel->request_fd = fds[1];
	channel->reply_fd = fds[2];
	if (r == 0)
		r = map(channel, fds[0]);
	(void)close(fds[0]);
	if (r < 0)
		ifd_channel_close(channel);
	return r;
}

void
ifd_channel_close(struct ifd_channel *channel)
{
	if (channel->shared != NULL) {
		explicit_bzero(channel->shared, sizeof *channel->shared);
		(void)munmap(channel->shared, sizeof *channel->shared);
	}
	if (channel->request_fd >= 0)
		(void)close(channel->request_fd);
	if (channel->reply_fd >= 0)
		(void)close(channel->reply_fd);
	channel->shared = NULL;
	channel->request_fd = channel->reply_fd = -1;
}
