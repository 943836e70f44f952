/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions of a reader that clients find by asking (PC/SC part 10): control codes, the list of
 * features, and the properties of PIN pad and reader. Pure.
 */
#ifndef CCID_FEATURES_H
#define CCID_FEATURES_H

#include "ccid/descriptor.h"
#include "ccid/result.h"

/* Tags of the list (PC/SC part 10, 2.2), as far as this driver has them. */
enum ccid_feature {
	CCID_FEATURE_NONE = 0,
	CCID_FEATURE_VERIFY = 0x06,
	CCID_FEATURE_MODIFY = 0x07,
	CCID_FEATURE_MCT = 0x08,
	CCID_FEATURE_PIN_PROPERTIES = 0x0A,
	CCID_FEATURE_TLV_PROPERTIES = 0x12,
	CCID_FEATURE_ESCAPE = 0x13
};

/* The two codings of control codes: Windows's, and pcsc-lite's. */
enum ccid_codes {
	CCID_CODES_WINDOWS,
	CCID_CODES_PCSCLITE
};

enum ccid_control {
	CCID_CONTROL_UNKNOWN,
	CCID_CONTROL_LIST,   /* GET_FEATURE_REQUEST */
	CCID_CONTROL_ESCAPE, /* vendor command: 1, 3500 or the feature */
	CCID_CONTROL_PATH,   /* where in USB the reader is */
	CCID_CONTROL_FEATURE /* *ret_feature; not necessarily one that the reader has */
};

/* What a control code, in either coding, asks for. */
enum ccid_control ccid_control_of(uint32_t code, enum ccid_feature *ret_feature);
uint32_t ccid_feature_code(enum ccid_feature feature, enum ccid_codes codes);

/* What features and properties depend on. */
struct ccid_functions {
	const struct ccid_descriptor *descriptor;
	const struct ccid_quirks *quirks;
	uint16_t vendor, product;
	bool escape;          /* the administrator allows vendor commands */
	bool ppdu;            /* the reader takes pseudo APDUs FF C2 01 */
	const char *firmware; /* its name; NULL: not known */
};

bool ccid_feature_has(const struct ccid_functions *functions, enum ccid_feature feature);

/*
 * The answers. Nothing is written beyond `room`.
 * @ret_length: what was written, or with CCID_SMALL what is needed
 */
enum ccid_result ccid_features_list(const struct ccid_functions *functions, enum ccid_codes codes,
    uint8_t *out, size_t room, size_t *ret_length);
enum ccid_result ccid_features_tlv(
    const struct ccid_functions *functions, uint8_t *out, size_t room, size_t *ret_length);
enum ccid_result ccid_features_pin(
    const struct ccid_functions *functions, uint8_t *out, size_t room, size_t *ret_length);

#endif
