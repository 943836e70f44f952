#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Records the exchanges of tests/wire anew: they are what is stored, byte for byte. A message that was
# to be changed is recorded by `make record`, and what changed is seen in the difference.
set -u

if "$TESSERA_BUILD/tests/with_scardd" "$TESSERA_BUILD/tests/wire_recorded"; then
	echo 'ok 1 - record: every call has its result'
else
	echo 'not ok 1 - record: every call has its result'
fi
number=1 status=0
for file in *.exchange; do
	number=$((number + 1))
	if diff -u "$TESSERA_SRC/tests/wire/$file" "$file" >difference; then
		echo "ok $number - record: $file"
	else
		echo "not ok $number - record: $file"
		sed 's/^/# /' difference
		status=1
	fi
done
exit $status
