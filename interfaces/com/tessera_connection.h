/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events, ready-made: an object that has connection points embeds one tessera_connections, and a
 * tessera_connection_point for each kind of event.
 *
 *	enum { CLOCK_TICKS, CLOCK_ALARMS, CLOCK_POINTS };
 *	static const IID *const clock_events[CLOCK_POINTS] = { &IID_IClockTick, &IID_IClockAlarm };
 *
 *	struct clock {
 *		struct tessera_object object;
 *		TESSERA_INTERFACE(IClock) clock;
 *		struct tessera_connections connections;
 *		struct tessera_connection_point points[CLOCK_POINTS];
 *	};
 *
 *	static const struct tessera_interface clock_interfaces[] = {
 *		{ &IID_IClock, offsetof(struct clock, clock), &clock_vtbl },
 *		{ &IID_IConnectionPointContainer, offsetof(struct clock, connections),
 *		    &tessera_connections_vtbl },
 *	};
 *
 * In the constructor, which cannot fail here, and in the destructor:
 *
 *	tessera_connections_begin(&self->connections, self->points, clock_events, CLOCK_POINTS);
 *	tessera_connections_end(&self->connections);
 *
 * An event:
 *
 *	static void
 *	tick(void *sink, void *data)
 *	{
 *		IClockTick *events = sink;
 *
 *		events->lpVtbl->Tick(events, *(LONG *)data);
 *	}
 *
 *	tessera_connection_fire(&self->points[CLOCK_TICKS], tick, &seconds);
 *
 * A connection point is an object of its own whose references are references to the object that it
 * belongs to. The object keeps its sinks; who advises and owns the object must unadvise.
 */
#ifndef TESSERA_CONNECTION_H
#define TESSERA_CONNECTION_H

#include <pthread.h>

#include <ocidl.h>
#include <tessera_class.h>

#ifndef __cplusplus

#define TESSERA_CONNECTIONS_MAX \
	1024u /* sinks of one connection point; more: CONNECT_E_ADVISELIMIT */

/* Both are written by the helper alone. */
struct tessera_connections {
	TESSERA_INTERFACE(IConnectionPointContainer) container; /* first */
	struct tessera_connection_point *points;
	size_t count;
};

struct tessera_connection_point {
	IConnectionPoint iface; /* first */
	struct tessera_connections *owner;
	const IID *iid;
	pthread_mutex_t lock; /* the two below; never held while a sink is called */
	struct tessera_sinks *sinks;
	DWORD last_cookie;
};

/* The table for the row of IConnectionPointContainer. */
extern const IConnectionPointContainerVtbl tessera_connections_vtbl;

/* points[i] tells sinks that have interface *iids[i]. Both arrays are used until the end. */
void tessera_connections_begin(struct tessera_connections *connections,
    struct tessera_connection_point *points, const IID *const *iids, size_t count);
/* Releases the sinks that are left. Also after a constructor that failed before the beginning. */
void tessera_connections_end(struct tessera_connections *connections);

/*
 * tessera_connection_fire: calls `call` for each sink with its interface (of *point->iid).
 *
 * The sinks are those at the beginning of the call, in the order in which they came. No lock is
 * held: a sink may unadvise itself or others, advise, fire, and release the object. A sink that was
 * unadvised meanwhile is not called any more; if that happens on another thread it may still be in
 * a call when Unadvise returns.
 */
void tessera_connection_fire(
    struct tessera_connection_point *point, void (*call)(void *sink, void *data), void *data);

#endif

#endif
