#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
#
# scardctl atr: of digits and of a reader's card, with the names that the database and a list have.
set -u

scardctl=$TESSERA_BUILD/bin/scardctl
number=0 failed=0
atr=3B8F80018031E873F421405754657373657261A1

# check NAME COMMAND...: the command must succeed.
check() {
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $number - scardctl atr: $name"
	else
		echo "not ok $number - scardctl atr: $name"
		sed 's/^/#   /' out err
		failed=1
	fi
}

# run STATUS ARGUMENT...: scardctl atr's output in out and err; compares the status.
run() {
	expected=$1
	shift
	"$scardctl" atr "$@" >out 2>err </dev/null
	[ $? -eq "$expected" ]
}

# json EXPRESSION: over the parsed output, called `data`.
json() {
	python3 -c 'import json, sys
data = json.load(open("out"))
sys.exit(not eval(sys.argv[1]))' "$1"
}

digits() {
	TESSERA_RM=unix:$TMPDIR/none run 0 "$atr" && [ ! -s err ] && grep -qx 'card type Tessera soft card' out &&
	    grep -qx '  A1  TCK  check byte, right' out && head -1 out | grep -qx 'ATR 3B 8F 80 01 80 31 .* A1'
}
check "digits, without a resource manager" digits

reader() {
	TESSERA_RM=embedded:softcard run 0 && [ ! -s err ] && mv out first &&
	    TESSERA_RM=embedded:softcard run 0 soft && diff first out && run 0 "$atr" && diff first out
}
check "that of the card in a reader" reader

empty() {
	TESSERA_RM=embedded:softcard=empty run 1 && [ ! -s out ] &&
	    grep -qx 'scardctl: reader "Tessera Soft Card": there is no card in it' err
}
check "a reader without a card" empty

as_json() {
	run 0 --json "$atr" && [ "$(wc -l <out)" -eq 1 ] &&
	    json "set(data) == {'atr', 'fields', 'protocols', 'cards', 'listed', 'problem'}" &&
	    json "data['atr'] == '$atr' and data['protocols'] == [0, 1] and data['cards'] == ['Tessera soft card']" &&
	    json "data['listed'] is None and data['problem'] is None" &&
	    json "''.join(field['bytes'] for field in data['fields']) == '$atr'" &&
	    json "data['fields'][0] == {'at': 0, 'bytes': '3B', 'name': 'TS', 'meaning': 'direct convention'}"
}
check "--json" as_json

broken() {
	run 1 3BF011 && grep -qx 'scardctl: the answer to reset is not well formed: it ends before byte 4, TB1, which T0 announces' err &&
	    grep -q '^  11  TA1  ' out && run 1 --json 3BF011 &&
	    json "data['problem'] == 'it ends before byte 4, TB1, which T0 announces' and len(data['fields']) == 3"
}
check "a bad one, as far as it goes" broken

listed() {
	printf '3B 02 14 ..\n\tA card of a list\n' >list.txt && "$scardctl" db import list.txt >out 2>err &&
	    run 0 3B021450 && grep -qx 'listed as A card of a list' out && run 0 --json '3B 02:14 50' &&
	    json "data['listed'] == 'A card of a list' and data['cards'] == []" &&
	    run 0 3B021550 && grep -q '^no card type and no list has a name for it; ' out
}
check "what an imported list calls it" listed

long() {
	run 1 "$(printf '3BFF111111%s' "$(printf 'F0111111%.0s' 1 2 3 4 5 6 7 8 9)")" &&
	    grep -q 'not well formed' err && run 2 3B00 3B00
}
check "too long an answer, too many arguments" long

echo "1..$number"
exit $failed
