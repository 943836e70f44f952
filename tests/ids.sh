#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compares what test programs report with a list of what must be tested. Tests whose name begins with
# an identifier (a letter and a number: B7) are those of the list; one that has none is not looked at.
#
#   tests/ids.sh LIST PROGRAM...
#
# LIST has one identifier a line; what follows it, empty lines and those that begin with # are for
# people. Fails when an identifier has no passing line, or a failing one, or a line has an identifier
# that is not in the list.
set -u

[ $# -ge 2 ] || {
	echo "usage: tests/ids.sh LIST PROGRAM..." >&2
	exit 2
}
list=$1
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/tessera-ids.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

sed -n 's/^\([A-Z][0-9]\{1,\}\)\( .*\)\{0,1\}$/\1/p' "$list" | sort >"$work/wanted"
sort -u "$work/wanted" >"$work/list"
status=0
for program; do
	"$program" </dev/null >"$work/output" 2>&1 || {
		echo "# $program ended with status $?"
		status=1
	}
	cat "$work/output" >>"$work/lines"
done

# The identifiers of lines of a kind; the suite's name may stand before.
identifiers()
{
	grep "^$1 " "$work/lines" | grep -v ' # SKIP' |
	    sed -n 's/^\(not \)\{0,1\}ok [0-9]* - \([^:]*: \)\{0,1\}\([A-Z][0-9]\{1,\}\) .*/\3/p' |
	    sort -u
}
identifiers ok >"$work/passed"
identifiers 'not ok' >"$work/failed"
sort -u "$work/passed" "$work/failed" >"$work/seen"

number=0
# One test: nothing may be in a file.
report()
{
	number=$((number + 1))
	if [ -s "$2" ]; then
		echo "not ok $number - $1: $(tr '\n' ' ' <"$2")"
		status=1
	else
		echo "ok $number - $1"
	fi
}

comm -23 "$work/list" "$work/passed" >"$work/missing"
comm -13 "$work/list" "$work/seen" >"$work/unknown"
uniq -d "$work/wanted" >"$work/twice"
[ -s "$work/list" ] || echo "$list" >"$work/twice"
report "${list##*/} names each once" "$work/twice"
report "each of $(wc -l <"$work/list") has passed" "$work/missing"
report "none has failed" "$work/failed"
report "no other is reported" "$work/unknown"
echo "1..$number"
exit $status
