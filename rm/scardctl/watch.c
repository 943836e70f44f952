/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl watch: a line for every change, until a signal or so many changes. What it finds at the
 * start is printed too, and not counted.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "rm/scardctl/reader.h"
#include "rm/scardctl/scardctl.h"

#define PNP_READER "\\\\?PnP?\\Notification"
#define READERS_MAX 1023u /* with that entry the most one call takes */
#define WORDS_MAX 8u

struct watched {
	char *name;
	bool fresh; /* nothing is known of it yet */
	bool first; /* it was there at the start */
	bool gone;
	DWORD state;
};

struct watch {
	const struct scardctl_options *options;
	SCARDCONTEXT context;
	GPtrArray *readers; /* struct watched */
	DWORD pnp;
	unsigned long changes;
	bool failed;
};

/* Changes of state bits in words; some mean something only while the card stays. */
static const struct {
	const char *on, *off;
	DWORD bit;
	bool of_card;
} bit_words[] = {
	{ "mute", "answers", SCARD_STATE_MUTE, true },
	{ "unpowered", "powered", SCARD_STATE_UNPOWERED, true },
	{ "exclusive", "not-exclusive", SCARD_STATE_EXCLUSIVE, false },
	{ "in-use", "not-in-use", SCARD_STATE_INUSE, false },
	{ "unavailable", "available", SCARD_STATE_UNAVAILABLE, false },
};

static atomic_bool stopped;

static void
watched_free(void *data)
{
	struct watched *watched = data;

	g_free(watched->name);
	g_free(watched);
}

static size_t
card_words(DWORD from, DWORD to, const char **words)
{
	bool had = (from & SCARD_STATE_PRESENT) != 0, has = (to & SCARD_STATE_PRESENT) != 0;
	size_t count = 0;

	if (had == has && reader_counter(from) == reader_counter(to))
		return 0;
	if (had)
		words[count++] = "card-removed";
	if (has || !had)
		words[count++] = "card-inserted";
	if (!had && !has)
		words[count++] = "card-removed";
	return count;
}

static size_t
change_words(DWORD from, DWORD to, const char **words)
{
	const bool both = (from & to & SCARD_STATE_PRESENT) != 0;
	size_t count = card_words(from, to, words);

	for (size_t i = 0; i < G_N_ELEMENTS(bit_words); i++) {
		const DWORD bit = bit_words[i].bit;

		if (((from ^ to) & bit) == 0)
			continue;
		if ((to & bit) != 0)
			words[count++] = bit_words[i].on;
		else if (both || !bit_words[i].of_card)
			words[count++] = bit_words[i].off;
	}
	return count;
}

static void
event_as_text(
    const SCARD_READERSTATEA *state, const char *const *words, size_t count, GDateTime *now)
{
	g_autofree char *time = g_date_time_format(now, "%H:%M:%S");
	g_autofree char *text = reader_state_text(state->dwEventState);

	printf("%s.%03d %s: ", time, g_date_time_get_microsecond(now) / 1000, state->szReader);
	for (size_t i = 0; i < count; i++)
		printf("%s%s", i > 0 ? ", " : "", words[i]);
	printf(" (%s), counter %u\n", text, reader_counter(state->dwEventState));
}

static void
event_as_json(
    const SCARD_READERSTATEA *state, const char *const *words, size_t count, GDateTime *now)
{
	g_autofree char *seconds = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
	g_autofree char *zone = g_date_time_format(now, "%:z");
	g_autofree char *time =
	    g_strdup_printf("%s.%03d%s", seconds, g_date_time_get_microsecond(now) / 1000, zone);
	struct json json;

	json_init(&json);
	json_open(&json, NULL, '{');
	json_string(&json, "time", time);
	json_string(&json, "reader", state->szReader);
	json_open(&json, "changes", '[');
	for (size_t i = 0; i < count; i++)
		json_string(&json, NULL, words[i]);
	json_close(&json, ']');
	reader_state_json(&json, "state", state->dwEventState);
	json_number(&json, "counter", reader_counter(state->dwEventState));
	json_bytes(&json, "atr", state->rgbAtr, state->cbAtr);
	json_close(&json, '}');
	json_print(&json);
}

static void
report(struct watch *watch, const SCARD_READERSTATEA *state, const char *const *words, size_t count)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();

	if (watch->options->json)
		event_as_json(state, words, count, now);
	else
		event_as_text(state, words, count, now);
	if (fflush(stdout) != 0)
		watch->failed = true;
}

static bool
is_over(const struct watch *watch)
{
	return watch->failed || stopped ||
	    (watch->options->count != 0 && watch->changes >= watch->options->count);
}

static void
report_gone(struct watch *watch, struct watched *watched)
{
	const SCARD_READERSTATEA state = { .szReader = watched->name,
		.dwEventState = (watched->state & 0xFFFF0000u) | SCARD_STATE_UNKNOWN };
	const char *word = "reader-removed";

	watched->gone = true;
	if (watched->fresh)
		return;
	report(watch, &state, &word, 1);
	watch->changes++;
}

static void
report_change(struct watch *watch, struct watched *watched, const SCARD_READERSTATEA *state)
{
	const char *words[WORDS_MAX];
	size_t count = 0;

	if ((state->dwEventState & SCARD_STATE_UNKNOWN) != 0) {
		report_gone(watch, watched);
		return;
	}
	if (watched->fresh)
		words[count++] = watched->first ? "found" : "reader-added";
	else
		count = change_words(watched->state, state->dwEventState, words);
	if (count > 0)
		report(watch, state, words, count);
	if (count > 0 && !(watched->fresh && watched->first))
		watch->changes++;
	watched->fresh = false;
	watched->state = state->dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
}

static struct watched *
find(struct watch *watch, const char *name)
{
	for (guint i = 0; i < watch->readers->len; i++) {
		struct watched *watched = g_ptr_array_index(watch->readers, i);

		if (!watched->gone && strcmp(watched->name, name) == 0)
			return watched;
	}
	return NULL;
}

static void
take_out_gone(struct watch *watch)
{
	for (guint i = watch->readers->len; i-- > 0;) {
		struct watched *watched = g_ptr_array_index(watch->readers, i);

		if (watched->gone)
			g_ptr_array_remove_index(watch->readers, i);
	}
}

/* Compares with the readers that there are now. */
static void
look_for_readers(struct watch *watch, bool first)
{
	g_auto(GStrv) names = reader_names(watch->context);

	if (names == NULL) {
		watch->failed = true;
		return;
	}
	for (guint i = 0; i < watch->readers->len && !is_over(watch); i++) {
		struct watched *watched = g_ptr_array_index(watch->readers, i);

		if (!watched->gone && !g_strv_contains((const char *const *)names, watched->name))
			report_gone(watch, watched);
	}
	take_out_gone(watch);
	for (guint i = 0; names[i] != NULL && watch->readers->len < READERS_MAX; i++) {
		struct watched *watched;

		if (find(watch, names[i]) != NULL)
			continue;
		watched = g_new0(struct watched, 1);
		watched->name = g_strdup(names[i]);
		watched->fresh = true;
		watched->first = first;
		g_ptr_array_add(watch->readers, watched);
	}
}

/* The set of readers as it is, before they are listed, so that no later change is missed. */
static void
begin(struct watch *watch)
{
	SCARD_READERSTATEA pnp = { .szReader = PNP_READER };
	LONG code = SCardGetStatusChangeA(watch->context, 0, &pnp, 1);

	if (code == SCARD_S_SUCCESS || code == SCARD_E_TIMEOUT) {
		watch->pnp = pnp.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
		look_for_readers(watch, true);
	} else {
		watch->failed = true;
		if (!stopped)
			(void)scardctl_failed(code, "cannot watch for readers");
	}
}

/* Waits for the next change, and reports what changed. */
static void
step(struct watch *watch)
{
	guint count = watch->readers->len;
	g_autofree SCARD_READERSTATEA *states = g_new0(SCARD_READERSTATEA, count + 1);
	bool look = false;
	LONG code;

	for (guint i = 0; i < count; i++) {
		const struct watched *watched = g_ptr_array_index(watch->readers, i);

		states[i].szReader = watched->name;
		states[i].dwCurrentState = watched->state;
	}
	states[count].szReader = PNP_READER;
	states[count].dwCurrentState = watch->pnp;
	code = SCardGetStatusChangeA(watch->context, INFINITE, states, count + 1);
	if (stopped)
		return;
	if (code != SCARD_S_SUCCESS) {
		watch->failed = true;
		(void)scardctl_failed(code, "cannot watch the readers");
		return;
	}
	for (guint i = 0; i < count && !is_over(watch); i++)
		if ((states[i].dwEventState & SCARD_STATE_CHANGED) != 0) {
			struct watched *watched = g_ptr_array_index(watch->readers, i);

			report_change(watch, watched, &states[i]);
			look = look || watched->gone;
		}
	if ((states[count].dwEventState & SCARD_STATE_CHANGED) != 0)
		look = true;
	watch->pnp = states[count].dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	if (look && !is_over(watch))
		look_for_readers(watch, false);
}

struct stopper {
	sigset_t signals;
	SCARDCONTEXT context;
};

/*
 * Waits for a signal. Releasing the context ends a wait that has begun as well as one that is about
 * to, which cancelling would not.
 */
static void *
wait_for_signal(void *data)
{
	const struct stopper *stopper = data;
	int number;

	(void)sigwait(&stopper->signals, &number);
	stopped = true;
	(void)SCardReleaseContext(stopper->context);
	return NULL;
}

int
scardctl_watch(const struct scardctl_options *options, char **arguments)
{
	static struct stopper stopper; /* the thread may outlive this call */
	struct watch watch = { .options = options };
	pthread_t thread;

	(void)arguments;
	(void)sigemptyset(&stopper.signals);
	(void)sigaddset(&stopper.signals, SIGINT);
	(void)sigaddset(&stopper.signals, SIGTERM);
	(void)pthread_sigmask(SIG_BLOCK, &stopper.signals, NULL);
	if ((watch.context = stopper.context = scardctl_establish()) == 0)
		return SCARDCTL_FAILURE;
	if (pthread_create(&thread, NULL, wait_for_signal, &stopper) == 0)
		(void)pthread_detach(thread);
	else
		(void)pthread_sigmask(SIG_UNBLOCK, &stopper.signals, NULL);
	watch.readers = g_ptr_array_new_with_free_func(watched_free);
	begin(&watch);
	while (!is_over(&watch))
		step(&watch);
	g_ptr_array_free(watch.readers, TRUE);
	return watch.failed && !stopped ? SCARDCTL_FAILURE : SCARDCTL_OK;
}
