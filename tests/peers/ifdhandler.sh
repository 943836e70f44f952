#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Handlers that nobody here wrote, in the host of IFD handlers: vsmartcard's with libcacard's card, and
# Debian's libccid, which has no reader to open here and says so.
set -u

number=0 ok=yes
report() { # RESULT NAME, and a file with what was seen
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - hosted handlers: $2"
	else
		echo "not ok $number - hosted handlers: $2"
		sed 's/^/#   /' "$3"
		ok=no
	fi
}
missing() { # NAME PACKAGE
	number=$((number + 1)) ok=no
	echo "not ok $number - hosted handlers: $1: $2 is not installed: make deps"
}

ccid() {
	name="libccid without a reader fails cleanly"
	[ -e /usr/lib/pcsc/drivers/ifd-ccid.bundle ] || { missing "$name" libccid; return; }
	TESSERA_RM=embedded:ifdhandler=bundle:ifd-ccid.bundle:usb:08e6/3437:libudev:0:/dev/bus/usb/099/099 \
	    "$TESSERA_BUILD/bin/scardctl" list >ccid.log 2>&1
	[ "$?" -eq 1 ] && grep -qF 'libccid.so: the handler does not open the device "usb:08e6/3437:' ccid.log
	report "$?" "$name" ccid.log
}

free_port() { # the handler takes the one behind it as well
	python3 -c 'import socket
while True:
    a, b = socket.socket(), socket.socket()
    a.bind(("127.0.0.1", 0))
    try:
        b.bind(("127.0.0.1", a.getsockname()[1] + 1))
        break
    except OSError:
        continue
print(a.getsockname()[1])'
}

cac() {
	name="vsmartcard's handler, libcacard's card"
	handler=/usr/lib/pcsc/drivers/serial/libifdvpcd.so
	[ -e "$handler" ] || { missing "$name" vsmartcard-vpcd; return; }
	"$TESSERA_SRC/tests/emulator/cac/make-database" db cert1 >setup.log 2>&1 || {
		report 1 "$name: the card's database" setup.log
		return
	}
	port=$(free_port)
	printf 'FRIENDLYNAME "Hosted PCD"\nDEVICENAME /dev/null:%s\nLIBPATH %s\n' "$port" "$handler" >reader.conf
	mkfifo lines
	TESSERA_RM=embedded:ifdhandler=configuration:$PWD/reader.conf "$TESSERA_BUILD/bin/transaction" \
	    --wait 30 --pin 123456 --pin-reference 0 --pad >lines 2>errors &
	program=$!
	card=
	while IFS= read -r line; do
		printf '%s\n' "$line"
		case $line in
		"Waiting for a card in "*)
			"$TESSERA_BUILD/tests/cac_card" 127.0.0.1 "$port" db cert1 </dev/null >card.log 2>&1 &
			card=$!
			;;
		esac
	done <lines >out
	wait "$program"
	report "$?" "$name: the program ends well" out
	[ -z "$card" ] || kill "$card" 2>/dev/null
	cat errors card.log >>out 2>/dev/null
	for text in "Hosted PCD 00 00" "ATR 3B 7A 18 00 00 73 66 74 65 20 63 64 31 34 34" "protocol T=0" \
	    "<- 9000  success" "6900  refused: command not allowed" "Live objects: 0; locks: 0"; do
		grep -qF -- "$text" out
		report "$?" "$name: $text" out
	done
}

ccid
cac
echo "1..$number"
[ "$ok" = yes ]
