#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
#
# scardctl db: shows and changes the card database, without a resource manager.
set -u

scardctl=$TESSERA_BUILD/bin/scardctl
number=0 failed=0
TESSERA_RM=unix:$TMPDIR/none
export TESSERA_RM

# check NAME COMMAND...: the command must succeed.
check() {
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $number - scardctl db: $name"
	else
		echo "not ok $number - scardctl db: $name"
		sed 's/^/#   /' out err
		failed=1
	fi
}

# run STATUS ARGUMENT...: scardctl db's output in out and err; compares the status.
run() {
	expected=$1
	shift
	"$scardctl" db "$@" >out 2>err </dev/null
	[ $? -eq "$expected" ]
}

# says TEXT: the one line of standard error begins with it.
says() {
	grep -qF "scardctl: $1" err && [ "$(wc -l <err)" -eq 1 ] && [ ! -s out ]
}

shipped() {
	run 0 list && [ ! -s err ] && grep -qx 'Tessera soft card: vendor' out &&
	    grep -qx '  ATR 3B8F80018031E873F421405754657373657261A1' out
}
check "the shipped card types" shipped

added() {
	run 0 add 'A card' '3B 02 14 5A' FFFFFFF0 && [ ! -s out ] && run 0 show 'a CARD' &&
	    printf '%s\n' 'A card: user' '  ATR 3B021450' '      FFFFFFF0 mask' \
		"  file $XDG_DATA_HOME/tessera/cards.d/a card.card" | diff - out
}
check "a card type is added, masked, and shown" added

providers() {
	run 0 provider 'A card' primary '{00000001-0002-0003-0405-060708090A0B}' &&
	    run 0 provider 'A card' csp 'a csp' && run 0 provider 'A card' 0x80000009 other &&
	    run 0 show --json 'A card' && python3 -c '
import json
card = json.load(open("out"))
assert card["primary"] == "{00000001-0002-0003-0405-060708090A0B}"
assert card["providers"] == {"csp": "a csp", "0x80000009": "other"}
assert card["atr"] == "3B021450" and card["mask"] == "FFFFFFF0" and card["layer"] == "user"'
}
check "providers are set" providers

listed_json() {
	run 0 list --json && python3 -c '
import json
data = json.load(open("out"))
names = [card["name"] for card in data["cards"]]
assert names == sorted(names) and "A card" in names and data["readers"] == []'
}
check "the list as JSON" listed_json

removed() {
	run 0 remove 'A card' && run 1 show 'A card' &&
	    says 'the database has no card type "A card"' && run 1 remove 'A card' &&
	    says "$XDG_DATA_HOME/tessera/cards.d has no file for \"A card\""
}
check "a card type is removed" removed

broken() {
	printf '[Card]\nName=x\nATR=zz\n' >"$XDG_DATA_HOME/tessera/cards.d/x.card"
	run 1 list && grep -qx 'Tessera soft card: vendor' out &&
	    [ "$(cat err)" = "scardctl: $XDG_DATA_HOME/tessera/cards.d/x.card: line 3: [Card] ATR: must be 2 to 33 bytes in hexadecimal" ]
}
check "what is wrong is named, the others are listed" broken

imported() {
	printf '# list\n3B 11 22\n\tA name\n\tand more\n3B 11 (3|4)\n\tx\n' >list
	run 0 import list && [ "$(cat out)" = '1 ATRs imported, 1 lines not understood.' ] &&
	    run 0 name '3B 11 22' && [ "$(cat out)" = 'A name; and more' ] &&
	    run 0 name 3B8F80018031E873F421405754657373657261A1 &&
	    [ "$(cat out)" = 'Tessera soft card' ] && run 1 name 3B99 &&
	    says 'no card type and no list has a name for 3B99' && run 1 import "$0" &&
	    says "$0: has no ATR with a name behind it" && run 1 import none && [ -s err ]
}
check "a list of ATRs is imported and names cards" imported

wrong() {
	run 2 && says 'say what to do: list, show, name, add, remove, provider or import' &&
	    run 2 dump && says 'unknown command "db dump"' && run 2 show && says 'db show has 0 arguments' &&
	    run 2 add a xx && says '"xx" is no ATR' && run 2 add a 3B00 FF && says '"FF" is no mask' &&
	    run 2 provider 'Tessera soft card' what x && says 'unknown kind of provider "what"' &&
	    run 2 provider 'Tessera soft card' primary x && says '"x" is no class identifier'
}
check "wrong use" wrong

echo "1..$number"
exit $failed
