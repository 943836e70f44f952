/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is known to be wrong with models of readers: data, in keyfiles. One is shipped with the
 * driver (ccid.quirks); the administrator's is read after it and overrides key by key.
 *
 * A group is a model, `[VVVV:PPPP]` in hexadecimal, all models of a vendor, `[VVVV:*]`, or one slot
 * of a model, `[VVVV:PPPP:N]`. `Releases=LOW-HIGH` limits a group to values of bcdDevice, both
 * included; a second group for the same model has a number behind it: `[VVVV:PPPP#2]`. A group
 * `[ATR:3B...*]` is about cards. Every key is documented in tessera-ccid.quirks(5).
 */
#ifndef CCID_QUIRKS_H
#define CCID_QUIRKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ccid_model {
	uint16_t vendor, product; /* idVendor, idProduct */
	uint16_t release;         /* bcdDevice */
	unsigned slot;
};

#define CCID_RATES_LISTED_MAX 16u
#define CCID_ESCAPES_LISTED_MAX 4u
#define CCID_ESCAPE_PATTERN_SIZE 32u /* of one in text, NUL included */

/* All zero: nothing known. */
struct ccid_quirks {
	/* What the descriptor says wrongly. */
	bool vendor_class;    /* a reader although its interface class is FF */
	bool no_pin_pad;      /* bPINSupport is not true, or a PIN typed there is not safe */
	int level;            /* enum ccid_level + 1 to use instead; 0: as announced */
	uint32_t message_max; /* dwMaxCCIDMessageLength to use instead; 0: as announced */
	uint32_t ifsd;        /* dwMaxIFSD to use instead */
	uint32_t rate_max;    /* bps that really work; 0: as announced */
	uint32_t rates[CCID_RATES_LISTED_MAX]; /* the only ones of this slot; 0 ends the list */
	unsigned slots;                        /* so many are shown; 0: all */
	/* What its firmware does not survive, or needs. */
	bool no_pps;              /* PPS fails: only the default parameters */
	bool no_ifsd;             /* breaks after S(IFS request) */
	bool split_reads;         /* loses replies of whole packets: ask so that none comes */
	bool zero_packet;         /* wants a zero-length packet after a message of whole packets */
	bool presence_by_power;   /* always says that a card is there: only power-up tells */
	bool presence_of_first;   /* this interface cannot tell: copies the first one's presence */
	bool off_before_on;       /* power off before each power on */
	bool device_lock;         /* one command at a time for all interfaces of the device */
	bool parameters_by_reset; /* SetParameters fails: reset the card twice and go on */
	bool answer_in_status;    /* says "card mute" in bError of a reply without error */
	bool broken;              /* firmware known to be broken: said in the log, loudly */
	unsigned slow;            /* factor for the waits after opening; 0 and 1: none */
	uint32_t open_wait_us;    /* rest after opening */
	uint32_t extra_wait_us;   /* added to every exchange with a card */
	bool no_autosuspend;      /* dies in USB suspend (for the udev rule) */
	bool emv_escape;          /* leaves EMV mode by escape 1F 01 when power-up fails with BB */
	/* PIN pads. */
	bool pin_key_only;                 /* bEntryValidationCondition 02 and one message */
	bool pin_three_indexes;            /* modify wants three indexes whatever the count says */
	bool pin_no_message;               /* bNumberMessage 0 alone */
	bool pin_modify_no_message;        /* the same of modify alone */
	bool pin_message_default;          /* bNumberMessage 0 of modify becomes FF */
	bool pin_swap_digits;              /* the bytes of wPINMaxExtraDigit change places */
	bool pin_template_escape;          /* escape 80 02 00 before a template of four bytes */
	uint32_t pin_wait_us;              /* a key still held would count: wait before */
	unsigned pin_minimum, pin_maximum; /* digits; 0: not restricted */
	bool mct;                          /* passes multifunctional terminal commands as escape */
	/* Escapes that are allowed without the administrator; see escape.h. */
	char escapes[CCID_ESCAPES_LISTED_MAX][CCID_ESCAPE_PATTERN_SIZE];
};

/* The same of cards. */
struct ccid_card_quirks {
	unsigned bwi;           /* to use instead of the announced one, 1 to 9; 0: as announced */
	uint32_t extra_wait_us; /* added to every exchange */
};

struct ccid_quirk_table;

/*
 * Reads a table from files; a file that is not there is no error.
 * @paths: NULL-terminated, the shipped one first
 * @note: called with one line for each group or key that makes no sense: file, group, key, cause
 * Returns a table, which the caller frees.
 */
struct ccid_quirk_table *
ccid_quirks_read(const char *const *paths, void (*note)(void *data, const char *line), void *data);
void ccid_quirks_free(struct ccid_quirk_table *table);

/*
 * All that holds for a model and slot, in the order of the files: groups without a slot first, then
 * the slot's own, so that what is said of one slot stays.
 */
void ccid_quirks_find(
    const struct ccid_quirk_table *table, const struct ccid_model *model, struct ccid_quirks *ret);

void ccid_quirks_find_card(const struct ccid_quirk_table *table, const uint8_t *atr, size_t length,
    struct ccid_card_quirks *ret);

#endif
