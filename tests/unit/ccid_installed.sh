#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# make install puts the driver and what belongs to it where README.md says, a tree that was moved finds its
# quirks, and make uninstall leaves nothing.
set -u

tree=$PWD/tree
prefix=$tree/usr/local
number=0 failed=0
report() { # RESULT NAME FILE
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - ccid_installed: $2"
	else
		echo "not ok $number - ccid_installed: $2"
		sed 's/^/# /' "$3"
		failed=1
	fi
}
run_make() { # TARGET
	"${MAKE:-make}" -C "$TESSERA_SRC" --no-print-directory "$1" BUILD="$TESSERA_BUILD" SANITIZE="${SANITIZE:-}" \
	    PREFIX=/usr/local DESTDIR="$tree" >make.log 2>&1
}

run_make install
report "$?" "make install" make.log
for file in lib/tessera/components/ccid.so share/tessera/components.d/ccid.component share/tessera/ccid.quirks \
    lib/tessera/pcsc/ifd-tessera.bundle/Contents/Info.plist lib/udev/rules.d/92-tessera-ccid.rules \
    lib/tessera/pcsc/ifd-tessera.bundle/Contents/Linux/libtessera-ccid.so share/man/man5/tessera-ccid.quirks.5 \
    share/man/man7/tessera-ccid.7; do
	find "$prefix/$file" -size +0 ! -perm /022 >found 2>&1
	[ "$(cat found)" = "$prefix/$file" ]
	report "$?" "$file" found
done

# Through a link, as it lies in the folder of a manager's drivers; and moved.
mv "$tree" moved
mkdir -p moved/usr/local/etc/tessera
printf '[1209:CC1D]\nNoSuchKey=true\n' >moved/usr/local/etc/tessera/ccid.quirks
if [ -z "${SANITIZE:-}" ]; then
	cat >open.py <<-'PYTHON'
		import ctypes, sys
		handler = ctypes.CDLL(sys.argv[1])
		print(handler.IFDHCreateChannelByName(ctypes.c_ulong(0), b"usb:1209/cc1d:libusb-1.0:1:2:0"))
	PYTHON
	ln -sfn moved/usr/local/lib/tessera/pcsc/ifd-tessera.bundle linked.bundle
	cat >log.c <<-'C'
		#include <stdarg.h>
		#include <stdio.h>
		void log_msg(int priority, const char *format, ...);
		void
		log_msg(int priority, const char *format, ...)
		{
			va_list arguments;
			va_start(arguments, format);
			printf("%d ", priority);
			vprintf(format, arguments);
			puts("");
			va_end(arguments);
			fflush(stdout);
		}
	C
	"${CC:-cc}" -shared -fPIC -o log.so log.c >open.log 2>&1
	TESSERA_EMULATOR_BEGIN="plug 1 2 tpdu 1;" LD_PRELOAD="$TESSERA_BUILD/tests/usbfs.so:$PWD/log.so" \
	    python3 open.py "$PWD/linked.bundle/Contents/Linux/libtessera-ccid.so" >>open.log 2>&1
	grep -q "^2 tessera-ccid: quirks: .*etc/tessera/ccid.quirks.*NoSuchKey" open.log && grep -qx 0 open.log
	report "$?" "the bundle opens a reader, with the administrator's quirks" open.log
fi
rm -r moved/usr/local/etc
mv moved "$tree"

run_make uninstall
find "$tree" ! -type d >left
find "$tree" -name '*tessera*' >>left
[ ! -s left ]
report "$?" "make uninstall leaves nothing" left

echo "1..$number"
exit "$failed"
