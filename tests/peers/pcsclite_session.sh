#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Programs that nobody here wrote, one after another, on libcacard's card and the resource manager that the
# route leads to; with a file of output each. The last of them sees the card go. Fails when one of them is not installed.
#
#	pcsclite_session.sh ROUTE FOLDER DATABASE CARD-ADDRESS...
#
# ROUTE: dropin: Tessera's library in the place of pcsc-lite's, with TESSERA_RM as it is; else Debian's
# library, and PCSCLITE_CSOCK_NAME says which socket it talks to.
#
# shellcheck disable=SC2317 # functions that `run` calls
set -u

route=$1 out=$2 database=$3
shift 3
mkdir "$out" || exit 1
for program in /usr/bin/pcsc_scan /usr/bin/opensc-tool /usr/bin/pkcs11-tool /usr/bin/pkcs15-tool \
    /usr/bin/gpg-agent /usr/lib/gnupg/scdaemon /usr/lib/python3/dist-packages/smartcard; do
	[ -e "$program" ] || { echo "$program is not installed: make deps"; exit 1; }
done

# libcacard links pcsc-lite's library as well, and gets Debian's.
"$TESSERA_BUILD/tests/cac_card" "$@" "$database" cert1 </dev/null >"$out.card" 2>&1 &
card=$!

library=libpcsclite.so.1
java=$(command -v java)
if [ "$route" = dropin ]; then
	LD_LIBRARY_PATH=$TESSERA_LIB/tessera/pcsclite
	export LD_LIBRARY_PATH
	library=$LD_LIBRARY_PATH/$library
	# The programs are built without sanitizers; a library that has one needs its run-time library first.
	case ${SANITIZE:-} in
	*address*)
		LD_PRELOAD=$("$CC" -print-file-name=libasan.so)
		export LD_PRELOAD ASAN_OPTIONS=detect_leaks=0
		;;
	esac
	# Java has its own use for the signals that a sanitizer takes.
	[ -z "${SANITIZE:-}" ] || java=
fi

same() { # FILE FILE
	cmp "$1" "$2" && echo same
}

run() { # NAME COMMAND...
	name=$1
	shift
	"$@" >"$out/$name" 2>&1 </dev/null || echo "status $?" >>"$out/$name"
}

pyscard() { # ARGUMENT...; Debian's pyscard is for Debian's Python, which need not be the first in PATH
	/usr/bin/python3 "$TESSERA_SRC/tests/peers/pcsclite_pyscard.py" "$@"
}

# gpg-agent with scdaemon under it, both for this one conversation. The pipe is closed when the last of
# them ends.
gnupg() {
	mkdir -m 700 "$out.gnupg" || return 1
	printf 'disable-ccid\npcsc-driver %s\nlog-file %s\n' "$library" "$PWD/$out.gnupg/log" >"$out.gnupg/scdaemon.conf"
	printf '%s\n' "SCD SERIALNO" "SCD SERIALNO undefined" "SCD GETINFO reader_list" "SCD GETINFO status" \
	    "SCD APDU --dump-atr" "SCD APDU 00A4040007A0000000790100" "SCD APDU --more 00A4040007A0000000790100" \
	    "SCD APDU 0084000008" BYE | gpg-agent --quiet --homedir "$PWD/$out.gnupg" --server 2>&1 | cat
}

smartcardio() {
	"$java" -Xshare:auto -XX:TieredStopAtLevel=1 -Dsun.security.smartcardio.library="$library" \
	    "$TESSERA_SRC/tests/peers/pcsclite_smartcardio.java"
}

echo "signed by a card" >"$out.data"
openssl dgst -sha256 -binary -out "$out.hash" "$out.data"
openssl x509 -in "$database/cert1.pem" -pubkey -noout >"$out.pub"
verify() { # SIGNATURE
	openssl dgst -sha256 -verify "$out.pub" -signature "$1" "$out.data"
}

run pyscard_card pyscard card
run scan_readers pcsc_scan -r
run scan pcsc_scan -n -t 1
run tool_list opensc-tool -l
run tool_atr opensc-tool -a
run tool_name opensc-tool -n
run tool_apdu opensc-tool -s 00A4040007A0000000790100 -s 00C000000D -s 0020000008FFFFFFFFFFFFFFFF
run token_slots pkcs11-tool -L
run token_objects pkcs11-tool -O
run token_certificate pkcs11-tool --read-object --type cert --id 0001 -o "$out/certificate11.der"
run token_same_certificate same "$out/certificate11.der" "$database/cert1.der"
run token_login pkcs11-tool --login --pin 123456 -O
run token_wrong_pin pkcs11-tool --login --pin 654321 -O
run token_sign pkcs11-tool --login --pin 123456 --sign --mechanism SHA256-RSA-PKCS --id 0001 -i "$out.data" -o "$out/signature11"
run token_verify verify "$out/signature11"
run card_certificates pkcs15-tool -c
run card_certificate pkcs15-tool --read-certificate 0001 -o "$out/certificate15.pem"
run card_certificate_der openssl x509 -in "$out/certificate15.pem" -outform DER -out "$out/certificate15.der"
run card_same_certificate same "$out/certificate15.der" "$database/cert1.der"
run card_login sh -c 'pkcs15-tool --verify-pin --pin 123456 && echo "right PIN"'
run card_wrong_pin pkcs15-tool --verify-pin --pin 654321
run card_sign pkcs15-crypt --sign --sha-256 --pkcs1 --pin 123456 --key 0001 -i "$out.hash" -o "$out/signature15" -R
run card_verify verify "$out/signature15"
# Only a Java with a compiler can be given a program's source.
if [ -n "$java" ] && "$java" --list-modules 2>/dev/null | grep -c -e '^java.smartcardio@' -e '^jdk.compiler@' | grep -qx 2; then
	run smartcardio smartcardio
fi
# gpg-agent does not get going with a sanitizer's run-time library in it.
if [ "$route" != dropin ] || [ -z "${SANITIZE:-}" ]; then
	run gnupg gnupg
fi
run pyscard_monitor pyscard monitor "$card"
kill "$card" 2>/dev/null
wait "$card"
exit 0
