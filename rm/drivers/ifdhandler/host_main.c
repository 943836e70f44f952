/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ifdhost LIBRARY DEVICE CHANNEL: hosts one IFD handler; started by the driver `ifdhandler`, with
 * the event socket as descriptor 3. It ends when that socket does.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rm/drivers/ifdhandler/host.h"

#define SCARD_ATTR_VENDOR_NAME 0x00010100u
#define SCARD_ATTR_VENDOR_IFD_TYPE 0x00010101u
#define SCARD_ATTR_VENDOR_IFD_SERIAL_NO 0x00010103u
/* pcsc-lite's levels of messages: 0 to 3, the last two are errors. */
#define LEVEL_ERROR 2

#define EXPORT __attribute__((visibility("default")))

/* Handlers find these two in pcscd. The bytes may hold a PIN, so they go nowhere. */
void log_msg(const int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_xxd(const int priority, const char *text, const unsigned char *bytes, const int count);

EXPORT void
log_msg(const int priority, const char *format, ...)
{
	va_list arguments;
	char line[512];

	if (priority < LEVEL_ERROR)
		return;
	va_start(arguments, format);
	(void)vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	(void)fprintf(stderr, "tessera: ifdhost: %s\n", line);
}

EXPORT void
log_xxd(const int priority, const char *text, const unsigned char *bytes, const int count)
{
	(void)priority, (void)text, (void)bytes, (void)count;
}

/* An event, with the slots' channels. */
static bool
tell(const struct ifd_event *event, const int *fds, unsigned count)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(IFD_SLOTS_MAX * IFD_SLOT_FDS * sizeof(int))];
	} control;
	struct iovec part = { (void *)(uintptr_t)event, sizeof *event };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t n;

	if (count > 0) {
		memset(&control, 0, sizeof control);
		control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
	}
	do
		n = sendmsg(IFD_HOST_EVENTS_FD, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n >= 0;
}

void
ifd_host_tell(const struct ifd_event *event)
{
	if (!tell(event, NULL, 0))
		_exit(EXIT_FAILURE);
}

static void
describe(struct ifd_host *host, unsigned long tag, char *text)
{
	unsigned char value[IFD_TEXT_SIZE * 4] = { 0 };
	ifd_dword length = sizeof value - 1;

	if (host->handler.get(0, tag, &length, value) == IFD_SUCCESS && length < sizeof value)
		(void)snprintf(
		    text, IFD_TEXT_SIZE, "%.*s", (int)(IFD_TEXT_SIZE - 1), (char *)value);
}

static bool
tell_ready(struct ifd_host *host)
{
	struct ifd_event event = { .kind = IFD_EVENT_READY, .value = host->slot_count };
	int fds[IFD_SLOTS_MAX * IFD_SLOT_FDS], *fd = fds;

	event.serial = host->slot_count > 1 && host->slots[1].lock == &host->slots[0].own;
	describe(host, SCARD_ATTR_VENDOR_NAME, event.vendor);
	describe(host, SCARD_ATTR_VENDOR_IFD_TYPE, event.model);
	describe(host, SCARD_ATTR_VENDOR_IFD_SERIAL_NO, event.serial_number);
	for (unsigned i = 0; i < host->slot_count; i++) {
		event.present[i] = host->slots[i].present;
		*fd++ = host->slots[i].memory_fd;
		*fd++ = host->slots[i].channel.request_fd;
		*fd++ = host->slots[i].channel.reply_fd;
	}
	if (!tell(&event, fds, host->slot_count * IFD_SLOT_FDS))
		return false;
	for (unsigned i = 0; i < host->slot_count; i++)
		(void)close(host->slots[i].memory_fd);
	return true;
}

/* Until the driver hangs up; it says nothing here. */
static void
wait_for_end(void)
{
	char byte;
	ssize_t n;

	do
		n = recv(IFD_HOST_EVENTS_FD, &byte, 1, 0);
	while (n > 0 || (n < 0 && errno == EINTR));
}

static int
run(struct ifd_host *host, const char *library, char *device, unsigned long channel)
{
	struct ifd_event failed = { .kind = IFD_EVENT_FAILED };

	if (ifd_host_load(host, library, failed.reason) < 0 ||
	    ifd_host_open(host, device, channel, failed.reason) < 0) {
		(void)tell(&failed, NULL, 0);
		return EXIT_FAILURE;
	}
	if (!tell_ready(host))
		return EXIT_FAILURE;
	for (unsigned i = 0; i < host->slot_count; i++)
		if (ifd_slot_begin(&host->slots[i]) < 0)
			return EXIT_FAILURE;
	wait_for_end();
	for (unsigned i = host->slot_count; i-- > 0;)
		ifd_slot_end(&host->slots[i]);
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	/* The handler's threads may use it until the last moment. */
	static struct ifd_host host;
	struct ucred parent;
	socklen_t size = sizeof parent;

	if (argc != 4 ||
	    getsockopt(IFD_HOST_EVENTS_FD, SOL_SOCKET, SO_PEERCRED, &parent, &size) < 0) {
		(void)fprintf(stderr, "ifdhost is started by Tessera's driver `ifdhandler`\n");
		return 2;
	}
	/* Who asked for this process may have ended before it could ask for that. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent.pid)
		return EXIT_FAILURE;
	/* What the handler's destructors do is not waited for. */
	_exit(run(&host, argv[1], argv[2], strtoul(argv[3], NULL, 10)));
}
