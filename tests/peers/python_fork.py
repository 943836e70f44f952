# SPDX-License-Identifier: BSD-2-Clause
"""A stranger's way to fork: Python's multiprocessing. Children never use their parent's channel.

Runs where TESSERA_RM names a daemon with a card: scardctl sim -- python3 python_fork.py LIBRARY
"""
import ctypes
import multiprocessing
import sys

SUCCESS = 0
SERVICE_STOPPED = 0x8010001E
SHARED, ANY = 2, 3
CHILDREN = 4

scard = ctypes.CDLL(sys.argv[1])
scard.tessera_scard_message.restype = ctypes.c_char_p
u32, handle = ctypes.c_uint32, ctypes.c_size_t
number = 0
failed = False


def check(name, good, detail=""):
    global number, failed
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - python: {name}")
    if not good:
        failed = True
        print(f"#   {detail}")


def code(result):
    return result & 0xFFFFFFFF


def establish():
    context = handle()
    result = scard.tessera_SCardEstablishContext(u32(0), None, None, ctypes.byref(context))
    return code(result), context


def first_reader(context):
    length = u32(256)
    names = ctypes.create_string_buffer(256)
    result = scard.SCardListReadersA(context, None, names, ctypes.byref(length))
    return code(result), names.value


def challenge(context, reader):
    """Eight random bytes of the card, or the code that stood in the way."""
    card, active = handle(), u32()
    result = code(scard.SCardConnectA(context, reader, u32(SHARED), u32(ANY), ctypes.byref(card),
                                      ctypes.byref(active)))
    if result != SUCCESS:
        return result, b""
    command = bytes([0x00, 0x84, 0x00, 0x00, 0x08])
    reply, length = ctypes.create_string_buffer(16), u32(16)
    result = code(scard.tessera_SCardTransmit(card, None, command, u32(len(command)), None, reply,
                                              ctypes.byref(length)))
    scard.tessera_SCardDisconnect(card, u32(0))
    return result, reply.raw[:length.value]


def child(inherited, reader):
    """What a forked child finds: its parent's context refused, one of its own working."""
    refused, _ = first_reader(handle(inherited))
    text = scard.tessera_scard_message()
    result, own = establish()
    if result == SUCCESS:
        result, answer = challenge(own, reader)
    else:
        answer = scard.tessera_scard_message()
    return refused, text, result, answer


def main():
    result, context = establish()
    check("the parent establishes a context", result == SUCCESS, hex(result))
    result, reader = first_reader(context)
    check("it lists its reader", result == SUCCESS and reader != b"", hex(result))
    with multiprocessing.get_context("fork").Pool(CHILDREN) as pool:
        found = pool.starmap(child, [(context.value, reader)] * CHILDREN)
    check("children are refused their parent's context", all(f[0] == SERVICE_STOPPED for f in found), found)
    check("with a text that says why", all(b"fork" in f[1] for f in found), found)
    check("their own contexts work", all(f[2] == SUCCESS and f[3][-2:] == b"\x90\x00" for f in found), found)
    check("each gets its own answer", len({f[3] for f in found}) == CHILDREN, found)
    result, answer = challenge(context, reader)
    check("the parent goes on as before", result == SUCCESS and answer[-2:] == b"\x90\x00", hex(result))
    print(f"1..{number}")
    return 1 if failed else 0


sys.exit(main())
