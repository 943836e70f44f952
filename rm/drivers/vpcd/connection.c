/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/vpcd/connection.h"

#include <errno.h>
#include <unistd.h>

#include "rm/drivers/vpcd/event.h"

int
vpcd_connection_init(struct vpcd_connection *connection)
{
	connection->card_fd = VPCD_NO_CARD;
	pthread_mutex_init(&connection->lock, NULL);
	pthread_cond_init(&connection->idle, NULL);
	connection->cancel_fd = vpcd_event_new();
	return connection->cancel_fd >= 0 ? 0 : -errno;
}

void
vpcd_connection_done(struct vpcd_connection *connection)
{
	if (connection->cancel_fd >= 0)
		close(connection->cancel_fd);
	pthread_cond_destroy(&connection->idle);
	pthread_mutex_destroy(&connection->lock);
}

/* The lock is held. */
static int
state(const struct vpcd_connection *connection)
{
	if (connection->gone)
		return -ESHUTDOWN;
	return connection->card_fd == VPCD_NO_CARD || connection->dead ? -ENODEV : 0;
}

int
vpcd_connection_state(struct vpcd_connection *connection, uint32_t *ret_number)
{
	int r;

	pthread_mutex_lock(&connection->lock);
	r = state(connection);
	if (ret_number != NULL)
		*ret_number = connection->card_number;
	pthread_mutex_unlock(&connection->lock);
	return r;
}

int
vpcd_connection_begin(struct vpcd_connection *connection, uint64_t deadline,
    struct vpcd_link *ret_link, uint32_t *ret_number)
{
	int r;

	pthread_mutex_lock(&connection->lock);
	r = state(connection);
	/* Before anything is sent, being late does no harm to the stream. */
	if (r == 0 && vpcd_link_is_late(deadline))
		r = -ETIMEDOUT;
	if (r == 0) {
		connection->busy = true;
		ret_link->fd = connection->card_fd;
		ret_link->cancel_fd = connection->cancel_fd;
		ret_link->deadline = deadline;
		*ret_number = connection->card_number;
	}
	pthread_mutex_unlock(&connection->lock);
	return r;
}

int
vpcd_connection_end(struct vpcd_connection *connection, int error)
{
	pthread_mutex_lock(&connection->lock);
	connection->busy = false;
	if (error != 0)
		connection->dead = true;
	if (error != 0 && connection->gone)
		error = -ESHUTDOWN;
	if (connection->cancelled) {
		connection->cancelled = false;
		vpcd_event_clear(connection->cancel_fd);
	}
	if (connection->gone)
		pthread_cond_broadcast(&connection->idle);
	else if (connection->dead)
		vpcd_event_raise(connection->wake_fd);
	pthread_mutex_unlock(&connection->lock);
	return error;
}

/* The lock is held. */
static void
cancel(struct vpcd_connection *connection)
{
	if (!connection->busy || connection->cancelled)
		return;
	connection->cancelled = true;
	vpcd_event_raise(connection->cancel_fd);
}

void
vpcd_connection_cancel(struct vpcd_connection *connection)
{
	pthread_mutex_lock(&connection->lock);
	cancel(connection);
	pthread_mutex_unlock(&connection->lock);
}

int
vpcd_connection_card(struct vpcd_connection *connection)
{
	int fd;

	pthread_mutex_lock(&connection->lock);
	fd = connection->card_fd;
	pthread_mutex_unlock(&connection->lock);
	return fd;
}

void
vpcd_connection_insert(struct vpcd_connection *connection, int fd)
{
	pthread_mutex_lock(&connection->lock);
	connection->card_fd = fd;
	connection->card_number++;
	connection->dead = false;
	pthread_mutex_unlock(&connection->lock);
}

void
vpcd_connection_hang_up(struct vpcd_connection *connection)
{
	pthread_mutex_lock(&connection->lock);
	if (connection->card_fd != VPCD_NO_CARD)
		connection->dead = true;
	pthread_mutex_unlock(&connection->lock);
}

/* The lock is held. */
static int
take_out(struct vpcd_connection *connection)
{
	int fd = connection->card_fd;

	connection->card_fd = VPCD_NO_CARD;
	return fd;
}

int
vpcd_connection_clear(struct vpcd_connection *connection)
{
	int fd = VPCD_NO_CARD;

	pthread_mutex_lock(&connection->lock);
	if (connection->dead && !connection->busy)
		fd = take_out(connection);
	pthread_mutex_unlock(&connection->lock);
	return fd;
}

int
vpcd_connection_shut(struct vpcd_connection *connection)
{
	int fd;

	pthread_mutex_lock(&connection->lock);
	connection->gone = true;
	cancel(connection);
	while (connection->busy)
		pthread_cond_wait(&connection->idle, &connection->lock);
	fd = take_out(connection);
	pthread_mutex_unlock(&connection->lock);
	return fd;
}
