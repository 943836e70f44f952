#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A hosted handler that dies with every command, in a scardd and in the program's own process; what is
# said of it on the error output is read by the program.
set -u

mkfifo said || exit 1
# Kept open for both, so that opening it does not wait.
exec 9<>said
driver=ifdhandler=library:$TESSERA_BUILD/tests/ifd/ifd_handler.so:brittle
failed=0
"$TESSERA_BUILD/tests/with_scardd" --driver "$driver" "$TESSERA_BUILD/tests/daemon/handler_dies" scardd said 2>&9 || failed=1
TESSERA_RM=embedded:$driver "$TESSERA_BUILD/tests/daemon/handler_dies" embedded said 2>&9 || failed=1
exit $failed
