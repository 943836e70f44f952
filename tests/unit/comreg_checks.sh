# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2317  # used by those that include this
#
# What the tests of comreg share: read with `.`; ends with finish.
comreg=$TESSERA_BUILD/bin/comreg
number=0 failed=0

# check NAME COMMAND...: the command must succeed.
check() {
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $number - comreg: $name"
	else
		echo "not ok $number - comreg: $name"
		sed 's/^/#   /' out err
		failed=1
	fi
}

# run STATUS ARGUMENT...: comreg's output in out and err; compares the status.
run() {
	expected=$1
	shift
	"$comreg" "$@" >out 2>err </dev/null
	[ $? -eq "$expected" ]
}

usage_error() {
	text=$1
	shift
	run 2 "$@" && grep -q "^comreg: $text" err && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ]
}

# json EXPRESSION: over the parsed output, called `data`.
json() {
	python3 -c 'import json, sys
data = json.load(open("out"))
sys.exit(0 if eval(sys.argv[1]) else 1)' "$1"
}


# output TEXT: all of the output; nothing on standard error.
output() {
	printf '%s\n' "$1" | diff - out && [ ! -s err ]
}

finish() {
	echo "1..$number"
	exit $failed
}
