#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Programs that nobody here wrote, one after another, on the resource manager of whoever starts this; with
# a file of output each. The card is libcacard's; with its process id, the last program takes it out.
#
#	pcsclite_session.sh FOLDER CARD-PID DATABASE
#
# Debian's pyscard is for Debian's Python, which need not be the first in PATH.
set -u

out=$1 card=$2 database=$3
mkdir "$out" || exit 1
run() { # NAME COMMAND...
	name=$1
	shift
	"$@" >"$out/$name" 2>&1 </dev/null || echo "status $?" >>"$out/$name"
}

echo "signed by a card" >"$out.data"
run pyscard_card /usr/bin/python3 "$TESSERA_SRC/tests/peers/pcsclite_pyscard.py" card
run scan_readers pcsc_scan -r
run scan pcsc_scan -n -t 1
run tool_list opensc-tool -l
run tool_atr opensc-tool -a
run tool_name opensc-tool -n
run tool_apdu opensc-tool -s 00A4040007A0000000790100 -s 00C000000D -s 0020000008FFFFFFFFFFFFFFFF
run token_list pkcs11-tool -L
run token_objects pkcs11-tool -O
run token_certificate pkcs11-tool --read-object --type cert --id 0001 -o "$out.der"
run token_sign pkcs11-tool --login --pin 123456 --sign --mechanism SHA256-RSA-PKCS --id 0001 -i "$out.data" -o "$out.sig"
run card_certificates pkcs15-tool -c
openssl x509 -in "$database/cert1.pem" -pubkey -noout >"$out.pub"
run verify openssl dgst -sha256 -verify "$out.pub" -signature "$out.sig" "$out.data"
run same_certificate cmp "$out.der" "$database/cert1.der"
run pyscard_monitor /usr/bin/python3 "$TESSERA_SRC/tests/peers/pcsclite_pyscard.py" monitor "$card"
