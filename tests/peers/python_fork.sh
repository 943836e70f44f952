#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Python is built without sanitizers; a library that has one needs its run-time library before Python.
set -u
preload=
case ${SANITIZE:-} in
*address*) preload="LD_PRELOAD=$("$CC" -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0" ;;
*thread*) preload="LD_PRELOAD=$("$CC" -print-file-name=libtsan.so)" ;;
esac
# The word list is meant to be split.
# shellcheck disable=SC2086
exec "$TESSERA_BUILD/bin/scardctl" sim -- env $preload python3 "$TESSERA_SRC/tests/peers/python_fork.py" \
    "$TESSERA_LIB/libtessera-scard.so.0"
