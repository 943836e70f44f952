#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The example program, unchanged, on libcacard's card: it goes as far as that card answers and prints
# what the card refuses. The reader listens first; the program's own line says when.
set -u

cac=$TESSERA_SRC/tests/emulator/cac
"$cac/make-database" db cert1 >setup.log 2>&1 || {
	echo "not ok 1 - transaction on a CAC: the card's database could not be made"
	sed 's/^/#   /' setup.log
	exit 1
}

mkfifo lines
TESSERA_RM=embedded:vpcd=unix:$PWD/card.sock "$TESSERA_BUILD/bin/transaction" --wait 30 --pin 123456 \
    --pin-reference 0 --pad >lines 2>errors &
program=$!
card=
while IFS= read -r line; do
	printf '%s\n' "$line"
	case $line in
	"Waiting for a card in "*)
		"$TESSERA_BUILD/tests/cac_card" "unix:$PWD/card.sock" db cert1 </dev/null >card.log 2>&1 &
		card=$!
		;;
	esac
done <lines >out
wait "$program"
status=$?
[ -z "$card" ] || kill "$card" 2>/dev/null

number=0 ok=yes
check() { # NAME TEXT
	number=$((number + 1))
	if grep -qF -- "$2" out; then
		echo "ok $number - transaction on a CAC: $1"
	else
		echo "not ok $number - transaction on a CAC: $1"
		sed 's/^/#   /' out errors
		ok=no
	fi
}
check "the card's answer to reset" "ATR 3B 7A 18 00 00 73 66 74 65 20 63 64 31 34 34"
check "its protocol" "protocol T=0"
check "selecting the master file is refused" "refused"
check "no wrong PIN is spent on a card that does not tell its tries" "no wrong PIN is tried"
check "its PIN is accepted" "<- 9000  success"
check "it takes no other command without an applet" "6900  refused: command not allowed"
check "all is given back" "Live objects: 0; locks: 0"
number=$((number + 1))
if [ "$status" -eq 0 ]; then
	echo "ok $number - transaction on a CAC: refusals of the card are no failure"
else
	echo "not ok $number - transaction on a CAC: refusals of the card are no failure"
	sed 's/^/#   /' errors
	ok=no
fi
echo "1..$number"
[ "$ok" = yes ]
