#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
#
# comreg as a user meets it: what it prints, its exit status, and a tree that was moved.
set -u
# shellcheck source=tests/unit/comreg_checks.sh
. "$TESSERA_SRC/tests/unit/comreg_checks.sh"

mkdir scratch && cd scratch || exit 1
mkdir high low
cat >high/thing.component <<EOF
[Component]
Module=$TESSERA_BUILD/tests/components/counter.so
Priority=7
Resident=true

[Class {11111111-0000-4000-8000-000000000001}]
Name=Thing "quoted"
Description=A thing
ProgID=Vendor.Thing.2
VersionIndependentProgID=Vendor.Thing
ThreadingModel=Both
Interfaces={22222222-0000-4000-8000-000000000001};{22222222-0000-4000-8000-000000000002};
Categories={88BAC663-F097-4012-9826-5DCA58948692};

[Class {11111111-0000-4000-8000-000000000002}]
Name=Lost
TreatAs={11111111-0000-4000-8000-000000000003}

[Interface {22222222-0000-4000-8000-000000000001}]
Name=IThing
EOF
cat >low/shadow.component <<EOF
[Component]
Module=missing.so

[Class {11111111-0000-4000-8000-000000000001}]
Name=Shadow

[Class {11111111-0000-4000-8000-000000000004}]
Name=Missing
ThreadingModel=Both
EOF
: >high/off.component
cp low/shadow.component low/off.component
TESSERA_COMPONENT_PATH=$PWD/high:$PWD/low
export TESSERA_COMPONENT_PATH

list_text() {
	run 0 list &&
	    grep -q '^CLSID  *PROGID  *NAME  *LAYER  *MODULE$' out &&
	    grep -q "^{11111111-0000-4000-8000-000000000001}  Vendor.Thing.2 .*Thing \"quoted\" .*environment .*/counter.so$" out &&
	    grep -q '^{11111111-0000-4000-8000-000000000002}  - ' out &&
	    ! grep -q '^{.* Shadow ' out &&
	    grep -q "^$PWD/high/off.component: disabled: the file is empty$" out &&
	    grep -q "^$PWD/low/off.component: masked: disabled by $PWD/high/off.component in the environment layer$" out
}
check "list" list_text

list_json() {
	run 0 list --json &&
	    json 'set(data) == {"classes", "hidden", "inactive"}' &&
	    json '{c["clsid"]: c["name"] for c in data["classes"]}["{11111111-0000-4000-8000-000000000001}"] == "Thing \"quoted\""' &&
	    json 'all(set(c) == {"clsid", "progid", "name", "layer", "manifest", "module"} for c in data["classes"])' &&
	    json '[(c["name"], c["hiddenBy"].split("/")[-1]) for c in data["hidden"]] == [("Shadow", "thing.component")]' &&
	    json '{i["path"].split("/")[-2]: i["state"] for i in data["inactive"]} == {"high": "disabled", "low": "masked"}'
}
check "list --json" list_json

list_layer() {
	run 0 list --layer environment --json && json 'len(data["classes"]) == 3' &&
	    run 0 list --layer=user --json && json 'data == {"classes": [], "hidden": [], "inactive": []}' &&
	    run 0 list --layer user && grep -q '^No classes\.$' out
}
check "list --layer" list_layer

show_text() {
	for what in '{11111111-0000-4000-8000-000000000001}' 11111111-0000-4000-8000-000000000001 \
	    vendor.thing.2 Vendor.Thing 'thing "QUOTED"'; do
		run 0 show "$what" || return 1
		grep -q '^Thing "quoted" {11111111-0000-4000-8000-000000000001}$' out &&
		    grep -q "^  Manifest  *$PWD/high/thing.component (environment layer, resident)$" out &&
		    grep -q "^  Module  *$TESSERA_BUILD/tests/components/counter.so$" out &&
		    grep -q '^  Interfaces  *{22222222-0000-4000-8000-000000000001}  IThing$' out &&
		    grep -q '^  *{22222222-0000-4000-8000-000000000002}$' out &&
		    grep -q '^  Categories  *{88BAC663-.*}  smart card service provider$' out &&
		    grep -q "^  Hides  *$PWD/low/shadow.component (environment layer)$" out || return 1
	done
}
check "show by CLSID, ProgID and name" show_text

show_json() {
	run 0 show --json Vendor.Thing &&
	    json 'len(data) == 1 and data[0]["priority"] == 7 and data[0]["resident"] is True' &&
	    json 'data[0]["kind"] == "class" and data[0]["treatAs"] is None and data[0]["requiredCategories"] == []' &&
	    json 'data[0]["moduleExists"] is True and data[0]["problem"] is None' &&
	    json 'data[0]["servedBy"] == data[0]["clsid"]' &&
	    json '[i["name"] for i in data[0]["interfaces"]] == ["IThing", None]' &&
	    json 'data[0]["categories"][0]["catid"] == "{88BAC663-F097-4012-9826-5DCA58948692}"' &&
	    json 'len(data[0]["hides"]) == 1'
}
check "show --json" show_json

show_problems() {
	run 1 show Missing && grep -q '^  Problem  *the module file does not exist$' out &&
	    grep -q '^  Module  *.*/tessera/components/missing.so$' out &&
	    run 1 show Lost && grep -q '^  Problem  *.*TreatAs={11111111-0000-4000-8000-000000000003}' out &&
	    run 1 show --json Lost && json 'data[0]["module"] is None and data[0]["servedBy"] is None'
}
check "show a class that cannot be used" show_problems

show_nothing() {
	run 1 show Nothing.At.All && [ ! -s out ] &&
	    grep -q '^comreg: no class has the CLSID, ProgID or name "Nothing.At.All", nor is it an interface, category or module; looked in ' err &&
	    grep -q "$PWD/low (environment)" err
}
check "show a class that is not there" show_nothing

check "no command" usage_error 'say what to do'
check "unknown command" usage_error 'unknown command "frobnicate"' frobnicate
check "unknown option" usage_error 'unknown option "--frobnicate"' list --frobnicate
check "unknown short option" usage_error 'unknown option "-x"' -x
check "unknown layer" usage_error 'unknown layer "basement"' list --layer basement
check "layer without value" usage_error '--layer needs a value' list --layer
check "list with an unknown subject" usage_error 'cannot list "Thing"' list Thing
check "list with two subjects" usage_error 'list takes one argument, and "layers" is one more' list classes layers
check "list as names and as JSON" usage_error '--names and --json exclude each other' list --names --json
check "an option's value that is none" usage_error '"--json=5": this option takes no value' list --json=5
check "show without argument" usage_error 'show takes one' show
check "show with two" usage_error 'show takes one' show A B
check "show --layer" usage_error 'unknown option "--layer"' show --layer user A

version() {
	run 0 --version && grep -qx 'comreg [0-9]*\.[0-9]*\.[0-9]*' out && [ ! -s err ]
}
check "--version" version

output_fails() {
	"$comreg" list >/dev/full 2>err
	[ $? -eq 1 ] && grep -q 'standard output' err
}
[ -c /dev/full ] && check "output that cannot be written" output_fails

broken_file() {
	printf '[Component]\nModule=m.so\nrubbish\n' >high/broken.component &&
	    run 1 list && grep -q "^$PWD/high/broken.component: broken: line 3: " out &&
	    run 0 list --layer vendor --json && json '"inactive" in data' &&
	    rm high/broken.component
}
check "list with a broken manifest" broken_file

# A tree of the library's shape, with the component in its vendor layer.
lib=${TESSERA_LIB#"$TESSERA_BUILD"/}
make_tree() {
	mkdir -p "$1/bin" "$1/tests" "$1/$lib/tessera/components" "$1/share/tessera/components.d" &&
	    cp "$TESSERA_BUILD/bin/comreg" "$1/bin" &&
	    cp "$TESSERA_BUILD/tests/com_create" "$1/tests" &&
	    cp "$TESSERA_LIB/libtessera-com.so.0" "$1/$lib" &&
	    cp "$TESSERA_BUILD/tests/components/counter.so" "$1/$lib/tessera/components" &&
	    cp "$TESSERA_BUILD/tests/components/counter.component" "$1/share/tessera/components.d"
}

works_in() {
	comreg=$1/bin/comreg
	run 0 show Tessera.TestCounter &&
	    grep -q "^  Module  *$1/$lib/tessera/components/counter.so$" out &&
	    grep -q "^  Manifest  *$1/share/tessera/components.d/counter.component (vendor layer)$" out &&
	    "$1/tests/com_create" Tessera.TestCounter >out 2>err && grep -qx created out
}

unset TESSERA_COMPONENT_PATH
top=$(pwd -P)
make_tree "$top/tree" || exit 1
check "a tree apart" works_in "$top/tree"
mkdir "$top/elsewhere"
mv "$top/tree" "$top/elsewhere/moved"
check "the tree moved" works_in "$top/elsewhere/moved"

# The administrator's layer is where the library says; it masks the vendor's file.
administrator_layer() {
	run 1 show Nothing || return 1
	admin=$(sed -n 's/.*, \([^,]*\) (administrator).*/\1/p' err)
	case $admin in "$top"/*) ;; *) return 1 ;; esac
	mkdir -p "$admin" && : >"$admin/counter.component" && run 1 show Tessera.TestCounter &&
	    run 0 list && grep -q '/counter.component: disabled' out && grep -q ': masked: ' out || return 1
	"$top/elsewhere/moved/tests/com_create" Tessera.TestCounter >out 2>err
	[ $? -eq 1 ] && grep -q '^CO_E_CLASSSTRING: no class has the ProgID "Tessera.TestCounter"' out
}
check "the administrator's layer disables a component" administrator_layer

finish
