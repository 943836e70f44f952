#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# libtessera-scard exports what its headers declare, under the names the linker is to see, and
# nothing else; and it links neither the component runtime nor the engine.
set -u

library=$TESSERA_LIB/libtessera-scard.so.0
headers=$TESSERA_BUILD/include/tessera
number=0
status=0

# check NAME EXPECTED-FILE ACTUAL-FILE
check() {
	number=$((number + 1))
	if diff "$2" "$3" >"$TMPDIR/diff"; then
		echo "ok $number - winscard_symbols: $1"
	else
		echo "not ok $number - winscard_symbols: $1"
		sed 's/^/# /' "$TMPDIR/diff"
		status=1
	fi
}

# What headers declare, one symbol a line: the preprocessor joins macros, tr joins lines.
declared() {
	printf '#include <tessera_scard.h>\n#include <winscard.h>\n' |
	    ${CC:-gcc} -std=c11 -E -P -I"$headers" -x c - | tr '\n' ' ' | tr ';' '\n' |
	    sed -n \
		-e 's/.*__asm__(\("tessera_" *"[A-Za-z0-9_]*"\)).*/\1/p' -e t \
		-e 's/.*LONG *\(\(SCard\|Get\)[A-Za-z0-9]*\)(.*/\1/p' -e t \
		-e 's/.*\(HANDLE\|void\) *\(SCard[A-Za-z0-9]*\)(.*/\2/p' -e t \
		-e 's/.*LONG *\(tessera_[a-z_]*\)(.*/\1/p' -e t \
		-e 's/.*char \*\(tessera_[a-z_]*\)(.*/\1/p' |
	    tr -d '" ' | sort
}

# The version node is an absolute symbol of its own.
exported() {
	nm -D --defined-only "$library" | sed -n 's/^[0-9a-f]* [^A] \([^@]*\).*/\1/p' | sort
}

declared >"$TMPDIR/declared"
exported >"$TMPDIR/exported"
check "the library exports what the headers declare" "$TMPDIR/declared" "$TMPDIR/exported"

wc -l <"$TMPDIR/declared" | tr -d ' ' >"$TMPDIR/count"
echo 85 >"$TMPDIR/expected"
check "the headers declare 77 functions, 3 objects and 5 of our own" "$TMPDIR/expected" "$TMPDIR/count"

readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(libtessera.*\)\]/\1/p' >"$TMPDIR/needed"
: >"$TMPDIR/expected"
check "it links no other library of ours" "$TMPDIR/expected" "$TMPDIR/needed"

echo "1..$number"
exit $status
