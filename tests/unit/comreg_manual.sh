#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
# shellcheck disable=SC2153  # TESSERA_SRC is the runner's
#
# What comreg says of itself: help of each command, the manual page, and completion in bash.
set -u
# shellcheck source=tests/unit/comreg_checks.sh
. "$TESSERA_SRC/tests/unit/comreg_checks.sh"

page=$TESSERA_SRC/runtime/comreg/comreg.1
"$comreg" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' >commands

all_help() {
	run 0 --help && grep -q '^usage: comreg list' out && [ ! -s err ] && [ "$(wc -l <commands)" -ge 9 ] || return 1
	while read -r command; do
		run 0 help "$command" && [ ! -s err ] && mv out by_help && run 0 "$command" --help &&
		    diff by_help out && head -1 out | grep -q "^usage: comreg $command" &&
		    grep -q '^Exit status: 0' out || return 1
	done <commands
}
check "--help of each command" all_help

in_manual() {
	while read -r command; do
		grep -q "^\.It Cm $command\( \|$\)" "$page" || { echo "no $command" >err; return 1; }
		"$comreg" help "$command" | sed -n 's/^  --\([a-z-]*\).*/\1/p' >options
		while read -r option; do
			grep -q "Fl -$option" "$page" || { echo "$command: no --$option" >err; return 1; }
		done <options
	done <commands
}
check "each command and option is in the manual" in_manual

usage_of_all() {
	while read -r command; do
		run 2 "$command" --frobnicate && grep -q "^comreg: unknown option \"--frobnicate\"; see comreg $command --help$" err &&
		    [ ! -s out ] || return 1
	done <commands
	usage_error 'unknown command "frobnicate"' help frobnicate
}
check "an unknown option of each command" usage_of_all

lint() {
	mandoc -T lint -W warning "$page" >out 2>err && [ ! -s out ]
}
check "the manual page is well formed" lint

json_members() {
	# What lists print is in the manual, member by member.
	for list in 'list' 'list categories' 'list interfaces' 'list modules' 'list layers' 'show SCardReaderDriver.softcard' \
	    'find softcard' 'doctor' 'why SCardReaderDriver.softcard'; do
		# shellcheck disable=SC2086  # words
		"$comreg" $list --json >out 2>err
		python3 - >members <<'END' || return 1
import json
def walk(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            print(name)
            walk(inner)
    elif isinstance(value, list):
        for inner in value:
            walk(inner)
walk(json.load(open("out")))
END
		while read -r member; do
			grep -q "Ql $member\\( \\|$\\)" "$page" || { echo "$list: $member" >err; return 1; }
		done <members
	done
}
check "JSON members are in the manual" json_members

# Completion, as bash asks for it: complete LINE puts the answers into COMPREPLY.
mkdir components
cat >components/thing.component <<'END'
[Component]
Module=thing.so

[Class {11111111-0000-4000-8000-000000000001}]
Name=Thing
ProgID=Vendor.Thing.2
VersionIndependentProgID=Vendor.Thing
ThreadingModel=Both
Categories={33333333-0000-4000-8000-000000000001}

[Category {33333333-0000-4000-8000-000000000001}]
Description=odd $(touch expanded) things
END
: >components/thing.so
export TESSERA_COMPONENT_PATH=$PWD/components
PATH=$TESSERA_BUILD/bin:$PATH
# shellcheck source=runtime/comreg/completion.bash
. "$TESSERA_SRC/runtime/comreg/completion.bash"

# completes ANSWERS WORD...: of the last word, which may be empty.
completes() {
	wanted=$1
	shift
	COMP_WORDS=(comreg "$@")
	COMP_CWORD=$#
	_comreg comreg >out 2>err
	printf '%s\n' "${COMPREPLY[@]}" >out
	[ "${COMPREPLY[*]}" = "$wanted" ]
}

syntax() {
	bash -n "$TESSERA_SRC/runtime/comreg/completion.bash" &&
	    bash -n "$TESSERA_SRC/rm/scardctl/completion.bash" && complete -p comreg | grep -q _comreg
}
check "completion: bash reads it" syntax

commands_complete() {
	completes 'doctor' doc && completes 'register' reg && completes "$(paste -sd' ' commands) help --help --version" ''
}
check "completion: commands" commands_complete

options_complete() {
	completes '--layer' list --l && completes '--run' doctor --r && completes '--svg' graph --s &&
	    completes '--manifest' register --m && completes 'categories' list cat &&
	    completes 'wrapper' new --kind w && completes 'registration.progid' check --check registration.pr
}
check "completion: options" options_complete

names_complete() {
	completes 'Vendor.Thing.2 Vendor.Thing' show Vend && completes 'Vendor.Thing.2' why Vendor.Thing. &&
	    completes 'administrator' list --layer a && completes 'administrator' list --layer = a &&
	    completes 'odd\ \$\(touch\ expanded\)\ things' list --category od && [ ! -e expanded ] &&
	    completes "$PWD/components/thing.so" list --module "$PWD/components/"
}
check "completion: layers, ProgIDs, categories" names_complete

files_complete() {
	: >one.so && : >one.component && completes 'one.so' register on && completes 'one.component' register --manifest on
}
check "completion: files" files_complete

# shellcheck source=rm/scardctl/completion.bash
. "$TESSERA_SRC/rm/scardctl/completion.bash"
scardctl_completes() {
	export TESSERA_RM=embedded:softcard
	COMPREPLY=() COMP_WORDS=(scardctl status T) COMP_CWORD=2
	_scardctl scardctl
	[ "${COMPREPLY[*]}" = 'Tessera\ Soft\ Card' ] || return 1
	COMP_WORDS=(scardctl wat) COMP_CWORD=1
	_scardctl scardctl
	[ "${COMPREPLY[*]}" = watch ] || return 1
	COMP_WORDS=(scardctl watch --co) COMP_CWORD=2
	_scardctl scardctl
	[ "${COMPREPLY[*]}" = --count ]
}
check "completion: scardctl" scardctl_completes

finish
