#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The runtime's benchmark runs and measures every row; how good the figures are is not asked here.
set -u

out=$TMPDIR/bench
cd "$TESSERA_SRC" || exit 1
"$TESSERA_BUILD/tests/bench/runtime" --quick "$TESSERA_BUILD" >"$out" 2>&1
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
for name in 'AddRef + Release' 'QueryInterface + Release, hit' 'QueryInterface, miss' \
	'CoCreateInstance + Release, warm'; do
	check grep -q "^$name  *[0-9]" "$out"
done
name='CoCreateInstance, two threads'
check grep -q "^$name  *[0-9n]" "$out"
name='first object of a process'
check grep -q "^$name, 10  *[0-9]" "$out"
name='lookup among 100,000 classes'
check grep -q "^$name  *first [0-9]" "$out"
name='comidl, 1,000 interfaces of 10'
check grep -q "^$name  *[0-9]" "$out"
[ "$failed" -eq 0 ] || sed 's/^/# /' "$out"
exit "$failed"
