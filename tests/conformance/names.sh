#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Whether the conformance programs have what names.list and dialects.list ask for: a line for each row,
# function and code. Reads what the programs that ran before have written down of the assertions that held.
set -u

here=$TESSERA_SRC/tests/conformance
rows=$TESSERA_BUILD/tests/rows
number=0
status=0

report() { # PASSED NAME [TEXT]
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - conformance: $2"
	else
		echo "not ok $number - conformance: $2"
		[ -z "${3:-}" ] || echo "# $3"
		status=1
	fi
}

# Functions and rows that are asked for: "KIND FUNCTION ROW", a pair as its two names.
LC_ALL=C awk '
	function both(name, forms, list, n) {
		if (forms == "AW") { list[1] = name "A"; list[2] = name "W"; return 2 }
		list[1] = name
		return 1
	}
	/^#/ || NF == 0 || $1 == "not" { next }
	$1 == "only" { only[$3 " " $4] = $2; next }
	{
		name[++names] = $1
		forms[names] = $2
		codes[names] = "effect"
		for (i = 3; i <= NF; i++)
			codes[names] = codes[names] " " $i
	}
	END {
		for (n = 1; n <= names; n++) {
			forms_count = both(name[n], forms[n], list)
			rows_count = split(codes[n], row, " ")
			for (f = 1; f <= forms_count; f++)
				for (r = 1; r <= rows_count; r++) {
					where = only[name[n] " " row[r]]
					print (where == "" ? "both" : where), list[f], row[r]
				}
		}
	}' "$here/names.list" >asked

# One event function more than the 76 is exported, by a name that is private on Windows.
sed -n 's/^\t\(tessera_\)\{0,1\}\(\(SCard\|GetOpenCardName\)[A-Za-z0-9]*\);$/\2/p' \
    "$TESSERA_SRC/rm/api/libtessera-scard.map" | grep -vx SCardReleaseAllEvents | LC_ALL=C sort >exported
cut -d' ' -f2 asked | LC_ALL=C sort -u >listed
cmp -s exported listed
report $? "names.list has the functions that are exported" "$(diff exported listed | tr '\n' ' ')"
[ "$(wc -l <listed)" -eq 76 ]
report $? "76 functions" "$(wc -l <listed)"

for source in "$here"/winscard_*.c; do
	program=$(basename "$source" .c)
	for kind in embedded scardd; do
		[ "$program" = winscard_service ] && [ $kind = embedded ] && continue
		file=$rows/$program.$kind
		if [ -f "$file" ] && [ "$(tail -n 1 "$file")" = passed ]; then
			cat "$file" >>"$kind"
		else
			report 1 "$program, $kind: has not run here, or failed"
		fi
	done
done
for kind in embedded scardd; do
	LC_ALL=C sort -u "$kind" >"$kind.rows"
done

while read -r where function row; do
	missing=
	for kind in embedded scardd; do
		[ "$where" = both ] || [ "$where" = $kind ] || continue
		grep -qxF "$function $row" "$kind.rows" || missing="$missing $kind"
	done
	[ -z "$missing" ]
	report $? "$function: $row" "no assertion of it holds on:$missing"
done <asked

# Assertions of the check-list, by number.
cat "$here"/winscard_*.c >sources
for assertion in $(seq 26); do
	grep -q "\"9\.$assertion " sources
	report $? "assertion 9.$assertion is the name of a test"
done

# Rows of what a portable program notices: each in a test of both libraries, or a reason.
cat "$here"/dialect_*.c >sources
sed -n 's/^7\.2\.\([0-9]* .*\)/\1/p' "$here/dialects.list" >differences
while read -r row name; do
	case $name in
	*' | not: '?*) continue ;;
	esac
	grep -q "DIALECT \".*7\.2\.${row}[ ,]" sources
	report $? "7.2.$row $name"
done <differences
cut -d' ' -f1 differences >numbers
seq 53 | cmp -s - numbers
report $? "dialects.list has 53 rows"

echo "1..$number"
exit $status
