/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver as an IFD handler under a manager's threads: waiting for cards, slots, the end. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/bundle.h"
#include "tests/suite.h"

#define LONG_MS 60000

static struct emu_reader *reader;

static struct emu_card *
card(void)
{
	return emu_card_t1(BUNDLE_ATR_T1, emu_application_echo());
}

static void
start(const struct emu_reader_params *params)
{
	reader = emu_reader_new(params);
	emu_reader_plug(reader, 1, 2);
	SUITE_EQUAL_INT(bundle_open(0, BUNDLE_DEVICE), IFD_SUCCESS);
}

static void
start_usual(uint32_t level)
{
	struct emu_reader_params params = emu_reader_defaults(level);

	start(&params);
}

static void
end(void)
{
	SUITE_EQUAL_INT(ifd.CloseChannel(0), IFD_SUCCESS);
	emu_reader_free(reader);
}

/* A call in a thread of its own. */
struct caller {
	pthread_t thread;
	DWORD lun;
	RESPONSECODE (*call)(DWORD lun);
	RESPONSECODE code;
};

static void *
run(void *data)
{
	struct caller *caller = data;

	caller->code = caller->call(caller->lun);
	return NULL;
}

static void
begin(struct caller *caller, RESPONSECODE (*call)(DWORD lun), DWORD lun)
{
	caller->call = call;
	caller->lun = lun;
	SUITE_EQUAL_INT(pthread_create(&caller->thread, NULL, run, caller), 0);
}

static RESPONSECODE
finish(struct caller *caller)
{
	SUITE_EQUAL_INT(pthread_join(caller->thread, NULL), 0);
	return caller->code;
}

static RESPONSECODE
wait_long(DWORD lun)
{
	return ifd.poll(lun, LONG_MS);
}

/* Until there is nothing to be told. */
static void
drain(DWORD lun)
{
	(void)ifd.stop(lun);
	SUITE_EQUAL_INT(ifd.poll(lun, LONG_MS), IFD_SUCCESS);
}

static RESPONSECODE
connect_and_echo(DWORD lun)
{
	RESPONSECODE code = bundle_power(lun, IFD_POWER_UP, 2);

	for (unsigned i = 0; i < 20 && code == IFD_SUCCESS; i++)
		code = bundle_echo(lun, 1);
	return code;
}

static RESPONSECODE
echo_t1(DWORD lun)
{
	return bundle_echo(lun, 1);
}

static void
tells_of_cards(void)
{
	struct caller waiter;

	start_usual(EMU_LEVEL_EXTENDED);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_NOT_PRESENT);
	drain(0);
	begin(&waiter, wait_long, 0);
	emu_reader_insert(reader, 0, 0, card());
	SUITE_EQUAL_INT(finish(&waiter), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_PRESENT);
	begin(&waiter, wait_long, 0);
	emu_reader_remove(reader, 0, 0);
	SUITE_EQUAL_INT(finish(&waiter), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_NOT_PRESENT);
	/* What happened before the wait ends it. */
	emu_reader_insert(reader, 0, 0, card());
	SUITE_EQUAL_INT(ifd.poll(0, LONG_MS), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_PRESENT);
	SUITE_EQUAL_INT(ifd.poll(0, 1), IFD_SUCCESS);
	end();
}

static void
can_be_stopped(void)
{
	struct caller waiter;

	start_usual(EMU_LEVEL_EXTENDED);
	drain(0);
	begin(&waiter, wait_long, 0);
	SUITE_EQUAL_INT(ifd.stop(0), IFD_SUCCESS);
	SUITE_EQUAL_INT(finish(&waiter), IFD_SUCCESS);
	/* The stop comes first. */
	SUITE_EQUAL_INT(ifd.stop(0), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.poll(0, 0), IFD_SUCCESS);
	begin(&waiter, wait_long, 0);
	end();
	CU_ASSERT_TRUE(finish(&waiter) == IFD_NO_SUCH_DEVICE || waiter.code == IFD_SUCCESS);
}

/* A card that was exchanged between two looks is not the one that was connected. */
static void
tells_of_an_exchange(void)
{
	start_usual(EMU_LEVEL_EXTENDED);
	emu_reader_insert(reader, 0, 0, card());
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_PRESENT);
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 2), IFD_SUCCESS);
	drain(0);
	emu_reader_swap(reader, 0, 0, card());
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_NOT_PRESENT);
	SUITE_EQUAL_INT(ifd.poll(0, LONG_MS), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_PRESENT);
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 2), IFD_SUCCESS);
	end();
}

static void
without_interrupts(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	DWORD length = sizeof(void *);
	UCHAR value[sizeof(void *)];

	params.function[0].no_interrupt = true;
	reader = emu_reader_new(&params);
	emu_reader_plug(reader, 1, 2);
	ifd.CreateChannel(0, 0);
	/* No function: the manager asks for presence itself. */
	SUITE_EQUAL_INT(ifd.GetCapabilities(0, TAG_IFD_POLLING_THREAD_WITH_TIMEOUT, &length, value),
	    IFD_SUCCESS);
	SUITE_EQUAL_INT(length, 0);
	emu_reader_insert(reader, 0, 0, card());
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_PRESENT);
	emu_reader_remove(reader, 0, 0);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_NOT_PRESENT);
	emu_reader_unplug(reader);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_NO_SUCH_DEVICE);
	end();
}

/* Slots of one reader: opened by separate calls, one device behind them. */
static void
several_slots(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct caller waiters[2];

	params.function[0].ccid.max_slot_index = 2;
	start(&params);
	SUITE_EQUAL_INT(bundle_byte(0, TAG_IFD_SLOTS_NUMBER), 3);
	SUITE_EQUAL_INT(bundle_open(1, BUNDLE_DEVICE), IFD_SUCCESS);
	SUITE_EQUAL_INT(bundle_open(2, BUNDLE_DEVICE), IFD_SUCCESS);
	SUITE_EQUAL_INT(bundle_open(3, BUNDLE_DEVICE), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(bundle_open(0xFFFF, BUNDLE_DEVICE), IFD_NO_SUCH_DEVICE);
	for (DWORD lun = 0; lun < 3; lun++)
		drain(lun);
	/* Each slot has its own waiter, and wakes no other. */
	begin(&waiters[0], wait_long, 1);
	begin(&waiters[1], wait_long, 2);
	emu_reader_insert(reader, 0, 1, card());
	SUITE_EQUAL_INT(finish(&waiters[0]), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_NOT_PRESENT);
	SUITE_EQUAL_INT(ifd.ICCPresence(1), IFD_ICC_PRESENT);
	emu_reader_insert(reader, 0, 2, card());
	SUITE_EQUAL_INT(finish(&waiters[1]), IFD_SUCCESS);
	begin(&waiters[0], connect_and_echo, 1);
	begin(&waiters[1], connect_and_echo, 2);
	SUITE_EQUAL_INT(finish(&waiters[0]), IFD_SUCCESS);
	SUITE_EQUAL_INT(finish(&waiters[1]), IFD_SUCCESS);
	/* One is closed: its card is powered off, its neighbour goes on. */
	SUITE_EQUAL_INT(ifd.CloseChannel(1), IFD_SUCCESS);
	CU_ASSERT_FALSE(emu_reader_is_powered(reader, 0, 1));
	SUITE_EQUAL_INT(ifd.ICCPresence(1), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(bundle_echo(2, 1), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.CloseChannel(0), IFD_SUCCESS);
	SUITE_EQUAL_INT(bundle_open(1, BUNDLE_DEVICE), IFD_SUCCESS);
	SUITE_EQUAL_INT(bundle_echo(2, 1), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.CloseChannel(2), IFD_SUCCESS);
	CU_ASSERT_FALSE(emu_reader_is_powered(reader, 0, 2));
	SUITE_EQUAL_INT(ifd.CloseChannel(1), IFD_SUCCESS);
	emu_reader_free(reader);
}

/* Interfaces of one device, and another device of the same model: readers of their own. */
static void
several_interfaces(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	struct emu_reader *other = emu_reader_new(&params);
	struct caller users[3];

	params.functions = 2;
	params.function[1] = params.function[0];
	reader = emu_reader_new(&params);
	emu_reader_plug(reader, 1, 2);
	emu_reader_plug(other, 1, 3);
	for (unsigned i = 0; i < 2; i++)
		emu_reader_insert(reader, i, 0, card());
	emu_reader_insert(other, 0, 0, card());
	SUITE_EQUAL_INT(bundle_open(0x00000, BUNDLE_MODEL ":libusb-1.0:1:2:0"), IFD_SUCCESS);
	SUITE_EQUAL_INT(bundle_open(0x10000, BUNDLE_MODEL ":libusb-1.0:1:2:1"), IFD_SUCCESS);
	SUITE_EQUAL_INT(bundle_open(0x20000, BUNDLE_MODEL ":libusb-1.0:1:2:2"), IFD_NO_SUCH_DEVICE);
	/* Without an address: the one that is left. */
	SUITE_EQUAL_INT(bundle_open(0x20000, BUNDLE_MODEL), IFD_SUCCESS);
	for (unsigned i = 0; i < 3; i++)
		begin(&users[i], connect_and_echo, i << 16);
	for (unsigned i = 0; i < 3; i++)
		SUITE_EQUAL_INT(finish(&users[i]), IFD_SUCCESS);
	CU_ASSERT_TRUE(emu_reader_is_powered(other, 0, 0));
	for (unsigned i = 0; i < 3; i++)
		SUITE_EQUAL_INT(ifd.CloseChannel(i << 16), IFD_SUCCESS);
	emu_reader_free(other);
	emu_reader_free(reader);
}

/* R86. */
static void
one_at_a_time(void)
{
	struct caller users[2];

	start_usual(EMU_LEVEL_TPDU);
	emu_reader_insert(reader, 0, 0, card());
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 2), IFD_SUCCESS);
	for (unsigned i = 0; i < 2; i++)
		begin(&users[i], echo_t1, 0);
	for (unsigned i = 0; i < 20; i++)
		SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_PRESENT);
	for (unsigned i = 0; i < 2; i++)
		SUITE_EQUAL_INT(finish(&users[i]), IFD_SUCCESS);
	end();
}

static void
closes_under_an_exchange(void)
{
	static const struct emu_fault late[] = { { 0, EMU_XFR_BLOCK, EMU_LATE, 0, NULL } };
	struct caller user, waiter;

	start_usual(EMU_LEVEL_EXTENDED);
	emu_reader_insert(reader, 0, 0, card());
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 2), IFD_SUCCESS);
	drain(0);
	emu_reader_faults(reader, late, 1);
	begin(&user, echo_t1, 0);
	begin(&waiter, wait_long, 0);
	CU_ASSERT_TRUE(emu_reader_wait_late(reader, 1));
	end();
	SUITE_EQUAL_INT(finish(&user), IFD_COMMUNICATION_ERROR);
	CU_ASSERT_TRUE(finish(&waiter) == IFD_NO_SUCH_DEVICE || waiter.code == IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.CloseChannel(0), IFD_COMMUNICATION_ERROR);
}

/* The manager heard of it first. */
static void
removed_by_word(void)
{
	UCHAR removed = 1, none = 0;
	struct caller waiter;
	size_t before;

	start_usual(EMU_LEVEL_EXTENDED);
	emu_reader_insert(reader, 0, 0, card());
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 2), IFD_SUCCESS);
	drain(0);
	SUITE_EQUAL_INT(
	    ifd.SetCapabilities(0, TAG_IFD_DEVICE_REMOVED, 1, &none), IFD_ERROR_SET_FAILURE);
	SUITE_EQUAL_INT(
	    ifd.SetCapabilities(0, TAG_IFD_DEVICE_REMOVED, 8, &removed), IFD_ERROR_SET_FAILURE);
	SUITE_EQUAL_INT(
	    ifd.SetCapabilities(0, TAG_IFD_DEVICE_REMOVED, 1, NULL), IFD_ERROR_SET_FAILURE);
	SUITE_EQUAL_INT(bundle_echo(0, 1), IFD_SUCCESS);
	begin(&waiter, wait_long, 0);
	SUITE_EQUAL_INT(ifd.SetCapabilities(0, TAG_IFD_DEVICE_REMOVED, 1, &removed), IFD_SUCCESS);
	SUITE_EQUAL_INT(finish(&waiter), IFD_NO_SUCH_DEVICE);
	before = emu_reader_messages(reader);
	SUITE_EQUAL_INT(bundle_echo(0, 1), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 2), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(ifd.SetProtocolParameters(0, 2, 0, 0, 0, 0), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(ifd.poll(0, LONG_MS), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(emu_reader_messages(reader), before);
	end();
}

/* Nobody says so: the thread that waits finds out, and so does an exchange. */
static void
unplugged(void)
{
	static const struct emu_fault late[] = { { 0, EMU_XFR_BLOCK, EMU_LATE, 0, NULL } };
	struct caller user, waiter;

	start_usual(EMU_LEVEL_EXTENDED);
	drain(0);
	begin(&waiter, wait_long, 0);
	emu_reader_unplug(reader);
	SUITE_EQUAL_INT(finish(&waiter), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_NO_SUCH_DEVICE);
	end();

	start_usual(EMU_LEVEL_EXTENDED);
	emu_reader_insert(reader, 0, 0, card());
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 2), IFD_SUCCESS);
	emu_reader_faults(reader, late, 1);
	begin(&user, echo_t1, 0);
	CU_ASSERT_TRUE(emu_reader_wait_late(reader, 1));
	emu_reader_unplug(reader);
	SUITE_EQUAL_INT(finish(&user), IFD_NO_SUCH_DEVICE);
	/* Plugged in again, the old channel stays what it is; a new one opens the new device. */
	emu_reader_free(reader);
	reader = NULL;
	{
		struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);

		reader = emu_reader_new(&params);
		emu_reader_plug(reader, 1, 2);
	}
	SUITE_EQUAL_INT(bundle_open(0x10000, BUNDLE_DEVICE), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(ifd.ICCPresence(0x10000), IFD_ICC_NOT_PRESENT);
	SUITE_EQUAL_INT(ifd.CloseChannel(0x10000), IFD_SUCCESS);
	end();
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "tells of cards", tells_of_cards },
		{ "a wait can be stopped before and after it begins", can_be_stopped },
		{ "a card exchanged for another was away once", tells_of_an_exchange },
		{ "a reader without interrupt endpoint is asked", without_interrupts },
		{ "several slots", several_slots },
		{ "several interfaces and devices", several_interfaces },
		{ "R86: one at a time", one_at_a_time },
		{ "a channel is closed under an exchange", closes_under_an_exchange },
		{ "the manager says that it was unplugged", removed_by_word },
		{ "a transfer says that it was unplugged", unplugged },
	};

	bundle_load();
	return suite_run("ccid_bundle_watch", tests, sizeof tests / sizeof tests[0]);
}
