#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The bundle in Tessera's own host of IFD handlers: the reader is emulated in the host's process.
set -u

[ -z "${SANITIZE:-}" ] || { echo "ok 1 - bundle_hosted # SKIP the sanitizer's library would have to come first"; exit 0; }

number=0 failed=0
report() { # RESULT NAME FILE
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - bundle_hosted: $2"
	else
		echo "not ok $number - bundle_hosted: $2"
		sed 's/^/# /' "$3"
		failed=1
	fi
}
hosted() { # LEVEL PROTOCOL TAIL COMMAND...
	begin="plug 1 2 $1 1;insert 1 2 0 $2 echo;" device=usb:1209/cc1d$3
	shift 3
	LD_PRELOAD=$TESSERA_BUILD/tests/usbfs.so TESSERA_EMULATOR_BEGIN=$begin \
	    TESSERA_RM="embedded:ifdhandler=bundle:$TESSERA_LIB/tessera/pcsc/ifd-tessera.bundle:$device" \
	    "$TESSERA_BUILD/bin/scardctl" "$@" >out 2>&1
}

hosted extended 1 "" list
report "$?" "its reader is found" out
for level in character tpdu short extended; do
	for protocol in 0 1; do
		hosted "$level" "$protocol" ":libudev:0:/dev/bus/usb/001/002" apdu 0012000010 &&
		    grep -qi "00 *01 *02 *03 *04 *05 *06 *07 *08 *09 *0A *0B *0C *0D *0E *0F.*90 *00" out
		report "$?" "an exchange, $level, T=$protocol" out
	done
done
hosted extended 1 ":libudev:1:/dev/bus/usb/001/002" list
[ "$?" -eq 1 ] && grep -qF "does not open the device" out
report "$?" "an interface that is not there" out

echo "1..$number"
exit "$failed"
