#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The scenarios of T=0 and T=1 are all tested.
programs=
for program in t0 t0_character t1 t1_blocks t1_sizes; do
	programs="$programs $TESSERA_BUILD/tests/ccid_$program"
done
# shellcheck disable=SC2086 # words
exec "$TESSERA_SRC/tests/ids.sh" "$TESSERA_SRC/tests/unit/ccid_ids.list" $programs
