/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver's end of testdriver_steer.h: one thread, between Start and Stop. */
#include "tests/components/testdriver_steer.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/components/testdriver_state.h"

static struct {
	pthread_mutex_t lock;
	pthread_t thread;
	bool runs, ends;
	struct sockaddr_un address;
	int listener, client; /* -1: none */
	ITestDriverControl *control;
} steer = { .lock = PTHREAD_MUTEX_INITIALIZER, .listener = -1, .client = -1 };

static HRESULT
obey(struct steer_order *order, ULONG *ret_number)
{
	ITestDriverControl *control = steer.control;

	switch (order->kind) {
	case STEER_RESET:
		return ITestDriverControl_Reset(control);
	case STEER_ADD_READER:
		order->name[sizeof order->name - 1] = '\0';
		return ITestDriverControl_AddReader(
		    control, order->name, 0, order->number, ret_number);
	case STEER_REMOVE_READER:
		return ITestDriverControl_RemoveReader(control, order->reader);
	case STEER_INSERT_CARD:
		return ITestDriverControl_InsertCard(
		    control, order->reader, order->atr, order->atr_length, order->number);
	case STEER_REMOVE_CARD:
		return ITestDriverControl_RemoveCard(control, order->reader);
	case STEER_BLOCK:
		return ITestDriverControl_Block(
		    control, order->reader, (TESTDRIVER_CALL)order->number);
	case STEER_WAIT_BLOCKED:
		return ITestDriverControl_WaitBlocked(control, order->reader, order->deadline);
	case STEER_UNBLOCK:
		return ITestDriverControl_Unblock(control, order->reader);
	case STEER_FAIL_EXCHANGE:
		return ITestDriverControl_FailExchange(control, order->number, order->result);
	case STEER_COUNT_EXCHANGES:
		return ITestDriverControl_CountExchanges(control, ret_number);
	case STEER_COUNT_OVERLAPS:
		return ITestDriverControl_CountOverlaps(control, ret_number);
	default:
		return E_INVALIDARG;
	}
}

/* Until the test closes its end, or Stop shuts it down. */
static void
serve(int fd)
{
	struct steer_order order;

	while (recv(fd, &order, sizeof order, 0) == (ssize_t)sizeof order) {
		struct steer_answer answer = { .number = 0 };

		answer.result = obey(&order, &answer.number);
		if (send(fd, &answer, sizeof answer, MSG_NOSIGNAL) != (ssize_t)sizeof answer)
			break;
	}
}

/* False: Stop has been called. */
static bool
set_client(int fd)
{
	bool goes_on;

	(void)pthread_mutex_lock(&steer.lock);
	if (fd < 0 && steer.client >= 0)
		(void)close(steer.client);
	steer.client = fd;
	goes_on = !steer.ends;
	(void)pthread_mutex_unlock(&steer.lock);
	return goes_on;
}

static void *
run(void *unused)
{
	int fd;

	(void)unused;
	while ((fd = accept4(steer.listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		if (set_client(fd))
			serve(fd);
		(void)set_client(-1);
	}
	return NULL;
}

static int
start_thread(void)
{
	sigset_t all, before;
	int error;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&steer.thread, NULL, run, NULL);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

static int
listen_at(const char *path)
{
	if (strlen(path) >= sizeof steer.address.sun_path)
		return ENAMETOOLONG;
	steer.address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(steer.address.sun_path, path, strlen(path) + 1);
	if ((steer.listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) < 0 ||
	    bind(steer.listener, (const struct sockaddr *)&steer.address, sizeof steer.address) !=
		0 ||
	    listen(steer.listener, 1) != 0)
		return errno;
	return 0;
}

/* What was begun is over: there is no thread. */
static void
release(void)
{
	if (steer.listener >= 0)
		(void)close(steer.listener);
	steer.listener = -1;
	if (steer.control != NULL)
		(void)ITestDriverControl_Release(steer.control);
	steer.control = NULL;
}

HRESULT
test_driver_steer_begin(const char *path)
{
	void *control;
	HRESULT hr =
	    tessera_object_create(&test_control_class, NULL, &IID_ITestDriverControl, &control);

	if (hr != S_OK)
		return hr;
	steer.control = control;
	steer.ends = false;
	if (listen_at(path) == 0 && start_thread() == 0) {
		steer.runs = true;
		return S_OK;
	}
	release();
	return E_FAIL;
}

void
test_driver_steer_end(void)
{
	if (!steer.runs)
		return;
	(void)pthread_mutex_lock(&steer.lock);
	steer.ends = true;
	if (steer.client >= 0)
		(void)shutdown(steer.client, SHUT_RDWR);
	(void)pthread_mutex_unlock(&steer.lock);
	(void)shutdown(steer.listener, SHUT_RDWR);
	(void)pthread_join(steer.thread, NULL);
	(void)unlink(steer.address.sun_path);
	steer.runs = false;
	release();
}
