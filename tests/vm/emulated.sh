#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU's reader with libcacard's card, through scardd on real USB: all of it.
exec "$TESSERA_SRC/tests/vm/run.sh" --reader --limit "${VM_LIMIT:-100}" --env TESSERA_BUILD="$TESSERA_BUILD" \
    --env TESSERA_VM="$TESSERA_VM" --env TMPDIR=/run ${VM_KEEP:+--keep "$VM_KEEP"} -- \
    "$TESSERA_BUILD/tests/with_scardd" --driver ccid "$TESSERA_BUILD/tests/vm/emulated" "$@"
