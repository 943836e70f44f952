/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interface of IFD handlers, versions 2 and 3, as far as it is used here: the widths, numbers
 * and entry points that existing binaries have.
 */
#ifndef IFDHANDLER_HANDLER_H
#define IFDHANDLER_HANDLER_H

/* pcsc-lite's DWORD and RESPONSECODE have the width of `long`. */
typedef unsigned long ifd_dword;
typedef long ifd_result;

struct ifd_io_header {
	ifd_dword protocol; /* 0: T=0, 1: T=1 */
	ifd_dword length;
};

enum ifd_code {
	IFD_SUCCESS = 0,
	IFD_ERROR_TAG = 600,
	IFD_ERROR_SET_FAILURE = 601,
	IFD_ERROR_VALUE_READ_ONLY = 602,
	IFD_ERROR_PTS_FAILURE = 605,
	IFD_ERROR_NOT_SUPPORTED = 606,
	IFD_PROTOCOL_NOT_SUPPORTED = 607,
	IFD_ERROR_POWER_ACTION = 608,
	IFD_ERROR_SWALLOW = 609,
	IFD_ERROR_EJECT = 610,
	IFD_ERROR_CONFISCATE = 611,
	IFD_COMMUNICATION_ERROR = 612,
	IFD_RESPONSE_TIMEOUT = 613,
	IFD_NOT_SUPPORTED = 614,
	IFD_ICC_PRESENT = 615,
	IFD_ICC_NOT_PRESENT = 616,
	IFD_NO_SUCH_DEVICE = 617,
	IFD_ERROR_INSUFFICIENT_BUFFER = 618
};

enum ifd_power {
	IFD_POWER_UP = 500,
	IFD_POWER_DOWN = 501,
	IFD_RESET = 502
};

enum ifd_tag {
	IFD_TAG_SLOT_THREAD_SAFE = 0x0FAC,
	IFD_TAG_SLOTS_NUMBER = 0x0FAE,
	IFD_TAG_STOP_POLLING_THREAD = 0x0FB2,
	IFD_TAG_POLLING_THREAD_WITH_TIMEOUT = 0x0FB3
};

typedef ifd_result (*ifd_wait_fn)(ifd_dword lun, int timeout_ms);
typedef ifd_result (*ifd_stop_fn)(ifd_dword lun);

struct ifd_entries {
	ifd_result (*create_by_name)(ifd_dword lun, char *name); /* NULL in version 2 */
	ifd_result (*create)(ifd_dword lun, ifd_dword channel);
	ifd_result (*close)(ifd_dword lun);
	ifd_result (*get)(ifd_dword lun, ifd_dword tag, ifd_dword *length, unsigned char *value);
	ifd_result (*set)(ifd_dword lun, ifd_dword tag, ifd_dword length, unsigned char *value);
	ifd_result (*set_protocol)(ifd_dword lun, ifd_dword protocol, unsigned char flags,
	    unsigned char pts1, unsigned char pts2, unsigned char pts3);
	ifd_result (*power)(
	    ifd_dword lun, ifd_dword action, unsigned char *atr, ifd_dword *atr_length);
	ifd_result (*transmit)(ifd_dword lun, struct ifd_io_header send, unsigned char *command,
	    ifd_dword command_length, unsigned char *reply, ifd_dword *reply_length,
	    struct ifd_io_header *receive);
	/* Version 3; NULL in version 2. */
	ifd_result (*control)(ifd_dword lun, ifd_dword code, unsigned char *in, ifd_dword in_length,
	    unsigned char *out, ifd_dword room, ifd_dword *out_length);
	/* Version 2; NULL in version 3. */
	ifd_result (*control_2)(ifd_dword lun, unsigned char *in, ifd_dword in_length,
	    unsigned char *out, ifd_dword *out_length);
	ifd_result (*presence)(ifd_dword lun);
};

#endif
