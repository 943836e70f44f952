#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A reader of our own at every exchange level, through scardd on the kernel's virtual host controller;
# or under the machine's pcscd, with libccid or our bundle.
#
#   software.sh [libccid|bundle] [KIND]      one kind of reader alone, by the name that lines begin with
set -u
run() {
	"$TESSERA_SRC/tests/vm/run.sh" --modules vhci_hcd --limit "${VM_LIMIT:-100}" \
	    --env TESSERA_BUILD="$TESSERA_BUILD" --env TMPDIR=/run ${VM_KEEP:+--keep "$VM_KEEP"} -- "$@"
}
reader=$TESSERA_BUILD/tests/vm/software_reader
bundles=''
[ "${1-}" != bundle ] || bundles=$TESSERA_BUILD/lib/tessera/pcsc
case ${1-} in
libccid | bundle)
	shift
	# shellcheck disable=SC2016 # the guest's
	run sh -c '# pcscd of Debian 12 looks for drivers in no other place.
[ -z "$1" ] || mount --bind "$1" /usr/lib/pcsc/drivers || exit 1
shift
mkdir -p /run/none && mkfifo /run/log
pcscd --foreground --info --config /run/none >/run/log 2>&1 &
exec 3</run/log
while read -r line <&3; do
	case $line in *"daemon ready"*) break ;; esac
done
cat <&3 >/vm/pcscd.log &
exec 3<&-
exec "$@"' sh "$bundles" "$TESSERA_BUILD/tests/vm/software_peer" "$reader" "$@"
	;;
*) run "$TESSERA_BUILD/tests/with_scardd" --driver ccid "$TESSERA_BUILD/tests/vm/software" "$reader" "$@" ;;
esac
