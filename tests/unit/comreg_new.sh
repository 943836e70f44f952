#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
#
# comreg new as a component's author meets it: in an empty folder, against an installed Tessera, each
# kind is written, built, tested, checked and used, with nothing edited between.
set -u

number=0 failed=0

# check NAME COMMAND...
check() {
	number=$((number + 1))
	name=$1
	shift
	if "$@" >log 2>&1; then
		echo "ok $number - comreg new: $name"
	else
		echo "not ok $number - comreg new: $name"
		sed 's/^/#   /' log | tail -n 40
		failed=1
	fi
}

# Sanitizers' libraries would have to be in every program of the author's.
if [ -n "${SANITIZE:-}" ]; then
	author_flags="-g -fsanitize=$SANITIZE"
else
	author_flags='-g -Werror'
fi

# shellcheck disable=SC2153  # the runner sets them
install_tessera() {
	"${MAKE:-make}" -s -C "$TESSERA_SRC" BUILD="$TESSERA_BUILD" PREFIX="$PWD/tessera" \
	    CC="${CC:-gcc}" SANITIZE="${SANITIZE:-}" install
}

check 'Tessera is installed' install_tessera
bin=$PWD/tessera/bin
export PKG_CONFIG_PATH="$PWD/tessera/lib/pkgconfig"
unset MAKEFLAGS MFLAGS MAKELEVEL

mkdir work && cd work || exit 1

author() {
	make -C "$1" CC="${CC:-gcc}" CFLAGS="$author_flags" "$2"
}

no_files() {
	[ -z "$(find "$1" -type f)" ]
}

# used KIND NAME: what an application or administrator does with it once it is installed.
used() {
	case $1 in
	class | wrapper)
		"$bin/comreg" show "Acme.$2" && "./$2/${module}_test"
		;;
	driver)
		TESSERA_RM=embedded:turnstile "$bin/scardctl" list >out && cat out &&
		    grep -q '^Turnstile Reader: present' out &&
		    TESSERA_RM=embedded:turnstile Turnstile/turnstile_test
		;;
	esac
}

for kind in class wrapper driver; do
	case $kind in class) project=Greeter ;; wrapper) project=Badge ;; *) project=Turnstile ;; esac
	module=$(echo "$project" | tr '[:upper:]' '[:lower:]')
	[ $kind != wrapper ] || export TESSERA_RM=embedded:softcard
	check "$kind: is written" "$bin/comreg" new "$project" --kind="$kind" --vendor=Acme
	check "$kind: its test passes" author "$project" check
	check "$kind: comreg check passes" "$bin/comreg" check "$PWD/$project/$module.so"
	check "$kind: is installed for the user" author "$project" install
	check "$kind: is used from there" used "$kind" "$project"
	check "$kind: is removed" author "$project" uninstall
	check "$kind: leaves no file" no_files "$XDG_DATA_HOME"
	check "$kind: cleans up after itself" author "$project" clean
	unset TESSERA_RM
done

same_identifiers() {
	"$bin/comreg" new Greeter --output again && ! cmp Greeter/greeter.idl again/greeter.idl
}
check 'another project has other identifiers' same_identifiers

# refused STATUS TEXT ARGUMENT...
refused() {
	status=$1 text=$2
	shift 2
	"$bin/comreg" new "$@" >out 2>err
	[ $? -eq "$status" ] && grep -q "$text" err && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ]
}

kept() {
	mkdir full && echo mine >full/file || return 1
	refused 1 "$PWD/full: it exists" Full --output full && [ "$(cat full/file)" = mine ] &&
	    [ "$(find . -maxdepth 1 -name 'full*' | wc -l)" -eq 1 ]
}

check 'a folder with files is kept' kept
check 'an empty folder is taken' sh -c "mkdir empty && '$bin/comreg' new Empty --output empty && test -f empty/Makefile"
check 'a folder that cannot be made' refused 1 'No such file' Nowhere --output missing/folder
check 'a name is needed' refused 2 'say one name'
check 'one name' refused 2 'say one name' One Two
check 'no small letter first' refused 2 '"greeter" cannot be the name' greeter
check 'no path' refused 2 'cannot be the name' ../Up
check 'no word of C' refused 2 'cannot be the name' Int
check 'no name too long for a ProgID' refused 2 'cannot be the name' Abcdefghijklmnopqrstuvwxyz
check 'no vendor with blanks' refused 2 'cannot be the vendor' Fine --vendor 'A B'
check 'no other kind' refused 2 'unknown kind "service"' Fine --kind service
check 'templates that are gone' sh -c "mv ../tessera/share/tessera/templates ../gone && ! '$bin/comreg' new Fine 2>err &&
	grep -q 'install Tessera again' err && test ! -e Fine && test -z \"\$(ls -d Fine* 2>/dev/null)\""

echo "1..$number"
exit "$failed"
