/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/parameters.h"

#define T1_FIXED 0x10u /* bmTCCKST1: bits 7 to 2 */
#define CRC 0x01u
#define INVERSE 0x02u

size_t
ccid_parameters_write(const struct ccid_parameters *parameters, uint8_t out[CCID_PARAMETERS_T1])
{
	const unsigned inverse = parameters->inverse ? INVERSE : 0;

	out[0] = parameters->factors;
	out[2] = parameters->guard;
	out[4] = parameters->clock_stop;
	if (parameters->protocol == 0) {
		out[1] = (uint8_t)inverse;
		out[3] = parameters->wi;
		return CCID_PARAMETERS_T0;
	}
	out[1] = (uint8_t)(T1_FIXED | inverse | (parameters->crc ? CRC : 0));
	out[3] = (uint8_t)(parameters->bwi << 4 | (parameters->cwi & 0x0F));
	out[5] = parameters->ifsc;
	out[6] = 0; /* NAD */
	return CCID_PARAMETERS_T1;
}

bool
ccid_parameters_read(
    struct ccid_parameters *ret, unsigned protocol_number, const uint8_t *bytes, size_t length)
{
	struct ccid_parameters read = { .protocol = protocol_number };

	if (protocol_number > 1 ||
	    length != (protocol_number == 0 ? CCID_PARAMETERS_T0 : CCID_PARAMETERS_T1))
		return false;
	read.factors = bytes[0];
	read.inverse = (bytes[1] & INVERSE) != 0;
	read.guard = bytes[2];
	read.clock_stop = bytes[4] & 0x03;
	if (protocol_number == 0) {
		read.wi = bytes[3];
	} else {
		read.crc = (bytes[1] & CRC) != 0;
		read.bwi = bytes[3] >> 4;
		read.cwi = bytes[3] & 0x0F;
		read.ifsc = bytes[5];
	}
	*ret = read;
	return true;
}
