#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's headers of pcsc-lite against the same tables as ours, and name by name: what one of them defines
# the other defines too, with the same value.
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

# debuglog.h is left out: it declares what pcscd exports for its drivers.
headers="pcsclite.h wintypes.h winscard.h reader.h ifdhandler.h"
includes() {
	for header in $headers; do echo "#include <$header>"; done
}

# Names that stand behind #define, those with parameters with a parenthesis. Guards of includes begin with
# an underscore, or with TESSERA_PCSC_.
macros() { # FOLDER
	includes >all.c
	for header in $headers; do
		sed -n 's/^[ \t]*#[ \t]*define[ \t][ \t]*\([A-Za-z][A-Za-z0-9_]*(\{0,1\}\).*/\1/p' "$1/$header"
	done | grep -v '^TESSERA_PCSC_' | LC_ALL=C sort -u >written
	${CC:-gcc} -dM -E -I"$1" all.c | sed -n 's/^#define \([A-Za-z][A-Za-z0-9_]*(\{0,1\}\).*/\1/p' |
	    LC_ALL=C sort -u | LC_ALL=C comm -12 written -
}
macros "$theirs" >theirs.macros
macros "$ours" >ours.macros
LC_ALL=C comm -23 theirs.macros ours.macros >missing
[ -s theirs.macros ] && [ ! -s missing ]
report $? "every macro of theirs is one of ours" missing
LC_ALL=C comm -13 theirs.macros ours.macros >extra
[ -s ours.macros ] && [ ! -s extra ]
report $? "every macro of ours is one of theirs" extra

# A program that prints what each is worth: a number or a text, and its size. Those with parameters are
# tried with numbers.
program() { # NAMES
	includes
	cat <<END
#include <stdio.h>
#define NUMBER(x) _Generic((x), const char *: 0, char *: 0, const SCARD_IO_REQUEST *: 0, default: (x))
#define TEXT(x) _Generic((x), const char *: (x), char *: (x), default: "")
int main(void) {
END
	sed -e 's/ATTR_VALUE($/ATTR_VALUE(3, 5)/' -e 's/($/(7)/' "$1" | while IFS= read -r name; do
		printf 'printf("%%s %%llX %%s %%zu\\n", "%s", (unsigned long long)NUMBER(%s), TEXT(%s), sizeof(%s));\n' \
		    "$name" "$name" "$name" "$name"
	done
	echo 'return 0; }'
}

# What is no expression is compared by its words.
program theirs.macros >values.c
${CC:-gcc} -w -std=c11 -D_GNU_SOURCE -fsyntax-only -I"$theirs" values.c 2>errors
first=$(grep -n '^int main' values.c | cut -d: -f1)
: >words
sed -n 's/^values\.c:\([0-9]*\):.*error.*/\1/p' errors | sort -nu |
    awk -v first="$first" 'FILENAME == "-" { bad[$1 - first] = 1; next }
	{ print > (FNR in bad ? "words" : "names") }' - theirs.macros
values() { # FOLDER SIDE
	program names >values.c
	${CC:-gcc} -w -std=c11 -D_GNU_SOURCE -I"$1" -o values values.c -lpcsclite >"$2.values" 2>&1 && ./values >"$2.values"
	${CC:-gcc} -dM -E -I"$1" all.c | grep -wF -f words | tr -d ' ' | LC_ALL=C sort >"$2.words"
}
values "$theirs" theirs
values "$ours" ours
diff theirs.values ours.values >different
[ "$(wc -l <names)" -gt 200 ] && [ "$(wc -l <theirs.values)" -eq "$(wc -l <names)" ] && [ ! -s different ]
report $? "$(wc -l <names) constants have the same value and size" different
diff theirs.words ours.words >different
[ ! -s different ]
report $? "$(wc -l <words) macros have the same words" different

echo "1..$number"
exit $failed
