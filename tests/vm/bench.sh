#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The driver's benchmark, in a guest: bench.sh [--quick]
exec "$TESSERA_SRC/tests/vm/run.sh" --modules vhci_hcd --limit 1500 ${VM_KEEP:+--keep "$VM_KEEP"} -- \
    "$TESSERA_BUILD/tests/vm/bench" "$@" "$TESSERA_BUILD"
