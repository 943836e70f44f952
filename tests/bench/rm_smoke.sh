#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The resource manager's benchmark runs and measures every row; how good the figures are is not
# asked here, because the machine may be busy with anything.
set -u

out=$TMPDIR/bench
"$TESSERA_BUILD/tests/bench/rm" --quick "$TESSERA_BUILD" >"$out" 2>&1
status=$?
failed=0
check() {
	if "$@"; then echo "ok - bench: $name"; else
		echo "not ok - bench: $name"
		failed=1
	fi
}

name="ends with success"
check test "$status" -eq 0
# A row of times has a number in its first column.
for name in 'establish + release' 'connect + disconnect' 'transmit, 5 bytes -> 2' \
	'transmit, 255 bytes -> 2' 'transmit, 4,096 bytes -> 2' 'transmit, 65,000 bytes -> 2' \
	'transmit, 5 bytes -> 65,002' 'begin + end transaction' 'status' 'status change, time-out 0' \
	'list 16 readers' 'end to next begin, 2 clients' 'holder killed to next holder' \
	'insertion to status change' 'start to first answer' \
	'drop-in: connect + disconnect' 'drop-in: transmit, 65,000 bytes -> 2' \
	'hosted: connect + disconnect' 'hosted: transmit, 65,000 bytes -> 2'; do
	check grep -q "^$name  *[0-9]" "$out"
done
for name in drop-in hosted; do
	check grep -q "^$name: 64 clients, one reader  *$name: " "$out"
done
for name in '64 clients, 64 readers' '64 clients, one reader' '64 clients on a reader of 50 ms' \
	'idle' 'connects at once' 'idle clients with a context' 'idle contexts of one client'; do
	check grep -q "^$name  *scardd: " "$out"
done
[ "$failed" -eq 0 ] || sed 's/^/# /' "$out"
exit "$failed"
