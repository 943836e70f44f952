/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reader drivers as components: found by name, started, stopped. The only part of the engine that
 * knows how a component is activated.
 */
#include <stdlib.h>
#include <string.h>

#include <objbase.h>

#include <tessera_com.h>

#include "rm/engine/private.h"

#define PROGID_PREFIX "SCardReaderDriver."

/* The class a name means. */
static HRESULT
find_class(const char *name, char **ret_progid, CLSID *ret_clsid)
{
	g_autofree gunichar2 *wide = NULL;

	*ret_progid =
	    strpbrk(name, ".{") != NULL ? g_strdup(name) : g_strconcat(PROGID_PREFIX, name, NULL);
	if ((wide = g_utf8_to_utf16(*ret_progid, -1, NULL, NULL, NULL)) == NULL)
		return CO_E_CLASSSTRING;
	/* GLib and C11 have different names for the 16 bits of a UTF-16 unit. */
	if (name[0] == '{')
		return CLSIDFromString((LPCOLESTR)wide, ret_clsid);
	return CLSIDFromProgID((LPCOLESTR)wide, ret_clsid);
}

/* The runtime's or the driver's own words on a failure; "" when it had none. Freed with g_free. */
static char *
failure_text(void)
{
	char *said = tessera_error_text();
	char *text = said != NULL ? g_strconcat(": ", said, NULL) : g_strdup("");

	CoTaskMemFree(said);
	return text;
}

static LONG
fail_unsupported(char *message, const char *name, const char *progid, const char *cause, HRESULT hr)
{
	g_autofree char *text = failure_text();

	rm_message(message,
	    "driver '%.64s': %.64s %s (%s)%.100s; `comreg list` shows what there is", name, progid,
	    cause, tessera_hresult_name(hr), text);
	return SCARD_E_READER_UNSUPPORTED;
}

static LONG
activate(struct rm_driver *driver, char *message)
{
	g_autofree char *progid = NULL;
	void *object = NULL;
	CLSID clsid;
	HRESULT hr;

	if ((hr = find_class(driver->name, &progid, &clsid)) < 0)
		return fail_unsupported(
		    message, driver->name, progid, "is no installed component", hr);
	hr = CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ISCardReaderDriver, &object);
	if (hr < 0)
		return fail_unsupported(
		    message, driver->name, progid, "cannot be used as a reader driver", hr);
	driver->object = object;
	if (rm_sink_new(driver, &driver->sink) < 0)
		return rm_message_code(message, NULL, SCARD_E_NO_MEMORY);
	return SCARD_S_SUCCESS;
}

/* What Start returned, as a code of the API, with a text. */
static LONG
start_result(const struct rm_driver *driver, HRESULT hr, char *message)
{
	g_autofree char *text = NULL;
	LONG code = hr;

	if (hr >= 0)
		return SCARD_S_SUCCESS;
	text = failure_text();
	if (hr == E_OUTOFMEMORY)
		code = SCARD_E_NO_MEMORY;
	else if (HRESULT_FACILITY(hr) != FACILITY_SCARD)
		code = SCARD_E_READER_UNAVAILABLE;
	rm_message(message, "driver '%.64s' does not start (%s)%s%.200s", driver->name,
	    tessera_hresult_name(hr), text,
	    text[0] == '\0' ? "; check the settings behind its name" : "");
	return code;
}

static struct rm_reader *
next_arrival(struct rm_driver *driver)
{
	struct rm_reader *reader = NULL;
	GList *link;

	(void)pthread_mutex_lock(&driver->engine->lock);
	if ((link = g_queue_pop_head_link(&driver->arriving)) != NULL)
		reader = link->data;
	else
		driver->starting = false;
	(void)pthread_mutex_unlock(&driver->engine->lock);
	return reader;
}

/* Lists the readers a driver has announced while it started, and powers their cards. */
static void
take_arrivals(struct rm_driver *driver)
{
	struct rm_reader *reader;

	while ((reader = next_arrival(driver)) != NULL)
		for (struct rm_request *r = rm_reader_arrive(reader); r != NULL;
		     r = rm_request_run(r))
			;
}

/* No driver, no readers: whatever was announced before is forgotten. */
static void
driver_free(struct rm_driver *driver)
{
	struct rm_reader *reader;

	if (driver->sink != NULL)
		rm_sink_detach(driver->sink);
	while ((reader = next_arrival(driver)) != NULL)
		rm_reader_forget(reader);
	if (driver->sink != NULL)
		(void)ISCardReaderSink_Release(driver->sink);
	if (driver->object != NULL)
		(void)ISCardReaderDriver_Release(driver->object);
	free(driver);
}

static struct rm_driver *
driver_new(struct rm_engine *engine, const char *name)
{
	struct rm_driver *driver = calloc(1, sizeof *driver);

	if (driver == NULL)
		return NULL;
	driver->engine = engine;
	(void)g_strlcpy(driver->name, name, sizeof driver->name);
	driver->starting = true;
	g_queue_init(&driver->arriving);
	g_queue_init(&driver->lines);
	return driver;
}

LONG
rm_engine_start_driver(
    struct rm_engine *engine, const char *name, const char *settings, char *message)
{
	struct rm_driver *driver;
	LONG result;
	HRESULT hr;

	message[0] = '\0';
	if (strnlen(name, RM_NAME_SIZE) == RM_NAME_SIZE || name[0] == '\0') {
		rm_message(message, "a driver's name has 1 to %u bytes; see `comreg list`",
		    RM_NAME_SIZE - 1);
		return SCARD_E_READER_UNSUPPORTED;
	}
	if ((driver = driver_new(engine, name)) == NULL)
		return rm_message_code(message, NULL, SCARD_E_NO_MEMORY);
	if ((result = activate(driver, message)) != SCARD_S_SUCCESS) {
		driver_free(driver);
		return result;
	}
	(void)SetErrorInfo(0, NULL);
	hr = ISCardReaderDriver_Start(
	    driver->object, settings, driver->sink, rm_deadline(RM_POWER_LIMIT_MS));
	if ((result = start_result(driver, hr, message)) != SCARD_S_SUCCESS) {
		driver_free(driver);
		return result;
	}
	(void)pthread_mutex_lock(&engine->lock);
	g_ptr_array_add(engine->drivers, driver);
	(void)pthread_mutex_unlock(&engine->lock);
	take_arrivals(driver);
	return SCARD_S_SUCCESS;
}

/* From here on no reader of the driver is listed. Returns those that are, with references. */
static GPtrArray *
close_listing(struct rm_engine *engine, struct rm_driver *driver)
{
	GPtrArray *readers = g_ptr_array_new();

	(void)pthread_mutex_lock(&engine->lock);
	driver->stopped = true;
	for (GList *link = engine->readers.head; link != NULL; link = link->next) {
		struct rm_reader *reader = link->data;

		if (reader->driver == driver && !reader->left)
			g_ptr_array_add(readers, rm_reader_ref(reader));
	}
	(void)pthread_mutex_unlock(&engine->lock);
	return readers;
}

/* For clients the reader is gone now; what runs in it is told to come back. */
static void
end_reader(struct rm_engine *engine, struct rm_reader *reader)
{
	struct rm_effects effects = RM_EFFECTS_NONE;
	struct rm_request *turn;

	(void)pthread_mutex_lock(&reader->line->lock);
	rm_reader_gone(reader, &effects);
	turn = rm_line_next(reader->line);
	(void)pthread_mutex_unlock(&reader->line->lock);
	if (turn != NULL)
		rm_engine_run_soon(engine, turn);
	rm_effects_run(&effects);
	(void)ISCardReader_Cancel(reader->object);
}

static void
driver_stop(struct rm_engine *engine, struct rm_driver *driver)
{
	GPtrArray *readers;

	if (driver->stopped)
		return;
	readers = close_listing(engine, driver);
	for (guint i = 0; i < readers->len; i++) {
		end_reader(engine, g_ptr_array_index(readers, i));
		rm_reader_unref(g_ptr_array_index(readers, i));
	}
	g_ptr_array_free(readers, TRUE);
	(void)ISCardReaderDriver_Stop(driver->object);
	rm_sink_detach(driver->sink);
}

void
rm_drivers_stop(struct rm_engine *engine)
{
	for (guint i = 0; i < engine->drivers->len; i++)
		driver_stop(engine, g_ptr_array_index(engine->drivers, i));
}

void
rm_drivers_free(struct rm_engine *engine)
{
	for (guint i = 0; i < engine->drivers->len; i++)
		driver_free(g_ptr_array_index(engine->drivers, i));
	g_ptr_array_set_size(engine->drivers, 0);
}
