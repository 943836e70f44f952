#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The example program, unchanged, on a scardd of its own.
set -u

"$TESSERA_BUILD/tests/with_scardd" "$TESSERA_BUILD/bin/transaction" >out 2>&1
status=$?

number=0 ok=yes
check() { # NAME CONDITION...
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $number - demo on scardd: $name"
	else
		echo "not ok $number - demo on scardd: $name"
		sed 's/^/#   /' out
		ok=no
	fi
}

has() { grep -qF -- "$1" out; }
check "success, and the daemon ended when it was told to" [ "$status" -eq 0 ]
check "the daemon's reader is listed" has "Tessera Soft Card"
check "the card was locked" has "Locked: nobody else gets at the card now"
check "the file's text is read" has "Hello from Tessera's soft card"
check "a wrong PIN costs a try" has "63C2  PIN: 2 tries left"
check "what was written is read again" has "\"Changed by the transaction demo"
check "nothing is left alive" has "Live objects: 0; locks: 0"
echo "1..$number"
[ "$ok" = yes ]
