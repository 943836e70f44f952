#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The system's scardd drives USB readers when its configuration names no driver, and starts without USB too.
# Here it is the system's because root runs it and the configuration says where its socket is.
set -u

skip() {
	echo "ok 1 - scardd_default # SKIP $1"
	exit 0
}
[ -z "${SANITIZE:-}" ] || skip "the sanitizer's library would have to come first"
[ "$(id -u)" = 0 ] || skip "only root's scardd can be the system's"

number=0 failed=0
report() { # RESULT NAME FILE
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - scardd_default: $2"
	else
		echo "not ok $number - scardd_default: $2"
		sed 's/^/# /' "$3"
		failed=1
	fi
}

# Starts it, waits until it is ready or has ended, lists the readers; out: what both say.
try() { # CONFIGURATION BEGIN ARGUMENT...
	printf '[Daemon]\nSocket=%s/scardd.sock\n%s' "$PWD" "$1" >scardd.conf
	begin=$2
	shift 2
	rm -f lines
	mkfifo lines
	env ${begin:+"LD_PRELOAD=$TESSERA_BUILD/tests/usbfs.so" "TESSERA_EMULATOR_BEGIN=$begin"} \
	    "$TESSERA_BUILD/bin/scardd" --config scardd.conf "$@" 2>lines &
	daemon=$!
	: >log
	while IFS= read -r line; do
		printf '%s\n' "$line" >>log
		case $line in
		*"ready at "*)
			TESSERA_RM=unix:$PWD/scardd.sock "$TESSERA_BUILD/bin/scardctl" list >>log 2>&1
			kill "$daemon"
			;;
		esac
	done <lines
	wait "$daemon"
	status=$?
}
has() { # NAME TEXT
	grep -qF -- "$2" log
	report "$?" "$1" log
}

plug="plug 1 2 extended 1;"
try "" "$plug"
has "ccid is its driver" "driver ccid started"
has "and has a reader" "00 00"
[ "$status" -eq 0 ]
report "$?" "it ends well" log

# This machine's own USB: there, or a reason.
try "" ""
[ "$status" -eq 0 ] && {
	grep -q "libusb cannot be used here\|there is no /dev/bus/usb" log || [ -e /dev/bus/usb ]
}
report "$?" "it starts without the emulator" log

try "Drivers=softcard;
" "$plug"
has "who names others has those" "driver softcard started"
! grep -q ccid log
report "$?" "and not this one" log
try "Drivers=
" "$plug"
has "none is none" "no reader driver is named"
try "" "$plug" --driver softcard
! grep -q ccid log
report "$?" "nor when the command line names one" log
try "Drivers=ccid=nonsense;
" "$plug"
[ "$status" -eq 1 ] && grep -qF "\`nonsense' is not understood" log
report "$?" "one that is named must start" log

echo "1..$number"
exit "$failed"
