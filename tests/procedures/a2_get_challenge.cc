/* SPDX-License-Identifier: BSD-2-Clause */
/* The documentation's GET CHALLENGE example in C++, where interfaces are abstract classes. */
#include <cstdio>
#include <cstdlib>
#include <windows.h>

#include <scardssp.h>

static void
must(bool condition, const char *text)
{
	if (!condition) {
		std::fprintf(stderr, "a2_get_challenge.cc: %s\n", text);
		std::exit(1);
	}
}
#define MUST(condition) must((condition), #condition)

int
main()
{
	BSTR reader = SysAllocString(OLESTR("Tessera Soft Card"));
	ISCardISO7816 *iso = nullptr;
	ISCardCmd *cmd = nullptr;
	IByteBuffer *reply = nullptr;
	ISCard *card = nullptr;
	BYTE bytes[16];
	LONG length = 0, read = 0;
	WORD status = 0;

	MUST(CoInitialize(nullptr) == S_OK);
	MUST(CoCreateInstance(CLSID_CSCardISO7816, nullptr, CLSCTX_ALL, IID_ISCardISO7816,
		 reinterpret_cast<void **>(&iso)) == S_OK);
	MUST(CoCreateInstance(CLSID_CSCard, nullptr, CLSCTX_ALL, IID_ISCard,
		 reinterpret_cast<void **>(&card)) == S_OK);
	MUST(iso->GetChallenge(8, &cmd) == S_OK);
	MUST(cmd != nullptr);
	MUST(card->AttachByReader(reader, SHARED, T0) == S_OK);
	MUST(card->Transaction(&cmd) == S_OK);
	MUST(cmd->get_ReplyStatus(&status) == S_OK && status == 0x9000);
	MUST(cmd->get_ApduReplyLength(&length) == S_OK && length == 10);
	MUST(cmd->get_ApduReply(&reply) == S_OK);
	MUST(reply->Read(bytes, sizeof bytes, &read) == S_OK && read == 10);
	MUST(bytes[8] == 0x90 && bytes[9] == 0x00);
	MUST(card->Detach(LEAVE) == S_OK);

	MUST(reply->Release() == 0);
	MUST(cmd->Release() == 0);
	MUST(iso->Release() == 0);
	MUST(card->Release() == 0);
	SysFreeString(reader);
	CoUninitialize();
	return 0;
}
