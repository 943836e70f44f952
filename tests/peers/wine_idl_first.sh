#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One half of the files of libwine-dev; see wine_idl.py.
exec "$TESSERA_SRC/tests/peers/wine_idl.py" --half 0
