/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An IFD handler for tests of the program that hosts such. Compiled with IFD_VERSION 2 or 3. Its
 * devices (channels of version 2 are `echo`):
 *
 *	echo		a card that is there and sends commands back with 90 00
 *	two		the same with two slots, one exchange at a time
 *	file:PATH	the card is there while the file is; found by asking only
 *	fault		like echo; what IFD_FAULT says (crash, hang, error, gone) happens in call
 *			number IFD_FAULT_CALL, when the file IFD_FAULT_FLAG could be removed
 *	brittle		like echo; each command kills the process
 *	fifo:PATH	like echo; a command FE opens PATH.1 for writing and PATH.2 for reading
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rm/drivers/ifdhandler/handler.h"

#define EXPORT __attribute__((visibility("default")))
#define FEATURES 0x42000000u + 3400
#define ECHO 0x42000000u + 7
#define TAG_ATTRIBUTE 0x0007A007u

ifd_result IFDHCreateChannelByName(ifd_dword lun, char *name);
ifd_result IFDHCreateChannel(ifd_dword lun, ifd_dword channel);
ifd_result IFDHCloseChannel(ifd_dword lun);
ifd_result
IFDHGetCapabilities(ifd_dword lun, ifd_dword tag, ifd_dword *length, unsigned char *value);
ifd_result
IFDHSetCapabilities(ifd_dword lun, ifd_dword tag, ifd_dword length, unsigned char *value);
ifd_result IFDHSetProtocolParameters(ifd_dword lun, ifd_dword protocol, unsigned char flags,
    unsigned char pts1, unsigned char pts2, unsigned char pts3);
ifd_result IFDHPowerICC(ifd_dword lun, ifd_dword action, unsigned char *atr, ifd_dword *atr_length);
ifd_result IFDHTransmitToICC(ifd_dword lun, struct ifd_io_header send_header,
    unsigned char *command, ifd_dword command_length, unsigned char *reply, ifd_dword *reply_length,
    struct ifd_io_header *receive);
ifd_result IFDHICCPresence(ifd_dword lun);
#if IFD_VERSION == 2
ifd_result IFDHControl(ifd_dword lun, unsigned char *in, ifd_dword in_length, unsigned char *out,
    ifd_dword *out_length);
#else
ifd_result IFDHControl(ifd_dword lun, ifd_dword code, unsigned char *in, ifd_dword in_length,
    unsigned char *out, ifd_dword room, ifd_dword *out_length);
#endif

static const unsigned char card_atr[] = { 0x3B, 0x80, 0x80, 0x01, 0x01 };
static char device[512] = "echo";
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t stopped = PTHREAD_COND_INITIALIZER;
static bool stopping;
static int calls;

static bool
is(const char *name)
{
	return strncmp(device, name, strlen(name)) == 0;
}

/* One more call; what it is to answer, or 0. */
static ifd_result
enter(void)
{
	const char *fault = getenv("IFD_FAULT"), *number = getenv("IFD_FAULT_CALL");
	const char *flag = getenv("IFD_FAULT_FLAG");

	if (!is("fault") || fault == NULL || number == NULL || flag == NULL ||
	    __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) != atoi(number) || unlink(flag) < 0)
		return IFD_SUCCESS;
	if (strcmp(fault, "crash") == 0)
		(void)raise(SIGSEGV);
	while (strcmp(fault, "hang") == 0)
		(void)pause();
	return strcmp(fault, "gone") == 0 ? IFD_NO_SUCH_DEVICE : IFD_COMMUNICATION_ERROR;
}

static ifd_result
wait_for_stop(ifd_dword lun, int timeout_ms)
{
	struct timespec until;

	(void)lun;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += timeout_ms / 1000;
	(void)pthread_mutex_lock(&lock);
	while (!stopping && pthread_cond_timedwait(&stopped, &lock, &until) == 0)
		;
	(void)pthread_mutex_unlock(&lock);
	return IFD_SUCCESS;
}

static ifd_result
stop_waiting(ifd_dword lun)
{
	(void)lun;
	(void)pthread_mutex_lock(&lock);
	stopping = true;
	(void)pthread_cond_broadcast(&stopped);
	(void)pthread_mutex_unlock(&lock);
	return IFD_SUCCESS;
}

#if IFD_VERSION == 3
EXPORT ifd_result
IFDHCreateChannelByName(ifd_dword lun, char *name)
{
	(void)lun;
	(void)snprintf(device, sizeof device, "%s", name);
	if (!is("echo") && !is("two") && !is("file:") && !is("fault") && !is("fifo:") &&
	    !is("brittle"))
		return IFD_NO_SUCH_DEVICE;
	return enter();
}
#endif

EXPORT ifd_result
IFDHCreateChannel(ifd_dword lun, ifd_dword channel)
{
	(void)lun;
	return channel == 7 ? IFD_SUCCESS : IFD_COMMUNICATION_ERROR;
}

EXPORT ifd_result
IFDHCloseChannel(ifd_dword lun)
{
	(void)lun;
	return enter();
}

static ifd_result
give(ifd_dword *length, unsigned char *value, const void *bytes, size_t count)
{
	*length = count;
	memcpy(value, bytes, count);
	return IFD_SUCCESS;
}

EXPORT ifd_result
IFDHGetCapabilities(ifd_dword lun, ifd_dword tag, ifd_dword *length, unsigned char *value)
{
	const unsigned char slots = is("two") ? 2 : 1, no = 0;
	const ifd_wait_fn wait = wait_for_stop;
	const ifd_stop_fn stop = stop_waiting;
	ifd_result r = enter();

	(void)lun;
	if (r != IFD_SUCCESS)
		return r;
	switch (tag) {
	case IFD_TAG_SLOTS_NUMBER:
		return give(length, value, &slots, 1);
	case IFD_TAG_SLOT_THREAD_SAFE:
		return give(length, value, &no, 1);
	case IFD_TAG_POLLING_THREAD_WITH_TIMEOUT:
		return is("file:") ? IFD_ERROR_TAG : give(length, value, &wait, sizeof wait);
	case IFD_TAG_STOP_POLLING_THREAD:
		return is("file:") ? IFD_ERROR_TAG : give(length, value, &stop, sizeof stop);
	case 0x00010100:
		return give(length, value, "Maker", 6);
	case 0x00010101:
		return give(length, value, "Echo", 5);
	case TAG_ATTRIBUTE:
		return give(length, value, "\x04\x03\x02\x01", 4);
	default:
		return IFD_ERROR_TAG;
	}
}

EXPORT ifd_result
IFDHSetCapabilities(ifd_dword lun, ifd_dword tag, ifd_dword length, unsigned char *value)
{
	(void)lun, (void)value;
	if (tag != TAG_ATTRIBUTE)
		return IFD_ERROR_TAG;
	return length == 4 ? IFD_SUCCESS : IFD_ERROR_VALUE_READ_ONLY;
}

/* T=1, the card's second protocol, has to be negotiated, and is not known to version 2. */
EXPORT ifd_result
IFDHSetProtocolParameters(ifd_dword lun, ifd_dword protocol, unsigned char flags,
    unsigned char pts1, unsigned char pts2, unsigned char pts3)
{
	ifd_result r = enter();

	(void)lun, (void)pts1, (void)pts2, (void)pts3;
	if (r != IFD_SUCCESS)
		return r;
	if (flags != 0 || (protocol != 1 && protocol != 2))
		return IFD_PROTOCOL_NOT_SUPPORTED;
	return IFD_VERSION == 2 ? IFD_NOT_SUPPORTED : IFD_SUCCESS;
}

EXPORT ifd_result
IFDHPowerICC(ifd_dword lun, ifd_dword action, unsigned char *atr, ifd_dword *atr_length)
{
	ifd_result r = enter();

	(void)lun;
	if (r != IFD_SUCCESS)
		return r;
	if (is("file:") && access(device + 5, F_OK) < 0)
		return IFD_COMMUNICATION_ERROR;
	if (action == IFD_POWER_DOWN)
		return give(atr_length, atr, "", 0);
	return give(atr_length, atr, card_atr, sizeof card_atr);
}

static void
block_on_fifos(void)
{
	char path[520];
	int fd;

	(void)snprintf(path, sizeof path, "%s.1", device + 5);
	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) >= 0)
		(void)close(fd);
	(void)snprintf(path, sizeof path, "%s.2", device + 5);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0)
		(void)close(fd);
}

EXPORT ifd_result
IFDHTransmitToICC(ifd_dword lun, struct ifd_io_header send_header, unsigned char *command,
    ifd_dword command_length, unsigned char *reply, ifd_dword *reply_length,
    struct ifd_io_header *receive)
{
	ifd_result r = enter();

	(void)lun, (void)receive;
	if (r != IFD_SUCCESS)
		return r;
	if (*reply_length < command_length + 2 || send_header.protocol > 1)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	if (is("brittle"))
		(void)raise(SIGKILL);
	if (is("fifo:") && command_length > 1 && command[1] == 0xFE)
		block_on_fifos();
	memcpy(reply, command, command_length);
	memcpy(reply + command_length, "\x90", 2);
	*reply_length = command_length + 2;
	return IFD_SUCCESS;
}

EXPORT ifd_result
IFDHICCPresence(ifd_dword lun)
{
	ifd_result r = enter();

	(void)lun;
	if (r != IFD_SUCCESS)
		return r;
	if (is("file:"))
		return access(device + 5, F_OK) == 0 ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
	return IFD_ICC_PRESENT;
}

#if IFD_VERSION == 2
EXPORT ifd_result
IFDHControl(ifd_dword lun, unsigned char *in, ifd_dword in_length, unsigned char *out,
    ifd_dword *out_length)
{
	(void)lun;
	return give(out_length, out, in, in_length);
}
#else
EXPORT ifd_result
IFDHControl(ifd_dword lun, ifd_dword code, unsigned char *in, ifd_dword in_length,
    unsigned char *out, ifd_dword room, ifd_dword *out_length)
{
	(void)lun, (void)room;
	if (code == FEATURES)
		return give(out_length, out, "\x06\x04\x42\x00\x00\x07", 6);
	return code == ECHO ? give(out_length, out, in, in_length) : IFD_ERROR_NOT_SUPPORTED;
}
#endif
