#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs one command in a Linux guest under QEMU, as root, prints what it prints and ends with its exit
# status. The guest's root is this machine's own, at the same paths, read-only below a memory disk: the
# build tree is there, and every program and library that is installed here. No KVM, no rights and no
# network are needed.
#
#   run.sh [OPTION]... [--] COMMAND [ARGUMENT]...       needs TESSERA_VM, made by prepare.sh
#
#   --reader        QEMU's usb-ccid reader (08e6:4433) with libcacard's card is there from the start
#   --modules LIST  kernel modules to load, of those that prepare.sh took
#   --env NAME=VAL  for the command; repeatable
#   --limit S       seconds for the whole run; 100
#   --keep FOLDER   leave console, kernel messages and what the command wrote to /vm there
#
# In the guest /dev/virtio-ports/monitor is QEMU's monitor, $VM_READER and $VM_CARD are what its
# device_add takes for reader (id reader) and card (id card), and files in /vm come back with --keep.
#
# Exit status: the command's; 124 no end in time; 125 the command was not reached; 2 wrong use.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
: "${TESSERA_VM:?see prepare.sh}"
reader='' modules='' limit=100 keep='' environment=''
quote() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
while [ $# -gt 0 ]; do
	case $1 in
	--reader) reader=yes ;;
	--modules) modules=$2 && shift ;;
	--env)
		environment="$environment${2%%=*}=$(quote "${2#*=}")
export ${2%%=*}
"
		shift
		;;
	--limit) limit=$2 && shift ;;
	--keep) keep=$2 && shift ;;
	--) shift && break ;;
	-*) echo "run.sh: no option $1" >&2 && exit 2 ;;
	*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || { sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2 && exit 2; }
case $TESSERA_VM in
*[!A-Za-z0-9/._+-]*) echo "run.sh: QEMU takes no such path in its options: $TESSERA_VM" >&2 && exit 2 ;;
esac
[ -z "$keep" ] || { mkdir -p "$keep" && keep=$(cd "$keep" && pwd); }

# Sockets in it, whose paths are short: QEMU runs there.
run=$(mktemp -d "${TMPDIR:-/tmp}/vm.XXXXXX")
mkdir "$run/vm"
qemu='' output=''
# shellcheck disable=SC2317 # by trap
clean() {
	if [ -n "$qemu" ]; then
		kill "$qemu" 2>/dev/null || :
		wait "$qemu" 2>/dev/null || :
	fi
	[ -z "$output" ] || kill "$output" 2>/dev/null || :
	[ -z "$keep" ] || cp -r "$run/console" "$run/qemu.log" "$run/vm/." "$keep" 2>/dev/null || :
	rm -rf "$run"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

usb_reader=usb-ccid,id=reader,bus=xhci.0
card=ccid-card-emulated,id=card,bus=reader.0,backend=certificates,db=sql:$TESSERA_VM/card,cert1=cert1,cert2=cert2,cert3=cert3
{
	printf '%s' "$environment"
	echo "export VM_READER=$usb_reader VM_CARD=$card"
	for word; do
		quote "$word"
		printf ' '
	done
	echo
} >"$run/vm/command"
cp "$here/guest/session" "$run/vm/session"
echo "MODULES=$(quote "$modules")" >"$run/vm/settings"

cd "$run"
mkfifo output.in output.out
set -- -device qemu-xhci,id=xhci
[ -z "$reader" ] || set -- "$@" -device "$usb_reader" -device "$card"
# A plain processor boots quicker under TCG than "max"; this one runs what is built for x86-64-v2.
timeout -k 5 "$limit" qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none -vga none \
    -machine pc,usb=off,hpet=off,graphics=off -accel tcg -cpu Nehalem,+rdrand -smp 1 -m 768 \
    -kernel "$TESSERA_VM/vmlinux" -initrd "$TESSERA_VM/initrd" \
    -append "console=ttyS0 quiet panic=-1 nokaslr mitigations=off no_timer_check tsc=reliable \
random.trust_cpu=on cryptomgr.notests apparmor=0 audit=0 nmi_watchdog=0 pci=lastbus=0 rcupdate.rcu_expedited=1" \
    -serial file:console \
    -fsdev local,id=run,path=vm,security_model=none \
    -device virtio-9p-pci,fsdev=run,mount_tag=run \
    -fsdev local,id=machine,path=/,security_model=none,readonly=on,multidevs=remap \
    -device virtio-9p-pci,fsdev=machine,mount_tag=machine \
    -fsdev local,id=extra,path="$TESSERA_VM/root",security_model=none,readonly=on \
    -device virtio-9p-pci,fsdev=extra,mount_tag=extra \
    -device virtio-serial-pci,id=serial \
    -chardev pipe,id=output,path=output \
    -device virtserialport,bus=serial.0,nr=1,chardev=output,name=output \
    -chardev socket,id=monitor,path=monitor.sock,server=on,wait=off -mon chardev=monitor,mode=readline \
    -chardev socket,id=monitor-port,path=monitor.sock \
    -device virtserialport,bus=serial.0,nr=2,chardev=monitor-port,name=monitor \
    "$@" </dev/null >qemu.log 2>&1 &
qemu=$!
cat output.out &
output=$!
status=0
wait $qemu || status=$?
qemu=
# It ends when the last writer is gone; should QEMU never have been one, this was.
exec 3<>output.out
exec 3<&-
wait $output || :
output=
if [ -f vm/status ]; then
	exit "$(cat vm/status)"
elif [ $status -eq 124 ] || [ $status -eq 137 ]; then
	echo "run.sh: no end within $limit s" >&2
	tail -n 5 console >&2
	exit 124
fi
echo 'run.sh: the guest ended before the command did; QEMU and console say:' >&2
cat qemu.log >&2
tail -n 25 console >&2
exit 125
