/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To perform a transaction: the procedure of the smart card SDK's documentation, as a program.
 *
 *	transaction [--wait SECONDS] [--pin PIN] [--pin-reference N] [--pad] [--leak] [READER]
 *
 * It creates a card connection, a command builder and a command by their class identifiers,
 *attaches to a reader, locks the card, sends a few ISO 7816-4 commands and shows each with its
 *reply. It needs nothing but the installed headers and `pkg-config tessera-com tessera-scard`.
 */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COBJMACROS
#include <oleauto.h>
#include <scardssp.h>
#include <tessera_com.h>
#include <tessera_scard.h>
#include <winscard.h>

#define PIN_MAX 16 /* digits; a padded PIN block has 8 bytes */
#define READER_MAX 128
#define SHOW_MAX 16   /* bytes of data shown on a line */
#define WAIT_MAX 3600 /* seconds */

static const BYTE file_master[] = { 0x3F, 0x00 };
static const BYTE file_application[] = { 0x50, 0x00 };
static const BYTE file_text[] = { 0x50, 0x01 };
static const char new_text[] = "Changed by the transaction demo";

struct demo {
	const char *pin;
	BYTE pin_reference;
	bool pad; /* PIN in a block of 8 bytes, filled with FF */
	bool leak;
	unsigned wait; /* seconds */
	ISCard *card;
	ISCardISO7816 *iso;
	ISCardCmd *cmd;
	int step;
};

/* Says what failed, with the text that the runtime or the component left, and returns failure. */
static bool
failed(const char *what, HRESULT hr)
{
	char *text = tessera_error_text();

	fprintf(
	    stderr, "transaction: %s: %s (0x%08X)\n", what, tessera_hresult_name(hr), (unsigned)hr);
	if (text != NULL)
		fprintf(stderr, "  %s\n", text);
	CoTaskMemFree(text);
	return false;
}

static bool
succeeded(const char *what, HRESULT hr)
{
	return SUCCEEDED(hr) ? true : failed(what, hr);
}

static const char *
instruction_name(BYTE ins)
{
	switch (ins) {
	case 0x20:
		return "VERIFY";
	case 0x84:
		return "GET CHALLENGE";
	case 0xA4:
		return "SELECT";
	case 0xB0:
		return "READ BINARY";
	case 0xD6:
		return "UPDATE BINARY";
	default:
		return "?";
	}
}

static const char *
status_name(WORD status, char *room, size_t size)
{
	static const struct {
		WORD status;
		const char *name;
	} names[] = {
		{ 0x9000, "success" },
		{ 0x6282, "the file ended before that many bytes" },
		{ 0x6700, "wrong length" },
		{ 0x6900, "refused: command not allowed" },
		{ 0x6982, "refused: security status not satisfied (verify the PIN first)" },
		{ 0x6983, "refused: PIN blocked" },
		{ 0x6985, "refused: conditions of use not satisfied" },
		{ 0x6986, "refused: no file selected" },
		{ 0x6A81, "refused: function not supported" },
		{ 0x6A82, "refused: file not found" },
		{ 0x6A86, "refused: wrong P1-P2" },
		{ 0x6A88, "refused: no such reference data" },
		{ 0x6D00, "refused: the card does not know this instruction" },
		{ 0x6E00, "refused: the card does not know this class" },
	};

	if ((status & 0xFFF0) == 0x63C0) {
		snprintf(room, size, "PIN: %d tries left", status & 0xF);
		return room;
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].status == status)
			return names[i].name;
	return (status & 0xFF00) == 0x6100 ? "more bytes are waiting" : "refused";
}

static void
print_bytes(const BYTE *bytes, LONG length, LONG most)
{
	for (LONG i = 0; i < length && i < most; i++)
		printf(" %02X", bytes[i]);
	if (length > most)
		printf(" ... (%d bytes)", length);
}

/* Data as text, where it is text with perhaps some filling behind it, and as bytes. */
static void
print_data(const BYTE *bytes, LONG length)
{
	LONG text = length;

	while (text > 0 && (bytes[text - 1] == 0x00 || bytes[text - 1] == 0xFF))
		text--;
	for (LONG i = 0; i < text; i++)
		if (bytes[i] < 0x20 || bytes[i] > 0x7E)
			text = 0;
	if (text > 3)
		printf(" \"%.*s\"", (int)text, (const char *)bytes);
	print_bytes(bytes, length, SHOW_MAX);
}

/* The bytes of a buffer, in memory the caller frees. */
static BYTE *
buffer_bytes(IByteBuffer *buffer, LONG *length)
{
	STATSTRUCT stat;
	BYTE *bytes;

	*length = 0;
	if (buffer == NULL || FAILED(IByteBuffer_Stat(buffer, &stat, STATFLAG_NONAME)))
		return NULL;
	if ((bytes = malloc((size_t)stat.cbSize + 1)) != NULL &&
	    FAILED(IByteBuffer_Read(buffer, bytes, stat.cbSize, length)))
		*length = 0;
	return bytes;
}

static void
show_command(struct demo *demo, const char *purpose)
{
	BYTE cla = 0, ins = 0, p1 = 0, p2 = 0, *data;
	IByteBuffer *buffer = NULL;
	LONG length, le = 0;

	ISCardCmd_get_ClassId(demo->cmd, &cla);
	ISCardCmd_get_InstructionId(demo->cmd, &ins);
	ISCardCmd_get_P1(demo->cmd, &p1);
	ISCardCmd_get_P2(demo->cmd, &p2);
	ISCardCmd_get_LeField(demo->cmd, &le);
	ISCardCmd_get_Data(demo->cmd, &buffer);
	data = buffer_bytes(buffer, &length);
	printf("%2d. %s\n    -> %-13s  CLA %02X  INS %02X  P1-P2 %02X %02X", ++demo->step, purpose,
	    instruction_name(ins), cla, ins, p1, p2);
	if (length > 0 && ins == 0x20)
		printf("  PIN (%d bytes, not shown)", length);
	else if (length > 0) {
		printf(length > SHOW_MAX ? "\n       data" : "  data");
		print_data(data, length);
	}
	if (le > 0)
		printf("  expects %s%d bytes", le == 256 ? "up to " : "", le);
	printf("\n");
	if (data != NULL)
		explicit_bzero(data, (size_t)length);
	free(data);
	if (buffer != NULL)
		IByteBuffer_Release(buffer);
}

static void
show_reply(struct demo *demo)
{
	IByteBuffer *buffer = NULL;
	WORD status = 0;
	char room[40];
	LONG length;
	BYTE *reply;

	ISCardCmd_get_ReplyStatus(demo->cmd, &status);
	ISCardCmd_get_ApduReply(demo->cmd, &buffer);
	reply = buffer_bytes(buffer, &length);
	printf("    <- %04X  %s", status, status_name(status, room, sizeof room));
	if (length > 2) {
		printf("\n       data");
		print_data(reply, length - 2);
	}
	printf("\n");
	free(reply);
	if (buffer != NULL)
		IByteBuffer_Release(buffer);
}

/* Sends the command that `built` made, and shows both. False when the transport failed. */
static bool
send_command(struct demo *demo, const char *purpose, HRESULT built, WORD *status)
{
	HRESULT hr;

	if (!succeeded(purpose, built))
		return false;
	show_command(demo, purpose);
	if (FAILED(hr = ISCard_Transaction(demo->card, &demo->cmd)))
		return failed("ISCard::Transaction", hr);
	show_reply(demo);
	ISCardCmd_get_ReplyStatus(demo->cmd, status);
	return true;
}

static IByteBuffer *
new_buffer(const void *bytes, size_t length)
{
	IByteBuffer *buffer = NULL;
	BYTE room[64];
	HRESULT hr;

	if (length > sizeof room)
		return NULL;
	memcpy(room, bytes, length);
	hr = CoCreateInstance(
	    &CLSID_CByteBuffer, NULL, CLSCTX_ALL, &IID_IByteBuffer, (void **)&buffer);
	if (SUCCEEDED(hr) && FAILED(hr = IByteBuffer_Initialize(buffer, (LONG)length, room))) {
		IByteBuffer_Release(buffer);
		buffer = NULL;
	}
	explicit_bzero(room, sizeof room);
	if (FAILED(hr))
		failed("a byte buffer (class CByteBuffer)", hr);
	return buffer;
}

static bool
select_file(struct demo *demo, const char *purpose, const BYTE id[2])
{
	IByteBuffer *data = new_buffer(id, 2);
	WORD status;
	bool ok;

	if (data == NULL)
		return false;
	ok = send_command(
	    demo, purpose, ISCardISO7816_SelectFile(demo->iso, 0, 0, data, 0, &demo->cmd), &status);
	IByteBuffer_Release(data);
	return ok;
}

static bool
verify(struct demo *demo, const char *purpose, const char *pin)
{
	BYTE block[PIN_MAX];
	size_t length = strlen(pin);
	IByteBuffer *data;
	WORD status;
	bool ok;

	memset(block, 0xFF, sizeof block);
	memcpy(block, pin, length);
	if (demo->pad && length < 8)
		length = 8;
	data = new_buffer(block, length);
	explicit_bzero(block, sizeof block);
	if (data == NULL)
		return false;
	ok = send_command(demo, purpose,
	    ISCardISO7816_Verify(demo->iso, demo->pin_reference, data, &demo->cmd), &status);
	IByteBuffer_Release(data);
	return ok;
}

/* A wrong PIN costs a try, so it is sent only to a card that says it has tries to spare. */
static bool
verify_wrong_then_right(struct demo *demo)
{
	char wrong[PIN_MAX + 1];
	WORD status;
	char *last;

	if (!send_command(demo, "Ask how many PIN tries are left",
		ISCardISO7816_Verify(demo->iso, demo->pin_reference, NULL, &demo->cmd), &status))
		return false;
	if ((status & 0xFFF0) == 0x63C0 && (status & 0xF) >= 2) {
		snprintf(wrong, sizeof wrong, "%s", demo->pin);
		last = &wrong[strlen(wrong) - 1];
		*last = *last == '0' ? '1' : '0';
		if (!verify(demo, "Show a wrong PIN", wrong))
			return false;
		explicit_bzero(wrong, sizeof wrong);
	} else {
		printf("    (no wrong PIN is tried: the card does not say that it has tries to "
		       "spare)\n");
	}
	return verify(demo, "Show the PIN", demo->pin);
}

static bool
talk(struct demo *demo)
{
	IByteBuffer *text;
	WORD status;
	bool ok;

	if (!select_file(demo, "Select the master file", file_master) ||
	    !select_file(demo, "Select the application's directory", file_application) ||
	    !select_file(demo, "Select the text file in it", file_text) ||
	    !send_command(demo, "Read it", ISCardISO7816_ReadBinary(demo->iso, 0, 0, 0, &demo->cmd),
		&status) ||
	    !verify_wrong_then_right(demo))
		return false;
	if ((text = new_buffer(new_text, sizeof new_text - 1)) == NULL)
		return false;
	ok = send_command(demo, "Write to it",
	    ISCardISO7816_UpdateBinary(demo->iso, 0, 0, text, &demo->cmd), &status);
	IByteBuffer_Release(text);
	return ok &&
	    send_command(demo, "Read it again",
		ISCardISO7816_ReadBinary(demo->iso, 0, 0, 0, &demo->cmd), &status) &&
	    send_command(demo, "Ask for random bytes",
		ISCardISO7816_GetChallenge(demo->iso, 8, &demo->cmd), &status);
}

static BSTR
text_to_bstr(const char *text)
{
	OLECHAR units[READER_MAX * 2];
	size_t left = strlen(text), used = 0, n;
	mbstate_t state = { 0 };

	while (used < READER_MAX * 2 - 1 &&
	    ((n = mbrtoc16(&units[used], text, left, &state)) == (size_t)-3 ||
		(n != 0 && n <= left))) {
		used++;
		if (n != (size_t)-3) {
			text += n;
			left -= n;
		}
	}
	return SysAllocStringLen(units, (UINT)used);
}

static bool
attach(struct demo *demo, const char *reader)
{
	BSTR name = text_to_bstr(reader);
	HRESULT hr;

	if (name == NULL)
		return failed("the reader's name", E_OUTOFMEMORY);
	hr = ISCard_AttachByReader(demo->card, name, SHARED, (SCARD_PROTOCOLS)(T0 | T1));
	SysFreeString(name);
	return succeeded("ISCard::AttachByReader", hr);
}

static bool
transaction(struct demo *demo, const char *reader)
{
	SCARD_PROTOCOLS protocol = T0;
	IByteBuffer *atr = NULL;
	LONG length;
	BYTE *bytes;
	bool ok;

	if (!succeeded("ISCard (class CSCard)",
		CoCreateInstance(
		    &CLSID_CSCard, NULL, CLSCTX_ALL, &IID_ISCard, (void **)&demo->card)) ||
	    !succeeded("ISCardISO7816 (class CSCardISO7816)",
		CoCreateInstance(&CLSID_CSCardISO7816, NULL, CLSCTX_ALL, &IID_ISCardISO7816,
		    (void **)&demo->iso)) ||
	    !succeeded("ISCardCmd (class CSCardCmd)",
		CoCreateInstance(
		    &CLSID_CSCardCmd, NULL, CLSCTX_ALL, &IID_ISCardCmd, (void **)&demo->cmd)) ||
	    !attach(demo, reader))
		return false;
	ISCard_get_Protocol(demo->card, &protocol);
	ISCard_get_Atr(demo->card, &atr);
	bytes = buffer_bytes(atr, &length);
	printf("Attached to '%s', protocol %s, ATR", reader,
	    protocol == T1       ? "T=1"
		: protocol == T0 ? "T=0"
				 : "raw");
	print_bytes(bytes, length, SCARD_ATR_LENGTH);
	printf("\n");
	free(bytes);
	if (atr != NULL)
		IByteBuffer_Release(atr);

	if (!succeeded("ISCard::LockSCard", ISCard_LockSCard(demo->card)))
		return false;
	printf("Locked: nobody else gets at the card now\n");
	ok = talk(demo);
	ok = succeeded("ISCard::UnlockSCard", ISCard_UnlockSCard(demo->card, LEAVE)) && ok;
	ok = succeeded("ISCard::Detach", ISCard_Detach(demo->card, LEAVE)) && ok;
	printf("Unlocked and detached\n");
	return ok;
}

/* Lists the readers; *reader stays, or becomes the first of them. The list is freed by the caller.
 */
static bool
choose_reader(SCARDCONTEXT context, const char **reader, char **list)
{
	DWORD length = SCARD_AUTOALLOCATE;
	LONG result = SCardListReadersA(context, NULL, (char *)list, &length);

	if (result != SCARD_S_SUCCESS) {
		fprintf(stderr, "transaction: SCardListReaders: %s\n  %s\n",
		    tessera_scard_error(result), tessera_scard_message());
		return false;
	}
	printf("Readers:\n");
	for (const char *name = *list; *name != '\0'; name += strlen(name) + 1)
		printf("    %s\n", name);
	if (*reader == NULL)
		*reader = *list;
	return true;
}

/* Waits for a card as an event; comes back at once when there is one. */
static bool
wait_for_card(SCARDCONTEXT context, const char *reader, unsigned seconds)
{
	SCARD_READERSTATEA state = { .szReader = reader };
	LONG result = SCardGetStatusChangeA(context, 0, &state, 1);

	if (seconds > 0 && result == SCARD_S_SUCCESS &&
	    (state.dwEventState & SCARD_STATE_PRESENT) == 0) {
		printf("Waiting for a card in '%s', at most %u s\n", reader, seconds);
		state.dwCurrentState = state.dwEventState;
		result = SCardGetStatusChangeA(context, seconds * 1000, &state, 1);
	}
	if (result == SCARD_S_SUCCESS)
		return true;
	fprintf(stderr, "transaction: SCardGetStatusChange: %s\n  %s\n",
	    tessera_scard_error(result), tessera_scard_message());
	return false;
}

static bool
run(struct demo *demo, const char *reader)
{
	SCARDCONTEXT context;
	char *list = NULL;
	LONG result;
	bool ok;

	if ((result = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context)) !=
	    SCARD_S_SUCCESS) {
		fprintf(stderr, "transaction: SCardEstablishContext: %s\n  %s\n",
		    tessera_scard_error(result), tessera_scard_message());
		return false;
	}
	ok = choose_reader(context, &reader, &list) && wait_for_card(context, reader, demo->wait) &&
	    transaction(demo, reader);
	if (demo->cmd != NULL && !demo->leak)
		ISCardCmd_Release(demo->cmd);
	if (demo->iso != NULL)
		ISCardISO7816_Release(demo->iso);
	if (demo->card != NULL)
		ISCard_Release(demo->card);
	SCardFreeMemory(context, list);
	SCardReleaseContext(context);
	return ok;
}

static void
print_class(const char *name, ULONG count, void *first)
{
	printf("%s%u %s", *(bool *)first ? " (" : ", ", count, name);
	*(bool *)first = false;
}

/* Counts first, so that the line comes out whole; names follow only when something is left. */
static ULONG
print_live(void)
{
	ULONG objects = tessera_live_objects(NULL, NULL);
	bool first = true;

	printf("Live objects: %u", objects);
	tessera_live_objects(print_class, &first);
	printf("%s; locks: %u\n", first ? "" : ")", tessera_live_locks());
	return objects;
}

static int
usage(FILE *to)
{
	fprintf(to,
	    "usage: transaction [OPTION]... [READER]\n"
	    "Performs a transaction with the card in READER (the first one when none is given).\n"
	    "  --wait SECONDS       wait so long for a card to be inserted (0)\n"
	    "  --pin PIN            the card holder's PIN, 4 to %d characters (1234)\n"
	    "  --pin-reference N    its reference number (1)\n"
	    "  --pad                send the PIN in a block of 8 bytes filled with FF\n"
	    "  --leak               forget to release one ISCardCmd, to see the last line tell it\n"
	    "TESSERA_RM=embedded:softcard needs no reader and no daemon.\n",
	    PIN_MAX);
	return to == stdout ? 0 : 2;
}

static bool
read_number(const char *text, unsigned most, unsigned *ret_number)
{
	char *end;
	unsigned long number = strtoul(text, &end, 0);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || number > most)
		return false;
	*ret_number = (unsigned)number;
	return true;
}

int
main(int argc, char **argv)
{
	struct demo demo = { .pin = "1234", .pin_reference = 1 };
	const char *reader = NULL;
	HRESULT hr;
	unsigned number;
	bool ok;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--pin") == 0 && i + 1 < argc)
			demo.pin = argv[++i];
		else if (strcmp(argv[i], "--pin-reference") == 0 && i + 1 < argc) {
			if (!read_number(argv[++i], 255, &number))
				return usage(stderr);
			demo.pin_reference = (BYTE)number;
		} else if (strcmp(argv[i], "--wait") == 0 && i + 1 < argc) {
			if (!read_number(argv[++i], WAIT_MAX, &demo.wait))
				return usage(stderr);
		} else if (strcmp(argv[i], "--pad") == 0)
			demo.pad = true;
		else if (strcmp(argv[i], "--leak") == 0)
			demo.leak = true;
		else if (strcmp(argv[i], "--help") == 0)
			return usage(stdout);
		else if (argv[i][0] == '-' || reader != NULL || strlen(argv[i]) >= READER_MAX)
			return usage(stderr);
		else
			reader = argv[i];
	}
	if (strlen(demo.pin) < 4 || strlen(demo.pin) > PIN_MAX)
		return usage(stderr);
	setlocale(LC_CTYPE, "C.UTF-8");
	setvbuf(stdout, NULL, _IOLBF, 0);

	if (FAILED(hr = CoInitializeEx(NULL, COINIT_MULTITHREADED))) {
		failed("CoInitializeEx", hr);
		return 1;
	}
	ok = run(&demo, reader);
	CoUninitialize();
	print_live();
	return ok ? 0 : 1;
}
