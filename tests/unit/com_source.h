/* SPDX-License-Identifier: BSD-2-Clause */
/* An object with events, and sinks for them. */
#ifndef TESTS_UNIT_COM_SOURCE_H
#define TESTS_UNIT_COM_SOURCE_H

#include <tessera_connection.h>

enum {
	SOURCE_TICKS,
	SOURCE_OTHERS,
	SOURCE_POINTS
};

struct source {
	struct tessera_object object;
	struct tessera_connections connections;
	struct tessera_connection_point points[SOURCE_POINTS];
};

/* Its own interface is IConnectionPointContainer; it can be aggregated. */
HRESULT source_create(IUnknown *outer, REFIID riid, void **ppv);

/* The first connection point's interface: that of a sink which counts. */
extern const IID source_tick_iid;
/* That of the second. */
extern const IID source_other_iid;

/* A sink: IUnknown and source_tick_iid, whose one method is `tick`. */
struct ticker {
	const struct ticker_vtbl *lpVtbl;
	unsigned references; /* changed atomically, as are the ticks */
	unsigned ticks;
	void (*on_tick)(struct ticker *self); /* or NULL */
	void (*on_end)(struct ticker *self);  /* the last reference is given back; or NULL */
	IConnectionPoint *point;              /* for on_tick */
	DWORD cookie;
	void *data;
};
struct ticker_vtbl {
	HRESULT (*QueryInterface)(struct ticker *self, REFIID riid, void **ppv);
	ULONG (*AddRef)(struct ticker *self);
	ULONG (*Release)(struct ticker *self);
	HRESULT (*Tick)(struct ticker *self);
};

/* One reference. */
void ticker_init(struct ticker *self, void (*on_tick)(struct ticker *self));

/* Fires the first connection point. */
void source_tick(struct source *source);

#endif
