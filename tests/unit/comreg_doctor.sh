#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
#
# comreg doctor: every kind of finding, with its file and severity; nothing found where all is well.
set -u
# shellcheck source=tests/unit/comreg_checks.sh
. "$TESSERA_SRC/tests/unit/comreg_checks.sh"

umask 022
mkdir scratch && cd scratch || exit 1
mkdir high low
counter=$TESSERA_BUILD/tests/components/counter.so
spoiled=$TESSERA_BUILD/tests/spoiled/spoiled

# class ID NAME [LINE...]: a group of a manifest.
class() {
	printf '\n[Class {77777777-0000-4000-8000-0000000000%s}]\nName=%s\nThreadingModel=Both\n' "$1" "$2"
	shift 2
	[ $# -eq 0 ] || printf '%s\n' "$@"
}

# finding SEVERITY CHECK FILE TEXT: the last output has exactly one such finding.
finding() {
	json "len([f for f in data['findings'] if f['severity'] == '$1' and f['check'] == '$2' and f['file'] == '$3' and '''$4''' in f['problem'] and f['next']]) == 1"
}

# The folders of the build are the machine's; only what lies in scratch counts here.
well() {
	TESSERA_COMPONENT_PATH=$PWD/high "$comreg" doctor --json >out 2>err
	json "[f for f in data['findings'] if f['file'].startswith('$PWD')] == [] and data['run'] is False" &&
	    json "set(data) == {'errors', 'warnings', 'manifests', 'classes', 'run', 'findings'}"
}
{ printf '[Component]\nModule=%s\n' "$counter"; class 01 Well 'ProgID=Test.Well.1' 'VersionIndependentProgID=Test.Well'; } >high/well.component
check "doctor: nothing wrong" well

TESSERA_COMPONENT_PATH=$PWD/high:$PWD/low
export TESSERA_COMPONENT_PATH

{ printf '[Component]\nModule=gone.so\n'; class 02 Gone; } >high/gone.component
{ printf '[Component]\nModule=%s5.so\n' "$spoiled"; class 03 Mute; } >high/mute.component
echo text >low/text.so
{ printf '[Component]\nModule=text.so\n'; class 04 Text; } >low/text.component
{ printf '[Component]\nModule=%s\n' "$counter"
	class 05 One 'ProgID=Test.Same.1'
	class 06 Two 'ProgID=Test.Same.1'
	class 07 Lost 'TreatAs={77777777-0000-4000-8000-000000000099}'
	class 08 Ring 'TreatAs={77777777-0000-4000-8000-000000000009}'
	class 09 Circle 'TreatAs={77777777-0000-4000-8000-000000000008}'
	class 10 Strange 'Interfaces={77777777-0000-4000-8000-0000000000AA}' 'Categories={77777777-0000-4000-8000-0000000000BB}'
	class 11 Old | sed 's/Both/Apartment/'
} >high/ids.component
{ printf '[Component]\nModule=%s\n' "$counter"; class 05 Again; } >high/twice.component
printf 'rubbish\n' >low/broken.component
{ printf '[Component]\nModule=../low/text.so\n'; class 12 Away; } >low/away.component
{ printf '[Component]\nModule=%s\n' "$counter"; class 13 Open; } >high/open.component
chmod o+w high/open.component
printf '[Override {77777777-0000-4000-8000-0000000000CC}]\nTreatAs={77777777-0000-4000-8000-000000000001}\n' >high/local.component

many() {
	run 1 doctor --json && [ ! -s err ] && json 'data["errors"] >= 9' || return 1
	finding error module "$PWD/high/gone.component" 'gone.so: the module file does not exist' &&
	    finding error entry-point "${spoiled}5.so" 'does not export DllGetClassObject' &&
	    finding error module "$PWD/low/text.component" 'it is not an ELF file' &&
	    finding error progid "$PWD/high/ids.component" 'ProgID Test.Same.1 of class Two leads to ' &&
	    finding error treat-as "$PWD/high/ids.component" 'class Lost leads nowhere' &&
	    finding error treat-as "$PWD/high/ids.component" 'class Ring leads nowhere' &&
	    finding warning interface "$PWD/high/ids.component" '{77777777-0000-4000-8000-0000000000AA}' &&
	    finding warning category "$PWD/high/ids.component" '{77777777-0000-4000-8000-0000000000BB}' &&
	    finding error threading-model "$PWD/high/ids.component" 'ThreadingModel=Apartment' &&
	    finding error duplicate "$PWD/high/twice.component" 'is also in' &&
	    finding error manifest "$PWD/low/broken.component" 'line 1' &&
	    finding warning path "$PWD/low/away.component" 'leads out of' &&
	    finding warning treat-as "$PWD/high/local.component" 'which is not registered' &&
	    finding error permissions "$PWD/high/open.component" 'everyone may write this file'
}
check "doctor: many problems in one run" many

as_text() {
	run 1 doctor && grep -q "^error: $PWD/high/gone.component: module .*gone.so: the module file does not exist$" out &&
	    grep -q '^  next: install the module there, or correct Module= in ' out &&
	    grep -q '^warning: ' out && tail -1 out | grep -q '^[0-9]* errors, [0-9]* warnings*; [0-9]* manifests and [0-9]* classes examined$' &&
	    [ "$(grep -c '^error: \|^warning: ' out)" -eq "$(grep -c '^  next: ' out)" ]
}
check "doctor: as text" as_text

rm high/* low/*
folder_open() {
	{ printf '[Component]\nModule=%s\n' "$counter"; class 01 Well; } >low/well.component
	chmod 1777 low
	run 1 doctor --json && finding error permissions "$PWD/low" 'everyone may write in this folder' || return 1
	chmod 755 low
}
check "doctor: a folder that others may write" folder_open

environment() {
	TESSERA_COMPONENT_PATH=low:$PWD/nowhere XDG_DATA_HOME=here run 0 doctor --json &&
	    finding warning path low 'relative folder' &&
	    finding warning path "$PWD/nowhere" 'no such folder' &&
	    finding warning path here 'XDG_DATA_HOME is relative'
}
check "doctor: the environment; warnings alone are no failure" environment

# A tree whose system layers are here.
hides() {
	lib=${TESSERA_LIB#"$TESSERA_BUILD"/} user=$XDG_DATA_HOME/tessera/components.d
	mkdir -p "tree/bin" "tree/$lib" tree/share/tessera/components.d "$user" &&
	    cp "$TESSERA_BUILD/bin/comreg" tree/bin && cp "$TESSERA_LIB/libtessera-com.so.0" "tree/$lib" || return 1
	system=$PWD/tree/share/tessera/components.d
	{ printf '[Component]\nModule=%s\n' "$counter"; class 21 A; } >"$system/a.component"
	{ printf '[Component]\nModule=%s\n' "$counter"; class 22 B; } >"$system/b.component"
	cp "$system/a.component" "$user/a.component" && cp "$system/b.component" "$user/c.component" || return 1
	comreg=$PWD/tree/bin/comreg
	TESSERA_COMPONENT_PATH='' run 0 doctor --json &&
	    finding warning hides "$user/a.component" "it masks $system/a.component of the vendor layer" &&
	    finding warning hides "$user/c.component" "hides that of $system/b.component (vendor layer)" &&
	    : >"$user/a.component" && TESSERA_COMPONENT_PATH='' run 0 doctor --json &&
	    json "'$user/a.component' not in [f['file'] for f in data['findings']]"
	status=$?
	rm -r "$user"
	comreg=$TESSERA_BUILD/bin/comreg
	return "$status"
}
check "doctor: a user's class that hides the system's" hides

rm low/*
for n in 1 2 3 4 6 8; do
	{ printf '[Component]\nModule=%s%s.so\n' "$spoiled" $n; class 3$n "Spoiled$n"; } >low/s$n.component
done
running() {
	run 1 doctor --run --time-limit 1 --json && json 'data["run"] is True' &&
	    finding error class-object "${spoiled}1.so" 'killed by signal 11' &&
	    finding error class-object "${spoiled}2.so" 'killed by signal 11' &&
	    finding error class-object "${spoiled}3.so" 'no end within 1 seconds' &&
	    finding error class-object "${spoiled}4.so" 'ended by itself' &&
	    finding error module "${spoiled}6.so" 'undefined symbol: tessera_test_no_such_variable' &&
	    finding error class-object "${spoiled}8.so" 'answers CLASS_E_CLASSNOTAVAILABLE' || return 1
	run 0 doctor --json
}
check "doctor --run: what the modules answer" running

running_well() {
	TESSERA_COMPONENT_PATH=$TESSERA_BUILD/tests/components run 0 doctor --run &&
	    tail -1 out | grep -q '^0 errors, .*, modules run$'
}
check "doctor --run: nothing wrong" running_well

check "doctor with an argument" usage_error 'doctor takes no argument, and "x" is one' doctor x

finish
