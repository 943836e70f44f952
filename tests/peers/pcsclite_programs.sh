#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# pcsc_scan, OpenSC's tools and pyscard, as Debian built them, on the drop-in: with a scardd and
# libcacard's card, and with the soft card in the program's own process.
set -u

database=$PWD/db
case ${1:-} in
"")
	"$TESSERA_SRC/tests/emulator/cac/make-database" db cert1 >setup.log 2>&1 || {
		echo "not ok 1 - pcsclite_programs: the card's database could not be made"
		sed 's/^/# /' setup.log
		exit 1
	}
	exec "$TESSERA_BUILD/tests/with_scardd" --driver "vpcd=unix:$PWD/card.sock" "$0" inside
	;;
esac

# The programs are built without sanitizers; a library that has one needs its run-time library first.
case ${SANITIZE:-} in
*address*)
	LD_PRELOAD=$("$CC" -print-file-name=libasan.so)
	export LD_PRELOAD ASAN_OPTIONS=detect_leaks=0
	;;
esac
LD_LIBRARY_PATH=$TESSERA_LIB/tessera/pcsclite
export LD_LIBRARY_PATH

# libcacard links pcsc-lite's library as well.
env -u LD_PRELOAD -u LD_LIBRARY_PATH "$TESSERA_BUILD/tests/cac_card" "unix:$PWD/card.sock" "$database" cert1 \
    </dev/null >card.log 2>&1 &
card=$!
"$TESSERA_SRC/tests/peers/pcsclite_session.sh" cac "$card" "$database"
kill "$card" 2>/dev/null
wait "$card"

number=0
failed=0
has() { # FILE TEXT NAME
	number=$((number + 1))
	if grep -qF -- "$2" "$1"; then
		echo "ok $number - pcsclite_programs: $3"
	else
		echo "not ok $number - pcsclite_programs: $3"
		echo "# expected: $2"
		sed 's/^/# /' "$1" | head -n 40
		failed=1
	fi
}
atr="3B 7A 18 00 00 73 66 74 65 20 63 64 31 34 34"
has cac/scan_readers "0: Virtual PCD 00 00" "pcsc_scan lists readers"
has cac/scan "Using reader plug'n play mechanism" "pcsc_scan finds that readers may come and go"
has cac/scan "ATR: $atr" "pcsc_scan shows the card"
has cac/tool_list "0    Yes             Virtual PCD 00 00" "opensc-tool -l"
has cac/tool_atr "3b:7a:18:00:00:73:66:74:65:20:63:64:31:34:34" "opensc-tool -a"
has cac/tool_name "Common Access Card (CAC)" "opensc-tool -n"
has cac/tool_apdu "6F 0B 84 07 A0 00 00 00 79 01 00 A5 00" "opensc-tool -s: an applet"
has cac/tool_apdu "Received (SW1=0x90, SW2=0x00):" "opensc-tool -s: its answer"
has cac/tool_apdu "Received (SW1=0x69, SW2=0x85)" "opensc-tool -s: a wrong PIN"
has cac/token_list "token label        : cert1" "pkcs11-tool lists the token"
has cac/token_objects "Certificate Object" "pkcs11-tool lists its objects"
has cac/card_certificates "X.509 Certificate [CAC ID Certificate]" "pkcs15-tool lists certificates"
number=$((number + 1))
if cmp -s cac.der "$database/cert1.der"; then
	echo "ok $number - pcsclite_programs: pkcs11-tool reads the certificate"
else
	echo "not ok $number - pcsclite_programs: pkcs11-tool reads the certificate"
	failed=1
fi
has cac/verify "Verified OK" "pkcs11-tool logs in and signs, openssl verifies"
has cac/pyscard_card "readers 1" "pyscard lists"
has cac/pyscard_card "atr $atr" "pyscard connects"
has cac/pyscard_card "select  610D" "pyscard transmits"
has cac/pyscard_monitor "inserted $atr" "pyscard's card monitor sees the card"
has cac/pyscard_monitor "removed $atr" "and sees it go"

atr="3B 8F 80 01 80 31 E8 73 F4 21 40 57 54 65 73 73 65 72 61 A1"
env TESSERA_RM=embedded:softcard pcsc_scan -n -t 1 >scan 2>&1 </dev/null
has scan "ATR: $atr" "pcsc_scan on the soft card in its process"
env TESSERA_RM=embedded:softcard opensc-tool -s 0084000008 >tool 2>&1 </dev/null
has tool "Received (SW1=0x90, SW2=0x00):" "opensc-tool on the soft card in its process"

echo "1..$number"
exit $failed
