#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
#
# comreg why: for each cause why a class cannot be used, the step, the file and the advice.
set -u
# shellcheck source=tests/unit/comreg_checks.sh
. "$TESSERA_SRC/tests/unit/comreg_checks.sh"

mkdir scratch && cd scratch || exit 1
mkdir high low
TESSERA_COMPONENT_PATH=$PWD/high:$PWD/low:$TESSERA_BUILD/tests/components
export TESSERA_COMPONENT_PATH
spoiled=$TESSERA_BUILD/tests/spoiled/spoiled
id=55555555-0000-4000-8000-000000000001

# manifest FILE MODULE [LINE]: of the class in question.
manifest() {
	printf '[Component]\nModule=%s\n\n[Class {%s}]\nName=Patient\nProgID=Test.Patient.1\n%s\n' \
	    "$2" "$id" "${3-ThreadingModel=Both}" >"$1"
}

# fails STEP RESULT FILE ADVICE: why fails at the step, with the file in its text or the advice.
fails() {
	run 1 why --time-limit 1 Test.Patient.1 || run 1 why --time-limit 1 "$id" || return 1
	tail -1 out | grep -q "^What to do: .*$4" && [ ! -s err ] || return 1
	grep -F "$3" out >/dev/null || return 1
	run 1 why --json --time-limit 1 "$id" &&
	    json "data['failed'] == '$1' and data['result'] == '$2' and data['usable'] is False" &&
	    json "'$3' in data['advice'] or any('$3' in s['text'] for s in data['steps'] if s['state'] == 'failed')"
}

usable() {
	run 0 why Tessera.TestCounter && tail -1 out | grep -qx 'What to do: Nothing: the class can be used.' &&
	    grep -q "^  ok  *loader  *$TESSERA_BUILD/tests/components/counter.so is mapped$" out &&
	    run 0 why --json Tessera.TestCounter &&
	    json "[s['what'] for s in data['steps']] == ['layers', 'progid', 'manifest', 'lookup', 'treat-as', 'published class object', 'threading model', 'module file', 'loader', 'entry point', 'class object', 'factory', 'object']" &&
	    json "data['usable'] is True and data['failed'] is None and data['result'] == 'S_OK' and data['output'] is None" &&
	    json "all(set(s) == {'what', 'state', 'result', 'text'} for s in data['steps'])"
}
check "why: a class that can be used" usable

no_manifest() {
	run 1 why --json "$id" && json "data['failed'] == 'lookup' and data['result'] == 'REGDB_E_CLASSNOTREG'" &&
	    json "'$PWD/high (environment)' in [s['text'] for s in data['steps'] if s['state'] == 'failed'][0]" &&
	    json "'comreg register' in data['advice'] and '/data/tessera/components.d' in data['advice']" &&
	    run 1 why No.Such && grep -q '^  FAILED  progid .*CO_E_CLASSSTRING: no manifest in effect has it; looked in' out
}
check "why: no manifest" no_manifest

manifest high/patient.component nowhere.so
check "why: the module is missing" fails 'module file' CO_E_DLLNOTFOUND "$PWD/high/patient.component" 'Install the module as .*nowhere.so, or correct Module= in '

manifest high/patient.component "${spoiled}6.so"
check "why: the loader refuses: a symbol is missing" fails loader CO_E_ERRORINDLL "${spoiled}6.so" 'Install what .*ldd -r'
says_symbol() {
	run 1 why "$id" && grep -q 'FAILED  loader .*undefined symbol: tessera_test_no_such_variable' out
}
check "why: the loader's own words" says_symbol

manifest high/patient.component "${spoiled}5.so"
check "why: no DllGetClassObject" fails 'entry point' CO_E_ERRORINDLL "${spoiled}5.so" 'Export DllGetClassObject from '

# The file of another machine: the header alone counts.
head -c 4096 "${spoiled}1.so" >foreign.so
printf '\267\000' | dd of=foreign.so bs=1 seek=18 conv=notrunc 2>/dev/null # EM_AARCH64
[ "$(uname -m)" != aarch64 ] || printf '\076\000' | dd of=foreign.so bs=1 seek=18 conv=notrunc 2>/dev/null
manifest high/patient.component "$PWD/foreign.so"
check "why: another architecture" fails loader CO_E_ERRORINDLL "$PWD/foreign.so" 'by a build for this machine: it was built for another architecture'
echo 'no module' >text.so
manifest high/patient.component "$PWD/text.so"
check "why: no ELF file" fails loader CO_E_ERRORINDLL "$PWD/text.so" 'it is not an ELF file'

manifest high/patient.component "${spoiled}1.so" ThreadingModel=Apartment
check "why: the threading model" fails 'threading model' CO_E_NOT_SUPPORTED "$PWD/high/patient.component" 'ThreadingModel=Both in '

manifest high/patient.component "${spoiled}8.so"
check "why: the module refuses the class" fails 'class object' CLASS_E_CLASSNOTAVAILABLE "${spoiled}8.so" 'take the class out of '
output_shown() {
	run 1 why "$id" && grep -qx '  | hello from the module' out && run 1 why --json "$id" && json 'data["output"] == "hello from the module"'
}
check "why: what the module prints" output_shown

# The refuser goes by the first field of the CLSID.
id=00000004-0000-4000-8000-000000000001
manifest high/patient.component "$TESSERA_BUILD/tests/faulty/refuser.so"
check "why: the factory refuses" fails object CLASS_E_NOTLICENSED "$TESSERA_BUILD/tests/faulty/refuser.so" ''
id=00000003-0000-4000-8000-000000000001
manifest high/patient.component "$TESSERA_BUILD/tests/faulty/refuser.so"
check "why: no factory" fails factory E_NOINTERFACE "$TESSERA_BUILD/tests/faulty/refuser.so" 'CoGetClassObject'
id=55555555-0000-4000-8000-000000000001

manifest high/patient.component "${spoiled}1.so"
check "why: the module crashes" fails 'class object' crash "${spoiled}1.so" 'fails at the step class object'
crash_says() {
	run 1 why "$id" && grep -q 'FAILED  class object  *crash: code of .*/spoiled1.so: killed by signal 11 (Segmentation fault)' out
}
check "why: the signal" crash_says
manifest high/patient.component "${spoiled}2.so"
check "why: the module crashes while it is loaded" fails loader crash "${spoiled}2.so" 'at the step loader'
manifest high/patient.component "${spoiled}3.so"
check "why: the module hangs" fails 'class object' crash "${spoiled}3.so" 'at the step class object'
hang_says() {
	run 1 why --time-limit=1 "$id" && grep -q 'no end within 1 seconds' out
}
check "why: the time limit" hang_says
manifest high/patient.component "${spoiled}4.so"
check "why: the module ends the process" fails 'class object' crash "${spoiled}4.so" 'at the step class object'
manifest high/patient.component "${spoiled}7.so"
check "why: a function is missing that is first called later" fails loader CO_E_ERRORINDLL "${spoiled}7.so" 'Install what .*ldd -r'

# What one layer does to another.
manifest low/patient.component "$TESSERA_BUILD/tests/components/counter.so"
: >high/patient.component
check "why: disabled by a layer" fails lookup REGDB_E_CLASSNOTREG "$PWD/low/patient.component" "remove what masks $PWD/low/patient.component: it is disabled by $PWD/high/patient.component"
printf '[Component]\nModule=other.so\n' >high/patient.component
check "why: masked by a layer" fails lookup REGDB_E_CLASSNOTREG "$PWD/low/patient.component" "it is masked by $PWD/high/patient.component"
manifest low/patient.component counter.so 'ThreadingModel=Both
rubbish'
rm high/patient.component
check "why: a broken manifest" fails lookup REGDB_E_CLASSNOTREG "$PWD/low/patient.component" "Correct $PWD/low/patient.component: line "
by_progid() {
	run 1 why Test.Patient.1 && grep -q "manifest left out  *$PWD/low/patient.component .* has it: broken: line " out
}
check "why: a broken manifest, asked by ProgID" by_progid
manifest low/patient.component counter.so
manifest high/other.component nowhere.so
hidden() {
	run 1 why "$id" && grep -q "^  -  *manifest hidden  *$PWD/low/patient.component .* is hidden by $PWD/high/other.component$" out
}
check "why: hidden by another manifest" hidden
rm high/other.component
manifest low/patient.component counter.so 'TreatAs={55555555-0000-4000-8000-000000000099}'
check "why: TreatAs leads nowhere" fails lookup REGDB_E_CLASSNOTREG "$PWD/low/patient.component" 'Register the class that TreatAs leads to'

check "why: no argument" usage_error 'why takes one CLSID, ProgID or name, not 0' why
check "why: a time limit that is none" usage_error '--time-limit is "0"' why --time-limit 0 $id

finish
