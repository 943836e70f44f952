#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What SCardAudit records is in the daemon's log, with the user and the process.
set -u

"$TESSERA_BUILD/tests/with_scardd" "$TESSERA_BUILD/tests/winscard_cache" >out 2>&1
number=0 status=0

# check NAME EXPECTED-COUNT PATTERN
check() {
	number=$((number + 1))
	if [ "$(grep -c "$3" out)" -eq "$2" ]; then
		echo "ok $number - audit: $1"
	else
		echo "not ok $number - audit: $1"
		sed 's/^/# /' out
		status=1
	fi
}

user=$(id -u)
check "a failure is recorded" 1 "audit: user $user, process [1-9][0-9]*: PIN verification failed"
check "a success is recorded" 1 "audit: user $user, process [1-9][0-9]*: PIN verification succeeded"
check "nothing else is" 2 "audit:"

mkdir quiet
TESSERA_LOG=error TMPDIR=$PWD/quiet "$TESSERA_BUILD/tests/with_scardd" "$TESSERA_BUILD/tests/winscard_cache" >out 2>&1
check "what is not recorded is no success" 2 "SCARD_E_UNSUPPORTED_FEATURE.*TESSERA_LOG"
echo "1..$number"
exit $status
