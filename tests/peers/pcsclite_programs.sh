#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# pcsc_scan, OpenSC's tools, pyscard, GnuPG and Java, as Debian built them, on a scardd with libcacard's card,
# by each route to it; and with the soft card in the program's own process.
set -u

routes="dropin socket"
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

number=0
failed=0
has() { # FILE TEXT NAME
	number=$((number + 1))
	if grep -qaF -- "$2" "$1"; then
		echo "ok $number - pcsclite_programs: $3"
	else
		echo "not ok $number - pcsclite_programs: $3"
		echo "# expected: $2"
		sed 's/^/# /' "$1" | head -n 40
		failed=1
	fi
}
atr="3B 7A 18 00 00 73 66 74 65 20 63 64 31 34 34"
selected="6F 0B 84 07 A0 00 00 00 79 01 00 A5 00"

check_pcsc_scan() {
	has "$1/scan_readers" "0: Virtual PCD 00 00" "$1: pcsc_scan lists readers"
	has "$1/scan" "Using reader plug'n play mechanism" "$1: pcsc_scan finds that readers may come and go"
	has "$1/scan" "ATR: $atr" "$1: pcsc_scan shows the card"
}

check_opensc() {
	has "$1/tool_list" "0    Yes             Virtual PCD 00 00" "$1: opensc-tool -l"
	has "$1/tool_atr" "3b:7a:18:00:00:73:66:74:65:20:63:64:31:34:34" "$1: opensc-tool -a"
	has "$1/tool_name" "Common Access Card (CAC)" "$1: opensc-tool -n"
	has "$1/tool_apdu" "$selected" "$1: opensc-tool -s: an applet"
	has "$1/tool_apdu" "Received (SW1=0x90, SW2=0x00):" "$1: opensc-tool -s: its answer"
	has "$1/tool_apdu" "Received (SW1=0x69, SW2=0x85)" "$1: opensc-tool -s: a wrong PIN"
	has "$1/token_slots" "token label        : cert1" "$1: pkcs11-tool lists the token"
	has "$1/token_objects" "Certificate Object" "$1: pkcs11-tool lists its objects"
	has "$1/token_same_certificate" "same" "$1: pkcs11-tool reads the certificate"
	has "$1/token_login" "Private Key Object; RSA" "$1: pkcs11-tool logs in and sees the key"
	has "$1/token_wrong_pin" "C_Login failed" "$1: pkcs11-tool with a wrong PIN"
	has "$1/token_verify" "Verified OK" "$1: pkcs11-tool signs, openssl verifies"
	has "$1/card_certificates" "X.509 Certificate [CAC ID Certificate]" "$1: pkcs15-tool lists certificates"
	has "$1/card_same_certificate" "same" "$1: pkcs15-tool reads the certificate"
	has "$1/card_login" "right PIN" "$1: pkcs15-tool verifies the PIN"
	has "$1/card_wrong_pin" "status 255" "$1: pkcs15-tool with a wrong PIN"
	has "$1/card_verify" "Verified OK" "$1: pkcs15-crypt signs, openssl verifies"
}

check_gnupg() {
	if [ -n "${SANITIZE:-}" ] && [ ! -e "$1/gnupg" ]; then
		number=$((number + 1))
		echo "ok $number - pcsclite_programs: $1: GnuPG # SKIP gpg-agent does not run with a sanitizer"
		return
	fi
	has "$1/gnupg" "S SERIALNO FF7F00" "$1: scdaemon's SERIALNO"
	has "$1/gnupg" "D Virtual PCD 00 00" "$1: scdaemon lists readers"
	has "$1/gnupg" "D $(printf 'o\v\204\a\240')" "$1: scdaemon's APDU: an applet and its answer"
	has "$1/gnupg" "D m" "$1: scdaemon's APDU: one that the card does not know"
	has "$1/gnupg" "OK closing connection" "$1: scdaemon and its agent end well"
}

check_pyscard() {
	has "$1/pyscard_card" "readers 1" "$1: pyscard lists"
	has "$1/pyscard_card" "atr $atr" "$1: pyscard connects"
	has "$1/pyscard_card" "select  610D" "$1: pyscard transmits"
	has "$1/pyscard_monitor" "inserted $atr" "$1: pyscard's card monitor sees the card"
	has "$1/pyscard_monitor" "removed $atr" "$1: and sees it go"
}

check_smartcardio() {
	if [ ! -e "$1/smartcardio" ]; then
		number=$((number + 1))
		echo "ok $number - pcsclite_programs: $1: Java's smartcardio # SKIP no Java with a compiler that can be used"
		return
	fi
	has "$1/smartcardio" "terminal Virtual PCD 00 00 true" "$1: smartcardio lists"
	has "$1/smartcardio" "atr $(echo "$atr" | tr -d ' ')" "$1: smartcardio connects"
	has "$1/smartcardio" "select $(echo "$selected" | tr -d ' ') 9000" "$1: smartcardio transmits"
	has "$1/smartcardio" "absent false" "$1: smartcardio waits"
	has "$1/smartcardio" "T=1 SCARD_E_PROTO_MISMATCH" "$1: smartcardio wants another protocol"
}

for route in $routes; do
	if ! "$TESSERA_SRC/tests/peers/pcsclite_session.sh" "$route" "$route" "$database" "unix:$PWD/card.sock" >session.log 2>&1; then
		echo "not ok - pcsclite_programs: $(cat session.log)"
		exit 1
	fi
	check_pcsc_scan "$route"
	check_opensc "$route"
	check_gnupg "$route"
	check_pyscard "$route"
	check_smartcardio "$route"
done

# The programs are built without sanitizers; a library that has one needs its run-time library first.
preload=
case ${SANITIZE:-} in
*address*) preload="LD_PRELOAD=$("$CC" -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0" ;;
esac
embedded() { # COMMAND...; the word list is meant to be split
	# shellcheck disable=SC2086
	env $preload LD_LIBRARY_PATH="$TESSERA_LIB/tessera/pcsclite" TESSERA_RM=embedded:softcard "$@" 2>&1 </dev/null
}
embedded pcsc_scan -n -t 1 >scan
has scan "ATR: 3B 8F 80 01 80 31 E8 73 F4 21 40 57 54 65 73 73 65 72 61 A1" "pcsc_scan on the soft card in its process"
embedded opensc-tool -s 0084000008 >tool
has tool "Received (SW1=0x90, SW2=0x00):" "opensc-tool on the soft card in its process"

echo "1..$number"
exit $failed
