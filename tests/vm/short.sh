#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The same in short, for `make check`: one command, replies that fill packets, the card out and in, the
# reader out and in.
exec "$TESSERA_SRC/tests/vm/emulated.sh" short
