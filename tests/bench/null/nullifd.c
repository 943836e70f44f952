/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The null card behind the IFD handler interface, version 3.0, for pcscd. The environment variable
 * NULLIFD_SHM names the control block; a reader's CHANNELID is its slot. Card movements are events
 * (TAG_IFD_POLLING_THREAD_WITH_TIMEOUT): what the peer can do best.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ifdhandler.h>
#include <reader.h>

#include "tests/bench/null/card.h"

#define EXPORT __attribute__((visibility("default")))
#define LUN_READER(lun) ((lun) >> 16 & (NULL_SLOTS_MAX - 1))

static struct null_block *block;
static struct {
	unsigned slot;
	_Atomic uint32_t seen; /* the slot when presence was asked for last */
	_Atomic uint32_t cancels;
} readers[NULL_SLOTS_MAX];

static RESPONSECODE
wait_for_movement(DWORD lun, int timeout_ms)
{
	unsigned r = (unsigned)LUN_READER(lun);
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	null_wait(&block->slots[readers[r].slot], atomic_load(&readers[r].seen),
	    (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec +
		(uint64_t)timeout_ms * 1000000u);
	return IFD_SUCCESS;
}

static RESPONSECODE
stop_waiting(DWORD lun)
{
	null_block_touch(block, readers[LUN_READER(lun)].slot);
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE
IFDHCreateChannel(DWORD Lun, DWORD Channel)
{
	/* pcscd makes its readers one after another. */
	if (block == NULL && (block = null_block_open(getenv("NULLIFD_SHM"))) == NULL)
		return IFD_COMMUNICATION_ERROR;
	if (Channel >= NULL_SLOTS_MAX)
		return IFD_NO_SUCH_DEVICE;
	readers[LUN_READER(Lun)].slot = (unsigned)Channel;
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE
IFDHCreateChannelByName(DWORD Lun, LPSTR Name)
{
	(void)Lun;
	(void)Name;
	return IFD_NO_SUCH_DEVICE;
}

EXPORT RESPONSECODE
IFDHCloseChannel(DWORD Lun)
{
	(void)Lun;
	return IFD_SUCCESS;
}

static RESPONSECODE
answer(PDWORD length, PUCHAR value, const void *bytes, size_t count)
{
	if (*length < count)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	*length = count;
	memcpy(value, bytes, count);
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE
IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
	static RESPONSECODE (*const wait)(DWORD, int) = wait_for_movement;
	static RESPONSECODE (*const stop)(DWORD) = stop_waiting;
	static const UCHAR no = 0, yes = 1, most = NULL_SLOTS_MAX;

	(void)Lun;
	switch (Tag) {
	case TAG_IFD_ATR:
	case SCARD_ATTR_ATR_STRING:
		return answer(Length, Value, null_atr, sizeof null_atr);
	case TAG_IFD_SIMULTANEOUS_ACCESS:
		return answer(Length, Value, &most, sizeof most);
	case TAG_IFD_THREAD_SAFE:
	case TAG_IFD_SLOT_THREAD_SAFE:
	case TAG_IFD_SLOTS_NUMBER:
		return answer(Length, Value, &yes, sizeof yes);
	case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT:
		return answer(Length, Value, &wait, sizeof wait);
	case TAG_IFD_STOP_POLLING_THREAD:
		return answer(Length, Value, &stop, sizeof stop);
	case TAG_IFD_POLLING_THREAD_KILLABLE:
		return answer(Length, Value, &no, sizeof no);
	default:
		*Length = 0;
		return IFD_ERROR_TAG;
	}
}

EXPORT RESPONSECODE
IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value)
{
	(void)Lun;
	(void)Tag;
	(void)Length;
	(void)Value;
	return IFD_ERROR_TAG;
}

EXPORT RESPONSECODE
IFDHSetProtocolParameters(
    DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2, UCHAR PTS3)
{
	(void)Lun;
	(void)Protocol;
	(void)Flags;
	(void)PTS1;
	(void)PTS2;
	(void)PTS3;
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE
IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
	*AtrLength = 0;
	if (Action == IFD_POWER_DOWN)
		return IFD_SUCCESS;
	if (!null_block_present(block, readers[LUN_READER(Lun)].slot))
		return IFD_COMMUNICATION_ERROR;
	memcpy(Atr, null_atr, sizeof null_atr);
	*AtrLength = sizeof null_atr;
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE
IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength,
    PUCHAR RxBuffer, PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
	unsigned r = (unsigned)LUN_READER(Lun);
	size_t length = *RxLength;

	(void)SendPci;
	*RxLength = 0;
	if (!null_block_present(block, readers[r].slot))
		return IFD_ICC_NOT_PRESENT;
	if (null_card_answer(TxBuffer, TxLength, &readers[r].cancels, RxBuffer, &length) !=
	    NULL_ANSWERED)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	*RxLength = length;
	if (RecvPci != NULL)
		RecvPci->Protocol = 1;
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE
IFDHICCPresence(DWORD Lun)
{
	unsigned r = (unsigned)LUN_READER(Lun);
	uint32_t now = atomic_load(&block->slots[readers[r].slot]);

	atomic_store(&readers[r].seen, now);
	return now & 1 ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}

EXPORT RESPONSECODE
IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer,
    DWORD RxLength, LPDWORD pdwBytesReturned)
{
	(void)Lun;
	(void)dwControlCode;
	(void)TxBuffer;
	(void)TxLength;
	(void)RxBuffer;
	(void)RxLength;
	*pdwBytesReturned = 0;
	return IFD_ERROR_NOT_SUPPORTED;
}
