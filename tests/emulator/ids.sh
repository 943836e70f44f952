#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The list of robustness is tested, each of it.
programs=
for program in bulk caller card descriptor interrupt; do
	programs="$programs $TESSERA_BUILD/tests/ccid_robust_$program"
done
# shellcheck disable=SC2086 # words
exec "$TESSERA_SRC/tests/ids.sh" "$TESSERA_SRC/tests/emulator/ids.list" $programs
