#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
#
# comreg register and unregister: by manifest and by the module's own function, twice, and back.
set -u
# shellcheck source=tests/unit/comreg_checks.sh
. "$TESSERA_SRC/tests/unit/comreg_checks.sh"

mkdir scratch && cd scratch || exit 1
layer=$XDG_DATA_HOME/tessera/components.d
cp "$TESSERA_BUILD/tests/components/counter.so" "$TESSERA_BUILD/tests/components/counter.component" \
    "$TESSERA_BUILD/tests/spoiled/enlisted.so" . || exit 1
printf '# a comment\n' >>counter.component

# content: the layer, each file with its name.
content() {
	(cd "$layer" 2>/dev/null && for file in *; do echo "$file: $(cat "$file" 2>/dev/null)"; done)
}

registers() {
	run 0 register counter.so && [ ! -s err ] &&
	    head -1 out | grep -qx "registered $PWD/counter.so by $layer/counter.component (user layer)" &&
	    grep -q '^  {5D1B6A52-.*}  ' out && grep -qx "Module=$PWD/counter.so" "$layer/counter.component" &&
	    grep -q 'a comment' "$layer/counter.component" && run 0 show Tessera.TestCounter &&
	    grep -q "^  Module  *$PWD/counter.so$" out && run 0 why Tessera.TestCounter
}
check "register by manifest" registers

twice() {
	content >before && stat -c %i%Y "$layer"/* >inode &&
	    run 0 register ./counter.so && grep -q ' is registered already, by ' out &&
	    content | diff before - && stat -c %i%Y "$layer"/* | diff inode -
}
check "register twice" twice

unregisters() {
	echo '[Component]
Module=/another.so' >"$layer/another.component" && run 0 unregister counter.so &&
	    output "unregistered $PWD/counter.so: removed $layer/counter.component" &&
	    [ "$(ls "$layer")" = another.component ] &&
	    run 0 unregister counter.so && output "$PWD/counter.so is not registered in the user layer" &&
	    rm "$layer/another.component"
}
check "unregister takes out exactly that" unregisters

module_gone() {
	cp counter.so gone.so && cp counter.component gone.component && run 0 register gone.so &&
	    rm gone.so gone.component && run 0 unregister gone.so && [ -z "$(ls "$layer")" ]
}
check "unregister a module that is gone" module_gone

other_manifest() {
	sed 's/^Module=.*/Module=elsewhere.so/' counter.component >named.component &&
	    run 0 register --manifest named.component counter.so &&
	    grep -qx "Module=$PWD/counter.so" "$layer/named.component" &&
	    run 0 register counter.so && [ -e "$layer/counter.component" ] &&
	    run 0 unregister --manifest named.component counter.so && [ "$(ls "$layer")" = counter.component ] &&
	    run 0 unregister counter.so && [ -z "$(ls "$layer")" ]
}
check "a manifest of another name" other_manifest

taken() {
	mkdir -p other && cp counter.so counter.component other/ && run 0 register counter.so &&
	    run 1 register other/counter.so && [ ! -s out ] &&
	    grep -qx "comreg: $layer/counter.component is there already, for the module $PWD/counter.so; --force replaces it" err &&
	    grep -qx "Module=$PWD/counter.so" "$layer/counter.component" &&
	    run 0 register --force other/counter.so &&
	    grep -qx "Module=$PWD/other/counter.so" "$layer/counter.component" &&
	    run 0 unregister counter.so && [ -e "$layer/counter.component" ] &&
	    run 0 unregister other/counter.so && [ ! -e "$layer/counter.component" ]
}
check "a name that is taken" taken

hidden() {
	mkdir -p above && cp counter.component above/above.component &&
	    TESSERA_COMPONENT_PATH=$PWD/above run 0 register counter.so &&
	    grep -q "^comreg: but class {5D1B6A52-.*} .* stays that of $PWD/above/above.component$" err &&
	    run 0 unregister counter.so
}
check "a class that stays another's is told" hidden

refused() {
	run 1 register nothing.so && grep -qx "comreg: $PWD/nothing.so: the module file does not exist" err || return 1
	echo text >text.so
	run 1 register text.so && grep -q 'it is not an ELF file$' err || return 1
	run 1 register "$TESSERA_BUILD/tests/spoiled/spoiled5.so" &&
	    grep -q 'it does not export DllGetClassObject' err || return 1
	run 1 register "$TESSERA_BUILD/tests/spoiled/spoiled1.so" &&
	    grep -q 'there is no manifest .*/spoiled1.component, and the module does not export DllRegisterServer' err || return 1
	printf '[Component]\nModule=counter.so\nrubbish\n' >bad.component
	run 1 register --manifest bad.component counter.so && grep -q "^comreg: $PWD/bad.component: line 3: " err || return 1
	cp counter.component counter.text
	run 1 register --manifest counter.text counter.so && grep -q 'does not end in .component' err || return 1
	[ -z "$(ls "$layer")" ]
}
check "what is not registered leaves nothing" refused

self() {
	run 0 register enlisted.so && output "$PWD/enlisted.so: its DllRegisterServer says S_OK (user layer)" &&
	    grep -qx "Module=$PWD/enlisted.so" "$layer/enlisted.component" && content >before &&
	    run 0 register enlisted.so && content | diff before - &&
	    run 0 unregister enlisted.so && output "$PWD/enlisted.so: its DllUnregisterServer says S_OK (user layer)" &&
	    [ -z "$(ls "$layer")" ] && run 0 unregister enlisted.so && grep -q 'says S_FALSE' out
}
check "a module that registers itself" self

self_crashes() {
	run 1 register "$TESSERA_BUILD/tests/spoiled/spoiled8.so" && [ ! -s out ] &&
	    grep -q 'DllRegisterServer: killed by signal 11 (Segmentation fault)' err
}
check "a module that crashes while it registers itself" self_crashes

# A tree of its own, whose administrator's layer can be written.
administrator() {
	lib=${TESSERA_LIB#"$TESSERA_BUILD"/}
	mkdir -p "tree/bin" "tree/$lib" && cp "$TESSERA_BUILD/bin/comreg" tree/bin &&
	    cp "$TESSERA_LIB/libtessera-com.so.0" "tree/$lib" || return 1
	comreg=$PWD/tree/bin/comreg
	run 0 register --layer administrator counter.so && run 0 register --layer=administrator enlisted.so &&
	    grep -q '(administrator layer)' out && [ -z "$(ls "$layer")" ] &&
	    run 0 list --layer administrator --json && json 'len(data["classes"]) == 3' &&
	    run 0 unregister counter.so && grep -q 'is not registered in the user layer' out &&
	    run 0 unregister --layer administrator counter.so &&
	    run 0 unregister --layer administrator enlisted.so &&
	    run 0 list --layer administrator --json && json 'data["classes"] == []'
	status=$?
	comreg=$TESSERA_BUILD/bin/comreg
	return "$status"
}
check "the administrator's layer" administrator

not_writable() {
	rm -rf "$XDG_DATA_HOME/tessera" && : >"$XDG_DATA_HOME/tessera" && run 1 register counter.so &&
	    [ ! -s out ] && grep -q "^comreg: $PWD/counter.so was not registered: REGDB_E_WRITEREGDB: " err &&
	    rm "$XDG_DATA_HOME/tessera"
}
check "a layer that cannot be written" not_writable

cached() {
	cache=$XDG_DATA_HOME/tessera/components.cache
	run 0 register counter.so && run 0 cache --layer user &&
	    grep -q "^wrote $cache: 2 classes of 1 manifests, [0-9]* bytes$" out &&
	    run 0 doctor --json && json "'$cache' not in [f['file'] for f in data['findings']]" &&
	    run 0 show Tessera.TestCounter && run 0 why Tessera.TestCounter &&
	    touch "$layer/counter.component" && run 0 doctor --json &&
	    json "[f['problem'] for f in data['findings'] if f['file'] == '$cache'] == ['it is older than the manifests in $layer, which are read instead']" &&
	    run 0 cache --layer user --json && json "len(data['caches']) == 1 and set(data['caches'][0]) == {'layer', 'folder', 'cache', 'state', 'manifests', 'classes', 'leftOut', 'tooNew', 'bytes', 'problem'}" &&
	    json "data['caches'][0]['state'] == 'written' and data['caches'][0]['cache'] == '$cache' and data['caches'][0]['classes'] == 2" &&
	    echo hostile >"$cache" && run 0 doctor && grep -q "^warning: $cache: it is ignored: " out &&
	    grep -q '^  next: comreg cache --layer user$' out && run 0 why Tessera.TestCounter &&
	    run 0 cache --layer user --remove && output "removed $cache" && [ ! -e "$cache" ] &&
	    run 0 cache --layer user --remove && output "user layer: no cache of $layer"
}
check "cache: written, stale, hostile, removed" cached
check "cache of the environment" usage_error "the environment's folders have no cache" cache --layer environment
check "cache with an argument" usage_error 'cache takes no argument' cache x

check "register without module" usage_error 'register takes one module, not 0' register
check "register with two" usage_error 'register takes one module, not 2' register a.so b.so
check "register in the vendor's layer" usage_error 'the layer vendor is not written to' register --layer vendor counter.so
check "unregister --force" usage_error 'unknown option "--force"' unregister --force counter.so

finish
