/* SPDX-License-Identifier: BSD-2-Clause */
/* Lanes: connections of clients, and who has hold of one. See daemon.h for the rule. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rm/daemon/daemon.h"

struct lane *
lane_ref(struct lane *lane)
{
	(void)__atomic_add_fetch(&lane->references, 1, __ATOMIC_RELAXED);
	return lane;
}

void
lane_unref(struct lane *lane)
{
	if (__atomic_sub_fetch(&lane->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	if (lane->manner->free != NULL)
		lane->manner->free(lane);
	if (lane->session != NULL)
		session_unref(lane->session);
	(void)pthread_mutex_destroy(&lane->lock);
	free(lane);
}

/* With the lane's lock: gives the lane to epoll. */
static void
arm(struct lane *lane)
{
	lane->armed = true;
	(void)lane_ref(lane);
	loop_arm(&lane->source);
}

void
lane_wait(struct lane *lane, unsigned turn)
{
	(void)pthread_mutex_lock(&lane->lock);
	if (lane->turn == turn && !lane->armed && lane->source.fd >= 0)
		arm(lane);
	(void)pthread_mutex_unlock(&lane->lock);
}

static ssize_t
send_plain(int fd, const uint8_t *data, size_t size)
{
	return send(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Where the kernel has too many descriptors on their way, the answer goes alone. */
static ssize_t
send_with(int fd, const uint8_t *data, size_t size, int descriptor)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec vector = { .iov_base = (void *)(uintptr_t)data, .iov_len = size };
	const struct msghdr message = { .msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control.space };
	ssize_t sent;

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof descriptor);
	memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
	sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	return sent < 0 && errno == ETOOMANYREFS ? send_plain(fd, data, size) : sent;
}

/* A client that does not take its answer loses its connection: nobody waits for it. */
static void
send_or_break(struct lane *lane, const uint8_t *data, size_t size, int descriptor)
{
	int fd = lane->source.fd;

	if (lane->broken ||
	    (descriptor < 0 ? send_plain(fd, data, size) : send_with(fd, data, size, descriptor)) ==
		(ssize_t)size)
		return;
	if (errno == EAGAIN || errno == EMSGSIZE)
		log_line(LOG_LEVEL_INFO, "client %d does not read its answers; it is dropped",
		    lane->session != NULL ? (int)lane->session->pid : 0);
	lane->broken = true;
	(void)shutdown(lane->source.fd, SHUT_RDWR);
}

unsigned
lane_pend(struct lane *lane, struct pending *pending)
{
	unsigned turn;

	(void)pthread_mutex_lock(&lane->lock);
	lane->pending = pending;
	turn = lane->turn;
	(void)pthread_mutex_unlock(&lane->lock);
	return turn;
}

static void
send_reply(struct lane *lane, const uint8_t *data, size_t size, int descriptor, bool last)
{
	if (!lane->manner->stream)
		log_message(lane, "<", data, size);
	send_or_break(lane, data, size, descriptor);
	if (last)
		(void)shutdown(lane->source.fd, SHUT_RDWR);
}

/* With the lane's lock: on a stream something else may be told at the same time. */
static void
reply_on_stream(struct lane *lane, const uint8_t *data, size_t size, bool last)
{
	if (lane->source.fd < 0)
		return;
	send_reply(lane, data, size, -1, last);
	if (!lane->armed && !lane->ending)
		arm(lane);
}

/*
 * A lane that is neither armed nor ending is nobody else's: then the answer is sent and the lane
 * armed without the lock. The client may be faster than this thread, and whoever gets its next
 * request would have to wait for the lock, with two more switches of threads.
 */
void
lane_reply(struct lane *lane, const uint8_t *data, size_t size, int descriptor, bool last)
{
	bool ours;

	/* The driver is done with, and the client may be faster than this thread. */
	loop_leave();
	(void)pthread_mutex_lock(&lane->lock);
	lane->pending = NULL;
	ours = lane->source.fd >= 0 && !lane->armed && !lane->ending && !lane->manner->stream;
	if (lane->manner->stream)
		reply_on_stream(lane, data, size, last);
	else if (ours) {
		lane->armed = true;
		(void)lane_ref(lane);
	} else if (lane->source.fd >= 0)
		send_reply(lane, data, size, descriptor, last);
	(void)pthread_mutex_unlock(&lane->lock);
	if (!ours)
		return;
	send_reply(lane, data, size, descriptor, last);
	loop_arm(&lane->source);
}

void
lane_tell(struct lane *lane, const uint8_t *data, size_t size)
{
	(void)pthread_mutex_lock(&lane->lock);
	if (lane->source.fd >= 0)
		send_reply(lane, data, size, -1, false);
	(void)pthread_mutex_unlock(&lane->lock);
}

void
lane_end(struct lane *lane)
{
	struct pending *pending;
	bool control = lane->session != NULL && session_leave(lane);

	(void)pthread_mutex_lock(&scardd.lock);
	g_queue_unlink(&scardd.lanes, &lane->open_link);
	(void)pthread_cond_broadcast(&scardd.quiet);
	(void)pthread_mutex_unlock(&scardd.lock);
	(void)pthread_mutex_lock(&lane->lock);
	(void)close(lane->source.fd);
	lane->source.fd = -1;
	if ((pending = lane->pending) != NULL)
		(void)pending_ref(pending);
	(void)pthread_mutex_unlock(&lane->lock);
	accept_again();
	if (lane->manner->ended != NULL)
		lane->manner->ended(lane);
	if (control)
		session_end(lane->session);
	if (pending != NULL) {
		pending->cancel(pending);
		pending_unref(pending);
	}
}

/* What is not a message ends the session that sent it. */
static void
refuse(struct lane *lane, const char *what)
{
	if (lane->session != NULL) {
		log_line(LOG_LEVEL_INFO, "client %d sent %s; its session ends",
		    (int)lane->session->pid, what);
		session_end(lane->session);
	} else
		log_line(LOG_LEVEL_INFO, "a connection sent %s; it is closed", what);
	lane_end(lane);
}

/* One message, on a lane without a request in flight. */
static void
receive(struct lane *lane)
{
	struct call *call = loop_call_get();
	ssize_t size;

	if (call == NULL) {
		log_line(LOG_LEVEL_ERROR, "no memory for a message; its client is dropped");
		lane_end(lane);
		return;
	}
	size = recv(lane->source.fd, call->packet, sizeof call->packet, MSG_DONTWAIT | MSG_TRUNC);
	if (size > 0 && (size_t)size <= sizeof call->packet) {
		call->received = (size_t)size;
		if (serve(lane, call))
			return;
		refuse(lane, "what is not a message");
	} else if (size > 0)
		refuse(lane, "a packet that is too long");
	else if (size < 0 && (errno == EAGAIN || errno == EINTR))
		lane_wait(lane, lane->turn);
	else
		lane_end(lane);
	if (size > 0) /* whatever it was meant to be, there may be a PIN in it */
		explicit_bzero(call->packet, MIN((size_t)size, sizeof call->packet));
	loop_call_put(call);
}

static void
lane_ready(struct source *source, uint32_t events)
{
	struct lane *lane = (struct lane *)((char *)source - offsetof(struct lane, source));
	bool busy;

	(void)pthread_mutex_lock(&lane->lock);
	lane->armed = false;
	lane->turn++;
	busy = lane->pending != NULL;
	lane->ending = busy || events & (EPOLLHUP | EPOLLERR);
	(void)pthread_mutex_unlock(&lane->lock);
	if (events & (EPOLLHUP | EPOLLERR) || (busy && events & EPOLLRDHUP))
		lane_end(lane);
	else if (busy) {
		log_line(LOG_LEVEL_INFO, "client %d sent a second request before the answer",
		    lane->session != NULL ? (int)lane->session->pid : 0);
		lane_end(lane);
	} else
		lane->manner->receive(lane);
	/* The one that was epoll's. */
	lane_unref(lane);
}

/* Lists the lane and gives it to epoll; false: it is refused. */
static bool
begin(struct lane *lane)
{
	bool listed = false;

	(void)pthread_mutex_lock(&scardd.lock);
	if (!scardd.closing && loop_add(&lane->source)) {
		g_queue_push_tail_link(&scardd.lanes, &lane->open_link);
		listed = true;
	}
	(void)pthread_mutex_unlock(&scardd.lock);
	return listed;
}

void
lane_new(int fd)
{
	static const struct lane_manner packets = { .receive = receive };

	lane_new_of(fd, &packets);
}

void
lane_new_of(int fd, const struct lane_manner *manner)
{
	struct lane *lane = calloc(1, sizeof *lane);

	if (lane == NULL) {
		(void)close(fd);
		log_line(LOG_LEVEL_ERROR, "no memory for a client; it is refused");
		return;
	}
	lane->source = (struct source){ fd, lane_ready };
	lane->references = 1;
	lane->manner = manner;
	lane->armed = true;
	lane->link.data = lane;
	lane->open_link.data = lane;
	(void)pthread_mutex_init(&lane->lock, NULL);
	if (begin(lane))
		return;
	(void)close(fd);
	lane_unref(lane);
}

void
lane_end_all(void)
{
	(void)pthread_mutex_lock(&scardd.lock);
	/* One that is listed has its descriptor. */
	for (GList *link = scardd.lanes.head; link != NULL; link = link->next)
		(void)shutdown(((struct lane *)link->data)->source.fd, SHUT_RDWR);
	(void)pthread_mutex_unlock(&scardd.lock);
}
