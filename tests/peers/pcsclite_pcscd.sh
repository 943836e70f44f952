#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The same programs on the same card, with Debian's pcscd and its library, and with scardd by each route to
# it: what they print is the same, but for what the clock makes of it and addresses of the programs' own
# memory. All have two readers, one with the card. Skipped for users whom pcscd does not let.
set -u

routes="dropin socket"
session=$TESSERA_SRC/tests/peers/pcsclite_session.sh

case ${1:-} in
inside) exec "$session" "$2" "$2" db "unix:$PWD/card.sock" ;;
esac

skip() {
	echo "ok 1 - pcsclite_pcscd # SKIP $1"
	exit 0
}
missing() {
	echo "not ok 1 - pcsclite_pcscd: $1 is not installed: make deps"
	exit 1
}
fail() { # WHAT FILE
	echo "not ok 1 - pcsclite_pcscd: $1"
	sed 's/^/# /' "$2"
	exit 1
}
[ -z "${SANITIZE:-}" ] || skip "the programs are the same with sanitizers"
[ -x /usr/sbin/pcscd ] || missing pcscd
[ -e /usr/lib/pcsc/drivers/serial/libifdvpcd.so ] || missing vsmartcard-vpcd
[ "$(id -u)" = 0 ] || skip "pcscd needs root"

"$TESSERA_SRC/tests/emulator/cac/make-database" db cert1 >setup.log 2>&1 ||
	fail "the card's database could not be made" setup.log

mkfifo notice
mkdir peer
/usr/bin/python3 "$TESSERA_SRC/tests/peers/pcsclite_pcscd.py" peer notice >pcscd.log 2>&1 &
pcscd=$!
# When a client has been served, the readers listen.
if ! port=$(timeout 30 cat notice) || ! PCSCLITE_CSOCK_NAME=$PWD/peer/pcscd.comm timeout 30 pcsc_scan -r >first.log 2>&1; then
	kill "$pcscd"
	fail "pcscd does not start here" pcscd.log
fi
PCSCLITE_CSOCK_NAME=$PWD/peer/pcscd.comm "$session" pcscd pcscd db 127.0.0.1 "$port" >session.log 2>&1
status=$?
kill "$pcscd"
wait "$pcscd"
[ "$status" -eq 0 ] || fail "the session with pcscd" session.log
for route in $routes; do
	"$TESSERA_BUILD/tests/with_scardd" --driver "vpcd=unix:$PWD/card.sock+2" "$0" inside "$route" >scardd.log 2>&1 ||
		fail "the session with scardd by $route" scardd.log
	rm scardd.notify
done

# The time of day and how often the turning bar was drawn; PKCS #11 handles that are addresses.
plain() { # FILE
	sed -e 's/^[A-Z][a-z][a-z] [A-Z][a-z][a-z] .*20[0-9][0-9]$/TIME/' \
	    -e 's/^\(Data\|Profile\) object [0-9]*/\1 object/' -e 's/^.*- .*[\\].*|.*$/WAITS/' "$1"
}
number=0
failed=0
for route in $routes; do
	for file in pcscd/*; do
		name=${file#pcscd/}
		number=$((number + 1))
		# pcscd may show a card before it has its answer to reset, and then once more; scardd does not.
		plain "$file" | sed '/^inserted $/d' >a
		plain "$route/$name" >b
		if diff a b >different; then
			echo "ok $number - pcsclite_pcscd: $route: $name"
		else
			echo "not ok $number - pcsclite_pcscd: $route: $name"
			sed 's/^/# /' different | head -n 40
			failed=1
		fi
	done
done
[ "$number" -gt 25 ] || { echo "not ok - pcsclite_pcscd: pcscd's session did not run"; failed=1; }
echo "1..$number"
exit $failed
