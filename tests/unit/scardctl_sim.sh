#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
# shellcheck disable=SC2016  # what stands in single quotes is for the shell inside
#
# scardctl beside scardd: `sim`, and what only more than one process can show.
set -u

scardctl=$TESSERA_BUILD/bin/scardctl
holder=$TESSERA_BUILD/tests/scardctl_holder
card=$TESSERA_BUILD/tests/scardctl_card
export scardctl holder card
number=0 failed=0
reader='Tessera Soft Card'

# check NAME COMMAND...: the command must succeed, and leave no folder behind.
check() {
	number=$((number + 1))
	name=$1
	shift
	if "$@" && [ -z "$(ls "$TMPDIR")" ]; then
		echo "ok $number - scardctl_sim: $name"
	else
		echo "not ok $number - scardctl_sim: $name"
		sed 's/^/#   /' out err
		find "$TMPDIR" -mindepth 1 | sed 's/^/#   left: /'
		failed=1
	fi
}

# sim STATUS ARGUMENT...: output in out and err; compares the status.
sim() {
	expected=$1
	shift
	"$scardctl" sim "$@" >out 2>err </dev/null
	[ $? -eq "$expected" ]
}

# inside STATUS SCRIPT [DRIVER...]: a shell script with a resource manager; `set -e` holds in it.
inside() {
	status=$1 script=$2
	shift 2
	for driver; do
		set -- "$@" --driver "$driver"
		shift
	done
	sim "$status" "$@" -- sh -euc "$script"
}

# output TEXT: all of it; nothing on standard error.
output() {
	printf '%s\n' "$1" | diff - out && [ ! -s err ]
}

# json EXPRESSION: over the parsed output, called `data`.
json() {
	python3 -c 'import json, sys
data = json.load(open("out"))
sys.exit(0 if eval(sys.argv[1]) else 1)' "$1"
}

mkdir scratch short && cd scratch || exit 1
TMPDIR=${PWD%/*}/short
export TMPDIR
mkfifo hold ready events

lists() {
	sim 0 -- "$scardctl" list && output "$reader: present
  ATR 3B8F80018031E873F421405754657373657261A1" &&
	    sim 0 "$scardctl" list --json && json 'data["readers"][0]["state"] == ["present"]' &&
	    sim 0 -- "$scardctl" status --json &&
	    json 'data["readers"][0]["protocol"] == "T=1" and data["readers"][0]["vendor"] == "Tessera"'
}
check "list and status" lists

exchanges() {
	inside 0 'printf "00A4000C025000\n00B0810005\n" | "$scardctl" apdu --transaction' &&
	    output '> 00A4000C025000
< 9000 success
> 00B0810005
< 48656C6C6F 9000 success'
}
check "apdu" exchanges

statuses() {
	sim 0 -- true && sim 7 -- sh -c 'exit 7' && sim 137 -- sh -c 'kill -9 $$' &&
	    sim 1 -- "$scardctl" status Nothing && [ ! -s out ]
}
check "the command's status" statuses

no_command() {
	: >plain
	sim 127 -- ./missing && [ ! -s out ] &&
	    grep -qx 'scardctl: sim: ./missing: No such file or directory' err &&
	    sim 126 -- ./plain && grep -qx 'scardctl: sim: ./plain: Permission denied' err
}
check "a command that is not there" no_command

command_options() {
	sim 0 --driver softcard sh -c 'echo "$@"' x --json --driver && output '--json --driver'
}
check "the command's own options" command_options

environment() {
	export NOTIFY_SOCKET=/ours
	inside 0 'folder=${TESSERA_RM#unix:}; folder=${folder%/scardd.sock}
		echo "${folder%??????} $(stat -c %a "$folder") $NOTIFY_SOCKET"'
	status=$?
	unset NOTIFY_SOCKET
	[ "$status" -eq 0 ] && output "$TMPDIR/scardctl- 700 /ours"
}
check "its environment" environment

input() {
	echo words | "$scardctl" sim -- cat >out 2>err && output words
}
check "its input" input

long_folder() {
	long=$PWD/$(printf '%0100d' 0)
	TMPDIR=$long inside 0 'echo "${TESSERA_RM%??????/*}"' && output 'unix:/tmp/scardctl-'
}
check "a folder whose path is too long" long_folder

drivers() {
	sim 0 --driver softcard --driver=softcard=empty -- "$scardctl" list --json &&
	    json '[r["state"] for r in data["readers"]] == [["present"], ["empty"]]' &&
	    sim 1 --driver nothing -- true && [ ! -s out ] &&
	    grep -qx 'scardctl: sim: scardd ended with status 1; its reason is above' err &&
	    grep -q '^scardd: driver .nothing.' err
}
check "drivers" drivers

no_daemon() {
	mkdir -p elsewhere && cp "$scardctl" elsewhere && LD_LIBRARY_PATH=$TESSERA_LIB elsewhere/scardctl sim -- true >out 2>err
	[ $? -eq 1 ] && grep -qx "scardctl: sim: there is no scardd in $PWD/elsewhere, where scardctl is; install both together" err
}
check "no scardd" no_daemon

# Somebody is connected in the given manner; then SCRIPT.
held() {
	inside 0 "\"\$holder\" '$reader' $1 <hold >ready & exec 4>hold; read -r word <ready; $2
		exec 4>&-; wait \$!"
}

who_json() {
	held transaction '"$scardctl" who --json; echo $! >&2' &&
	    json 'len(data["connections"]) == 1' &&
	    json "set(data['connections'][0]) == {'reader', 'pid', 'uid', 'program', 'mode', 'transaction', 'since'}" &&
	    json "data['connections'][0]['reader'] == '$reader'" &&
	    json "data['connections'][0]['pid'] == $(cat err) and data['connections'][0]['uid'] == $(id -u)" &&
	    json 'data["connections"][0]["program"] == "scardctl_holder"' &&
	    json 'data["connections"][0]["mode"] == "shared" and data["connections"][0]["transaction"] is True' &&
	    json '-5 < (__import__("time").time() - __import__("datetime").datetime.fromisoformat(data["connections"][0]["since"]).timestamp()) < 60'
}
check "who, while somebody holds a transaction" who_json

who_text() {
	for mode in shared exclusive direct; do
		held "$mode" '"$scardctl" who' &&
		    grep -qx "$reader: pid [0-9]* (scardctl_holder), $mode, since 20[0-9T:+-]*" out || return 1
	done
	held transaction '"$scardctl" who' &&
	    grep -qx "$reader: pid [0-9]* (scardctl_holder), shared, in a transaction, since 20[0-9T:+-]*" out &&
	    inside 0 '"$holder" "Tessera Soft Card" shared </dev/null >/dev/null; "$scardctl" who' &&
	    output 'No connections.'
}
check "who, in each mode" who_text

status_held() {
	held transaction '"$scardctl" status --json' &&
	    json 'data["readers"][0]["problem"] == "somebody holds a transaction; see scardctl who"' &&
	    json 'data["readers"][0]["vendor"] is None and data["readers"][0]["state"] == ["present", "in-use"]' &&
	    held exclusive '"$scardctl" status --json' &&
	    json 'data["readers"][0]["state"] == ["present", "exclusive"] and data["readers"][0]["problem"] != None'
}
check "status, while somebody has the card" status_held

sharing() {
	held exclusive '"$scardctl" apdu 00A40000 && exit 1; true' && [ ! -s out ] &&
	    grep -q "^scardctl: cannot connect to the card in \"$reader\": SCARD_E_SHARING_VIOLATION: " err
}
check "apdu, while somebody has the card" sharing

# The lines of a watch, without their times; the first is there when this returns.
watch_uses() {
	"$scardctl" sim -- sh -euc '
		"$scardctl" watch --count 4 >events & watch=$!
		exec 3<events; read -r time line <&3; echo "$line"
		for mode in shared exclusive; do
			"$holder" "Tessera Soft Card" $mode <hold >ready & held=$!
			exec 4>hold; read -r word <ready
			read -r time line <&3; echo "$line"
			exec 4>&-; wait $held
			read -r time line <&3; echo "$line"
		done
		wait $watch' >out 2>err && output "$reader: found (present), counter 1
$reader: in-use (present, in-use), counter 1
$reader: not-in-use (present), counter 1
$reader: exclusive (present, exclusive), counter 1
$reader: not-exclusive (present), counter 1"
}
check "watch: connections" watch_uses

virtual_card='
	"$scardctl" watch $json --count 4 >events & watch=$!
	exec 3<events; read -r line <&3; echo "$line"
	for time in 1 2; do
		"$card" unix:card <hold & inserted=$!
		exec 4>hold; read -r line <&3; echo "$line"
		exec 4>&-; wait $inserted
		read -r line <&3; echo "$line"
	done
	wait $watch'

watch_cards() {
	export json=
	inside 0 "$virtual_card" "vpcd=unix:$PWD/card" || return 1
	virtual=$(sed -n '1s/^[^ ]* \(.*\): found.*/\1/p' out)
	sed 's/^[^ ]* //' out >lines && mv lines out && output "$virtual: found (empty), counter 0
$virtual: card-inserted (present), counter 1
$virtual: card-removed (empty), counter 2
$virtual: card-inserted (present), counter 3
$virtual: card-removed (empty), counter 4"
}
check "watch: a card comes and goes" watch_cards

watch_json() {
	export json=--json
	inside 0 "$virtual_card" "vpcd=unix:$PWD/card" && [ "$(wc -l <out)" -eq 5 ] &&
	    sed -i 's/$/,/; 1s/^/[/; $s/,$/]/' out &&
	    json 'all(set(e) == {"time", "reader", "changes", "state", "counter", "atr"} for e in data)' &&
	    json '[e["changes"] for e in data] == [["found"]] + 2 * [["card-inserted"], ["card-removed"]]' &&
	    json '[e["counter"] for e in data] == [0, 1, 2, 3, 4]' &&
	    json '[e["atr"] for e in data] == [None, "3B80800101", None, "3B80800101", None]' &&
	    json 'all(__import__("datetime").datetime.fromisoformat(e["time"]).tzinfo for e in data)'
}
check "watch --json" watch_json

# The daemon is the other child of the command's parent.
find_daemon='for child in $(cat /proc/$PPID/task/$PPID/children); do
	[ "$child" = $$ ] || daemon=$child; done'

daemon_dies() {
	inside 1 "$find_daemon"'
		"$scardctl" watch >events & watch=$!
		exec 3<events; read -r line <&3
		kill -9 $daemon; wait $watch' && [ ! -s out ] &&
	    grep -q '^scardctl: cannot watch the readers: SCARD_E_SERVICE_STOPPED: ' err &&
	    grep -qx 'scardctl: sim: scardd ended with status 137 before the command' err
}
check "watch, when scardd dies" daemon_dies

signals() {
	for signal in TERM INT HUP; do
		# A shell's background command ignores SIGINT; env gives it back.
		env --default-signal=INT "$scardctl" sim -- sh -euc "$find_daemon"'
			echo $daemon; exec cat hold' >events 2>err &
		pid=$!
		exec 3<events
		read -r daemon <&3
		exec 4<>hold
		kill -"$signal" "$pid"
		wait "$pid"
		status=$?
		exec 3<&- 4>&-
		echo "$signal: $status, daemon $daemon" >out
		case $signal in TERM) [ "$status" -eq 143 ] ;; INT) [ "$status" -eq 130 ] ;; *) [ "$status" -eq 129 ] ;; esac &&
		    ! kill -0 "$daemon" 2>/dev/null && [ -z "$(ls "$TMPDIR")" ] && [ ! -s err ] || return 1
	done
}
check "signals end all and leave nothing" signals

# The terminal tells the command itself, and nobody tells it twice; scardd hears nothing.
interrupt() {
	cat >inside.py <<-'EOT'
		import signal, subprocess, sys
		signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
		print("ready", flush=True)
		signal.sigwait({signal.SIGINT})
		subprocess.run([sys.argv[1], "list"])
		print("twice" if signal.SIGINT in signal.sigpending() else "once")
		sys.exit(5)
	EOT
	cat >terminal.py <<-'EOT'
		import os, pty, sys
		pid, fd = pty.fork()
		if pid == 0:
		    os.execvp(sys.argv[1], [sys.argv[1], "sim", "--", "python3", "inside.py", sys.argv[1]])
		text = b""
		try:
		    while b"ready" not in text:
		        text += os.read(fd, 1000)
		    os.write(fd, b"\x03")
		    while True:
		        text += os.read(fd, 1000)
		except OSError:
		    pass
		sys.stdout.write(text.decode().replace("\r", ""))
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOT
	python3 terminal.py "$scardctl" >out 2>err
	[ $? -eq 5 ] && [ "$(tail -n 1 out)" = once ] && grep -q "$reader: present$" out
}
check "Ctrl-C on a terminal is the command's" interrupt

echo "1..$number"
exit $failed
