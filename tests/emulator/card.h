/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card as its contacts show it: reset, answer to reset, PPS, and bytes in both directions. Behind
 * it stands an application, which knows only whole APDUs.
 *
 *	card.c          contacts: reset, PPS, what is on its way to the reader
 *	card_t0.c       the card's end of T=0, procedure bytes included
 *	card_t1.c       the card's end of T=1, and what can go wrong with its blocks
 *	card_script.c   a card that says what a table says
 *	application.c   a file system with PINs (the soft card's), and an echo
 *
 * Pure: no threads, no clock; a card belongs to its slot, which is used under its device's lock.
 */
#ifndef TESTS_EMULATOR_CARD_H
#define TESTS_EMULATOR_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EMU_ATR_MAX 64u /* more than the standard allows, to try that */
#define EMU_COMMAND_MAX 65544u
#define EMU_REPLY_MAX 65538u
#define EMU_FIDI_DEFAULT 0x11u

/* Voltages, as bits of bVoltageSupport. */
enum {
	EMU_5V = 1,
	EMU_3V = 2,
	EMU_1_8V = 4,
	EMU_ANY_VOLTAGE = 7
};

struct emu_application {
	/* Writes at most EMU_REPLY_MAX bytes, SW1 SW2 last; returns how many. */
	size_t (*transmit)(void *data, const uint8_t *command, size_t length, uint8_t *reply);
	void (*reset)(void *data);
	void (*free)(void *data);
	void *data;
};

/*
 * The file system of the soft card. MF: EF 2F00 (20 bytes, read always); DF 5000, name
 * F0 54 45 53 54; in it EF 5001, 64 bytes, short identifier 1, read always, update after PIN 01
 * ("1234", 3 tries); EF 5002, 16 bytes, read after PIN 01; EF 5003, 32767 bytes, read and update
 * always.
 */
struct emu_application emu_application_files(void);

/*
 * Answers 9000. INS 10: the data come back. INS 12: as many bytes as Le says, each its own place
 * modulo 251. Other INS: nothing but 9000.
 */
struct emu_application emu_application_echo(void);

struct emu_card;

struct emu_card_kind {
	/* After the answer to reset was put out. */
	void (*reset)(struct emu_card *card, bool warm);
	/* What the reader sends in one go, except a PPS. */
	void (*bytes)(struct emu_card *card, const uint8_t *bytes, size_t length);
	/* Somebody wants bytes and there are none; may be NULL. */
	void (*more)(struct emu_card *card);
	/* A whole APDU, as a reader of an APDU level has it exchanged; 0: mute. */
	size_t (*apdu)(
	    struct emu_card *card, const uint8_t *command, size_t length, uint8_t *reply);
	void (*free)(struct emu_card *card);
};

enum emu_pps {
	EMU_PPS_AGREE,
	EMU_PPS_NO_RATE, /* agrees without PPS1: the default rate stays */
	EMU_PPS_MUTE,
	EMU_PPS_BYTES /* answers with pps_bytes, and changes nothing */
};

/* The base of every card. Tests set the upper half as they like before it is inserted. */
struct emu_card {
	const struct emu_card_kind *kind;
	uint8_t atr[EMU_ATR_MAX];
	size_t atr_length; /* 0: mute */
	uint8_t voltages;  /* answers at these only */
	enum emu_pps pps;
	uint8_t pps_bytes[300];
	size_t pps_length;
	unsigned mute_resets; /* so many resets are not answered first */

	/* As it is now. */
	bool fresh;        /* nothing came since the reset */
	bool negotiable;   /* no TA2 */
	unsigned protocol; /* the one it speaks now */
	uint8_t fidi;      /* the rate it speaks now */
	bool parity;       /* what it puts out is to arrive damaged */
	unsigned cold_resets, warm_resets, pps_count;
	uint8_t *output;
	size_t output_length, output_taken, output_room;
};

/* What follows is called by readers. All live as long as their card; NULL is fine for free. */
void emu_card_free(struct emu_card *card);
/* @voltage: one bit. The answer, if there is one, can be taken. */
void emu_card_reset(struct emu_card *card, unsigned voltage, bool warm);
void emu_card_send(struct emu_card *card, const uint8_t *bytes, size_t length);
/* Takes up to @length bytes that the card has for the reader; returns how many. */
size_t emu_card_take(struct emu_card *card, uint8_t *bytes, size_t length);
size_t emu_card_apdu(struct emu_card *card, const uint8_t *command, size_t length, uint8_t *reply);

/* And this by cards. */
void emu_card_init(struct emu_card *card, const struct emu_card_kind *kind, const char *atr);
void emu_card_put(struct emu_card *card, const uint8_t *bytes, size_t length);

/* Hex text, spaces allowed, into bytes; exits on nonsense. Returns the length. */
size_t emu_hex(const char *text, uint8_t *bytes, size_t room);

/* A card under T=0. @atr: hex. The application becomes the card's. */
struct emu_t0_options {
	unsigned nulls; /* NULL procedure bytes before each other one; EMU_ENDLESS: for ever */
	bool single;    /* asks for data byte by byte (INS xor FF) */
	bool no_get_response; /* answers 6D00 to it, and to ENVELOPE */
	int procedure;        /* -1; else this byte stands for every ACK */
	int sw;               /* -1; else every command has this status and no data */
	unsigned extra;       /* so many bytes more than asked for, before the status */
};
#define EMU_ENDLESS 0xFFFFFFFFu
struct emu_card *emu_card_t0(const char *atr, struct emu_application application);
struct emu_t0_options *emu_card_t0_options(struct emu_card *card);

/* What happens to a block that the card sends, or when one arrives. */
enum emu_t1_action {
	EMU_T1_MUTE,         /* it is not sent */
	EMU_T1_DAMAGE,       /* its check is wrong */
	EMU_T1_PARITY,       /* the reader sees a parity error */
	EMU_T1_WRONG_NUMBER, /* N(S) or N(R) of the other sign */
	EMU_T1_NAD,          /* NAD is the argument */
	EMU_T1_PCB,          /* PCB is the argument, check right */
	EMU_T1_LENGTH,       /* LEN is the argument, the bytes stay as they are */
	EMU_T1_RAW,          /* these bytes instead */
	EMU_T1_WTX,          /* first a request for more time with this multiplier */
	EMU_T1_IFS,          /* first a request to take this size */
	EMU_T1_ABORT,        /* a request to abort instead, then R */
	EMU_T1_REFUSE        /* on arrival: R with these error bits, and the block did not come */
};

struct emu_t1_fault {
	unsigned at; /* number of the block, from 1, sent or (REFUSE) received; 0: each */
	enum emu_t1_action action;
	uint8_t argument;
	const char *bytes; /* RAW: hex */
};

/* A card under T=1; block size and check as its answer to reset says. */
struct emu_card *emu_card_t1(const char *atr, struct emu_application application);
/* From now on; counts begin anew. The table stays the caller's. */
void emu_card_t1_faults(struct emu_card *card, const struct emu_t1_fault *faults, size_t count);
/* How often the reader's side set the size, and the last it said (32 before). */
unsigned emu_card_t1_ifsd(const struct emu_card *card, unsigned *ret_requests);

/* One exchange of a card by script: what is to come and what is answered. */
struct emu_script_line {
	const char *expected; /* hex; NULL: anything */
	const char *answer;   /* hex; NULL: mute */
};

/*
 * A card that answers line by line; what comes is a PPS, a TPDU, a block or an APDU, as the reader
 * has it. @repeat: the last line stays for ever; else what comes later is not answered. The table
 * stays the caller's.
 */
struct emu_card *
emu_card_script(const char *atr, const struct emu_script_line *lines, size_t count, bool repeat);
/* How many lines were used; *ret_matched: all that came was as expected. */
size_t emu_card_script_used(const struct emu_card *card, bool *ret_matched);

#endif
