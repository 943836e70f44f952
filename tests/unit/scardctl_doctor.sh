#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2016,SC2317  # what is in quotes is for another shell; functions are called through check
#
# scardctl doctor: every kind of finding, on a machine that is a folder of files, and beside scardd.
set -u

scardctl=$TESSERA_BUILD/bin/scardctl
number=0 failed=0
TESSERA_LOG=error
TESSERA_SCARDCTL_ROOT=$PWD/root
export TESSERA_LOG TESSERA_SCARDCTL_ROOT scardctl

# check NAME COMMAND...: the command must succeed.
check() {
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $number - scardctl doctor: $name"
	else
		echo "not ok $number - scardctl doctor: $name"
		sed 's/^/#   /' out err
		failed=1
	fi
}

# run STATUS ARGUMENT...: scardctl doctor's output in out and err; compares the status.
run() {
	expected=$1
	shift
	"$scardctl" doctor --json "$@" >out 2>err </dev/null
	[ $? -eq "$expected" ]
}

# json EXPRESSION: over the parsed output, called `data`.
json() {
	python3 -c 'import json, sys
data = json.load(open("out"))
sys.exit(not eval(sys.argv[1]))' "$1"
}

# finding SEVERITY CHECK OBJECT TEXT NEXT: the last output has exactly one such finding.
finding() {
	json "len([f for f in data['findings'] if f['severity'] == '$1' and f['check'] == '$2' and f['object'] == '''$3''' and '''$4''' in f['problem'] and '''$5''' in f['next']]) == 1"
}

# checks NAME...: the words of all findings, in their order, but for that of the dialog.
checks() {
	json "' '.join(f['check'] for f in data['findings'] if f['check'] != 'dialog') == '$*'"
}

fresh() {
	rm -rf root
	mkdir -p root/proc/net root/run root/sys/bus/usb/devices root/dev/bus/usb/001
}

# process PID NAME [FD LINK]: one that runs, and what it has open.
process() {
	mkdir -p "root/proc/$1/fd"
	echo "$2" >"root/proc/$1/comm"
	[ $# -lt 4 ] || ln -s "$4" "root/proc/$1/fd/$3"
}

# device CLASS [DRIVER]: a USB device with one interface.
device() {
	place=root/sys/bus/usb/devices/1-2
	mkdir -p "$place" "$place:1.0" "root/sys/bus/usb/drivers/${2:-none}"
	echo 1 >"$place/busnum"
	echo 7 >"$place/devnum"
	echo 04e6 >"$place/idVendor"
	echo 5116 >"$place/idProduct"
	echo 'ACME' >"$place/manufacturer"
	echo 'Reader 1' >"$place/product"
	echo "$1" >"$place:1.0/bInterfaceClass"
	[ $# -lt 2 ] || ln -s "../../drivers/$2" "$place:1.0/driver"
	: >root/dev/bus/usb/001/007
}
title='ACME Reader 1 (04e6:5116)'

well() {
	fresh
	TESSERA_RM=embedded:softcard run 0 && [ ! -s err ] && checks no-provider &&
	    json "set(data) == {'errors', 'warnings', 'readers', 'findings'} and data['errors'] == 0 and data['readers'] == 1" &&
	    finding warning no-provider 'Tessera Soft Card' 'card type "Tessera soft card" has no primary' "scardctl db provider 'Tessera soft card' primary" &&
	    finding warning dialog CATID_SCardDialog 'no dialog component' 'install'
}
check "nothing wrong with a soft card" well

text() {
	fresh
	TESSERA_RM=unix:$PWD/none "$scardctl" doctor >out 2>err
	[ $? -eq 1 ] && [ ! -s err ] && sed -n 1p out | grep -qx "error: $PWD/none: no scardd: there is no socket" &&
	    sed -n 2p out | grep -q '^  next: start it: ' && tail -1 out | grep -qx '1 error, 1 warning; 0 readers examined'
}
check "as text" text

no_daemon() {
	fresh
	TESSERA_RM=unix:$PWD/none run 1 && checks no-daemon &&
	    finding error no-daemon "$PWD/none" 'there is no socket' 'scardd --driver' || return 1
	# The usual places; the system's is told.
	(unset TESSERA_RM; run 1) && checks no-daemon &&
	    finding error no-daemon "$PWD/root/run/tessera/scardd.sock" 'there is no socket' 'systemctl enable --now scardd.socket'
}
check "no daemon" no_daemon

# socket TYPE PATH listen|stale|stay COMMAND...: runs the command beside such a socket.
socket() {
	python3 - "$@" <<'END'
import os, socket, subprocess, sys
kind, path, how = sys.argv[1:4]
place = socket.socket(socket.AF_UNIX, getattr(socket, kind))
place.bind(path)
if how == "listen":
    place.listen(1)
else:
    place.close()
sys.exit(subprocess.run(sys.argv[4:]).returncode)
END
}

sockets() {
	fresh
	TESSERA_RM=unix:$PWD/s
	export TESSERA_RM
	socket SOCK_SEQPACKET s stale sh -c 'exec "$0" doctor --json >out 2>err' "$scardctl"
	[ $? -eq 1 ] && checks stale-socket && finding error stale-socket "$PWD/s" 'nobody listens' 'start scardd again' || return 1
	rm s
	socket SOCK_STREAM s listen sh -c 'exec "$0" doctor --json >out 2>err' "$scardctl"
	[ $? -eq 1 ] && checks foreign-socket && finding error foreign-socket "$PWD/s" 'another kind' 'TESSERA_RM' || return 1
	rm s
	unset TESSERA_RM
	mkdir -p root/run/tessera
	socket SOCK_SEQPACKET root/run/tessera/scardd.sock stale sh -c 'exec "$0" doctor --json >out 2>err' "$scardctl"
	[ $? -eq 1 ] && finding error stale-socket "$PWD/root/run/tessera/scardd.sock" 'nobody listens' 'systemctl restart scardd.socket'
}
check "sockets of nobody and of somebody else" sockets

# as_nobody: scardctl doctor as a user without rights, when this one has all.
as_nobody() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$scardctl" doctor --json >out 2>err </dev/null
	else
		"$scardctl" doctor --json >out 2>err </dev/null
	fi
}

# reachable: whether a user without rights can run the program at all.
reachable() {
	[ "$(id -u)" -ne 0 ] || setpriv --reuid 65534 --regid 65534 --clear-groups "$scardctl" --version >/dev/null 2>&1
}

permission() {
	fresh
	chmod 711 .
	python3 - "$scardctl" <<'END' >out 2>err
import os, socket, subprocess, sys
place = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
place.bind("closed")
place.listen(1)
os.chmod("closed", 0o460 if os.getuid() else 0o660)
if os.getuid() == 0:
    os.chown("closed", 0, 1)
command = [sys.argv[1], "doctor", "--json"]
if os.getuid() == 0:
    command = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] + command
# Folders above may be closed to that user: the socket is named from here.
environment = dict(os.environ, TESSERA_RM="unix:closed", TESSERA_SCARDCTL_ROOT="root")
sys.exit(subprocess.run(command, env=environment).returncode)
END
	[ $? -eq 1 ] && finding error permission closed 'may not write to the socket: mode 0' 'log in again'
}
if reachable; then
	check "no right to the socket" permission
fi

pcscd() {
	fresh
	process 4120 pcscd
	TESSERA_RM=embedded:softcard run 0 && checks pcscd no-provider &&
	    finding warning pcscd 'pcscd[4120]' 'takes readers for itself' 'systemctl disable --now pcscd.socket' || return 1
	# Not running, but it would be started; unless scardd itself serves that socket.
	fresh
	listening='0000000000000000: 00000002 00000000 00010000 0001 01'
	printf 'Num       RefCount Protocol Flags    Type St Inode Path\n%s 4711 /run/pcscd/pcscd.comm\n' "$listening" >root/proc/net/unix
	process 1 systemd 40 'socket:[4711]'
	TESSERA_RM=embedded:softcard run 0 && checks pcscd-socket no-provider &&
	    finding warning pcscd-socket /run/pcscd/pcscd.comm 'may start it' 'PcscliteSocket=' || return 1
	process 77 scardd 9 'socket:[4711]'
	TESSERA_RM=embedded:softcard run 0 && checks no-provider
}
check "pcscd" pcscd

usb_kernel() {
	fresh
	device ff pn533_usb
	TESSERA_RM=embedded:softcard run 1 && checks no-provider usb-kernel &&
	    finding error usb-kernel "$title" 'the kernel driver pn533_usb has the reader' 'echo 1-2:1.0 > /sys/bus/usb/drivers/pn533_usb/unbind' || return 1
	fresh
	device 0b strange
	TESSERA_RM=embedded:softcard run 1 && finding error usb-kernel "$title" 'strange' 'blacklist strange' || return 1
	# What is no reader.
	fresh
	device 03 usbhid
	TESSERA_RM=embedded:softcard run 0 && checks no-provider
}
check "a kernel driver has a USB reader" usb_kernel

usb_held() {
	fresh
	device 0b usbfs
	process 4120 scdaemon 12 /dev/bus/usb/001/007
	TESSERA_RM=embedded:softcard run 1 && checks no-provider usb-held &&
	    finding error usb-held "$title" 'scdaemon[4120] has the reader open' 'disable-ccid' || return 1
	# scardd may.
	fresh
	device 0b usbfs
	process 4120 scardd 12 /dev/bus/usb/001/007
	TESSERA_RM=embedded:softcard run 0 && checks no-provider || return 1
	fresh
	device 0b usbfs
	TESSERA_RM=embedded:softcard run 0 && checks no-provider usb-held-unseen &&
	    finding warning usb-held-unseen "$title" 'a program of another user' 'sudo scardctl doctor' || return 1
	fresh
	device 0b
	TESSERA_RM=embedded:softcard run 0 && checks no-provider usb-unserved &&
	    finding warning usb-unserved "$title" 'no program and no driver' 'Drivers=ccid;'
}
check "other programs have a USB reader, or nobody" usb_held

usb_node() {
	fresh
	device 0b usbfs
	process 4120 scardd 12 /dev/bus/usb/001/007
	rm root/dev/bus/usb/001/007
	TESSERA_RM=embedded:softcard run 1 && checks no-provider usb-node &&
	    finding error usb-node "$title" '/dev/bus/usb/001/007 is not there' 'udev'
}
check "the node of a USB reader is missing" usb_node

usb_permission() {
	fresh
	device 0b usbfs
	process 4120 scardd 12 /dev/bus/usb/001/007
	chmod 400 root/dev/bus/usb/001/007
	chmod 711 .
	TESSERA_RM=embedded:softcard TESSERA_SCARDCTL_ROOT=root as_nobody
	[ $? -eq 1 ] && finding error usb-permission "$title" '/dev/bus/usb/001/007 may not be read and written by this user: mode 0400' 'udev rule'
}
if reachable; then
	check "no right to a USB reader" usb_permission
fi

drivers() {
	fresh
	mkdir -p configuration
	printf '[Daemon]\nDrivers=softcard;vpcd=tcp:35963;nosuch=x;\n' >configuration/scardd.conf
	TESSERA_CONFIG_DIR=$PWD/configuration TESSERA_RM=unix:$PWD/none run 1 && checks no-daemon driver &&
	    finding error driver "$PWD/configuration/scardd.conf" 'reader driver "nosuch" cannot be used: ' 'correct Drivers=' || return 1
	echo rubbish >configuration/scardd.conf
	TESSERA_CONFIG_DIR=$PWD/configuration TESSERA_RM=unix:$PWD/none run 1 && checks no-daemon configuration &&
	    finding error configuration "$PWD/configuration/scardd.conf" 'scardd does not start: ' 'scardd.conf(5)'
}
check "drivers and configuration" drivers

providers() {
	fresh
	"$scardctl" db provider 'Tessera soft card' primary '{00000001-0002-0003-0405-060708090A0B}' >out 2>err || return 1
	TESSERA_RM=embedded:softcard run 1 && checks provider &&
	    finding error provider 'Tessera Soft Card' 'the primary service provider {00000001-0002-0003-0405-060708090A0B} of card type "Tessera soft card" cannot be used: REGDB_E_CLASSNOTREG' 'comreg why {00000001-0002-0003-0405-060708090A0B}' || return 1
	# One that there is: the soft card's own driver is a class as good as any.
	clsid=$(sed -n 's/^\[Class \({.*}\)\]$/\1/p' "$TESSERA_BUILD"/share/tessera/components.d/softcard.component)
	"$scardctl" db provider 'Tessera soft card' primary "$clsid" >out 2>err &&
	    TESSERA_RM=embedded:softcard run 0 && checks || return 1
	"$scardctl" db remove 'Tessera soft card' >out 2>err
}
check "providers" providers

unknown() {
	fresh
	mkdir -p "$XDG_DATA_HOME/tessera/cards.d"
	# An empty file disables the type of that name below.
	: >"$XDG_DATA_HOME/tessera/cards.d/tessera-softcard.card"
	TESSERA_RM=embedded:softcard run 0 && checks unknown-card &&
	    finding warning unknown-card 'Tessera Soft Card' 'no card type matches the card, ATR 3B8F80018031E873F421405754657373657261A1' 'scardctl db add NAME 3B8F' || return 1
	printf '3B 8F 80 01 80 31 E8 73 F4 21 40 57 54 65 73 73 65 72 61 A1\n\tListed\n' >list
	"$scardctl" db import list >out 2>err &&
	    TESSERA_RM=embedded:softcard run 0 && finding warning unknown-card 'Tessera Soft Card' 'which a list calls "Listed"' 'scardctl atr'
	status=$?
	rm -r "$XDG_DATA_HOME/tessera"
	return "$status"
}
check "an unknown card" unknown

# beside COMMAND...: scardctl doctor beside a scardd, while the command, which says one line, runs.
cat >beside.sh <<'END'
mkfifo word ask
"$@" <ask >word &
holder=$!
exec 4>ask
IFS= read -r line <word
"$scardctl" doctor --json >out 2>err
status=$?
exec 4>&-
wait "$holder"
rm word ask
exit "$status"
END
beside() {
	"$scardctl" sim -- sh ./beside.sh "$@"
}

held() {
	fresh
	beside "$TESSERA_BUILD/tests/scardctl_holder" 'Tessera Soft Card' exclusive
	[ $? -eq 1 ] && checks held no-provider && json "'scardctl_holder[' in data['findings'][1]['problem'] or 'scardctl_holder[' in data['findings'][0]['problem']" &&
	    json "'for itself alone' in [f for f in data['findings'] if f['check'] == 'held'][0]['problem']" || return 1
	beside "$TESSERA_BUILD/tests/scardctl_holder" 'Tessera Soft Card' transaction && checks transaction no-provider &&
	    json "'by a transaction' in [f for f in data['findings'] if f['check'] == 'transaction'][0]['problem']"
}
check "a program has the card for itself" held

# A card in the virtual reader, with this answer to a reset.
cat >mute.py <<'END'
import socket, sys
card = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
card.connect(sys.argv[1])
while True:
    head = card.recv(2, socket.MSG_WAITALL)
    if len(head) < 2:
        break
    command = card.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL)
    if command == b"\x04":
        answer = bytes.fromhex(sys.argv[2])
        card.sendall(len(answer).to_bytes(2, "big") + answer)
END
cat >mute.sh <<'END'
mkfifo changes
"$scardctl" watch --json >changes &
watch=$!
exec 3<changes
python3 mute.py "$1" "$2" &
card=$!
while IFS= read -r line <&3; do
	case $line in *'"mute"'* | *'"card-inserted"'*) break ;; esac
done
"$scardctl" doctor --json >out 2>err
status=$?
kill "$card" "$watch"
rm changes
exit "$status"
END
mute() {
	fresh
	"$scardctl" sim --driver "vpcd=unix:$PWD/vpcd.sock" -- sh ./mute.sh "$PWD/vpcd.sock" ''
	[ $? -eq 1 ] && json "[f['problem'] for f in data['findings'] if f['check'] == 'mute'] == ['the card does not answer to a reset']" || return 1
	"$scardctl" sim --driver "vpcd=unix:$PWD/vpcd.sock" -- sh ./mute.sh "$PWD/vpcd.sock" 3BF011 && checks bad-atr unknown-card &&
	    json "'it ends before byte 4, TB1, which T0 announces' in data['findings'][1]['problem']"
}
check "a mute card, one with a bad answer to reset" mute

one_reader() {
	fresh
	TESSERA_RM=embedded:softcard run 0 soft && json "data['readers'] == 1" &&
	    TESSERA_RM=embedded:softcard run 1 none && finding error no-reader none 'no such reader' 'scardctl list' && grep -q 'no reader has "none"' err &&
	    TESSERA_RM=embedded:softcard=empty run 0 && checks && TESSERA_RM=embedded:vpcd=unix:$PWD/v run 0 && run 2 a b
}
check "one reader, an empty one, a wrong one" one_reader

broken() {
	fresh
	TESSERA_RM=embedded:nosuch run 1 && finding error daemon TESSERA_RM 'nosuch' 'standard error'
}
check "a resource manager that does not work" broken

echo "1..$number"
exit $failed
