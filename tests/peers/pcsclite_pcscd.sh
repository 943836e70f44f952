#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The same programs on the same card, with Debian's pcscd and its library, and with scardd and the drop-in:
# what they print is the same but for times, addresses and the counter that pcsc_scan shows. Both have two
# readers, one with the card. Skipped where a pcscd or its ports are in use, and for users whom pcscd does
# not let.
set -u

# The card connects to a reader that listens; then all programs run.
session() { # FOLDER ADDRESS...
	folder=$1
	shift
	env -u LD_LIBRARY_PATH "$TESSERA_BUILD/tests/cac_card" "$@" db cert1 </dev/null >"$folder.card" 2>&1 &
	card=$!
	"$TESSERA_SRC/tests/peers/pcsclite_session.sh" "$folder" "$card" db
	kill "$card" 2>/dev/null
	wait "$card"
}

case ${1:-} in
inside)
	LD_LIBRARY_PATH=$TESSERA_LIB/tessera/pcsclite
	export LD_LIBRARY_PATH
	session ours 127.0.0.1 35973
	exit 0
	;;
esac

skip() {
	echo "ok 1 - pcsclite_pcscd # SKIP $1"
	exit 0
}
missing() {
	echo "not ok 1 - pcsclite_pcscd: $1 is not installed: make deps"
	exit 1
}
[ -z "${SANITIZE:-}" ] || skip "the programs are the same with sanitizers"
[ -x /usr/sbin/pcscd ] || missing pcscd
[ -e /etc/reader.conf.d/vpcd ] || missing vsmartcard-vpcd
[ "$(id -u)" = 0 ] || skip "pcscd needs root"
[ ! -e /run/pcscd/pcscd.comm ] || skip "a pcscd runs already"
/usr/bin/python3 - 2>/dev/null <<END || skip "a port of the virtual readers is in use"
import socket
for port in (35963, 35964, 35973, 35974):
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("127.0.0.1", port))
END

"$TESSERA_SRC/tests/emulator/cac/make-database" db cert1 >setup.log 2>&1 || {
	echo "not ok 1 - pcsclite_pcscd: the card's database could not be made"
	exit 1
}

# It gets its socket from us, as from systemd, so that a client can wait for it from the beginning; when one
# is served, the readers listen.
mkfifo listens
/usr/bin/python3 - <<END >pcscd.log 2>&1 &
import os, socket
os.makedirs("/run/pcscd", exist_ok=True)
listener = socket.socket(socket.AF_UNIX)
listener.bind("/run/pcscd/pcscd.comm")
listener.listen()
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
with open("listens", "w") as told:
    told.write("now\n")
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv("/usr/sbin/pcscd", ["pcscd", "--foreground"])
END
pcscd=$!
if ! timeout 30 cat listens >/dev/null || ! timeout 30 pcsc_scan -r >first.log 2>&1; then
	kill "$pcscd"
	rm -f /run/pcscd/pcscd.comm
	skip "pcscd does not start here"
fi
session theirs 127.0.0.1 35963
kill "$pcscd"
wait "$pcscd"
rm -f /run/pcscd/pcscd.comm
"$TESSERA_BUILD/tests/with_scardd" --driver vpcd=tcp:35973+2 "$0" inside >scardd.log 2>&1

plain() { # FILE
	sed -e 's/Event number: [0-9]*/Event number/' \
	    -e 's/^[A-Z][a-z][a-z] [A-Z][a-z][a-z] .*20[0-9][0-9]$/TIME/' -e 's/^\(Data\|Profile\) object [0-9]*/\1 object/' \
	    -e 's/^.*- .*[\\].*|.*$/WAITS/' "$1"
}
number=0
failed=0
for file in theirs/*; do
	name=${file#theirs/}
	number=$((number + 1))
	plain "$file" >a
	plain "ours/$name" >b
	if diff a b >different; then
		echo "ok $number - pcsclite_pcscd: $name"
	else
		echo "not ok $number - pcsclite_pcscd: $name"
		sed 's/^/# /' different | head -n 40
		failed=1
	fi
done
[ "$number" -gt 10 ] || { echo "not ok - pcsclite_pcscd: pcscd's session did not run"; failed=1; }
echo "1..$number"
exit $failed
