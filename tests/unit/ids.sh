#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# tests/ids.sh finds what is missing, has failed or is unknown, and nothing else.
set -u

number=0 status=0
cat >program <<'EOF'
#!/bin/sh
cat "$0.output"
EOF
chmod +x program
cat >list <<'EOF'
# a comment
A1 first
B12
EOF

# check NAME, WANTED STATUS, WORDS THAT THE REPORT HOLDS, with the program's output as input
check()
{
	number=$((number + 1))
	cat >program.output
	"$TESSERA_SRC/tests/ids.sh" list ./program >report 2>&1
	got=$?
	if [ $got -eq "$2" ] && grep -qF -- "$3" report; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1: status $got"
		sed 's/^/#   /' report
		status=1
	fi
}

check 'all there' 0 'ok 2 - each of 2 has passed' <<'EOF'
ok 1 - suite: A1 one
ok 2 - B12 two, of no suite
ok 3 - suite: B12 again
ok 4 - suite: words alone
ok 5 - CRC and SW2 are words
# A7 is a remark
EOF
check 'one missing' 1 'not ok 2 - each of 2 has passed: B12' <<'EOF'
ok 1 - suite: A1 one
ok 2 - suite: B1 another
EOF
check 'one skipped' 1 'not ok 2 - each of 2 has passed: B12' <<'EOF'
ok 1 - suite: A1 one
ok 2 - suite: B12 two # SKIP no machine
EOF
check 'one failed beside others' 1 'not ok 3 - none has failed: B12' <<'EOF'
ok 1 - suite: A1 one
ok 2 - suite: B12 two
not ok 3 - suite: B12 again
EOF
check 'one unknown' 1 'not ok 4 - no other is reported: C3' <<'EOF'
ok 1 - suite: A1 one
ok 2 - suite: B12 two
ok 3 - suite: C3 three
EOF
check 'nothing reported' 1 'not ok 2 - each of 2 has passed: A1 B12' <<'EOF'
EOF
echo exit 3 >>program
check 'all there, but the program fails' 1 'ended with status 3' <<'EOF'
ok 1 - suite: A1 one
ok 2 - suite: B12 two
EOF
echo A1 >>list
check 'listed twice' 1 'not ok 1 - list names each once: A1' <<'EOF'
ok 1 - suite: A1 one
EOF
echo "1..$number"
exit $status
