/* SPDX-License-Identifier: BSD-2-Clause */
/* Connection points made by tessera_connections. */
#include <pthread.h>
#include <stdlib.h>
#include <tessera_com.h>

#include "runtime/comreg/check_outer.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"
#include "tests/unit/com_source.h"

#define POISON ((void *)(uintptr_t)0xDEADBEEF)
#define THREADS 4
#define ROUNDS 300

/* A source and its first connection point. */
struct stage {
	struct source *source;
	IConnectionPointContainer *container;
	IConnectionPoint *point;
};

static struct stage
raise(void)
{
	struct stage stage = { 0 };

	EXPECT_HRESULT(
	    source_create(NULL, &IID_IConnectionPointContainer, (void **)&stage.container), S_OK);
	if (stage.container == NULL)
		abort();
	stage.source = TESSERA_SELF(struct source, stage.container);
	EXPECT_HRESULT(stage.container->lpVtbl->FindConnectionPoint(
			   stage.container, &source_tick_iid, &stage.point),
	    S_OK);
	if (stage.point == NULL)
		abort();
	return stage;
}

static void
strike(struct stage *stage)
{
	stage->point->lpVtbl->Release(stage->point);
	SUITE_EQUAL_INT(stage->container->lpVtbl->Release(stage->container), 0);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
advise(struct stage *stage, struct ticker *ticker)
{
	EXPECT_HRESULT(
	    stage->point->lpVtbl->Advise(stage->point, (IUnknown *)(void *)ticker, &ticker->cookie),
	    S_OK);
	CU_ASSERT(ticker->cookie != 0);
	ticker->point = stage->point;
}

static HRESULT
unadvise(struct ticker *ticker)
{
	return ticker->point->lpVtbl->Unadvise(ticker->point, ticker->cookie);
}

static void
container(void)
{
	struct stage stage = raise();
	IConnectionPoint *point = POISON, *points[3] = { NULL };
	IConnectionPointContainer *back = NULL;
	IEnumConnectionPoints *e = NULL;
	ULONG fetched;
	IID iid;

	EXPECT_HRESULT(
	    stage.container->lpVtbl->FindConnectionPoint(stage.container, &IID_IStream, &point),
	    CONNECT_E_NOCONNECTION);
	CU_ASSERT_PTR_NULL(point);
	EXPECT_HRESULT(stage.container->lpVtbl->FindConnectionPoint(stage.container, NULL, &point),
	    E_INVALIDARG);
	EXPECT_HRESULT(
	    stage.container->lpVtbl->FindConnectionPoint(stage.container, &source_tick_iid, NULL),
	    E_POINTER);
	EXPECT_HRESULT(
	    stage.container->lpVtbl->EnumConnectionPoints(stage.container, NULL), E_POINTER);
	EXPECT_HRESULT(stage.container->lpVtbl->EnumConnectionPoints(stage.container, &e), S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(e);
	EXPECT_HRESULT(e->lpVtbl->Next(e, 3, points, &fetched), S_FALSE);
	SUITE_EQUAL_INT(fetched, 2);
	CU_ASSERT_PTR_EQUAL(points[0], stage.point);
	EXPECT_HRESULT(points[1]->lpVtbl->GetConnectionInterface(points[1], &iid), S_OK);
	CU_ASSERT(IsEqualIID(&iid, &source_other_iid));
	EXPECT_HRESULT(points[1]->lpVtbl->GetConnectionInterface(points[1], NULL), E_POINTER);
	EXPECT_HRESULT(points[1]->lpVtbl->GetConnectionPointContainer(points[1], &back), S_OK);
	CU_ASSERT_PTR_EQUAL(back, stage.container);
	EXPECT_HRESULT(points[1]->lpVtbl->GetConnectionPointContainer(points[1], NULL), E_POINTER);
	back->lpVtbl->Release(back);
	e->lpVtbl->Release(e);
	points[0]->lpVtbl->Release(points[0]);
	points[1]->lpVtbl->Release(points[1]);
	strike(&stage);
}

/* It has an identity of its own, and keeps its container alive. */
static void
identity_and_life(void)
{
	struct stage stage = raise();
	IUnknown *of_point = NULL, *of_container = NULL;
	void *none = POISON;
	IID iid;

	stage.point->lpVtbl->QueryInterface(stage.point, &IID_IUnknown, (void **)&of_point);
	stage.container->lpVtbl->QueryInterface(
	    stage.container, &IID_IUnknown, (void **)&of_container);
	CU_ASSERT(of_point != of_container);
	EXPECT_HRESULT(
	    stage.point->lpVtbl->QueryInterface(stage.point, &IID_IConnectionPointContainer, &none),
	    E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(none);
	of_container->lpVtbl->Release(of_container);
	stage.container->lpVtbl->Release(stage.container);
	stage.point->lpVtbl->Release(stage.point);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 1);
	stage.point = (IConnectionPoint *)of_point;
	EXPECT_HRESULT(stage.point->lpVtbl->GetConnectionInterface(stage.point, &iid), S_OK);
	SUITE_EQUAL_INT(of_point->lpVtbl->Release(of_point), 0);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
advising(void)
{
	struct stage stage = raise();
	struct ticker a, b;
	struct check_outer stranger;
	DWORD cookie = 77;

	ticker_init(&a, NULL);
	ticker_init(&b, NULL);
	check_outer_init(&stranger);
	source_tick(stage.source);
	advise(&stage, &a);
	advise(&stage, &b);
	CU_ASSERT(a.cookie != b.cookie);
	SUITE_EQUAL_INT(a.references, 2);
	source_tick(stage.source);
	EXPECT_HRESULT(unadvise(&a), S_OK);
	SUITE_EQUAL_INT(a.references, 1);
	EXPECT_HRESULT(unadvise(&a), CONNECT_E_NOCONNECTION);
	source_tick(stage.source);
	SUITE_EQUAL_INT(a.ticks, 1);
	SUITE_EQUAL_INT(b.ticks, 2);
	EXPECT_HRESULT(stage.point->lpVtbl->Advise(stage.point, &stranger.unknown, &cookie),
	    CONNECT_E_CANNOTCONNECT);
	SUITE_EQUAL_INT(cookie, 0);
	SUITE_EQUAL_INT(stranger.references, 1);
	EXPECT_HRESULT(stage.point->lpVtbl->Advise(stage.point, NULL, &cookie), E_POINTER);
	EXPECT_HRESULT(
	    stage.point->lpVtbl->Advise(stage.point, (IUnknown *)(void *)&a, NULL), E_POINTER);
	EXPECT_HRESULT(stage.point->lpVtbl->Unadvise(stage.point, 0), CONNECT_E_NOCONNECTION);
	/* One sink twice: two connections. */
	cookie = b.cookie;
	advise(&stage, &b);
	CU_ASSERT(b.cookie != cookie && b.cookie != a.cookie);
	source_tick(stage.source);
	SUITE_EQUAL_INT(b.ticks, 4);
	/* What is left is released with the object. */
	strike(&stage);
	SUITE_EQUAL_INT(b.references, 1);
}

static void
enumeration(void)
{
	struct stage stage = raise();
	IEnumConnections *e = NULL;
	CONNECTDATA data[3] = { 0 };
	struct ticker a, b;
	ULONG fetched;

	ticker_init(&a, NULL);
	ticker_init(&b, NULL);
	EXPECT_HRESULT(stage.point->lpVtbl->EnumConnections(stage.point, NULL), E_POINTER);
	EXPECT_HRESULT(stage.point->lpVtbl->EnumConnections(stage.point, &e), S_OK);
	EXPECT_HRESULT(e->lpVtbl->Next(e, 1, data, &fetched), S_FALSE);
	e->lpVtbl->Release(e);
	advise(&stage, &a);
	advise(&stage, &b);
	EXPECT_HRESULT(stage.point->lpVtbl->EnumConnections(stage.point, &e), S_OK);
	EXPECT_HRESULT(unadvise(&a), S_OK); /* the enumerator has it still */
	EXPECT_HRESULT(e->lpVtbl->Next(e, 3, data, &fetched), S_FALSE);
	SUITE_EQUAL_INT(fetched, 2);
	CU_ASSERT_PTR_EQUAL(data[0].pUnk, &a);
	SUITE_EQUAL_INT(data[0].dwCookie, a.cookie);
	CU_ASSERT_PTR_EQUAL(data[1].pUnk, &b);
	SUITE_EQUAL_INT(data[1].dwCookie, b.cookie);
	data[0].pUnk->lpVtbl->Release(data[0].pUnk);
	data[1].pUnk->lpVtbl->Release(data[1].pUnk);
	e->lpVtbl->Release(e);
	SUITE_EQUAL_INT(a.references, 1);
	strike(&stage);
}

static void
limit(void)
{
	struct stage stage = raise();
	struct ticker ticker;
	DWORD cookie = 0, last = 0;

	ticker_init(&ticker, NULL);
	for (unsigned i = 0; i < TESSERA_CONNECTIONS_MAX; i++) {
		if (stage.point->lpVtbl->Advise(
			stage.point, (IUnknown *)(void *)&ticker, &cookie) != S_OK)
			CU_FAIL("a sink within the limit was refused");
		last = cookie;
	}
	EXPECT_HRESULT(
	    stage.point->lpVtbl->Advise(stage.point, (IUnknown *)(void *)&ticker, &cookie),
	    CONNECT_E_ADVISELIMIT);
	SUITE_EQUAL_INT(cookie, 0);
	EXPECT_HRESULT(stage.point->lpVtbl->Unadvise(stage.point, last), S_OK);
	EXPECT_HRESULT(
	    stage.point->lpVtbl->Advise(stage.point, (IUnknown *)(void *)&ticker, &cookie), S_OK);
	CU_ASSERT(cookie != last);
	source_tick(stage.source);
	SUITE_EQUAL_INT(ticker.ticks, TESSERA_CONNECTIONS_MAX);
	strike(&stage);
	SUITE_EQUAL_INT(ticker.references, 1);
}

static void
leave(struct ticker *self)
{
	EXPECT_HRESULT(unadvise(self), S_OK);
}

static void
send_away(struct ticker *self)
{
	struct ticker *other = self->data;

	if (other != NULL)
		EXPECT_HRESULT(unadvise(other), S_OK);
	self->data = NULL;
}

static void
bring(struct ticker *self)
{
	struct ticker *other = self->data;

	if (other != NULL)
		EXPECT_HRESULT(self->point->lpVtbl->Advise(
				   self->point, (IUnknown *)(void *)other, &other->cookie),
		    S_OK);
	self->data = NULL;
}

static void
changes_during_a_fire(void)
{
	struct stage stage = raise();
	struct ticker once, sender, victim, bringer, newcomer, last;

	ticker_init(&once, leave);
	ticker_init(&sender, send_away);
	ticker_init(&victim, NULL);
	ticker_init(&bringer, bring);
	ticker_init(&newcomer, NULL);
	ticker_init(&last, NULL);
	sender.data = &victim;
	bringer.data = &newcomer;
	advise(&stage, &once);
	advise(&stage, &sender);
	advise(&stage, &victim);
	advise(&stage, &bringer);
	advise(&stage, &last);
	source_tick(stage.source);
	SUITE_EQUAL_INT(once.ticks, 1);
	SUITE_EQUAL_INT(once.references, 1);
	SUITE_EQUAL_INT(victim.ticks, 0); /* sent away before its turn */
	SUITE_EQUAL_INT(newcomer.ticks, 0);
	SUITE_EQUAL_INT(last.ticks, 1);
	source_tick(stage.source);
	SUITE_EQUAL_INT(once.ticks, 1);
	SUITE_EQUAL_INT(sender.ticks, 2);
	SUITE_EQUAL_INT(newcomer.ticks, 1);
	SUITE_EQUAL_INT(last.ticks, 2);
	strike(&stage);
}

static void
fire_again(struct ticker *self)
{
	if (self->ticks == 1)
		source_tick(self->data);
}

static void
fire_inside_a_fire(void)
{
	struct stage stage = raise();
	struct ticker nested, plain;

	ticker_init(&nested, fire_again);
	nested.data = stage.source;
	ticker_init(&plain, NULL);
	advise(&stage, &nested);
	advise(&stage, &plain);
	source_tick(stage.source);
	SUITE_EQUAL_INT(nested.ticks, 2);
	SUITE_EQUAL_INT(plain.ticks, 2);
	strike(&stage);
}

/* The client lets go of everything from inside its sink. */
static void
let_go(struct ticker *self)
{
	struct stage *stage = self->data;

	EXPECT_HRESULT(unadvise(self), S_OK);
	stage->point->lpVtbl->Release(stage->point);
	stage->container->lpVtbl->Release(stage->container);
}

static void
end_inside_a_fire(void)
{
	struct stage stage = raise();
	struct ticker ticker, after;

	ticker_init(&ticker, let_go);
	ticker.data = &stage;
	ticker_init(&after, NULL);
	advise(&stage, &ticker);
	advise(&stage, &after);
	source_tick(stage.source);
	SUITE_EQUAL_INT(after.ticks, 1);
	SUITE_EQUAL_INT(after.references, 1);
	SUITE_EQUAL_INT(ticker.references, 1);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

/* A sink that owns the object: taking it off ends both. */
static void
release_point(struct ticker *self)
{
	self->point->lpVtbl->Release(self->point);
}

static void
sink_with_the_last_reference(void)
{
	struct stage stage = raise();
	struct ticker ticker;

	ticker_init(&ticker, NULL);
	ticker.on_end = release_point;
	advise(&stage, &ticker);
	stage.container->lpVtbl->Release(stage.container);
	ticker.lpVtbl->Release(&ticker);
	stage.point->lpVtbl->AddRef(stage.point); /* for the call */
	EXPECT_HRESULT(stage.point->lpVtbl->Unadvise(stage.point, ticker.cookie), S_OK);
	SUITE_EQUAL_INT(ticker.references, 0);
	SUITE_EQUAL_INT(stage.point->lpVtbl->Release(stage.point), 0);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

/* Aggregated, the points count on the outer object. */
static void
aggregated(void)
{
	struct check_outer outer;
	IConnectionPointContainer *container = NULL;
	IConnectionPoint *point = NULL;
	IEnumConnectionPoints *e = NULL;

	check_outer_init(&outer);
	EXPECT_HRESULT(source_create(&outer.unknown, &IID_IUnknown, (void **)&outer.inner), S_OK);
	EXPECT_HRESULT(outer.unknown.lpVtbl->QueryInterface(
			   &outer.unknown, &IID_IConnectionPointContainer, (void **)&container),
	    S_OK);
	SUITE_EQUAL_INT(outer.references, 2);
	EXPECT_HRESULT(
	    container->lpVtbl->FindConnectionPoint(container, &source_other_iid, &point), S_OK);
	SUITE_EQUAL_INT(outer.references, 3);
	EXPECT_HRESULT(container->lpVtbl->EnumConnectionPoints(container, &e), S_OK);
	e->lpVtbl->Release(e);
	point->lpVtbl->Release(point);
	container->lpVtbl->Release(container);
	SUITE_EQUAL_INT(outer.references, 1);
	SUITE_EQUAL_INT(outer.inner->lpVtbl->Release(outer.inner), 0);
}

/* Another thread's fire may still be in a sink: all wait for each other before theirs go. */
static pthread_barrier_t all_done;

static void *
come_and_go(void *data)
{
	struct stage *stage = data;
	struct ticker ticker;

	ticker_init(&ticker, NULL);
	for (unsigned i = 0; i < ROUNDS; i++) {
		if (stage->point->lpVtbl->Advise(
			stage->point, (IUnknown *)(void *)&ticker, &ticker.cookie) != S_OK)
			abort();
		source_tick(stage->source);
		if (stage->point->lpVtbl->Unadvise(stage->point, ticker.cookie) != S_OK)
			abort();
	}
	pthread_barrier_wait(&all_done);
	return NULL;
}

static void
many_threads(void)
{
	struct stage stage = raise();
	pthread_t threads[THREADS];
	struct ticker constant;

	ticker_init(&constant, NULL);
	advise(&stage, &constant);
	pthread_barrier_init(&all_done, NULL, THREADS);
	for (unsigned i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, come_and_go, &stage) != 0)
			abort();
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&all_done);
	SUITE_EQUAL_INT(constant.ticks, THREADS * ROUNDS);
	strike(&stage);
	SUITE_EQUAL_INT(constant.references, 1);
}

static const struct suite_test tests[] = {
	{ "finding and listing connection points", container },
	{ "identity and life of a connection point", identity_and_life },
	{ "Advise and Unadvise", advising },
	{ "listing sinks", enumeration },
	{ "as many sinks as allowed", limit },
	{ "sinks come and go during a fire", changes_during_a_fire },
	{ "a fire inside a fire", fire_inside_a_fire },
	{ "the object ends inside a fire", end_inside_a_fire },
	{ "a sink that owns the object", sink_with_the_last_reference },
	{ "aggregated", aggregated },
	{ "many threads", many_threads },
};

int
main(void)
{
	return suite_run("connection points", tests, sizeof tests / sizeof tests[0]);
}
