#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# comreg check finds what it is for: every check has a module that is wrong in that one way, and fails
# on it alone. It finds nothing in modules that are right, Tessera's own among them.
set -u

comreg=$TESSERA_BUILD/bin/comreg
broken=$TESSERA_BUILD/tests/broken
number=0
status=0

ok() {
	number=$((number + 1))
	echo "ok $number - comreg_check: $*"
}

not_ok() {
	number=$((number + 1))
	echo "not ok $number - comreg_check: $*"
	status=1
}

# The modules, as many at a time as there are processors: NAME.tap and NAME.status for each. Under a
# sanitizer, which makes starting a process slow, only the check that must fail.
# shellcheck disable=SC2016 # the inner shell expands
find "$broken" -mindepth 1 -maxdepth 1 -printf '%f\0' | xargs -0 -P "$(nproc)" -I NAME sh -c '
	check=NAME
	check=${check%%+*}
	only=
	[ -z "${SANITIZE:-}" ] || [ "$check" = sound ] || only="--check $check"
	"$0" check $only --time-limit 60 "$1/NAME/NAME.so" >NAME.tap 2>&1
	echo $? >NAME.status' "$comreg" "$broken"

"$comreg" check --list | cut -f 1 >checks

# The names of the checks that failed, one a line, each once.
failed() {
	sed -n 's/^not ok [0-9]* - \([^ ]*\).*/\1/p' "$1" | sort -u
}

while read -r check; do
	[ -e "$check.tap" ] || not_ok "$check has no module that breaks its rule"
done <checks

for tap in *.tap; do
	name=${tap%.tap}
	check=${name%%+*}
	found=$(failed "$tap" | tr '\n' ' ')
	ended=$(cat "$name.status")
	if [ "$check" = sound ]; then
		if [ "$ended" -eq 0 ] && [ -z "$found" ]; then
			ok "nothing is found in $name"
		else
			not_ok "in $name, which is right, was found: $found(status $ended)"
			sed 's/^/# /' "$tap"
		fi
	elif [ "$found" = "$check " ] && [ "$ended" -eq 1 ]; then
		ok "$name fails on $check alone"
	elif [ -n "${SANITIZE:-}" ] && grep -q "^ok .* - $check .*# SKIP.*sanitizer" "$tap"; then
		ok "$name # SKIP the sanitizer watches allocation itself"
	else
		not_ok "$name must fail on $check alone; failed: $found(status $ended)"
		grep -A 5 '^not ok' "$tap" | sed 's/^/# /'
	fi
done

# sound NAME MODULE: nothing is found in it.
sound() {
	if TESSERA_RM=embedded:softcard "$comreg" check --time-limit 60 "$2" >sound.tap 2>&1; then
		ok "nothing is found in $1"
	else
		not_ok "in $1 was found:"
		grep -A 5 '^not ok' sound.tap | sed 's/^/# /'
	fi
}
for module in "$TESSERA_LIB"/tessera/components/*.so; do
	sound "$(basename "$module")" "$module"
done
sound "the counter of the tests" "$TESSERA_BUILD/tests/components/counter.so"

# The command line.
thing="$broken/sound+thing/sound+thing"
expect() {
	want=$1
	what=$2
	shift 2
	"$comreg" check "$@" >out 2>err </dev/null
	got=$?
	if [ "$got" -eq "$want" ]; then
		ok "$what: status $want"
	else
		not_ok "$what: status $got, not $want"
		sed 's/^/# /' out err
	fi
}
expect 2 'no module'
expect 2 'an unknown option' --nothing "$thing.so"
expect 2 'a class that is no identifier' --class Thing "$thing.so"
expect 2 'a check that nobody knows' --check unknown.nothing "$thing.so"
expect 2 'a time limit of nothing' --time-limit 0 "$thing.so"
expect 2 'a time limit in words' --time-limit soon "$thing.so"
expect 1 'a module that is not there' ./nowhere.so
expect 1 'a CLSID that is not registered' '{7E57B0A0-00FF-4B0F-9E0B-3A6D0E1F7A01}'
cp "$thing.so" alone.so
expect 2 'a module without manifest or class' ./alone.so
expect 0 'a module without manifest, its class named' \
    --class '{7E57B0A0-0001-4B0F-9E0B-3A6D0E1F7A01}' --iid '{7E57B0A0-0011-4B0F-9E0B-3A6D0E1F7A01}' ./alone.so
if grep -q '^ok .* - unknown.matrix {7E57B0A0-0001' out; then
	ok 'the class has its CLSID for a name'
else
	not_ok 'the class has its CLSID for a name'
fi
printf 'no module' >text.so
expect 1 'a file that is no module' --class '{7E57B0A0-0001-4B0F-9E0B-3A6D0E1F7A01}' ./text.so

# A program that reads the report.
if "$comreg" check --json "$broken/unknown.matrix/unknown.matrix.so" | python3 -c '
import json, sys
report = json.load(sys.stdin)
failed = [c for c in report["checks"] if c["result"] == "failed"]
assert [c["check"] for c in failed] == ["unknown.matrix"], failed
assert failed[0]["class"] == "Thing" and failed[0]["evidence"] and failed[0]["rule"]
assert report["failed"] == 1 and report["notRun"] == 0
assert report["passed"] + report["failed"] + report["notApplicable"] == len(report["checks"])
assert report["module"].endswith("/unknown.matrix.so")
' 2>json-error; then
	ok 'the report as JSON'
else
	not_ok 'the report as JSON'
	sed 's/^/# /' json-error
fi
exit $status
