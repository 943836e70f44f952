/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card database: which kinds of card there are, what readers are called and which groups they
 * are in. It is files in layers, tessera-card(5) describes them. Without sockets, engine and
 * component runtime, so that whoever needs it links it.
 *
 * A picture is what the files said at one moment. It never changes, is shared and counted, and may
 * be used by any thread. Calls on one struct database must not overlap; other processes may write
 * meanwhile.
 */
#ifndef RM_DATABASE_DATABASE_H
#define RM_DATABASE_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <guiddef.h>

#define DATABASE_FILES_MAX 20000u     /* of one folder */
#define DATABASE_FILE_SIZE_MAX 65536u /* bytes of one file */
#define DATABASE_ATR_MAX 33u          /* ISO 7816-3 */
#define DATABASE_ATR_MIN 2u           /* TS and T0 */
#define DATABASE_NAME_MAX 255u        /* bytes of a card type's name */
#define DATABASE_READER_NAME_MAX 127u /* bytes of a reader's name */
#define DATABASE_GROUP_NAME_MAX 127u  /* bytes of a group's name */
#define DATABASE_GROUPS_MAX 64u       /* of one reader */
#define DATABASE_INTERFACES_MAX 256u  /* of one card type */
#define DATABASE_PROVIDERS_MAX 64u    /* of one card type, the primary one not counted */
#define DATABASE_PROVIDER_MAX 255u    /* bytes of a provider's name */
#define DATABASE_MASKS_MAX 4096u      /* different masks; more are no use and cost time */
#define DATABASE_DEFAULT_GROUP "SCard$DefaultReaders"

/* As SCARD_PROVIDER_* of <winscard.h>. */
#define DATABASE_PROVIDER_PRIMARY 1u
#define DATABASE_PROVIDER_CSP 2u
#define DATABASE_PROVIDER_KSP 3u
#define DATABASE_PROVIDER_CARD_MODULE 0x80000001u

/* Highest first. */
enum database_layer {
	DATABASE_ENVIRONMENT,
	DATABASE_USER,
	DATABASE_ADMINISTRATOR,
	DATABASE_VENDOR
};

/* Two folders of one layer have the same rank, 0 is the highest. */
struct database_folder {
	enum database_layer layer;
	unsigned rank;
	char *cards;   /* folder of .card files */
	char *readers; /* folder of .reader files */
};

struct database_provider {
	uint32_t id; /* DATABASE_PROVIDER_*, or another; not DATABASE_PROVIDER_PRIMARY */
	char *name;
};

struct database_card {
	char *name;
	uint8_t atr[DATABASE_ATR_MAX];  /* bits outside the mask must be 0: else nothing matches */
	uint8_t mask[DATABASE_ATR_MAX]; /* of the same length */
	size_t atr_length;
	bool has_primary;
	GUID primary;
	GArray *interfaces;   /* of GUID */
	GPtrArray *providers; /* of struct database_provider, by id */
	char *path;           /* the file; NULL: not from one */
	enum database_layer layer;
};

struct database_reader {
	char *name;
	char *device; /* its name at the resource manager; equal to the name unless introduced */
	GStrv groups;
	bool hidden; /* forgotten, while another name for the device is there */
	char *path;
	enum database_layer layer;
};

struct database;

struct database_picture;

/*
 * The folders that belong to a library, as the environment is now; of struct database_folder.
 * @inside: an address in the library, from whose place the folders are found
 * @system: only those of administrators and packages
 */
GPtrArray *database_folders(const void *inside, bool system);

/* (transfer full): a folder of one's own; for tests and tools. */
struct database_folder *database_folder_new(
    enum database_layer layer, unsigned rank, const char *cards, const char *readers);
void database_folder_free(void *folder);

/* Takes the folders over. Nothing is read before the first look. */
struct database *database_new(GPtrArray *folders);
/* Pictures live on. NULL is fine. */
void database_free(struct database *database);

/*
 * (transfer full): the database as it is now; the same picture as long as nothing changes. A file
 * that was put in place whole is seen at once, one changed where it lies within a second.
 */
struct database_picture *database_look(struct database *database);
struct database_picture *database_picture_ref(struct database_picture *picture);
void database_picture_unref(struct database_picture *picture);

/*
 * A descriptor that becomes readable when something changes in the folders, or one that is not
 * there may have been made; -1 when there can be none. Once it is readable, close it, make another,
 * then look.
 */
int database_watch(const struct database *database);

/* By name: of struct database_card, database_reader; what is masked or disabled is not there. */
const GPtrArray *database_cards(const struct database_picture *picture);
const GPtrArray *database_readers(const struct database_picture *picture);
/* What is wrong, a line each: "FILE: line N: ...". Those files are left out. */
const GPtrArray *database_problems(const struct database_picture *picture);

/* NULL: none. A card type's name in any case; a reader's exactly. */
const struct database_card *
database_find_card(const struct database_picture *picture, const char *name);
const struct database_reader *
database_find_reader(const struct database_picture *picture, const char *name);

/* NULL: the card type has none of this kind. */
const char *database_card_provider(const struct database_card *card, uint32_t id);

/*
 * The card types that an ATR matches, those with more of it under their mask first. Stores up to
 * @room and returns how many there are.
 */
size_t database_match(const struct database_picture *picture, const uint8_t *atr, size_t length,
    const struct database_card **ret_cards, size_t room);

/* (transfer full) A card type to be filled and written; its copy. */
struct database_card *database_card_new(const char *name);
struct database_card *database_card_copy(const struct database_card *card);
void database_card_free(struct database_card *card);
/* @name NULL: takes it away. */
void database_card_set_provider(struct database_card *card, uint32_t id, const char *name);

/* (transfer full) As those above; in the default group. */
struct database_reader *database_reader_new(const char *name, const char *device);
struct database_reader *database_reader_copy(const struct database_reader *reader);
void database_reader_free(struct database_reader *reader);
bool database_reader_in(const struct database_reader *reader, const char *group);
/* False: it has DATABASE_GROUPS_MAX already. */
bool database_reader_join(struct database_reader *reader, const char *group);
void database_reader_leave(struct database_reader *reader, const char *group);

enum database_result {
	DATABASE_OK,
	DATABASE_ABSENT,  /* not in that layer */
	DATABASE_INVALID, /* not to be written: a name, a length, text that is none */
	DATABASE_DENIED,  /* no right to write there */
	DATABASE_FAILED
};

enum database_kind {
	DATABASE_CARDS,
	DATABASE_READERS
};

/*
 * A change: begin, look at what there is, put and remove, end. Others wait until the end, 5 seconds
 * at most. Each put and remove is there wholly or not at all, and stays. On failure *ret_cause
 * (transfer full) names file and cause; also of begin, after which there is nothing to end.
 */
struct database_edit;

enum database_result database_begin(struct database *database, enum database_layer layer,
    enum database_kind kind, struct database_edit **ret_edit, char **ret_cause);
/* Lives as long as the edit, and does not show its own changes. */
struct database_picture *database_edit_picture(struct database_edit *edit);
/* Creates, or replaces what has the same name in the layer. */
enum database_result
database_put_card(struct database_edit *edit, const struct database_card *card, char **ret_cause);
enum database_result database_put_reader(
    struct database_edit *edit, const struct database_reader *reader, char **ret_cause);
enum database_result
database_remove_card(struct database_edit *edit, const char *name, char **ret_cause);
enum database_result
database_remove_reader(struct database_edit *edit, const char *name, char **ret_cause);
void database_end(struct database_edit *edit);

#endif
