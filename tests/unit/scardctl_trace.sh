#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
#
# scardctl trace beside scardd: lines, JSON, and capture files, whose structure is checked here. That
# Wireshark dissects them is seen where there is a tshark.
set -u

scardctl=$TESSERA_BUILD/bin/scardctl
number=0 failed=0
TESSERA_LOG=error
export TESSERA_LOG scardctl

# check NAME COMMAND...: the command must succeed.
check() {
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $number - scardctl trace: $name"
	else
		echo "not ok $number - scardctl trace: $name"
		sed 's/^/#   /' out err
		failed=1
	fi
}

# traced COUNT OPTION...: COUNT things are traced while a PIN and some commands go to a soft card.
# What the trace prints first says that it has begun; a pipe waits for it.
cat >work.sh <<'END'
count=$1
shift
mkfifo pipe
"$scardctl" trace --count "$count" "$@" >pipe 2>err &
trace=$!
exec 3<pipe
IFS= read -r first <&3
printf '%s\n' "$first" >first
cat <&3 >out &
cat=$!
"$scardctl" apdu 00A4000C023F00 002000810831323334353637FF 0084000004 >/dev/null
wait "$trace"
status=$?
wait "$cat"
rm pipe
exit "$status"
END
traced() {
	"$scardctl" sim -- sh ./work.sh "$@"
}

lines() {
	traced 6 && [ ! -s err ] && grep -q '^[0-9][0-9]:[0-9:.]* tracing Tessera Soft Card$' first &&
	    sed 's/^[0-9:.]* //; s/\[[0-9]*\]/[N]/; s/([0-9]* us)/(N us)/; s/< [0-9A-F]\{8\}9000/< R9000/' out >plain &&
	    printf '%s\n' 'scardctl[N] protocol, T=1' 'scardctl[N] connect, shared, T=1' \
		'scardctl[N] > 00A4000C023F00' 'scardctl[N] < 9000 success (N us)' \
		'scardctl[N] > 0020008108 (8 hidden)' 'scardctl[N] < 6A88 reference data not found (N us)' \
		'scardctl[N] > 0084000004' 'scardctl[N] < R9000 success (N us)' \
		'scardctl[N] disconnect, leave the card' | diff - plain
}
check "lines" lines

json() {
	traced 6 --json && python3 -c '
import json
first = json.loads(open("first").read())
assert first["what"] == "tracing" and first["reader"] == "Tessera Soft Card"
rows = [json.loads(line) for line in open("out")]
assert [row["what"] for row in rows] == ["protocol", "connect", "transmit", "transmit", "transmit", "disconnect"]
assert rows[3]["command"] == "0020008108" and rows[3]["command_length"] == 13
assert rows[3]["reply"] == "6A88" and rows[3]["reply_length"] == 2 and rows[3]["lost"] == 0
assert all(row["program"] == "scardctl" and row["result"] == 0 for row in rows)
' && ! grep -q 3132333435363738 out
}
check "--json" json

# The blocks of the file, as its standard has them; what is in the packets.
capture() {
	traced 6 -w trace.pcapng && [ "$(stat -c %a trace.pcapng)" = 600 ] && ! grep -q 1234567 trace.pcapng && python3 -c '
import struct
data = open("trace.pcapng", "rb").read()
blocks, at = [], 0
while at < len(data):
    kind, length = struct.unpack_from("<II", data, at)
    assert length % 4 == 0 and length >= 12 and at + length <= len(data)
    assert struct.unpack_from("<I", data, at + length - 4)[0] == length
    blocks.append((kind, data[at + 8:at + length - 4]))
    at += length
def options(body):
    found = {}
    while body:
        code, length = struct.unpack_from("<HH", body)
        if code == 0:
            assert length == 0 and len(body) == 4
            return found
        found[code] = body[4:4 + length]
        body = body[4 + (length + 3) // 4 * 4:]
    assert False
kind, body = blocks[0]
assert kind == 0x0A0D0D0A and struct.unpack_from("<IHHq", body) == (0x1A2B3C4D, 1, 0, -1)
assert options(body[16:])[4] == b"scardctl"
kind, body = blocks[1]
assert kind == 1 and struct.unpack_from("<HHI", body) == (252, 0, 0)
assert options(body[8:]) == {2: b"Tessera Soft Card", 9: b"\x09"}
packets, before = [], 0
for kind, body in blocks[2:]:
    interface, high, low, captured, original = struct.unpack_from("<IIIII", body)
    assert kind == 6 and interface == 0 and captured == original
    pdu, opts, tags = body[20:20 + captured], options(body[20 + (captured + 3) // 4 * 4:]), {}
    while True:
        tag, length = struct.unpack_from(">HH", pdu)
        value, pdu = pdu[4:4 + length], pdu[4 + length:]
        if tag == 0:
            assert length == 0
            break
        tags[tag] = value
    packets.append((tags, pdu, opts))
    assert 1577836800 < (high << 32 | low) / 1e9 < 7258118400
assert len(packets) == 9
def packet(index):
    tags, pdu, opts = packets[index]
    return tags[12].rstrip(b"\0"), tags.get(35), pdu, struct.unpack("<I", opts[2])[0] if 2 in opts else None
assert packet(1)[0] == b"data" and packet(1)[2] == b"" and b"connect, shared, T=1" in packets[1][0][36]
assert packet(2) == (b"iso7816", b"\0\0\0\0", bytes.fromhex("00A4000C023F00"), 2)
assert packet(3) == (b"iso7816", b"\0\0\0\1", bytes.fromhex("9000"), 1)
assert packet(4) == (b"iso7816", b"\0\0\0\0", bytes.fromhex("0020008108") + bytes(8), 2)
assert b"8 bytes of the command hidden" in packets[4][2][1]
assert packet(7)[2][-2:] == b"\x90\x00" and len(packet(7)[2]) == 6
'
}
check "a capture file" capture

dissected() {
	tshark -r trace.pcapng >out 2>err && grep -q 'Select file' out && grep -q 'Response APDU (to Verify)' out
}
# Wireshark is too large to be had for this alone.
if command -v tshark >/dev/null; then
	check "Wireshark dissects it" dissected
fi

# A card that comes and goes in a virtual reader, whose manager then ends.
cat >move.sh <<'END'
mkfifo pipe
"$scardctl" trace >pipe 2>err &
trace=$!
exec 3<pipe
IFS= read -r first <&3
"$TESSERA_BUILD/tests/scardctl_card" "unix:$PWD/vpcd.sock" <held &
card=$!
exec 4>held
while IFS= read -r line <&3; do
	printf '%s\n' "$line" >>lines
	case $line in
	*power*) exec 4>&- ;;
	*removed*) break ;;
	esac
done
wait "$card"
kill "$trace"
rm pipe
END
moves() {
	rm -f lines held
	mkfifo held && "$scardctl" sim --driver "vpcd=unix:$PWD/vpcd.sock" -- sh ./move.sh &&
	    sed 's/^[0-9:.]* //; s/, 3B[0-9A-F]*$/, ATR/' lines >out &&
	    printf '%s\n' card-inserted 'power, cold reset, ATR' card-removed | diff - out
}
check "cards that come and go" moves

wrong() {
	: >out
	TESSERA_RM=embedded:softcard "$scardctl" trace 2>err
	[ $? -eq 1 ] && grep -q 'within the process' err || return 1
	"$scardctl" sim -- "$scardctl" trace none 2>err
	[ $? -eq 1 ] && grep -q 'no reader has "none" in its name' err || return 1
	"$scardctl" sim -- "$scardctl" trace -w no/such/folder/file 2>err
	[ $? -eq 1 ] && grep -q '^scardctl: no/such/folder/file: No such file' err || return 1
	"$scardctl" list -w file 2>err
	[ $? -eq 2 ] && grep -q 'list has no option --write' err
}
check "what cannot be" wrong

echo "1..$number"
exit $failed
