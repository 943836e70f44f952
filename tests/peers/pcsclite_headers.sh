#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's headers of pcsc-lite against the same tables as ours, and name by name: whatever theirs
# define, ours define with the same value.
set -u

theirs=/usr/include/PCSC
ours=$TESSERA_BUILD/include/tessera/PCSC
[ -f "$theirs/winscard.h" ] || { echo "not ok 1 - pcsclite_headers: libpcsclite-dev is not installed: make deps"; exit 1; }
number=0
failed=0

report() { # STATUS NAME LOG
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - pcsclite_headers: $2"
	else
		echo "not ok $number - pcsclite_headers: $2"
		sed 's/^/# /' "$3" | head -n 40
		failed=1
	fi
}

for table in abi_pcsclite abi_pcsclite_constants; do
	${CC:-gcc} -std=c11 -D_GNU_SOURCE -I"$theirs" -I"$TESSERA_SRC" -o "$table" \
	    "$TESSERA_SRC/tests/unit/$table.c" "$TESSERA_SRC/tests/suite.c" -lcunit >log 2>&1 &&
	    "./$table" >log 2>&1
	report $? "Debian's agree with the table $table" log
done

macros() { # FOLDER
	printf '#include <winscard.h>\n#include <reader.h>\n#include <ifdhandler.h>\n' >all.c
	${CC:-gcc} -dM -E -I"$1" all.c | sed -n 's/^#define \([A-Za-z]\w*\).*/\1/p' | sort
}
macros "$theirs" >theirs.macros
macros "$ours" >ours.macros
comm -23 theirs.macros ours.macros >missing
[ -s theirs.macros ] && [ ! -s missing ]
report $? "every macro of theirs is one of ours" missing

echo "1..$number"
exit $failed
