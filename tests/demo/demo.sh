#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The example program as a newcomer meets it: what it prints, that it is not scripted, that a forgotten
# object shows, and what it says when something is missing.
set -u

transaction=$TESSERA_BUILD/bin/transaction
number=0
ok=yes

check() { # NAME CONDITION...
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $number - demo: $name"
	else
		echo "not ok $number - demo: $name"
		sed 's/^/#   /' out
		ok=no
	fi
}

# run RM ARGUMENT...: leaves the output in `out` and the exit status in $status.
run() {
	rm=$1
	shift
	TESSERA_RM=$rm "$transaction" "$@" >out 2>&1
	status=$?
}

has() { grep -qF -- "$1" out; }
lacks() { ! has "$1"; }
last_line_is() { [ "$(tail -n 1 out)" = "$1" ]; }
status_is() { [ "$status" -eq "$1" ]; }
before() { # both lines, in this order
	a=$(grep -nF -- "$1" out | head -n 1 | cut -d: -f1)
	b=$(grep -nF -- "$2" out | tail -n 1 | cut -d: -f1)
	[ -n "$a" ] && [ -n "$b" ] && [ "$a" -lt "$b" ]
}

run embedded:softcard
check "the default card: success" status_is 0
check "readers are listed" has "Tessera Soft Card"
check "the file's text is read" has "Hello from Tessera's soft card"
check "a wrong PIN costs a try" has "63C2  PIN: 2 tries left"
check "refused before, written after the PIN" before "Show the PIN" "\"Changed by the transaction demo"
check "the PIN is never printed" lacks "31 32 33 34"
check "the last line counts nothing" last_line_is "Live objects: 0; locks: 0"
cp out first

run "embedded:softcard=$TESSERA_SRC/tests/data/second.profile" --pin 87654321
check "another card: success" status_is 0
check "another card: other bytes" lacks "Hello from Tessera's soft card"
cmp -s out first
check "another card: another output" [ $? -eq 1 ]

run "embedded:softcard=$TESSERA_SRC/tests/data/second.profile" --pin 1234
check "the first card's PIN is refused by the second" before "Show the PIN" "refused: security status not satisfied"

# Under a leak checker this is the one leak that is meant.
ASAN_OPTIONS=detect_leaks=0
export ASAN_OPTIONS
run embedded:softcard --leak
unset ASAN_OPTIONS
check "a forgotten object is counted and named" last_line_is "Live objects: 1 (1 CSCardCmd); locks: 0"

run embedded:softcard "No such reader"
check "unknown reader: failure" status_is 1
check "unknown reader: the code" has SCARD_E_UNKNOWN_READER
check "unknown reader: its name" has "No such reader"
check "unknown reader: nothing left alive" last_line_is "Live objects: 0; locks: 0"

run embedded:softcard=empty
check "no card: failure" status_is 1
check "no card: the code" has SCARD_E_NO_SMARTCARD

run embedded:nosuchdriver
check "unknown driver: failure" status_is 1
check "unknown driver: its name" has nosuchdriver

run "unix:$PWD/none.sock"
check "no daemon: the code" has SCARD_E_NO_SERVICE
check "no daemon: the place that was looked at" has "$PWD/none.sock"

mkdir hidden
: >hidden/scardssp.component
TESSERA_COMPONENT_PATH=$PWD/hidden TESSERA_RM=embedded:softcard "$transaction" >out 2>&1
status=$?
check "providers hidden by a layer: failure" status_is 1
check "providers hidden by a layer: the code" has REGDB_E_CLASSNOTREG
check "providers hidden by a layer: the file that hides them" has "hidden/scardssp.component"

"$transaction" --help >out 2>&1
status=$?
check "--help" status_is 0
"$transaction" --nonsense >out 2>&1
status=$?
check "unknown option" status_is 2

echo "1..$number"
[ "$ok" = yes ]
