/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/emulator/bundle.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

#define LINE_SIZE 512

struct bundle ifd;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char line[LINE_SIZE];

/* What managers of this kind export for handlers to write to. */
void log_msg(int priority, const char *format, ...)
    __attribute__((visibility("default"), format(printf, 2, 3)));

void
log_msg(int priority, const char *format, ...)
{
	va_list arguments;

	(void)priority;
	pthread_mutex_lock(&lock);
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	pthread_mutex_unlock(&lock);
}

const char *
bundle_line(void)
{
	static char last[LINE_SIZE];

	pthread_mutex_lock(&lock);
	memcpy(last, line, sizeof last);
	line[0] = '\0';
	pthread_mutex_unlock(&lock);
	return last;
}

static void
find(const char *name, void *ret)
{
	void *symbol = dlsym(ifd.module, name);

	if (symbol == NULL) {
		printf("# %s\n", dlerror());
		exit(1);
	}
	memcpy(ret, &symbol, sizeof symbol);
}

void
bundle_load(void)
{
	char path[1024];

	snprintf(path, sizeof path,
	    "%s/tessera/pcsc/ifd-tessera.bundle/Contents/Linux/libtessera-ccid.so",
	    getenv("TESSERA_LIB"));
	ifd.module = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
	if (ifd.module == NULL) {
		printf("# %s\n", dlerror());
		exit(1);
	}
	find("IFDHCreateChannelByName", &ifd.CreateChannelByName);
	find("IFDHCreateChannel", &ifd.CreateChannel);
	find("IFDHCloseChannel", &ifd.CloseChannel);
	find("IFDHGetCapabilities", &ifd.GetCapabilities);
	find("IFDHSetCapabilities", &ifd.SetCapabilities);
	find("IFDHSetProtocolParameters", &ifd.SetProtocolParameters);
	find("IFDHPowerICC", &ifd.PowerICC);
	find("IFDHTransmitToICC", &ifd.TransmitToICC);
	find("IFDHControl", &ifd.Control);
	find("IFDHICCPresence", &ifd.ICCPresence);
}

void
bundle_unload(void)
{
	SUITE_EQUAL_INT(dlclose(ifd.module), 0);
	memset(&ifd, 0, sizeof ifd);
}

RESPONSECODE
bundle_open(DWORD lun, const char *device)
{
	char name[256];
	DWORD length = sizeof ifd.poll;
	RESPONSECODE code;

	/* A manager's string may be written to. */
	snprintf(name, sizeof name, "%s", device);
	code = ifd.CreateChannelByName(lun, name);
	if (code != IFD_SUCCESS)
		return code;
	SUITE_EQUAL_INT(ifd.GetCapabilities(
			    lun, TAG_IFD_POLLING_THREAD_WITH_TIMEOUT, &length, (PUCHAR)&ifd.poll),
	    IFD_SUCCESS);
	SUITE_EQUAL_INT(
	    ifd.GetCapabilities(lun, TAG_IFD_STOP_POLLING_THREAD, &length, (PUCHAR)&ifd.stop),
	    IFD_SUCCESS);
	return code;
}

RESPONSECODE
bundle_power(DWORD lun, DWORD action, DWORD protocol)
{
	UCHAR atr[MAX_ATR_SIZE];
	DWORD length = sizeof atr;
	RESPONSECODE code = ifd.PowerICC(lun, action, atr, &length);

	if (code != IFD_SUCCESS)
		return code;
	SUITE_EQUAL_BYTES(atr, length, protocol == 2 ? BUNDLE_ATR_T1 : BUNDLE_ATR_T0);
	return ifd.SetProtocolParameters(lun, protocol, 0, 0, 0, 0);
}

RESPONSECODE
bundle_echo(DWORD lun, DWORD protocol)
{
	UCHAR command[] = { 0x00, 0x10, 0x00, 0x00, 0x03, 0xA1, 0xA2, 0xA3, 0x00 };
	/* Under T=0 the command is a TPDU, without Le: the data would be fetched. */
	const DWORD length = protocol == 1 ? sizeof command : sizeof command - 1;
	const SCARD_IO_HEADER send = { protocol, sizeof send };
	SCARD_IO_HEADER received = { 99, 0 };
	UCHAR reply[16];
	DWORD reply_length = sizeof reply;
	RESPONSECODE code =
	    ifd.TransmitToICC(lun, send, command, length, reply, &reply_length, &received);

	if (code == IFD_SUCCESS) {
		SUITE_EQUAL_BYTES(reply, reply_length, protocol == 1 ? "A1 A2 A3 90 00" : "61 03");
		SUITE_EQUAL_INT(received.Protocol, protocol);
	} else {
		SUITE_EQUAL_INT(reply_length, 0);
	}
	return code;
}

int
bundle_byte(DWORD lun, DWORD tag)
{
	UCHAR byte = 0xEE;
	DWORD length = 1;

	SUITE_EQUAL_INT(ifd.GetCapabilities(lun, tag, &length, &byte), IFD_SUCCESS);
	SUITE_EQUAL_INT(length, 1);
	return byte;
}
