#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# winscard_system in a tree of its own, so that its administrator's layer is nobody else's: layers are
# found from the library's place. What it leaves is a file there, and not in the user's layer.
set -u

folder=$PWD/tree/of/its/own
libraries=$folder/${TESSERA_LIB#"$TESSERA_BUILD"/}
mkdir -p "${libraries%/*}"
cp -R "$TESSERA_LIB" "$libraries"
cp -R "$TESSERA_BUILD/share" "$folder/share"
LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} "$TESSERA_BUILD/tests/winscard_system" >out 2>&1
status=$?
grep -v '^1\.\.' out
number=$(grep -c '^\(not \)\{0,1\}ok ' out)

check() { # NAME COUNT FOLDER PATTERN
	number=$((number + 1))
	if [ "$(find "$3" -type f -path "$4" | wc -l)" -eq "$2" ]; then
		echo "ok $number - winscard_system: $1"
	else
		echo "not ok $number - winscard_system: $1"
		find "$PWD/tree" "$XDG_DATA_HOME" -type f -name '*zz*' | sed 's/^/# /'
		status=1
	fi
}
check "a file of the administrator for the card type" 1 "$PWD/tree" '*/etc/tessera/cards.d/zz*.card'
check "a file of the administrator for the reader" 1 "$PWD/tree" '*/etc/tessera/readers.d/zz*.reader'
check "no file of the user" 0 "$XDG_DATA_HOME" '*zz*'
echo "1..$number"
exit $status
