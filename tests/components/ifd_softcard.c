/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The soft card behind the interface of IFD handlers, so that what runs on the soft card runs on a
 * hosted handler as well. The device's name is the path of a profile; its readers are slots.
 */
#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include "rm/drivers/ifdhandler/handler.h"
#include "rm/drivers/softcard/profile.h"
#include "rm/drivers/softcard/tpdu.h"

#define TAG_VENDOR 0x00010100u

#define EXPORT __attribute__((visibility("default")))

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
ifd_result IFDHControl(ifd_dword lun, ifd_dword code, unsigned char *in, ifd_dword in_length,
    unsigned char *out, ifd_dword room, ifd_dword *out_length);
ifd_result IFDHICCPresence(ifd_dword lun);

static struct softcard_profile *profile;
static struct {
	struct softcard_card *card;
	struct softcard_tpdu tpdu;
	uint8_t reply[SOFTCARD_REPLY_MAX];
} slots[SOFTCARD_READERS_MAX];

static int
fill_random(void *data, uint8_t *out, size_t length)
{
	(void)data;
	return getentropy(out, length);
}

EXPORT ifd_result
IFDHCreateChannelByName(ifd_dword lun, char *name)
{
	char *message = NULL;

	if (profile == NULL)
		profile = softcard_profile_read(name, &message);
	g_free(message);
	if (profile == NULL || lun >= profile->readers)
		return IFD_NO_SUCH_DEVICE;
	if (!profile->present)
		return IFD_SUCCESS;
	if ((slots[lun].card = softcard_card_copy(profile->card)) == NULL)
		return IFD_COMMUNICATION_ERROR;
	softcard_card_set_random(slots[lun].card, fill_random, NULL);
	return IFD_SUCCESS;
}

EXPORT ifd_result
IFDHCreateChannel(ifd_dword lun, ifd_dword channel)
{
	(void)lun, (void)channel;
	return IFD_NO_SUCH_DEVICE;
}

EXPORT ifd_result
IFDHCloseChannel(ifd_dword lun)
{
	softcard_card_free(slots[lun].card);
	slots[lun].card = NULL;
	return IFD_SUCCESS;
}

EXPORT ifd_result
IFDHGetCapabilities(ifd_dword lun, ifd_dword tag, ifd_dword *length, unsigned char *value)
{
	(void)lun;
	if (tag == TAG_VENDOR) {
		*length = sizeof "Tessera";
		memcpy(value, "Tessera", sizeof "Tessera");
		return IFD_SUCCESS;
	}
	if (tag != IFD_TAG_SLOTS_NUMBER && tag != IFD_TAG_SLOT_THREAD_SAFE)
		return IFD_ERROR_TAG;
	*length = 1;
	value[0] = tag == IFD_TAG_SLOTS_NUMBER ? (unsigned char)profile->readers : 1;
	return IFD_SUCCESS;
}

EXPORT ifd_result
IFDHSetCapabilities(ifd_dword lun, ifd_dword tag, ifd_dword length, unsigned char *value)
{
	(void)lun, (void)tag, (void)length, (void)value;
	return IFD_ERROR_TAG;
}

EXPORT ifd_result
IFDHSetProtocolParameters(ifd_dword lun, ifd_dword protocol, unsigned char flags,
    unsigned char pts1, unsigned char pts2, unsigned char pts3)
{
	(void)lun, (void)protocol, (void)flags, (void)pts1, (void)pts2, (void)pts3;
	return IFD_SUCCESS;
}

EXPORT ifd_result
IFDHPowerICC(ifd_dword lun, ifd_dword action, unsigned char *atr, ifd_dword *atr_length)
{
	if (slots[lun].card == NULL)
		return IFD_ICC_NOT_PRESENT;
	softcard_card_reset(slots[lun].card);
	softcard_tpdu_reset(&slots[lun].tpdu);
	*atr_length = action == IFD_POWER_DOWN ? 0 : profile->atr.length;
	memcpy(atr, profile->atr_bytes, *atr_length);
	return IFD_SUCCESS;
}

EXPORT ifd_result
IFDHTransmitToICC(ifd_dword lun, struct ifd_io_header send_header, unsigned char *command,
    ifd_dword command_length, unsigned char *reply, ifd_dword *reply_length,
    struct ifd_io_header *receive)
{
	size_t used;

	(void)receive;
	if (slots[lun].card == NULL)
		return IFD_ICC_NOT_PRESENT;
	if (send_header.protocol == 0)
		used = softcard_tpdu_transmit(
		    &slots[lun].tpdu, slots[lun].card, command, command_length, slots[lun].reply);
	else
		used = softcard_card_transmit(
		    slots[lun].card, command, command_length, slots[lun].reply);
	if (used > *reply_length)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	memcpy(reply, slots[lun].reply, used);
	*reply_length = used;
	return IFD_SUCCESS;
}

EXPORT ifd_result
IFDHControl(ifd_dword lun, ifd_dword code, unsigned char *in, ifd_dword in_length,
    unsigned char *out, ifd_dword room, ifd_dword *out_length)
{
	(void)lun, (void)code, (void)in, (void)in_length, (void)out, (void)room;
	*out_length = 0;
	return IFD_ERROR_NOT_SUPPORTED;
}

EXPORT ifd_result
IFDHICCPresence(ifd_dword lun)
{
	return slots[lun].card != NULL ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
