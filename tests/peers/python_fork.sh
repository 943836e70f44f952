#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
exec "$TESSERA_BUILD/bin/scardctl" sim -- python3 "$TESSERA_SRC/tests/peers/python_fork.py" \
    "$TESSERA_LIB/libtessera-scard.so.0"
