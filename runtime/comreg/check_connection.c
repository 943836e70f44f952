/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connection points. A sink that leaves while it is called needs an event, which the kit cannot
 * bring about; the class's own tests have to.
 */
#include <tessera_com.h>

#include "runtime/comreg/check_known.h"
#include "runtime/comreg/check_sink.h"
#include "runtime/comreg/check_slots.h"
#include "runtime/comreg/check_trial.h"

struct connection {
	struct slots_container *container;
	struct slots_point *point;
	const struct slots_point_table *table;
	IID iid; /* of its sinks */
};

static struct slots_container *
get_container(struct trial *trial)
{
	return trial_interface(trial, &check_iid_connection_point_container);
}

/* The first point; false after trial_skip. */
static bool
begin(struct trial *trial, struct connection *ret_connection)
{
	struct slots_container *container = get_container(trial);
	struct slots_enumerator *enumerator = NULL;
	void *point = NULL;
	ULONG fetched = 0;

	if (container == NULL)
		return false;
	if (FAILED(container->table->enum_points(container, (void **)&enumerator)) ||
	    enumerator == NULL) {
		trial_skip(trial, "EnumConnectionPoints gives nothing");
		return false;
	}
	(void)enumerator->table->next(enumerator, 1, &point, &fetched);
	enumerator->table->unknown.Release((IUnknown *)(void *)enumerator);
	if (fetched != 1 || point == NULL) {
		trial_skip(trial, "the object has no connection point");
		return false;
	}
	*ret_connection = (struct connection){ .container = container, .point = point };
	ret_connection->table = ret_connection->point->table;
	(void)ret_connection->table->get_interface(point, &ret_connection->iid);
	return true;
}

static void
run_find(struct trial *trial)
{
	struct slots_container *container = get_container(trial);
	IID random = trial_random_iid();
	void *point = NULL;
	HRESULT hr;

	if (container == NULL)
		return;
	hr = container->table->find_point(container, &random, &point);
	if (hr != CONNECT_E_NOCONNECTION)
		trial_fail(trial,
		    "FindConnectionPoint of a foreign IID gives %s, not "
		    "CONNECT_E_NOCONNECTION",
		    tessera_hresult_name(hr));
}

static void
run_points(struct trial *trial)
{
	struct connection connection;
	void *found = NULL, *container = NULL;
	HRESULT hr;

	if (!begin(trial, &connection))
		return;
	hr = connection.container->table->find_point(connection.container, &connection.iid, &found);
	if (FAILED(hr) || found == NULL)
		trial_fail(trial, "FindConnectionPoint does not find %s, which was enumerated: %s",
		    trial_iid_name(trial, &connection.iid), tessera_hresult_name(hr));
	hr = connection.table->get_container(connection.point, &container);
	if (FAILED(hr) || container == NULL)
		trial_fail(trial, "GetConnectionPointContainer gives %s", tessera_hresult_name(hr));
}

static void
run_balance(struct trial *trial)
{
	struct connection connection;
	struct check_sink sink;
	DWORD cookie = 0;
	HRESULT hr;

	if (!begin(trial, &connection))
		return;
	check_sink_init(&sink, &connection.iid);
	hr = connection.table->advise(connection.point, &sink.unknown, &cookie);
	if (FAILED(hr)) {
		trial_fail(trial, "Advise gives %s", tessera_hresult_name(hr));
		return;
	}
	if (cookie == 0)
		trial_fail(trial, "Advise gives the cookie 0");
	if (sink.references < 2)
		trial_fail(trial, "Advise takes no reference to the sink");
	hr = connection.table->unadvise(connection.point, cookie);
	if (FAILED(hr))
		trial_fail(trial, "Unadvise gives %s", tessera_hresult_name(hr));
	if (sink.references != 1)
		trial_fail(trial, "after Unadvise %u references to the sink are left",
		    sink.references - 1);
}

static void
run_wrong_sink(struct trial *trial)
{
	struct connection connection;
	struct check_sink sink;
	DWORD cookie = 0;
	HRESULT hr;

	if (!begin(trial, &connection))
		return;
	check_sink_init(&sink, &IID_IUnknown);
	hr = connection.table->advise(connection.point, &sink.unknown, &cookie);
	if (hr != CONNECT_E_CANNOTCONNECT)
		trial_fail(trial,
		    "Advise of a sink without the interface gives %s, not "
		    "CONNECT_E_CANNOTCONNECT",
		    tessera_hresult_name(hr));
	else if (sink.references != 1)
		trial_fail(trial, "Advise refuses a sink and keeps %u references to it",
		    sink.references - 1);
}

static void
run_unadvise(struct trial *trial)
{
	struct connection connection;
	struct check_sink sink;
	DWORD cookie = 0;
	HRESULT hr;

	if (!begin(trial, &connection))
		return;
	check_sink_init(&sink, &connection.iid);
	if (FAILED(connection.table->advise(connection.point, &sink.unknown, &cookie)) ||
	    FAILED(connection.table->unadvise(connection.point, cookie))) {
		trial_skip(trial, "Advise and Unadvise do not work, see connection.balance");
		return;
	}
	trial_step(trial, "Unadvise a second time");
	hr = connection.table->unadvise(connection.point, cookie);
	if (hr != CONNECT_E_NOCONNECTION)
		trial_fail(trial, "Unadvise a second time gives %s, not CONNECT_E_NOCONNECTION",
		    tessera_hresult_name(hr));
}

static const struct check checks[] = {
	{ "connection.find", run_find, "a foreign IID gives CONNECT_E_NOCONNECTION",
	    "IConnectionPointContainer::FindConnectionPoint", CHECK_CLASS, 0 },
	{ "connection.points", run_points,
	    "a point that is enumerated is found by its IID and names its container",
	    "IConnectionPoint", CHECK_CLASS, 0 },
	{ "connection.balance", run_balance,
	    "Advise takes a reference and gives a cookie, Unadvise gives all back",
	    "IConnectionPoint::Advise", CHECK_CLASS, 0 },
	{ "connection.wrong-sink", run_wrong_sink,
	    "a sink without the interface gives CONNECT_E_CANNOTCONNECT",
	    "IConnectionPoint::Advise", CHECK_CLASS, 0 },
	{ "connection.unadvise", run_unadvise,
	    "a cookie given back gives CONNECT_E_NOCONNECTION; a sink that goes while it is told "
	    "cannot be tried from outside",
	    "IConnectionPoint::Unadvise", CHECK_CLASS, 0 },
};
const struct check_group check_connection =
    CHECK_GROUP_FOR(checks, &check_iid_connection_point_container);
