/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The private table of calls behind the winscard functions: one for each way to reach a resource
 * manager. The functions convert text, check arguments and follow the buffer protocol; a table does
 * the work. `embedded` is the engine in this process; the daemon's client is the second one.
 *
 * Text is UTF-8. Calls block where the API does and may be made by any thread. A result buffer
 * marked (malloc) is freed by the caller with free().
 */
#ifndef RM_API_CALLS_H
#define RM_API_CALLS_H

#include <stddef.h>
#include <stdint.h>

#include <winscard.h>

#define RM_CALLS_VERSION 3u
#define RM_CALLS_MESSAGE_SIZE 384u

/* As enum rm_dialect of the engine. */
#define RM_CALLS_WINDOWS 0u
#define RM_CALLS_PCSCLITE 1u
#define RM_CALLS_PCSCLITE_IMPATIENT 2u

struct rm_calls_state {
	const char *name;
	uint32_t current;
	uint32_t event;
	uint8_t atr[33];
	size_t atr_length;
};

struct rm_calls_status {
	char name[128];
	uint32_t state;
	uint32_t protocol;
	uint8_t atr[33];
	size_t atr_length;
};

struct rm_calls_holder {
	char reader[128];
	char program[64]; /* cut off when longer */
	uint32_t pid;
	uint32_t uid;
	uint32_t share_mode;
	uint32_t in_transaction; /* 0 or 1 */
	uint64_t since_msec;     /* CLOCK_MONOTONIC */
};

/* What names an item of the cache. */
struct rm_calls_cache_key {
	uint8_t identifier[16];
	uint32_t freshness;
	const char *name; /* shorter than 1,024 bytes, not empty, no control characters */
};

struct rm_calls_device {
	uint32_t type; /* SCARD_READER_TYPE_* */
	char id[128];
};

/*
 * Every call returns a code of the API. On failure `message` (RM_CALLS_MESSAGE_SIZE bytes, never
 * NULL) receives a text that names the object, the cause and the next step; it may stay empty.
 */
/* clang-format off */
struct rm_calls {
	uint32_t version; /* RM_CALLS_VERSION */

	LONG (*establish)(uint32_t dialect, uint32_t scope, SCARDCONTEXT *ret_context, char *message);
	LONG (*release)(SCARDCONTEXT context, char *message);
	LONG (*is_valid)(SCARDCONTEXT context, char *message);
	LONG (*cancel)(SCARDCONTEXT context, char *message);

	/* Multi-strings; lengths in bytes with all NULs. @groups NULL: all readers. (malloc) */
	LONG (*list_readers)(SCARDCONTEXT context, const char *groups, char **ret_list,
	    size_t *ret_length, char *message);
	LONG (*list_groups)(SCARDCONTEXT context, char **ret_list, size_t *ret_length, char *message);

	/*
	 * @wake: when this descriptor becomes readable the wait ends: SCARD_E_TIMEOUT, and the states
	 * mean nothing; -1: none. It is not read.
	 */
	LONG (*status_change)(SCARDCONTEXT context, uint32_t timeout_ms, struct rm_calls_state *states,
	    size_t count, int wake, char *message);

	LONG (*connect)(SCARDCONTEXT context, const char *reader, uint32_t share_mode,
	    uint32_t protocols, SCARDHANDLE *ret_card, uint32_t *ret_active, char *message);
	LONG (*reconnect)(SCARDHANDLE card, uint32_t share_mode, uint32_t protocols,
	    uint32_t initialization, uint32_t *ret_active, char *message);
	LONG (*disconnect)(SCARDHANDLE card, uint32_t disposition, char *message);
	LONG (*begin)(SCARDHANDLE card, char *message);
	LONG (*end)(SCARDHANDLE card, uint32_t disposition, char *message);
	LONG (*status)(SCARDHANDLE card, struct rm_calls_status *ret_status, char *message);

	/*
	 * @protocol 0: the active one. Lengths: in the room, out the length, also when the room is too
	 * small. Command and reply do not overlap.
	 */
	LONG (*transmit)(SCARDHANDLE card, uint32_t protocol, const uint8_t *command,
	    size_t command_length, uint8_t *reply, size_t *reply_length, uint32_t *ret_protocol,
	    char *message);
	LONG (*control)(SCARDHANDLE card, uint32_t code, const uint8_t *in, size_t in_length,
	    uint8_t *out, size_t *out_length, char *message);
	LONG (*get_attribute)(SCARDHANDLE card, uint32_t id, uint8_t *value, size_t *length,
	    char *message);
	LONG (*set_attribute)(SCARDHANDLE card, uint32_t id, const uint8_t *value, size_t length,
	    char *message);

	/* Who is connected. NULL when there is nobody. (malloc) NULL slot: cannot tell. */
	LONG (*holders)(struct rm_calls_holder **ret_holders, size_t *ret_count, char *message);

	/* Lengths as for transmit. */
	LONG (*cache_read)(SCARDCONTEXT context, const struct rm_calls_cache_key *key, uint8_t *data,
	    size_t *length, char *message);
	LONG (*cache_write)(SCARDCONTEXT context, const struct rm_calls_cache_key *key,
	    const uint8_t *data, size_t length, char *message);
	LONG (*audit)(SCARDCONTEXT context, uint32_t event, char *message);

	LONG (*device)(SCARDCONTEXT context, const char *reader, struct rm_calls_device *ret_device,
	    char *message);
	/* As list_readers, those of one device. (malloc) */
	LONG (*list_device)(SCARDCONTEXT context, const char *device, char **ret_list,
	    size_t *ret_length, char *message);

	/* A descriptor of TRACED messages, the caller's. NULL slot: there is no trace. */
	LONG (*trace)(SCARDCONTEXT context, const char *reader, int *ret_fd, char *message);
};
/* clang-format on */

/*
 * The one export of a module that carries a table: libtessera-engine.so exports
 * tessera_rm_embedded.
 *
 * @settings: what stands behind `embedded` in TESSERA_RM: `DRIVER[=SETTINGS][,DRIVER...]`; "" for
 * the default. Starts the drivers on the first call; later calls return the same table.
 * @message: on failure the text
 *
 * NULL on failure, with the code in *ret_code.
 */
typedef const struct rm_calls *(*rm_calls_open)(
    const char *settings, LONG *ret_code, char *message);

#endif
