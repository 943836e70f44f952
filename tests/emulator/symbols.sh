#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Whatever the libusb of this machine takes from libudev, and the calls through which it reaches
# files, are the emulator's: a newer libusb that calls something else must not find the real thing.
set -u

library=$(ldconfig -p 2>/dev/null | sed -n 's/.*libusb-1\.0\.so\.0 .*=> //p' | head -n 1)
[ -n "$library" ] || library=$(find /usr/lib /lib -name 'libusb-1.0.so.0' 2>/dev/null | head -n 1)
needed=$(nm -D --undefined-only "$library" | awk '{ sub(/@.*/, "", $2); print $2 }')
given=$(nm -D --defined-only "$TESSERA_BUILD/tests/usbfs.so" | awk '{ sub(/@.*/, "", $3); print $3 }')

missing=
for symbol in $needed; do
	case $symbol in
	udev_* | open | open64 | __open_2 | close | ioctl | readlink | statfs)
		echo "$given" | grep -qx "$symbol" || missing="$missing $symbol" ;;
	openat* | __openat* | fopen* | stat | stat64 | access | dup* | epoll* | socket)
		# libusb may have these, but none of them was looked at.
		missing="$missing $symbol" ;;
	esac
done
if [ -z "$needed" ]; then
	echo "not ok 1 - emulator symbols: no libusb found"
elif [ -n "$missing" ]; then
	echo "not ok 1 - emulator symbols: libusb reaches past the emulator:$missing"
else
	echo "ok 1 - emulator symbols: all that libusb calls is replaced"
fi
[ -n "$needed" ] && [ -z "$missing" ]
