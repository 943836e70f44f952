/* SPDX-License-Identifier: BSD-2-Clause */
/* The embedded host: its settings, its start, its clock, forks, and the end of the process. */
#include "tests/unit/engine_fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include <objbase.h>

#include "rm/api/embedded.h"
#include "rm/engine/private.h"

#define NAME "ACME 1"
#define ANY SCARD_PROTOCOL_Tx

static const char *self;
static const struct rm_calls *calls;
static ULONG reader;

/* What would go to the system's log, here in the place of the system's function. */
static struct {
	unsigned count;
	int priority;
	char text[128];
} logged;

void
syslog(int priority, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(logged.text, sizeof logged.text, format, args);
	va_end(args);
	logged.priority = priority;
	logged.count++;
}

static void
settings(void)
{
	static const struct {
		const char *text;
		LONG code;
		const char *drivers; /* NAME or NAME<SETTINGS>, one after another */
	} rows[] = {
		{ "", SCARD_S_SUCCESS, "softcard" },
		{ "softcard", SCARD_S_SUCCESS, "softcard" },
		{ "vpcd=tcp:35963", SCARD_S_SUCCESS, "vpcd<tcp:35963>" },
		{ "vpcd=", SCARD_S_SUCCESS, "vpcd<>" },
		{ "a=b=c,d", SCARD_S_SUCCESS, "a<b=c>d" },
		{ "SCardReaderDriver.x.1,{1-2}=y", SCARD_S_SUCCESS,
		    "SCardReaderDriver.x.1{1-2}<y>" },
		{ "1,2,3,4,5,6,7,8,9,a,b,c,d,e,f,g", SCARD_S_SUCCESS, "123456789abcdefg" },
		{ "1,2,3,4,5,6,7,8,9,a,b,c,d,e,f,g,h", SCARD_E_INVALID_PARAMETER, "entry 17" },
		{ ",", SCARD_E_INVALID_PARAMETER, "entry 1" },
		{ "a,", SCARD_E_INVALID_PARAMETER, "entry 2" },
		{ "=x", SCARD_E_INVALID_PARAMETER, "name is missing" },
		{ "a=\xff", SCARD_E_INVALID_PARAMETER, "UTF-8" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct embedded_drivers drivers;
		char message[RM_CALLS_MESSAGE_SIZE] = "";
		char seen[128] = "";

		CODE(embedded_settings_parse(rows[i].text, &drivers, message), rows[i].code);
		if (rows[i].code != SCARD_S_SUCCESS) {
			SAYS(message, rows[i].drivers, "TESSERA_RM");
			continue;
		}
		for (size_t k = 0; k < drivers.count; k++) {
			const struct embedded_driver *driver = &drivers.drivers[k];
			size_t used = strlen(seen);

			(void)snprintf(seen + used, sizeof seen - used, "%s%s%s%s", driver->name,
			    driver->settings != NULL ? "<" : "",
			    driver->settings != NULL ? driver->settings : "",
			    driver->settings != NULL ? ">" : "");
		}
		SUITE_EQUAL_STRING(seen, rows[i].drivers);
		embedded_settings_clear(&drivers);
	}
}

static void
settings_limit(void)
{
	char text[EMBEDDED_SETTINGS_MAX + 4] = "a=";
	char message[RM_CALLS_MESSAGE_SIZE];
	struct embedded_drivers drivers;

	memset(text + 2, 'x', EMBEDDED_SETTINGS_MAX);
	CODE(embedded_settings_parse(text, &drivers, message), SCARD_S_SUCCESS);
	embedded_settings_clear(&drivers);
	memset(text + 2, 'x', EMBEDDED_SETTINGS_MAX + 1);
	CODE(embedded_settings_parse(text, &drivers, message), SCARD_E_INVALID_PARAMETER);
	SAYS(message, "1023");
}

static void
start(void)
{
	char message[RM_CALLS_MESSAGE_SIZE] = "";
	LONG code = SCARD_S_SUCCESS;

	(void)ITestDriverControl_AddReader(control, NAME, 0, 0, &reader);
	(void)ITestDriverControl_InsertCard(control, reader, fixture_atr, sizeof fixture_atr, ANY);
	calls = tessera_rm_embedded("test", &code, message);
	if (calls == NULL) {
		printf("not ok - embedded: %s\n", message);
		exit(1);
	}
}

/* On a thread that uses no components: it is left as it was. */
static void *
fail_to_start(void *data)
{
	static const char *const wrong[] = { "test=refuse", "softcard,,test", "nosuch",
		"test,nosuch", "test=absent" };
	char message[RM_CALLS_MESSAGE_SIZE];
	LONG *codes = data;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		message[0] = '\0';
		if (tessera_rm_embedded(wrong[i], &codes[i], message) != NULL || message[0] == '\0')
			codes[i] = SCARD_F_INTERNAL_ERROR;
	}
	codes[5] = CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
	CoUninitialize();
	return NULL;
}

/* A start that fails leaves nothing, and can be tried again; a start that succeeds is the last. */
static void
start_and_fail(void)
{
	LONG codes[6] = { 0 }, code;
	char message[RM_CALLS_MESSAGE_SIZE];
	ULONG count = 0, starts = 0, stops = 0;
	pthread_t thread;

	control = fixture_control();
	(void)ITestDriverControl_Reset(control);
	if (pthread_create(&thread, NULL, fail_to_start, codes) != 0)
		abort();
	(void)pthread_join(thread, NULL);
	CODE(codes[0], SCARD_E_INVALID_PARAMETER);
	CODE(codes[1], SCARD_E_INVALID_PARAMETER);
	CODE(codes[2], SCARD_E_READER_UNSUPPORTED);
	CODE(codes[3], SCARD_E_READER_UNSUPPORTED);
	CODE(codes[4], SCARD_E_READER_UNAVAILABLE);
	CODE(codes[5], S_OK);
	/* Who was started before another one failed has been stopped. */
	(void)ITestDriverControl_CountRecords(control, &count);
	for (ULONG i = 0; i < count; i++) {
		TESTDRIVER_RECORD record;

		(void)ITestDriverControl_GetRecord(control, i, &record);
		starts += record.Call == TESTDRIVER_START && record.Result == S_OK;
		stops += record.Call == TESTDRIVER_STOP;
	}
	SUITE_EQUAL_INT(starts, 1);
	SUITE_EQUAL_INT(stops, 1);
	start();
	CU_ASSERT_PTR_EQUAL(tessera_rm_embedded("something else", &code, message), calls);
	SUITE_EQUAL_INT(calls->version, RM_CALLS_VERSION);
}

static void
audit(void)
{
	char message[RM_CALLS_MESSAGE_SIZE];
	SCARDCONTEXT context = 0;

	CODE(calls->establish(RM_CALLS_WINDOWS, SCARD_SCOPE_USER, &context, message),
	    SCARD_S_SUCCESS);
	CODE(calls->audit(context, SCARD_AUDIT_CHV_FAILURE, message), SCARD_S_SUCCESS);
	SUITE_EQUAL_STRING(logged.text, "smart card: PIN verification failed");
	SUITE_EQUAL_INT(logged.priority, LOG_AUTHPRIV | LOG_NOTICE);
	CODE(calls->audit(context, SCARD_AUDIT_CHV_SUCCESS, message), SCARD_S_SUCCESS);
	SUITE_EQUAL_STRING(logged.text, "smart card: PIN verification succeeded");
	CODE(calls->audit(context, 2, message), SCARD_E_INVALID_PARAMETER);
	CODE(calls->release(context, message), SCARD_S_SUCCESS);
	CODE(calls->audit(context, SCARD_AUDIT_CHV_SUCCESS, message), ERROR_INVALID_HANDLE);
	SUITE_EQUAL_INT(logged.count, 2);
}

static void
time_limit(void)
{
	char message[RM_CALLS_MESSAGE_SIZE];
	struct rm_calls_state states[20];
	SCARDCONTEXT context = 0;
	uint64_t before;

	CODE(calls->establish(RM_CALLS_PCSCLITE, SCARD_SCOPE_SYSTEM, &context, message),
	    SCARD_S_SUCCESS);
	for (unsigned i = 0; i < 20; i++)
		states[i] = (struct rm_calls_state){ .name = NAME, .current = SCARD_STATE_PRESENT };
	before = rm_deadline(0);
	CODE(calls->status_change(context, 30, states, 20, -1, message), SCARD_E_TIMEOUT);
	CU_ASSERT_TRUE(rm_deadline(0) >= before + 30 * UINT64_C(1000000));
	for (unsigned i = 0; i < 20; i++) {
		SUITE_EQUAL_HEX(states[i].event, SCARD_STATE_PRESENT | 1 << 16);
		SUITE_EQUAL_BYTES(states[i].atr, states[i].atr_length, FIXTURE_ATR_TEXT);
	}
	CODE(calls->status_change(context, 0, states, RM_STATES_MAX + 1, -1, message),
	    SCARD_E_INVALID_PARAMETER);
	CODE(calls->release(context, message), SCARD_S_SUCCESS);
	CODE(calls->is_valid(context, message), ERROR_INVALID_HANDLE);
}

/* The clock of the host: a transaction that idles gives way to one that waits for it. */
static void
idle_transaction(void)
{
	char message[RM_CALLS_MESSAGE_SIZE];
	SCARDHANDLE holder = 0, waiting = 0;
	SCARDCONTEXT context = 0;
	uint32_t active;

	rm_engine_set_times(embedded->engine, 20, RM_POLL_INTERVAL_MS);
	CODE(calls->establish(RM_CALLS_WINDOWS, SCARD_SCOPE_USER, &context, message),
	    SCARD_S_SUCCESS);
	CODE(calls->connect(context, NAME, SCARD_SHARE_SHARED, ANY, &holder, &active, message),
	    SCARD_S_SUCCESS);
	CODE(calls->connect(context, NAME, SCARD_SHARE_SHARED, ANY, &waiting, &active, message),
	    SCARD_S_SUCCESS);
	CODE(calls->begin(holder, message), SCARD_S_SUCCESS);
	CODE(calls->begin(waiting, message), SCARD_W_RESET_CARD);
	CODE(calls->end(holder, SCARD_LEAVE_CARD, message), SCARD_W_RESET_CARD);
	SAYS(message, NAME, "SCardReconnect");
	CODE(calls->release(context, message), SCARD_S_SUCCESS);
	rm_engine_set_times(embedded->engine, RM_IDLE_TRANSACTION_MS, RM_POLL_INTERVAL_MS);
}

/* In a forked child: every call is refused. Returns what is wrong, 0: nothing. */
static int
child(SCARDCONTEXT context)
{
	char message[RM_CALLS_MESSAGE_SIZE] = "", *list;
	SCARDCONTEXT other;
	size_t length;
	LONG code = SCARD_S_SUCCESS;

	if (calls->is_valid(context, message) != SCARD_E_SERVICE_STOPPED)
		return 1;
	if (strstr(message, "forked") == NULL)
		return 2;
	if (calls->list_readers(context, NULL, &list, &length, message) != SCARD_E_SERVICE_STOPPED)
		return 3;
	if (calls->release(context, message) != SCARD_E_SERVICE_STOPPED)
		return 4;
	if (calls->begin(1, message) != SCARD_E_SERVICE_STOPPED)
		return 5;
	if (calls->establish(RM_CALLS_WINDOWS, 0, &other, message) != SCARD_E_NO_SERVICE)
		return 6;
	if (tessera_rm_embedded("test", &code, message) != NULL || code != SCARD_E_NO_SERVICE)
		return 7;
	return 0;
}

static void
forked(void)
{
	char message[RM_CALLS_MESSAGE_SIZE];
	SCARDCONTEXT context = 0;
	int status = 0;
	pid_t pid;

	CODE(calls->establish(RM_CALLS_WINDOWS, SCARD_SCOPE_USER, &context, message),
	    SCARD_S_SUCCESS);
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(child(context));
	(void)waitpid(pid, &status, 0);
	CU_ASSERT_TRUE(WIFEXITED(status));
	SUITE_EQUAL_INT(WEXITSTATUS(status), 0);
	CODE(calls->is_valid(context, message), SCARD_S_SUCCESS);
	CODE(calls->release(context, message), SCARD_S_SUCCESS);
}

/* Another process of this program that does @what; its exit status. */
static int
other_process(const char *what)
{
	int status = 0;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		(void)execl(self, self, what, (char *)NULL);
		_exit(127);
	}
	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void
ends_with_open_handles(void)
{
	SUITE_EQUAL_INT(other_process("open"), 0);
}

static void
ends_with_a_call_in_the_driver(void)
{
	SUITE_EQUAL_INT(other_process("blocked"), 0);
}

static void
ends_with_a_driver_that_hangs(void)
{
	SUITE_EQUAL_INT(other_process("hangs"), 0);
}

static void *
transmit_main(void *data)
{
	static const uint8_t command[] = { 0x00, 0xA4, 0x00, 0x00 };
	char message[RM_CALLS_MESSAGE_SIZE];
	const SCARDHANDLE *card = data;
	uint8_t reply[258];
	size_t length = sizeof reply;
	uint32_t protocol;

	(void)calls->transmit(
	    *card, 0, command, sizeof command, reply, &length, &protocol, message);
	return NULL;
}

/* The other process: uses the reader and ends without a word of farewell. */
static int
end_somehow(const char *what)
{
	static SCARDHANDLE card;
	char message[RM_CALLS_MESSAGE_SIZE];
	SCARDCONTEXT context;
	pthread_t thread;
	uint32_t active;

	control = fixture_control();
	start();
	if (calls->establish(RM_CALLS_WINDOWS, SCARD_SCOPE_USER, &context, message) != 0 ||
	    calls->connect(context, NAME, SCARD_SHARE_SHARED, ANY, &card, &active, message) != 0 ||
	    calls->begin(card, message) != 0)
		return 1;
	if (strcmp(what, "open") == 0)
		return 0;
	if (strcmp(what, "hangs") == 0)
		(void)ITestDriverControl_BlockForGood(control, reader, TESTDRIVER_TRANSMIT);
	else
		(void)ITestDriverControl_Block(control, reader, TESTDRIVER_TRANSMIT);
	if (pthread_create(&thread, NULL, transmit_main, &card) != 0)
		return 1;
	(void)pthread_detach(thread);
	if (ITestDriverControl_WaitBlocked(control, reader, fixture_patience()) != S_OK)
		return 1;
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct suite_test tests[] = {
		{ "settings", settings },
		{ "the longest settings", settings_limit },
		{ "starts that fail, and one that does not", start_and_fail },
		{ "SCardAudit goes to the system's log", audit },
		{ "a watch with a time limit", time_limit },
		{ "an idle transaction gives way", idle_transaction },
		{ "a forked child is refused", forked },
		{ "a process ends with open handles", ends_with_open_handles },
		{ "a process ends with a call in the driver", ends_with_a_call_in_the_driver },
		{ "a process ends with a driver that hangs", ends_with_a_driver_that_hangs },
	};

	self = argv[0];
	if (argc > 1) {
		fixture_prepare();
		exit(end_somehow(argv[1]));
	}
	return fixture_main("engine_embedded", tests, sizeof tests / sizeof tests[0]);
}
