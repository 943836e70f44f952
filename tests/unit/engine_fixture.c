/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>

#include <tessera_com.h>

#include "rm/engine/look.h"

#define PATIENCE_MS 20000u
#define SHOWN_MAX 128u

struct rm_engine *engine;
ITestDriverControl *control;

const BYTE fixture_atr[4] = { 0x3B, 0x81, 0x00, 0x11 };

static pthread_mutex_t host_lock = PTHREAD_MUTEX_INITIALIZER;
static GQueue soon = G_QUEUE_INIT;
static uint64_t alarm_deadline;

/* What the engine has shown, copied as a host would. */
static struct {
	unsigned changes;
	struct rm_set set;
	size_t count;
	char names[SHOWN_MAX][RM_NAME_SIZE];
	struct rm_view views[SHOWN_MAX];
} shown;

static void
show_list(void *data, const struct rm_set *set, const struct rm_shown *readers, size_t count)
{
	(void)data;
	(void)pthread_mutex_lock(&host_lock);
	shown.changes++;
	shown.set = *set;
	shown.count = count < SHOWN_MAX ? count : SHOWN_MAX;
	for (size_t i = 0; i < shown.count; i++) {
		(void)snprintf(shown.names[i], sizeof shown.names[i], "%s", readers[i].name);
		shown.views[i] = *readers[i].view;
	}
	(void)pthread_mutex_unlock(&host_lock);
}

static void
show_reader(void *data, size_t place, const struct rm_view *view)
{
	(void)data;
	(void)pthread_mutex_lock(&host_lock);
	shown.changes++;
	if (place < shown.count)
		shown.views[place] = *view;
	(void)pthread_mutex_unlock(&host_lock);
}

static void
run_soon(void *data, struct rm_request *request)
{
	(void)data;
	(void)pthread_mutex_lock(&host_lock);
	request->own.link = (GList){ .data = request };
	g_queue_push_tail_link(&soon, &request->own.link);
	(void)pthread_mutex_unlock(&host_lock);
}

static void
set_alarm(void *data, uint64_t deadline)
{
	(void)data;
	(void)pthread_mutex_lock(&host_lock);
	alarm_deadline = deadline;
	(void)pthread_mutex_unlock(&host_lock);
}

uint64_t
fixture_alarm(void)
{
	uint64_t deadline;

	(void)pthread_mutex_lock(&host_lock);
	deadline = alarm_deadline;
	alarm_deadline = 0;
	(void)pthread_mutex_unlock(&host_lock);
	return deadline;
}

uint64_t
fixture_patience(void)
{
	return rm_deadline(PATIENCE_MS);
}

static void
run_all(struct rm_request *request)
{
	while (request != NULL)
		request = rm_request_run(request);
}

void
fixture_settle(void)
{
	GList *link;

	for (;;) {
		(void)pthread_mutex_lock(&host_lock);
		link = g_queue_pop_head_link(&soon);
		(void)pthread_mutex_unlock(&host_lock);
		if (link == NULL)
			return;
		run_all(link->data);
	}
}

void
fixture_ring(void)
{
	run_all(rm_engine_alarm(engine));
	fixture_settle();
}

static void
die(const char *what, HRESULT hr)
{
	char *text = tessera_error_text();

	printf("not ok - %s: %s %s\n", what, tessera_hresult_name(hr), text != NULL ? text : "");
	exit(1);
}

ITestDriverControl *
fixture_control(void)
{
	void *object;
	HRESULT hr = CoCreateInstance(
	    &CLSID_TestDriverControl, NULL, CLSCTX_INPROC_SERVER, &IID_ITestDriverControl, &object);

	if (FAILED(hr))
		die("the test driver's control", hr);
	return object;
}

void
fixture_prepare(void)
{
	const char *build = getenv("TESSERA_BUILD");
	char path[4096];
	HRESULT hr;

	(void)snprintf(path, sizeof path, "%s/tests/components", build != NULL ? build : "build");
	(void)setenv("TESSERA_COMPONENT_PATH", path, 1);
	if (FAILED(hr = CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		die("CoInitializeEx", hr);
}

int
fixture_main(const char *name, const struct suite_test *tests, size_t count)
{
	int status;

	fixture_prepare();
	status = suite_run(name, tests, count);
	CoUninitialize();
	return status;
}

void
fixture_begin(void)
{
	const struct rm_host host = { .run_soon = run_soon,
		.set_alarm = set_alarm,
		.show_list = show_list,
		.show_reader = show_reader };
	char message[RM_MESSAGE_SIZE];
	LONG code;

	control = fixture_control();
	(void)ITestDriverControl_Reset(control);
	(void)fixture_alarm();
	if ((engine = rm_engine_new(&host)) == NULL)
		die("rm_engine_new", E_OUTOFMEMORY);
	code = rm_engine_start_driver(engine, "test", NULL, message);
	if (code != SCARD_S_SUCCESS) {
		printf("# %s\n", message);
		die("the test driver", code);
	}
}

static void
visit_leak(const char *class_name, ULONG count, void *data)
{
	(void)data;
	printf("# %u of %s left\n", (unsigned)count, class_name);
}

void
fixture_end(void)
{
	ULONG overlaps = 0;

	fixture_settle();
	rm_engine_free(engine);
	engine = NULL;
	(void)ITestDriverControl_CountOverlaps(control, &overlaps);
	SUITE_EQUAL_INT(overlaps, 0);
	(void)ITestDriverControl_Reset(control);
	(void)ITestDriverControl_Release(control);
	control = NULL;
	SUITE_EQUAL_INT(tessera_live_objects(visit_leak, NULL), 0);
}

static ULONG
add_reader(const char *name)
{
	ULONG reader = 0;

	SUITE_EQUAL_HEX(ITestDriverControl_AddReader(control, name, 0, 0, &reader), S_OK);
	fixture_settle();
	return reader;
}

ULONG
fixture_reader_empty(const char *name)
{
	return add_reader(name);
}

void
fixture_insert(ULONG reader)
{
	SUITE_EQUAL_HEX(ITestDriverControl_InsertCard(
			    control, reader, fixture_atr, sizeof fixture_atr, SCARD_PROTOCOL_Tx),
	    S_OK);
	fixture_settle();
}

void
fixture_remove(ULONG reader)
{
	SUITE_EQUAL_HEX(ITestDriverControl_RemoveCard(control, reader), S_OK);
	fixture_settle();
}

ULONG
fixture_reader_with_card(const char *name)
{
	ULONG reader = add_reader(name);

	fixture_insert(reader);
	return reader;
}

ULONG
fixture_reader_with_mute_card(const char *name)
{
	ULONG reader = add_reader(name);

	SUITE_EQUAL_HEX(
	    ITestDriverControl_InsertCard(control, reader, NULL, 0, SCARD_PROTOCOL_Tx), S_OK);
	fixture_settle();
	return reader;
}

struct client
client_new(enum rm_dialect dialect)
{
	struct client client = { .session = rm_session_new(engine, 4120, 1000),
		.dialect = dialect };

	CODE(rm_context_new(client.session, dialect, SCARD_SCOPE_USER, &client.context),
	    SCARD_S_SUCCESS);
	return client;
}

void
client_free(struct client *client)
{
	rm_session_free(client->session);
	client->session = NULL;
	fixture_settle();
}

static void
call_done(struct rm_request *request, LONG result)
{
	struct call *call = request->owner;

	call->result = result;
	call->done++;
}

struct rm_request *
call_submit(struct client *client, struct call *call)
{
	/* What is the engine's, it has to prepare itself. */
	memset(&call->request.own, 0xA5, sizeof call->request.own);
	call->request.done = call_done;
	call->request.owner = call;
	call->done = 0;
	return rm_submit(client->session, &call->request);
}

bool
call_start(struct client *client, struct call *call)
{
	run_all(call_submit(client, call));
	fixture_settle();
	return call->done != 0;
}

LONG
call_run(struct client *client, struct call *call)
{
	bool done = call_start(client, call);

	SUITE_EQUAL_INT(call->done, 1);
	return done ? call->result : SCARD_F_INTERNAL_ERROR;
}

static void *
run_elsewhere(void *data)
{
	struct elsewhere *elsewhere = data;

	if (elsewhere->call != NULL)
		(void)call_start(elsewhere->client, elsewhere->call);
	else
		fixture_settle();
	return NULL;
}

void
elsewhere_start(struct elsewhere *elsewhere, struct client *client, struct call *call)
{
	elsewhere->client = client;
	elsewhere->call = call;
	if (pthread_create(&elsewhere->thread, NULL, run_elsewhere, elsewhere) != 0)
		abort();
}

void
elsewhere_join(struct elsewhere *elsewhere)
{
	(void)pthread_join(elsewhere->thread, NULL);
}

void
fixture_wait_blocked(ULONG reader)
{
	SUITE_EQUAL_HEX(ITestDriverControl_WaitBlocked(control, reader, fixture_patience()), S_OK);
}

LONG
do_connect(struct client *client, const char *reader, uint32_t share_mode, uint32_t protocols,
    SCARDHANDLE *ret_card, uint32_t *ret_active)
{
	struct call call = { .request = { .operation = RM_CONNECT,
				 .context = client->context,
				 .reader_name = reader,
				 .share_mode = share_mode,
				 .protocols = protocols } };
	LONG result = call_run(client, &call);

	if (result == SCARD_S_SUCCESS) {
		*ret_card = call.request.card;
		if (ret_active != NULL)
			*ret_active = call.request.protocols;
	} else if (g_utf8_validate(reader, -1, NULL))
		SAYS(call.request.message, reader);
	return result;
}

SCARDHANDLE
do_connect_shared(struct client *client, const char *reader)
{
	SCARDHANDLE card = 0;

	CODE(do_connect(client, reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx, &card, NULL),
	    SCARD_S_SUCCESS);
	return card;
}

LONG
do_reconnect(struct client *client, SCARDHANDLE card, uint32_t share_mode, uint32_t protocols,
    uint32_t initialisation, uint32_t *ret_active)
{
	struct call call = { .request = { .operation = RM_RECONNECT,
				 .card = card,
				 .share_mode = share_mode,
				 .protocols = protocols,
				 .disposition = initialisation } };
	LONG result = call_run(client, &call);

	if (result == SCARD_S_SUCCESS && ret_active != NULL)
		*ret_active = call.request.protocols;
	return result;
}

LONG
do_disconnect(struct client *client, SCARDHANDLE card, uint32_t disposition)
{
	struct call call = {
		.request = { .operation = RM_DISCONNECT, .card = card, .disposition = disposition }
	};

	return call_run(client, &call);
}

void
call_begin(struct call *call, SCARDHANDLE card)
{
	*call = (struct call){ .request = { .operation = RM_BEGIN, .card = card } };
}

LONG
do_begin(struct client *client, SCARDHANDLE card)
{
	struct call call;

	call_begin(&call, card);
	return call_run(client, &call);
}

LONG
do_end(struct client *client, SCARDHANDLE card, uint32_t disposition)
{
	struct call call = { .request = {
				 .operation = RM_END, .card = card, .disposition = disposition } };

	return call_run(client, &call);
}

LONG
do_status(struct client *client, SCARDHANDLE card, struct call *ret_call)
{
	*ret_call = (struct call){ .request = { .operation = RM_STATUS, .card = card } };
	return call_run(client, ret_call);
}

void
call_transmit(struct call *call, SCARDHANDLE card)
{
	static const uint8_t select[] = { 0x00, 0xA4, 0x00, 0x00 };
	static uint8_t reply[256];

	*call = (struct call){ .request = { .operation = RM_TRANSMIT,
				   .card = card,
				   .in = select,
				   .in_length = sizeof select,
				   .out = reply,
				   .out_length = sizeof reply } };
}

LONG
do_transmit(struct client *client, SCARDHANDLE card)
{
	struct call call;

	call_transmit(&call, card);
	return call_run(client, &call);
}

LONG
do_control(struct client *client, SCARDHANDLE card, uint32_t code, const void *in, size_t in_length,
    void *out, size_t *out_length)
{
	struct call call = { .request = { .operation = RM_CONTROL,
				 .card = card,
				 .code = code,
				 .in = in,
				 .in_length = in_length,
				 .out = out,
				 .out_length = *out_length } };
	LONG result = call_run(client, &call);

	*out_length = call.request.out_length;
	return result;
}

LONG
do_get_attribute(struct client *client, SCARDHANDLE card, uint32_t id, void *value, size_t *length)
{
	struct call call = { .request = { .operation = RM_GET_ATTRIBUTE,
				 .card = card,
				 .code = id,
				 .out = value,
				 .out_length = *length } };
	LONG result = call_run(client, &call);

	*length = call.request.out_length;
	return result;
}

void
call_connect(struct call *call, struct client *client, const char *reader, uint32_t share_mode)
{
	*call = (struct call){ .request = { .operation = RM_CONNECT,
				   .context = client->context,
				   .reader_name = reader,
				   .share_mode = share_mode,
				   .protocols = SCARD_PROTOCOL_Tx } };
}

/* What was shown gives the same answer, as far as it says anything of the reader. */
static void
compare_with_shown(const struct client *client, const struct rm_reader_state *state, LONG result)
{
	size_t i = 0;

	while (i < shown.count && strcmp(shown.names[i], state->name) != 0)
		i++;
	if (i < shown.count || rm_look_is_pnp(state->name)) {
		const struct rm_view *view = i < shown.count ? &shown.views[i] : NULL;
		struct rm_sight sight = rm_look(rm_rules(client->dialect), state->name,
		    state->current, view, &shown.set, shown.set.reader_events);

		SUITE_EQUAL_HEX(sight.event, state->event);
		SUITE_EQUAL_INT(sight.atr_length, state->atr_length);
		CU_ASSERT(
		    sight.atr_length == 0 || memcmp(sight.atr, state->atr, sight.atr_length) == 0);
		CU_ASSERT(rm_look_is_ignored(state->current) ||
		    sight.changed == (result == SCARD_S_SUCCESS));
	}
}

static unsigned
shown_changes(void)
{
	unsigned changes;

	(void)pthread_mutex_lock(&host_lock);
	changes = shown.changes;
	(void)pthread_mutex_unlock(&host_lock);
	return changes;
}

LONG
look(struct client *client, const char *reader, uint32_t current, struct rm_reader_state *ret_state)
{
	struct rm_watch watch = { .context = client->context, .states = ret_state, .count = 1 };
	unsigned changes;
	LONG result;

	*ret_state = (struct rm_reader_state){ .name = reader, .current = current };
	memset(&ret_state->own, 0xA5, sizeof ret_state->own);
	memset(&watch.own, 0xA5, sizeof watch.own);
	/* Not compared when something changes meanwhile. */
	changes = shown_changes();
	result = rm_watch_begin(client->session, &watch, false);
	(void)pthread_mutex_lock(&host_lock);
	if (changes == shown.changes && (result == SCARD_S_SUCCESS || result == SCARD_E_TIMEOUT))
		compare_with_shown(client, ret_state, result);
	(void)pthread_mutex_unlock(&host_lock);
	return result;
}

bool
code_equal(LONG actual, LONG expected, const char *text, const char *file, unsigned line)
{
	char message[512], name[64];

	(void)snprintf(name, sizeof name, "%s", tessera_hresult_name(expected));
	(void)snprintf(message, sizeof message, "%.300s gave %s, expected %s", text,
	    tessera_hresult_name(actual), name);
	CU_assertImplementation(actual == expected, line, message, file, "", CU_FALSE);
	return actual == expected;
}

void
says(const char *message, const char *const *parts, const char *file, unsigned line)
{
	char text[1024];

	for (; *parts != NULL; parts++) {
		(void)snprintf(text, sizeof text, "\"%.600s\" lacks \"%.200s\"", message, *parts);
		CU_assertImplementation(
		    strstr(message, *parts) != NULL, line, text, file, "", CU_FALSE);
	}
}
