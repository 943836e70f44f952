/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of a client, put together to messages. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <winerror.h>

#include "rm/daemon/pcsclite/client.h"

static void
put_back(struct call *call)
{
	explicit_bzero(call->packet, call->received);
	loop_call_put(call);
}

/* NULL: no memory. */
static struct lite_client *
client_new(void)
{
	struct lite_client *client = calloc(1, sizeof *client);

	if (client == NULL)
		return NULL;
	client->minor = LITE_MINOR_LOWEST;
	client->numbers = g_array_new(FALSE, FALSE, sizeof(struct lite_number));
	(void)pthread_mutex_init(&client->lock, NULL);
	return client;
}

static void
client_free(struct lane *lane)
{
	struct lite_client *client = lite_of(lane);

	if (client == NULL)
		return;
	if (client->part != NULL)
		put_back(client->part);
	g_array_free(client->numbers, TRUE);
	(void)pthread_mutex_destroy(&client->lock);
	free(client);
}

static void
client_ended(struct lane *lane)
{
	if (lite_of(lane) == NULL)
		return;
	lite_numbers_end(lite_of(lane));
	(void)lite_wait_stop(lane, SCARD_S_SUCCESS);
}

/* What is no message ends the connection that sent it, and all that it had. */
static void
refuse(struct lane *lane)
{
	pid_t pid = 0;
	uid_t uid;

	(void)socket_peer(lane->source.fd, &pid, &uid);
	log_line(LOG_LEVEL_INFO, "client %d sent what is no message of pcsc-lite's; it is closed",
	    (int)pid);
	lane_end(lane);
}

/* Reads on until the message is whole; -1: there is no more for now; 0: it is none, or the end. */
static ssize_t
fill(struct lane *lane, struct call *call, bool *ret_is_none)
{
	size_t size;
	ssize_t got;

	*ret_is_none = false;
	while ((size = lite_message_size(call->packet, call->received)) > call->received) {
		got = recv(lane->source.fd, call->packet + call->received, size - call->received,
		    MSG_DONTWAIT);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return -1;
		if (got <= 0)
			return 0;
		call->received += (size_t)got;
	}
	*ret_is_none = size == 0;
	return (ssize_t)size;
}

/* What has come is kept; the rest will be an event. */
static void
wait_for_rest(struct lane *lane, struct call *call)
{
	if (call->received == 0)
		loop_call_put(call);
	else
		lite_of(lane)->part = call;
	lane_wait(lane, lane->turn);
}

static struct call *
begin_message(struct lane *lane)
{
	struct lite_client *client = lite_of(lane);
	struct call *call;

	if (client == NULL && (lane->client = client = client_new()) == NULL)
		return NULL;
	call = client->part;
	client->part = NULL;
	if (call == NULL && (call = loop_call_get()) != NULL)
		call->received = call->answer.used = 0;
	return call;
}

static void
receive(struct lane *lane)
{
	struct call *call = begin_message(lane);
	bool is_none;
	ssize_t size;

	if (call == NULL) {
		log_line(LOG_LEVEL_ERROR, "no memory for a message; its client is dropped");
		lane_end(lane);
		return;
	}
	size = fill(lane, call, &is_none);
	if (size < 0) {
		wait_for_rest(lane, call);
		return;
	}
	if (size > 0 && lite_serve(lane, call))
		return;
	if (size > 0 || is_none)
		refuse(lane);
	else
		lane_end(lane);
	put_back(call);
}

void
lite_new(int fd)
{
	static const struct lane_manner manner = {
		.stream = true, .receive = receive, .ended = client_ended, .free = client_free
	};

	lane_new_of(fd, &manner);
}

bool
lite_open(struct lane *lane, LONG *result)
{
	char message[RM_MESSAGE_SIZE] = "";

	*result = SCARD_S_SUCCESS;
	if (lane->session != NULL)
		return true;
	if ((*result = session_open(lane, message)) == SCARD_S_SUCCESS)
		return true;
	log_line(LOG_LEVEL_INFO, "a client of pcsc-lite's library was refused: %s", message);
	return false;
}

void
lite_answer(struct lane *lane, struct call *call, size_t size)
{
	lane_reply(lane, call->reply, size, -1, false);
	put_back(call);
}
