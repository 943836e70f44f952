#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs a program with Debian's libpcsclite.so.1 whatever it was linked to, and with nothing else of that
# library's folder.
#
#	pcsclite_debian.sh PROGRAM [ARGUMENT...]
set -u

library=$(/sbin/ldconfig -p | sed -n 's/^\tlibpcsclite\.so\.1 .* => //p' | head -n 1)
if [ -z "$library" ]; then
	echo "not ok - libpcsclite1 is not installed: make deps"
	exit 1
fi
folder=${TMPDIR:-/tmp}/debian
mkdir -p "$folder" && ln -sf "$library" "$folder/libpcsclite.so.1" || exit 1
LD_LIBRARY_PATH=$folder exec "$@"
