#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs a program that uses Debian's own libpcsclite.so.1, unmodified, on a scardd that speaks its protocol at
# a second socket. The first line names that socket.
#
#	pcsclite_socket.sh [--driver NAME[=SETTINGS]]... PROGRAM [ARGUMENT...]
#
# Without a driver there is a soft card. The exit status is the program's, or 1 when scardd did not do well.
set -u

if [ "${1:-}" = inside ]; then
	shift
	echo "# pcsc-lite's library at $PCSCLITE_CSOCK_NAME"
	exec "$TESSERA_SRC/tests/peers/pcsclite_debian.sh" "$@"
fi
count=$#
while [ "$count" -gt 0 ] && [ "$1" = --driver ]; do
	set -- "$@" "$1" "$2"
	shift 2
	count=$((count - 2))
done
# What is left of the arguments goes behind the drivers.
set -- "$@" "$0" inside
while [ "$count" -gt 0 ]; do
	set -- "$@" "$1"
	shift
	count=$((count - 1))
done
exec "$TESSERA_BUILD/tests/with_scardd" "$@"
