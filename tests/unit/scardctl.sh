#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
# shellcheck disable=SC2153  # TESSERA_SRC is the runner's
#
# scardctl as a user meets it, over a soft card in its own process: what it prints, its exit status.
set -u

scardctl=$TESSERA_BUILD/bin/scardctl
number=0 failed=0
atr=3B8F80018031E873F421405754657373657261A1

# check NAME COMMAND...: the command must succeed.
check() {
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $number - scardctl: $name"
	else
		echo "not ok $number - scardctl: $name"
		sed 's/^/#   /' out err
		failed=1
	fi
}

# run STATUS ARGUMENT...: scardctl's output in out and err; compares the status.
run() {
	expected=$1
	shift
	"$scardctl" "$@" >out 2>err </dev/null
	[ $? -eq "$expected" ]
}

# output TEXT: all of it; nothing on standard error.
output() {
	printf '%s\n' "$1" | diff - out && [ ! -s err ]
}

usage_error() {
	text=$1
	shift
	run 2 "$@" && grep -qF "scardctl: $text" err && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ]
}

# json EXPRESSION: over the parsed output, called `data`.
json() {
	python3 -c 'import json, sys
data = json.load(open("out"))
sys.exit(0 if eval(sys.argv[1]) else 1)' "$1"
}

TESSERA_RM=embedded:softcard
export TESSERA_RM

list_text() {
	run 0 list && output "Tessera Soft Card: present
  ATR $atr"
}
check "list" list_text

list_json() {
	run 0 list --json && [ "$(wc -l <out)" -eq 1 ] &&
	    json "data == {'readers': [{'reader': 'Tessera Soft Card', 'state': ['present'], 'counter': 1, 'atr': '$atr'}]}" &&
	    mv out first && run 0 --json list && diff first out
}
check "list --json" list_json

list_empty() {
	TESSERA_RM=embedded:softcard=empty run 0 list && output 'Tessera Soft Card: empty' ||
	    return 1
	TESSERA_RM=embedded:softcard=empty run 0 list --json &&
	    json "data['readers'][0]['state'] == ['empty'] and data['readers'][0]['atr'] is None"
}
check "list of a reader without card" list_empty

status_text() {
	details="Tessera Soft Card
  State     present
  Counter   1
  ATR       $atr
  Protocol  T=1
  Vendor    Tessera
  Model     Soft Card
  Version   0.1.0"
	run 0 status && output "$details" && run 0 status 'Tessera Soft Card' && output "$details" &&
	    run 0 status 'soft c' && output "$details"
}
check "status" status_text

status_json() {
	run 0 status --json && [ "$(wc -l <out)" -eq 1 ] &&
	    json 'set(data["readers"][0]) == {"reader", "state", "counter", "atr", "protocol", "vendor", "model", "version", "serial", "problem"}' &&
	    json 'data["readers"][0]["protocol"] == "T=1" and data["readers"][0]["vendor"] == "Tessera"' &&
	    json 'data["readers"][0]["serial"] is None and data["readers"][0]["problem"] is None'
}
check "status --json" status_json

status_empty() {
	TESSERA_RM=embedded:softcard=empty run 0 status --json &&
	    json 'data["readers"][0]["protocol"] is None and data["readers"][0]["vendor"] == "Tessera"' &&
	    json 'data["readers"][0]["problem"] is None'
}
check "status of a reader without card" status_empty

two_readers() {
	TESSERA_RM=embedded:softcard=pair run 0 list --json && json 'len(data["readers"]) == 2' &&
	    TESSERA_RM=embedded:softcard=pair run 1 status e && [ ! -s out ] &&
	    grep -q '^scardctl: 2 readers have "e" in their names: say more of it$' err
}
check "a part of two names" two_readers

unknown_reader() {
	run 1 status Nothing && [ ! -s out ] &&
	    grep -qx 'scardctl: no reader has "Nothing" in its name; scardctl list shows all' err
}
check "status of a reader that is not there" unknown_reader

who_nobody() {
	run 0 who && output 'No connections.' && run 0 who --json && json 'data == {"connections": []}'
}
check "who, when nobody is" who_nobody

apdu_arguments() {
	run 0 apdu 00A4000C025000 '00 B0 81 00 05' 00:b0:81:00:05 && output '> 00A4000C025000
< 9000 success
> 00B0810005
< 48656C6C6F 9000 success
> 00B0810005
< 48656C6C6F 9000 success'
}
check "apdu with arguments" apdu_arguments

apdu_status_word() {
	run 0 apdu soft 00A40000029999 00FF0000 && output '> 00A40000029999
< 6A82 file or application not found
> 00FF0000
< 6D00 instruction not known'
}
check "apdu with a reader; status words are explained" apdu_status_word

apdu_protocol() {
	run 0 apdu --protocol t0 --transaction 00A40000025000 && grep -q '^< ' out &&
	    run 0 apdu --protocol T1 --reader 'Tessera Soft Card' --transaction 00A4000C025000 &&
	    output '> 00A4000C025000
< 9000 success'
}
check "apdu --protocol, --transaction and --reader" apdu_protocol

apdu_file() {
	printf '# first\n\n  00A4000C025000 # select\n00 B0 81 00 05' >commands &&
	    run 0 apdu --file commands && output '> 00A4000C025000
< 9000 success
> 00B0810005
< 48656C6C6F 9000 success'
}
check "apdu --file" apdu_file

apdu_file_wrong() {
	printf '00A4000C025000\n# fine\n00B08100 0\n' >commands && run 1 apdu --file commands &&
	    [ ! -s out ] && grep -q '^scardctl: commands:3: not a command: expected pairs' err &&
	    run 1 apdu --file missing && grep -qx 'scardctl: missing: No such file or directory' err
}
check "apdu --file sends nothing of a file with a mistake" apdu_file_wrong

apdu_input() {
	printf '00A4000C025000\n00B0810005\n' >commands
	"$scardctl" apdu <commands >out 2>err && output '> 00A4000C025000
< 9000 success
> 00B0810005
< 48656C6C6F 9000 success' || return 1
	printf '00A4000C025000\nnothing\n00B0810005\n' >commands
	"$scardctl" apdu <commands >out 2>err
	[ $? -eq 1 ] && [ "$(wc -l <out)" -eq 2 ] &&
	    grep -q '^scardctl: standard input:2: not a command' err
}
check "apdu with standard input" apdu_input

apdu_secret() {
	run 0 apdu 00A4000C025000 002000010431323334 && ! grep -q 31323334 out &&
	    grep -qx '> 0020000104 (4 bytes not shown)' out && [ "$(tail -n 1 out)" = '< 9000 success' ]
}
check "apdu does not show a PIN" apdu_secret

apdu_no_card() {
	TESSERA_RM=embedded:softcard=empty run 1 apdu 00A40000 && [ ! -s out ] &&
	    grep -q '^scardctl: cannot connect to the card in "Tessera Soft Card": SCARD_E_NO_SMARTCARD: ' err &&
	    grep -q '^  ..*' err
}
check "apdu without a card" apdu_no_card

# A terminal: a prompt, colours, and a mistake that ends nothing.
apdu_terminal() {
	cat >terminal.py <<-'EOT'
		import os, pty, sys
		pid, fd = pty.fork()
		if pid == 0:
		    os.environ.pop("NO_COLOR", None)
		    os.execv(sys.argv[1], [sys.argv[1], "apdu"])
		text = b""
		def until(end):
		    global text
		    while not text.endswith(end):
		        text += os.read(fd, 1000)
		for line in (b"00A4000C025000", b"oops", b"quit"):
		    until(b"apdu> ")
		    os.write(fd, line + b"\n")
		    text += b"|"
		try:
		    while True:
		        more = os.read(fd, 1000)
		        if not more:
		            break
		        text += more
		except OSError:
		    pass
		sys.stdout.write(text.decode().replace("\r", ""))
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOT
	python3 terminal.py "$scardctl" >out 2>err && grep -q "^< $(printf '\033')\[32m9000$(printf '\033')\[0m success$" out &&
	    grep -q '^scardctl: standard input:2: not a command' out && [ "$(grep -c '^apdu> ' out)" -eq 3 ]
}
check "apdu on a terminal" apdu_terminal

watch_signal() {
	mkfifo events || return 1
	for signal in INT TERM; do
		# A shell's background command ignores SIGINT; env gives it back.
		env --default-signal=INT "$scardctl" watch >events 2>err &
		pid=$!
		exec 3<events
		read -r line <&3
		kill -"$signal" "$pid"
		wait "$pid" || return 1
		exec 3<&-
		echo "$line" >out
		grep -qx '[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]\{3\} Tessera Soft Card: found (present), counter 1' out &&
		    [ ! -s err ] || return 1
	done
}
check "watch until a signal" watch_signal

no_manager() {
	TESSERA_RM=unix:$PWD/nobody run 1 list && [ ! -s out ] &&
	    grep -q '^scardctl: cannot reach the resource manager: SCARD_E_NO_SERVICE: ' err &&
	    grep -q "^  .*$PWD/nobody" err
}
check "no resource manager" no_manager

check "no command" usage_error 'say what to do'
check "unknown command" usage_error 'unknown command "frobnicate"' frobnicate
check "unknown option" usage_error 'unknown option "--frobnicate"' list --frobnicate
check "option of another command" usage_error 'list has no option --count' list --count 1
check "option of another command, in front" usage_error 'sim has no option --json' --json sim -- true
check "count without value" usage_error '--count needs a value' watch --count
check "count that is none" usage_error '--count is "0"' watch --count 0
check "unknown protocol" usage_error 'unknown protocol "t2"' apdu --protocol t2
check "list with an argument" usage_error 'list does not take the argument "Thing"' list Thing
check "status with two" usage_error 'status does not take the argument "B"' status A B
check "half a byte" usage_error 'command 2: not a command' apdu 00A40000 00A400000
check "bytes as arguments" usage_error 'command 1: a command has at least 4 bytes' apdu 00 A4 00 00
check "sim without command" usage_error 'sim needs a command to run' sim --driver softcard --

help_and_version() {
	run 0 --help && grep -q '^usage: scardctl list' out && [ ! -s err ] &&
	    mv out help && grep -o '^  --[a-z]*' help | while read -r option; do
		    grep -q "Fl -${option#--}" "$TESSERA_SRC/rm/scardctl/scardctl.1" || return 1
	    done &&
	    for command in list status watch apdu who atr doctor trace db sim; do
		    grep -q "^\.It Cm $command" "$TESSERA_SRC/rm/scardctl/scardctl.1" || return 1
	    done &&
	    run 0 list --help && diff help out &&
	    run 0 --version && grep -qx 'scardctl [0-9]*\.[0-9]*\.[0-9]*' out
}
check "--help, as in the manual, and --version" help_and_version

manual() {
	mandoc -T lint -W warning "$TESSERA_SRC/rm/scardctl/scardctl.1" "$TESSERA_SRC/rm/daemon/scardd.8" \
	    "$TESSERA_SRC/rm/daemon/scardd.conf.5" >out 2>err && [ ! -s out ]
}
check "manual pages without fault" manual

# Every command and option is offered, and no other.
completion() {
	cat >complete.sh <<'END'
. "$TESSERA_SRC/rm/scardctl/completion.bash"
. "$TESSERA_SRC/rm/daemon/completion.bash"
# answers FUNCTION PROGRAM WORD...: of the last word.
answers() {
	local function=$1 program=$2
	shift 2
	COMP_WORDS=("${program##*/}" "$@") COMP_CWORD=$# COMPREPLY=()
	"$function" "$program" 2>/dev/null
	printf '%s ' "${COMPREPLY[@]}"
	echo
}
export TESSERA_RM=embedded:softcard
answers _scardctl "$TESSERA_BUILD/bin/scardctl" ''
answers _scardctl "$TESSERA_BUILD/bin/scardctl" trace Te
answers _scardctl "$TESSERA_BUILD/bin/scardctl" atr ''
answers _scardctl "$TESSERA_BUILD/bin/scardctl" doctor T
answers _scardctl "$TESSERA_BUILD/bin/scardctl" trace --wr
answers _scardd "$TESSERA_BUILD/bin/scardd" --driver so
answers _scardd "$TESSERA_BUILD/bin/scardd" --driver = v
answers _scardd "$TESSERA_BUILD/bin/scardd" --c
: >some.conf
answers _scardd "$TESSERA_BUILD/bin/scardd" --config some
END
	bash complete.sh >out 2>err && printf '%s \n' \
		'list status watch apdu who atr doctor trace db sim --help --version' \
		'Tessera\ Soft\ Card' 'Tessera\ Soft\ Card' 'Tessera\ Soft\ Card' --write softcard vpcd --config some.conf |
		diff out - || return 1
	grep -q '^		compadd -- list status watch apdu who atr doctor trace db sim --help --version$' \
		"$TESSERA_SRC/rm/scardctl/completion.zsh"
}
check "completion of scardctl and scardd" completion

output_fails() {
	"$scardctl" list >/dev/full 2>err
	[ $? -eq 1 ] && grep -q 'standard output' err
}
[ -c /dev/full ] && check "output that cannot be written" output_fails

echo "1..$number"
exit $failed
