/* SPDX-License-Identifier: BSD-2-Clause */
/* The handles of clients: random numbers that no other client has. */
#include <sys/random.h>

#include "rm/daemon/pcsclite/client.h"

#define NUMBER_MASK 0x7FFFFFFFu /* it is a signed number to the library */

static pthread_mutex_t all_lock = PTHREAD_MUTEX_INITIALIZER; /* a leaf */
static GHashTable *all;                                      /* number -> lane */

static gpointer
key_of(uint32_t number)
{
	return GUINT_TO_POINTER(number);
}

/* With all_lock. 0: there is no randomness to be had. */
static uint32_t
draw(void)
{
	uint32_t number;

	do {
		if (getrandom(&number, sizeof number, 0) != sizeof number)
			return 0;
		number &= NUMBER_MASK;
	} while (number == 0 || g_hash_table_contains(all, key_of(number)));
	return number;
}

static uint32_t
publish(struct lane *lane)
{
	uint32_t number;

	(void)pthread_mutex_lock(&all_lock);
	if (all == NULL)
		all = g_hash_table_new(NULL, NULL);
	if ((number = draw()) != 0)
		(void)g_hash_table_insert(all, key_of(number), lane);
	(void)pthread_mutex_unlock(&all_lock);
	return number;
}

static void
unpublish(uint32_t number)
{
	(void)pthread_mutex_lock(&all_lock);
	(void)g_hash_table_remove(all, key_of(number));
	if (g_hash_table_size(all) == 0)
		g_clear_pointer(&all, g_hash_table_destroy);
	(void)pthread_mutex_unlock(&all_lock);
}

/* The rest has the client's lock. */

static struct lite_number *
at(const struct lite_client *client, guint place)
{
	return &g_array_index(client->numbers, struct lite_number, place);
}

static struct lite_number *
find(const struct lite_client *client, uint32_t number)
{
	for (guint i = 0; i < client->numbers->len; i++)
		if (at(client, i)->number == number)
			return at(client, i);
	return NULL;
}

static bool
has_room(const struct lite_client *client, bool is_context)
{
	guint count = 0;

	for (guint i = 0; i < client->numbers->len; i++)
		count += (at(client, i)->context == 0) == is_context;
	return count < (is_context ? LITE_CONTEXTS_MAX : LITE_CARDS_MAX);
}

uint32_t
lite_number_new(struct lane *lane, uint32_t context)
{
	struct lite_client *client = lite_of(lane);
	struct lite_number entry = { .context = context };

	(void)pthread_mutex_lock(&client->lock);
	if (!client->ended && has_room(client, context == 0) && (entry.number = publish(lane)) != 0)
		g_array_append_val(client->numbers, entry);
	(void)pthread_mutex_unlock(&client->lock);
	return entry.number;
}

void
lite_number_set(struct lite_client *client, uint32_t number, uintptr_t handle)
{
	struct lite_number *entry;

	(void)pthread_mutex_lock(&client->lock);
	if ((entry = find(client, number)) != NULL)
		entry->handle = handle;
	(void)pthread_mutex_unlock(&client->lock);
}

static uintptr_t
handle_of(struct lite_client *client, uint32_t number, bool is_context)
{
	const struct lite_number *entry;
	uintptr_t handle = 0;

	(void)pthread_mutex_lock(&client->lock);
	entry = find(client, number);
	if (entry != NULL && (entry->context == 0) == is_context)
		handle = entry->handle;
	(void)pthread_mutex_unlock(&client->lock);
	return handle;
}

uintptr_t
lite_context_handle(struct lite_client *client, uint32_t number)
{
	return handle_of(client, number, true);
}

uintptr_t
lite_card_handle(struct lite_client *client, uint32_t number)
{
	return handle_of(client, number, false);
}

void
lite_number_drop(struct lite_client *client, uint32_t number)
{
	(void)pthread_mutex_lock(&client->lock);
	for (guint i = client->numbers->len; i-- > 0;)
		if (at(client, i)->number == number || at(client, i)->context == number) {
			unpublish(at(client, i)->number);
			g_array_remove_index_fast(client->numbers, i);
		}
	(void)pthread_mutex_unlock(&client->lock);
}

void
lite_number_transact(struct lite_client *client, uint32_t number, int change)
{
	struct lite_number *entry;

	(void)pthread_mutex_lock(&client->lock);
	if ((entry = find(client, number)) == NULL)
		;
	else if (change > 0)
		entry->depth++;
	else if (change == 0)
		entry->depth = 0;
	else if (entry->depth > 0)
		entry->depth--;
	(void)pthread_mutex_unlock(&client->lock);
}

bool
lite_transacts(struct lite_client *client, uint32_t number)
{
	bool found = false;

	(void)pthread_mutex_lock(&client->lock);
	for (guint i = 0; i < client->numbers->len && !found; i++)
		found = at(client, i)->number != number && at(client, i)->depth > 0;
	(void)pthread_mutex_unlock(&client->lock);
	return found;
}

void
lite_numbers_end(struct lite_client *client)
{
	(void)pthread_mutex_lock(&client->lock);
	client->ended = true;
	for (guint i = 0; i < client->numbers->len; i++)
		unpublish(at(client, i)->number);
	g_array_set_size(client->numbers, 0);
	(void)pthread_mutex_unlock(&client->lock);
}

struct lane *
lite_context_lane(uint32_t number)
{
	struct lane *lane = NULL;

	(void)pthread_mutex_lock(&all_lock);
	if (all != NULL)
		lane = g_hash_table_lookup(all, key_of(number));
	if (lane != NULL)
		(void)lane_ref(lane);
	(void)pthread_mutex_unlock(&all_lock);
	if (lane != NULL && lite_context_handle(lite_of(lane), number) == 0) {
		lane_unref(lane);
		lane = NULL;
	}
	return lane;
}
