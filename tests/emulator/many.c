/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many readers, and equal ones: 256 in one process, arrivals reported twice, several interfaces and
 * slots of one device, devices that are no readers.
 */
#define COBJMACROS
#include <string.h>

#include <objbase.h>

#include "tests/emulator/session.h"

#define READERS 256u

static struct session s;
static struct emu_reader *readers[READERS];

static void
exchange(ISCardReader *reader)
{
	s.reader = reader;
	SUITE_EQUAL_HEX(session_connect(&s), S_OK);
	session_check_works(&s);
}

static void
plug_all(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);

	for (unsigned i = 0; i < READERS; i++) {
		readers[i] = emu_reader_new(&params);
		emu_reader_insert(
		    readers[i], 0, 0, emu_card_t1(SESSION_ATR_T1_FAST, emu_application_echo()));
		emu_reader_plug(readers[i], 1 + i / 100, 1 + i % 100);
	}
}

/* All are there when Start returns, each with its card, and no two have one name. */
static void
all_at_once(void)
{
	static CHAR names[READERS][SCARDREADER_NAME_SIZE];
	unsigned arrived = 0, same = 0;

	plug_all();
	session_start_driver(&s, NULL, NULL);
	CU_ASSERT(sink_wait(s.sink, 2 * (size_t)READERS));
	for (size_t i = 0; i < sink_count(s.sink); i++) {
		SCARDREADER_INFO info = { .cbSize = sizeof info };
		ISCardReader *reader;

		if (sink_event(s.sink, i, &reader) != SINK_ARRIVED)
			continue;
		ISCardReader_GetInfo(reader, &info);
		for (unsigned j = 0; j < arrived; j++)
			same += strcmp(names[j], info.Name) == 0;
		if (arrived < READERS)
			memcpy(names[arrived++], info.Name, sizeof info.Name);
		exchange(reader);
	}
	SUITE_EQUAL_INT(arrived, READERS);
	SUITE_EQUAL_INT(same, 0);
	for (unsigned i = 0; i < READERS; i++)
		emu_reader_free(readers[i]);
	CU_ASSERT(sink_wait(s.sink, 3 * (size_t)READERS));
	s.emulated = NULL;
	session_stop(&s);
}

/* What udev and libusb say twice is one reader, and goes once. */
static void
twice(void)
{
	const struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_TPDU);
	const struct usbfs_place place = { .bus = 1, .address = 2 };
	struct emu_reader *emulated = emu_reader_new(&params), *last = emu_reader_new(&params);

	session_start_driver(&s, emulated, NULL);
	usbfs_plug(emu_reader_usb(emulated), &place, 2);
	CU_ASSERT(sink_wait(s.sink, 1));
	usbfs_announce(emu_reader_usb(emulated));
	emu_reader_plug(last, 1, 3);
	CU_ASSERT(sink_wait(s.sink, 2));
	SUITE_EQUAL_INT(sink_event(s.sink, 1, NULL), SINK_ARRIVED);
	emu_reader_unplug(last);
	CU_ASSERT(sink_wait(s.sink, 3));
	emu_reader_unplug(emulated);
	CU_ASSERT(sink_wait(s.sink, 4));
	SUITE_EQUAL_INT(sink_event(s.sink, 3, NULL), SINK_GONE);
	SUITE_EQUAL_INT(sink_count(s.sink), 4);
	session_stop(&s);
	emu_reader_free(last);
}

/* Two interfaces, one of them with two slots: three readers of one device. */
static void
interfaces_and_slots(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	struct emu_reader *emulated;
	SCARDREADER_INFO info[3];
	ISCardReader *reader;

	params.functions = 2;
	params.function[1].ccid.max_slot_index = 1;
	emulated = emu_reader_new(&params);
	for (unsigned i = 0; i < 2; i++)
		emu_reader_insert(
		    emulated, i, i, emu_card_t1(SESSION_ATR_T1, emu_application_echo()));
	emu_reader_plug(emulated, 1, 2);
	session_start_driver(&s, emulated, NULL);
	CU_ASSERT(sink_wait(s.sink, 5));
	for (size_t i = 0, seen = 0; i < 5 && seen < 3; i++) {
		if (sink_event(s.sink, i, &reader) != SINK_ARRIVED)
			continue;
		info[seen].cbSize = sizeof info[seen];
		SUITE_EQUAL_HEX(ISCardReader_GetInfo(reader, &info[seen]), S_OK);
		for (size_t j = 0; j < seen; j++) {
			CU_ASSERT(strcmp(info[j].Name, info[seen].Name) != 0);
			CU_ASSERT(strcmp(info[j].DeviceId, info[seen].DeviceId) != 0);
		}
		seen++;
	}
	/* Those with a card work; the empty slot says what it is. */
	for (size_t i = 0; i < 5; i++)
		if (sink_event(s.sink, i, &reader) == SINK_INSERTED)
			exchange(reader);
	session_stop(&s);
}

static void
no_readers(void)
{
	struct emu_reader_params params = emu_reader_defaults(EMU_LEVEL_EXTENDED);
	struct emu_reader *storage, *vendor;

	params.function[0].class_code = 0x08;
	storage = emu_reader_new(&params);
	params.function[0].class_code = 0xFF;
	vendor = emu_reader_new(&params);
	emu_reader_plug(storage, 1, 2);
	emu_reader_plug(vendor, 1, 3);
	session_start_driver(&s, storage, NULL);
	SUITE_EQUAL_INT(sink_count(s.sink), 0);
	SUITE_EQUAL_INT(emu_reader_messages(storage), 0);
	SUITE_EQUAL_INT(emu_reader_messages(vendor), 0);
	session_stop(&s);
	emu_reader_free(vendor);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "256 readers in one process", all_at_once },
		{ "an arrival that is reported twice", twice },
		{ "interfaces and slots of one device", interfaces_and_slots },
		{ "devices that are no readers", no_readers },
	};
	int failed;

	CoInitializeEx(NULL, COINIT_MULTITHREADED);
	failed = suite_run("ccid many", tests, sizeof tests / sizeof tests[0]);
	CoUninitialize();
	return failed;
}
