/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's settings: `tcp:PORT` or `unix:PATH`, and `+SLOTS` behind it for more than one slot.
 * Pure.
 */
#ifndef VPCD_SETTINGS_H
#define VPCD_SETTINGS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

#define VPCD_SLOTS_MAX 16u
/* What a socket's address takes, with NUL. */
#define VPCD_PATH_SIZE sizeof(((struct sockaddr_un *)NULL)->sun_path)
#define VPCD_MESSAGE_SIZE 384u

enum vpcd_transport {
	VPCD_TCP,
	VPCD_UNIX
};

struct vpcd_settings {
	enum vpcd_transport transport;
	uint16_t port; /* of slot 0; slot i listens on port + i */
	/* Of slot 0; slot i listens on path.i. The longest of them fits into an address. */
	char path[VPCD_PATH_SIZE];
	unsigned slots;
};

/*
 * @text: NULL: none given
 * @message: VPCD_MESSAGE_SIZE bytes; on failure says what is wrong and what is expected
 * Returns 0 or -EINVAL.
 */
int vpcd_settings_parse(const char *text, struct vpcd_settings *ret, char *message);

/* The address of a slot for people: "127.0.0.1:35963", "/run/card.1". */
void
vpcd_settings_address(const struct vpcd_settings *settings, unsigned slot, char *out, size_t size);

#endif
