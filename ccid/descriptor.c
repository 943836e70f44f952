/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/descriptor.h"

#include <stdio.h>

#include "ccid/bytes.h"
#include "ccid/limits.h"

#define TYPE_FUNCTIONAL 0x21u
#define TYPE_WRONG 0xFFu /* what some firmware writes for it */
#define LEVEL_TPDU 0x00010000u
#define LEVEL_SHORT 0x00020000u
#define LEVEL_EXTENDED 0x00040000u

#define CLOCK_DEFAULT 4000u
#define CLOCK_MAX 40000u
#define RATE_MIN 9600u
#define IFSD_DEFAULT 32u
#define IFSD_MAX 254u
#define MESSAGE_MIN 64u /* of an extended level: pieces of 54 bytes */

const uint8_t *
ccid_descriptor_find(const uint8_t *extra, size_t length)
{
	while (length >= 2) {
		unsigned size = extra[0], type = extra[1];

		if (size < 2 || size > length)
			return NULL;
		if (size == CCID_DESCRIPTOR_SIZE && (type == TYPE_FUNCTIONAL || type == TYPE_WRONG))
			return extra;
		extra += size;
		length -= size;
	}
	return NULL;
}

struct notes {
	void (*note)(void *data, const char *line);
	void *data;
};

/* Returns the value to use, and notes when it is another than the announced one. */
static uint32_t
use(const struct notes *notes, const char *field, uint32_t announced, uint32_t used)
{
	char line[96];

	if (announced != used && notes->note != NULL) {
		snprintf(line, sizeof line, "%s is announced as 0x%X; 0x%X is used", field,
		    (unsigned)announced, (unsigned)used);
		notes->note(notes->data, line);
	}
	return used;
}

static uint32_t
at_most(uint32_t value, uint32_t maximum)
{
	return value < maximum ? value : maximum;
}

static void
read_slots(struct ccid_descriptor *ret, const uint8_t *bytes, const struct ccid_quirks *quirks,
    const struct notes *notes)
{
	ret->slots =
	    use(notes, "bMaxSlotIndex", bytes[4], at_most(bytes[4], CCID_SLOTS_MAX - 1)) + 1;
	if (quirks->slots != 0)
		ret->slots = at_most(ret->slots, quirks->slots);
	ret->busy_slots = bytes[53] != 0 ? at_most(bytes[53], ret->slots) : 1;
	/* The announcement counts all slots, also those that a quirk hides. */
	if (bytes[53] == 0 || bytes[53] > bytes[4] + 1u)
		use(notes, "bMaxCCIDBusySlots", bytes[53], ret->busy_slots);
}

static void
read_clock(struct ccid_descriptor *ret, const uint8_t *bytes, const struct notes *notes)
{
	uint32_t clock = ccid_get32(bytes + 10), maximum = ccid_get32(bytes + 14);

	ret->default_clock = use(notes, "dwDefaultClock", clock,
	    clock == 0 || clock > CLOCK_MAX ? CLOCK_DEFAULT : clock);
	ret->maximum_clock = use(notes, "dwMaximumClock", maximum,
	    maximum < ret->default_clock ? ret->default_clock : maximum);
	ret->clock_count = bytes[18];
}

static void
read_rates(struct ccid_descriptor *ret, const uint8_t *bytes, const struct ccid_quirks *quirks,
    const struct notes *notes)
{
	uint32_t maximum = ccid_get32(bytes + 23);

	ret->data_rate = ccid_get32(bytes + 19);
	ret->maximum_rate =
	    use(notes, "dwMaxDataRate", maximum, maximum < RATE_MIN ? RATE_MIN : maximum);
	if (quirks->rate_max != 0 && quirks->rate_max < ret->maximum_rate)
		ret->maximum_rate = quirks->rate_max < RATE_MIN ? RATE_MIN : quirks->rate_max;
	ret->rate_count = bytes[27];
}

/* The highest of the levels that are named; none is character level. */
static enum ccid_level
level_of(uint32_t features)
{
	if ((features & LEVEL_EXTENDED) != 0)
		return CCID_EXTENDED_APDU;
	if ((features & LEVEL_SHORT) != 0)
		return CCID_SHORT_APDU;
	return (features & LEVEL_TPDU) != 0 ? CCID_TPDU : CCID_CHARACTER;
}

static void
read_features(struct ccid_descriptor *ret, const uint8_t *bytes, const struct ccid_quirks *quirks,
    const struct notes *notes)
{
	static const uint32_t levels[] = { 0, LEVEL_TPDU, LEVEL_SHORT, LEVEL_EXTENDED };
	uint32_t announced = ccid_get32(bytes + 40), features = announced;

	ret->level = level_of(features);
	features = (features & ~CCID_LEVELS) | levels[ret->level];
	/* Who negotiates by an algorithm of its own does not go by the host's parameters as well.
	 */
	if ((features & CCID_AUTO_PARAM_NEG) != 0)
		features &= ~CCID_AUTO_PPS;
	use(notes, "dwFeatures", announced, features);
	if (quirks->level > 0 && quirks->level <= CCID_EXTENDED_APDU + 1) {
		ret->level = (enum ccid_level)(quirks->level - 1);
		features = (features & ~CCID_LEVELS) | levels[ret->level];
	}
	ret->features = features;
}

static void
read_ifsd(struct ccid_descriptor *ret, const uint8_t *bytes, const struct ccid_quirks *quirks,
    const struct notes *notes)
{
	uint32_t announced = ccid_get32(bytes + 28);
	uint32_t ifsd = quirks->ifsd != 0 ? quirks->ifsd : announced;

	/* Values above 254 are common and mean no more than that. */
	ret->ifsd = ifsd != 0 ? at_most(ifsd, IFSD_MAX) : use(notes, "dwMaxIFSD", 0, IFSD_DEFAULT);
}

/*
 * The size that is announced is believed where it can be: who cannot chain must take a short APDU,
 * and a reader of TPDUs that receives blocks of 254 bytes has room for more than 64.
 */
static void
read_message_max(struct ccid_descriptor *ret, const uint8_t *bytes,
    const struct ccid_quirks *quirks, const struct notes *notes)
{
	uint32_t announced = ccid_get32(bytes + 44), size = announced;

	if (quirks->message_max != 0)
		announced = size = quirks->message_max;
	if (size < MESSAGE_MIN)
		size = ret->level == CCID_EXTENDED_APDU ? MESSAGE_MIN : CCID_SHORT_MESSAGE;
	else if (size == MESSAGE_MIN && ret->level == CCID_TPDU && ret->ifsd > MESSAGE_MIN)
		size = CCID_SHORT_MESSAGE;
	ret->message_max =
	    use(notes, "dwMaxCCIDMessageLength", announced, at_most(size, CCID_MESSAGE_MAX));
}

void
ccid_descriptor_read(struct ccid_descriptor *ret, const uint8_t *bytes,
    const struct ccid_quirks *quirks, void (*note)(void *data, const char *line), void *data)
{
	const struct notes notes = { note, data };

	*ret = (struct ccid_descriptor){
		.version = ccid_get16(bytes + 2),
		.voltages = bytes[5] & 0x07,
		.synchronous = ccid_get32(bytes + 32),
		.mechanical = ccid_get32(bytes + 36),
		.class_get_response = bytes[48],
		.class_envelope = bytes[49],
		.lcd_layout = ccid_get16(bytes + 50),
		.pin_support = quirks->no_pin_pad ? 0 : bytes[52] & 0x03,
	};
	ret->protocols = ccid_get32(bytes + 6) & 0x03;
	if (ret->protocols == 0)
		ret->protocols = use(&notes, "dwProtocols", ccid_get32(bytes + 6), 0x03);
	if (ret->voltages == 0)
		use(&notes, "bVoltageSupport", bytes[5], 0x07);
	read_slots(ret, bytes, quirks, &notes);
	read_clock(ret, bytes, &notes);
	read_rates(ret, bytes, quirks, &notes);
	read_features(ret, bytes, quirks, &notes);
	read_ifsd(ret, bytes, quirks, &notes);
	read_message_max(ret, bytes, quirks, &notes);
}
