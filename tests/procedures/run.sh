#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The procedures of the Smart Card SDK documentation as a newcomer builds and runs them: against a
# tree made by `make install`, found by pkg-config, with nothing of this repository but the sources
# of these programs.
set -u

here=$TESSERA_SRC/tests/procedures
tree=${TMPDIR:-/tmp}/tree
CC=${CC:-gcc}
CXX=${CXX:-g++}
sanitize=${SANITIZE:+-fsanitize=$SANITIZE -fno-omit-frame-pointer}
number=0
failed=0

report() { # 0 or 1, NAME, LOG
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - procedures: $2"
	else
		echo "not ok $number - procedures: $2"
		sed 's/^/#   /' "$3"
		failed=1
	fi
}

# Prints the flags that pkg-config gives for the installed tree.
flags() {
	PKG_CONFIG_PATH=$tree/usr/local/lib/pkgconfig pkg-config "$@" tessera-com tessera-scard
}

# compile PROGRAM COMPILER STANDARD SOURCE
compile() {
	cflags=$(flags --cflags) && libs=$(flags --libs) || return 1
	# Flags are words.
	# shellcheck disable=SC2086
	"$2" "-std=$3" -Wall -Wextra -Werror -g $sanitize $cflags "$4" -o "$1" $libs
}

# procedure PROGRAM COMPILER STANDARD SOURCE WHAT
procedure() {
	{
		compile "$1" "$2" "$3" "$here/$4" &&
		    LD_LIBRARY_PATH=$tree/usr/local/lib TESSERA_RM=${TESSERA_RM:-embedded:softcard} "./$1"
	} >"$1.log" 2>&1
	report "$?" "$5" "$1.log"
}

"${MAKE:-make}" -C "$TESSERA_SRC" --no-print-directory install BUILD="$TESSERA_BUILD" SANITIZE="${SANITIZE:-}" \
    PREFIX=/usr/local DESTDIR="$tree" >install.log 2>&1
report "$?" "make install" install.log

procedure a1 "$CC" c11 a1_transaction.c 'A1, to perform a transaction'
procedure a2 "$CC" c11 a2_get_challenge.c 'A2, to build an ISO 7816-4 command'
procedure a2_cplusplus "$CXX" c++17 a2_get_challenge.cc 'A2 in C++17'
procedure a3 "$CC" c11 a3_build_cmd.c 'A3, BuildCmd'
procedure a4 "$CC" c11 a4_byte_buffer.c 'A4, IByteBuffer'
procedure a5 "$CC" c11 a5_card_cmd.c 'A5, ISCardCmd'
procedure a6 "$CC" c11 a6_iso7816.c 'A6, ISCardISO7816'
procedure a7 "$CC" c11 a7_card.c 'A7, ISCard'
procedure a10 "$CC" c11 a10_type_conv.c 'A10, ISCardTypeConv'

echo "1..$number"
exit "$failed"
