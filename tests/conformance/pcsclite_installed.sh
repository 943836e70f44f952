#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The drop-in as it is installed, in a tree that was moved: its exports, what it links, and that source
# written for pcsc-lite compiles with what pkg-config says and runs.
set -u

number=0
status=0
check() { # NAME EXPECTED-FILE ACTUAL-FILE
	number=$((number + 1))
	if diff "$2" "$3" >different; then
		echo "ok $number - pcsclite_installed: $1"
	else
		echo "not ok $number - pcsclite_installed: $1"
		sed 's/^/# /' different
		status=1
	fi
}

"$MAKE" -s -C "$TESSERA_SRC" BUILD="$TESSERA_BUILD" SANITIZE="$SANITIZE" PREFIX=/usr DESTDIR="$PWD/first" \
    install >install.log 2>&1 || {
	echo "not ok 1 - pcsclite_installed: it could not be installed"
	sed 's/^/# /' install.log
	exit 1
}
mv first/usr moved
library=$(find "$PWD/moved" -name libpcsclite.so.1)
folder=${library%/*}

cat >expected <<END
SCardBeginTransaction T
SCardCancel T
SCardConnect T
SCardControl T
SCardDisconnect T
SCardEndTransaction T
SCardEstablishContext T
SCardFreeMemory T
SCardGetAttrib T
SCardGetStatusChange T
SCardIsValidContext T
SCardListReaderGroups T
SCardListReaders T
SCardReconnect T
SCardReleaseContext T
SCardSetAttrib T
SCardStatus T
SCardTransmit T
g_rgSCardRawPci R
g_rgSCardT0Pci R
g_rgSCardT1Pci R
pcsc_stringify_error T
END
# A sanitizer adds symbols of its own, and puts objects elsewhere.
nm -D --defined-only "$library" | sed -n 's/^[0-9a-f]* \(.\) \([A-Za-z].*\)/\2 \1/p' | sed 's/Pci D/Pci R/' |
    LC_ALL=C sort >actual
check "18 functions, their texts and 3 objects, without versions" expected actual

readelf -d "$library" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p' >actual
echo libpcsclite.so.1 >expected
check "its name" expected actual

readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(lib\(tessera\|pcsc\).*\)\]/\1/p' >actual
: >expected
check "it links no other library of ours" expected actual

cat >program.c <<END
#include <HEADER>
#include <stdio.h>
int main(void)
{
	SCARDCONTEXT context;
	DWORD length = SCARD_AUTOALLOCATE;
	char *readers;
	LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
	if (code == SCARD_S_SUCCESS)
		code = SCardListReaders(context, NULL, (LPSTR)&readers, &length);
	printf("%s\n", code == SCARD_S_SUCCESS ? readers : pcsc_stringify_error(code));
	if (code == SCARD_S_SUCCESS)
		SCardFreeMemory(context, readers);
	SCardReleaseContext(context);
	return 0;
}
END
PKG_CONFIG_PATH=$folder/../../pkgconfig
export PKG_CONFIG_PATH
echo "Tessera Soft Card" >expected
for header in winscard.h PCSC/winscard.h; do
	sed "s|HEADER|$header|" program.c >now.c
	instrument=${SANITIZE:+-fsanitize=$SANITIZE}
	# shellcheck disable=SC2046,SC2086 # flags are words
	{ ${CC:-gcc} -Werror -Wall $instrument $(pkg-config --cflags tessera-pcsclite) -I"$PWD/moved/include/tessera" \
	    -o now now.c $(pkg-config --libs tessera-pcsclite) &&
	    LD_LIBRARY_PATH=$folder TESSERA_RM=embedded:softcard ./now; } >actual 2>&1
	check "source that includes <$header>" expected actual
done

echo "1..$number"
exit $status
