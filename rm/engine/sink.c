/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a driver tells: readers come and go, cards come and go. Each call changes the reader's state
 * at once and leaves what takes time to the host's threads.
 */
#include <winerror.h>

#include <tessera_class.h>

#include "rm/engine/private.h"

struct sink {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReaderSink) sink;
	struct rm_driver *driver; /* NULL once the driver has stopped */
};

static struct rm_driver *
sink_driver(ISCardReaderSink *iface)
{
	struct sink *self = TESSERA_SELF(struct sink, iface);

	return __atomic_load_n(&self->driver, __ATOMIC_ACQUIRE);
}

enum movement {
	CARD_INSERTED,
	CARD_REMOVED,
	READER_GONE
};

/* The registry's lock is held. */
static void
take_note(struct rm_reader *reader, enum movement movement)
{
	bool present = movement == CARD_INSERTED;

	if (movement == READER_GONE)
		reader->note.gone = true;
	else if (reader->note.present != present) {
		reader->note.present = present;
		reader->note.movements++;
	}
}

/* The reader a driver means, with a reference; NULL when there is nothing more to do. */
static struct rm_reader *
find_reader(struct rm_driver *driver, ISCardReader *object, enum movement movement)
{
	struct rm_engine *engine = driver->engine;
	struct rm_reader *reader;

	(void)pthread_mutex_lock(&engine->lock);
	reader = g_hash_table_lookup(engine->by_object, object);
	if (reader != NULL && reader->arriving) {
		take_note(reader, movement);
		reader = NULL;
	}
	if (reader != NULL)
		(void)rm_reader_ref(reader);
	(void)pthread_mutex_unlock(&engine->lock);
	return reader;
}

static enum rm_traced_what
traced_as(enum movement movement)
{
	switch (movement) {
	case CARD_INSERTED:
		return RM_TRACED_INSERTED;
	case CARD_REMOVED:
		return RM_TRACED_REMOVED;
	default:
		return RM_TRACED_GONE;
	}
}

static HRESULT
move(ISCardReaderSink *iface, ISCardReader *object, enum movement movement)
{
	struct rm_driver *driver = sink_driver(iface);
	struct rm_effects effects = RM_EFFECTS_NONE;
	struct rm_request *turn = NULL;
	struct rm_reader *reader;
	uint32_t generation;
	bool moved;

	if (object == NULL)
		return E_POINTER;
	if (driver == NULL || (reader = find_reader(driver, object, movement)) == NULL)
		return S_OK;
	(void)pthread_mutex_lock(&reader->line->lock);
	generation = reader->generation;
	switch (movement) {
	case CARD_INSERTED:
		rm_reader_insert(reader);
		if (reader->settling)
			turn = rm_reader_work(reader, RM_WORK_POWER);
		break;
	case CARD_REMOVED:
		rm_reader_remove(reader, &effects);
		break;
	case READER_GONE:
		rm_reader_gone(reader, &effects);
		break;
	}
	moved = reader->generation != generation;
	/* Whoever waited for a transaction on that card need not wait any more. */
	if (turn == NULL)
		turn = rm_line_next(reader->line);
	(void)pthread_mutex_unlock(&reader->line->lock);
	if (moved && rm_reader_traced(reader))
		rm_trace_movement(reader, traced_as(movement));
	if (turn != NULL)
		rm_engine_run_soon(driver->engine, turn);
	rm_effects_run(&effects);
	rm_reader_unref(reader);
	return S_OK;
}

static HRESULT
sink_ReaderArrived(ISCardReaderSink *iface, ISCardReader *Reader)
{
	struct rm_driver *driver = sink_driver(iface);

	if (Reader == NULL)
		return E_POINTER;
	return driver != NULL ? rm_reader_announced(driver, Reader) : S_OK;
}

static HRESULT
sink_ReaderGone(ISCardReaderSink *iface, ISCardReader *Reader)
{
	return move(iface, Reader, READER_GONE);
}

static HRESULT
sink_CardInserted(ISCardReaderSink *iface, ISCardReader *Reader)
{
	return move(iface, Reader, CARD_INSERTED);
}

static HRESULT
sink_CardRemoved(ISCardReaderSink *iface, ISCardReader *Reader)
{
	return move(iface, Reader, CARD_REMOVED);
}

static const ISCardReaderSinkVtbl sink_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ISCardReaderSink),
	.ReaderArrived = sink_ReaderArrived,
	.ReaderGone = sink_ReaderGone,
	.CardInserted = sink_CardInserted,
	.CardRemoved = sink_CardRemoved,
};
static const struct tessera_interface sink_interfaces[] = {
	{ &IID_ISCardReaderSink, offsetof(struct sink, sink), &sink_vtbl },
};
static struct tessera_census sink_census;
static const struct tessera_class sink_class = {
	.name = "SCardReaderSink",
	.size = sizeof(struct sink),
	.interfaces = sink_interfaces,
	.interface_count = 1,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE,
	.census = &sink_census,
};

HRESULT
rm_sink_new(struct rm_driver *driver, ISCardReaderSink **ret_sink)
{
	void *object;
	HRESULT hr = tessera_object_create(&sink_class, NULL, &IID_ISCardReaderSink, &object);

	if (hr < 0)
		return hr;
	*ret_sink = object;
	TESSERA_SELF(struct sink, *ret_sink)->driver = driver;
	return S_OK;
}

void
rm_sink_detach(ISCardReaderSink *sink)
{
	__atomic_store_n(&TESSERA_SELF(struct sink, sink)->driver, NULL, __ATOMIC_RELEASE);
}
