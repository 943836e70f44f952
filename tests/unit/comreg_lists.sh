#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
#
# comreg's views of the registry: lists by category, interface, module and layer, find, show of
# what is no class, graph; and what manifests cannot do to a terminal.
set -u
# shellcheck source=tests/unit/comreg_checks.sh
. "$TESSERA_SRC/tests/unit/comreg_checks.sh"

mkdir scratch && cd scratch || exit 1
mkdir one two
cat >one/shapes.component <<'END'
[Component]
Module=shapes.so
Resident=true

[Class {11111111-0000-4000-8000-000000000001}]
Name=Circle
Description=Round all over
ProgID=Shapes.Circle.1
VersionIndependentProgID=Shapes.Circle
ThreadingModel=Both
Interfaces={22222222-0000-4000-8000-000000000001};{22222222-0000-4000-8000-000000000002}
Categories={33333333-0000-4000-8000-000000000001}

[Class {11111111-0000-4000-8000-000000000002}]
Name=Square
ThreadingModel=Both
Interfaces={22222222-0000-4000-8000-000000000001}
TreatAs={11111111-0000-4000-8000-000000000001}

[Interface {22222222-0000-4000-8000-000000000001}]
Name=IShape
NumMethods=5
BaseInterface={00000000-0000-0000-C000-000000000046}

[Category {33333333-0000-4000-8000-000000000001}]
Description=things with a border
END
cat >two/other.component <<'END'
[Component]
Module=other.so

[Class {11111111-0000-4000-8000-000000000001}]
Name=OldCircle

[Class {11111111-0000-4000-8000-000000000003}]
Name=Other
ThreadingModel=Both
Categories={88BAC663-F097-4012-9826-5DCA58948692}
END
: >one/shapes.so
TESSERA_COMPONENT_PATH=$PWD/one:$PWD/two
export TESSERA_COMPONENT_PATH
circle='{11111111-0000-4000-8000-000000000001}'
square='{11111111-0000-4000-8000-000000000002}'
ishape='{22222222-0000-4000-8000-000000000001}'
unnamed='{22222222-0000-4000-8000-000000000002}'
border='{33333333-0000-4000-8000-000000000001}'

# clsids LIST ARGUMENT...: comreg list --json with these arguments gives these classes.
clsids() {
	wanted=$1
	shift
	run 0 list --json "$@" && json "[c['clsid'][8] + c['clsid'][-2:-1] for c in data['classes'] if c['clsid'].startswith('{1111')] == '$wanted'.split()"
}

filters() {
	clsids '11 12 13' && clsids '11' --category 'Things with a BORDER' &&
	    clsids '11' --category 33333333-0000-4000-8000-000000000001 &&
	    clsids '13' --category 'smart card service provider' --layer environment &&
	    clsids '11 12' --interface ishape && clsids '11' --interface "$unnamed" &&
	    clsids '11 12' --module shapes && clsids '11 12' --module shapes.so &&
	    clsids '11 12' --module one/shapes.so && clsids '13' --module other &&
	    clsids '' --module shape && clsids '' --interface IShape --module shapes --category nix &&
	    json "data == {'classes': [], 'hidden': [], 'inactive': []}"
}
check "list with filters" filters

list_categories() {
	run 0 list categories && grep -q '^CATID  *DESCRIPTION  *CLASSES$' out &&
	    grep -q "^$border  things with a border  *Circle$" out &&
	    run 0 list categories --json &&
	    json "{c['catid']: (c['name'], c['classes']) for c in data['categories']}['$border'] == ('things with a border', ['$circle'])" &&
	    json "all(set(c) == {'catid', 'name', 'classes'} for c in data['categories'])" &&
	    run 0 list categories --names && grep -qx 'things with a border' out
}
check "list categories" list_categories

list_interfaces() {
	run 0 list interfaces --layer environment && grep -q "^$ishape  IShape  Circle, Square$" out &&
	    grep -q "^$unnamed  -       Circle$" out &&
	    run 0 list interfaces --module shapes --json &&
	    json "data == {'interfaces': [{'iid': '$ishape', 'name': 'IShape', 'classes': ['$circle', '$square']}, {'iid': '$unnamed', 'name': None, 'classes': ['$circle']}]}"
}
check "list interfaces" list_interfaces

list_modules() {
	run 0 list modules --layer environment &&
	    grep -q "^there    yes       2        environment  $PWD/one/shapes.component  $PWD/one/shapes.so$" out &&
	    grep -q '^missing  no        1  ' out && run 0 list modules --json --module shapes &&
	    json "data == {'modules': [{'module': '$PWD/one/shapes.so', 'exists': True, 'resident': True, 'manifest': '$PWD/one/shapes.component', 'layer': 'environment', 'classes': ['$circle', '$square']}]}" &&
	    run 0 list modules --names --category 'things with a border' && output "$PWD/one/shapes.so"
}
check "list modules" list_modules

list_layers() {
	run 0 list layers --json &&
	    json "[l['layer'] for l in data['layers']] == ['environment'] * 4 + ['user', 'administrator', 'vendor']" &&
	    json "data['layers'][0] == {'layer': 'environment', 'folder': '$PWD/one', 'rank': 0, 'exists': True, 'classes': 2, 'active': 1, 'masked': 0, 'disabled': 0, 'broken': 0}" &&
	    json "data['layers'][1]['exists'] is False and data['layers'][1]['rank'] == 0" &&
	    run 0 list layers && grep -q "/one/components.d (not there)$" out &&
	    run 0 list layers --names && output "environment
user
administrator
vendor"
}
check "list layers" list_layers

show_others() {
	run 0 show ISHAPE && output "IShape $ishape
  Kind             interface
  Base interface   {00000000-0000-0000-C000-000000000046}
  Methods          5
  Manifest         $PWD/one/shapes.component (environment layer, resident)
  Class            $circle  Circle
  Class            $square  Square" &&
	    run 0 show --json 'things with a border' &&
	    json "data == [{'kind': 'category', 'id': '$border', 'name': 'things with a border', 'manifest': None, 'classes': ['$circle']}]" &&
	    run 0 show --json shapes.so &&
	    json "data[0]['kind'] == 'module' and data[0]['module'] == '$PWD/one/shapes.so' and len(data[0]['classes']) == 2" &&
	    run 0 show "$unnamed" && grep -q "^(no name) $unnamed$" out
}
check "show an interface, a category, a module" show_others

treat_as() {
	run 0 show Square && grep -q "^  TreatAs          $circle, by $PWD/one/shapes.component$" out &&
	    grep -q "^  Served by        $circle  Circle, manifest " out &&
	    run 0 show --json Square && json "data[0]['treatAs'] == data[0]['servedBy'] == '$circle'"
}
check "show a class that another serves" treat_as

find_text() {
	run 0 find 'ALL OVER' && grep -q "^class  $circle  Circle  description  $PWD/one/shapes.component$" out &&
	    run 0 find --json border && json "[(m['kind'], m['id'], m['field']) for m in data['matches']] == [('category', '$border', 'name')]" &&
	    run 0 find --json 22222222-0000 &&
	    json "sorted((m['id'][-2], m['name']) for m in data['matches']) == [('1', 'IShape'), ('2', None)]" &&
	    run 0 find --json oldcirc && json "data['matches'][0]['manifest'] == '$PWD/two/other.component'" &&
	    run 0 find --json other.component && json "data['matches'][0]['kind'] == 'manifest'" &&
	    json "set(data['matches'][0]) == {'kind', 'id', 'name', 'field', 'value', 'manifest', 'layer'}"
}
check "find" find_text

find_nothing() {
	run 1 find nowhere-at-all && [ ! -s out ] &&
	    grep -qx 'comreg: nothing that is registered has "nowhere-at-all"' err &&
	    run 1 find --json nowhere-at-all && json "data == {'matches': []}"
}
check "find nothing" find_nothing
check "find without text" usage_error 'find takes one text, not 0' find

graph_text() {
	run 0 graph Shapes.Circle Square && head -1 out | grep -qx 'digraph components {' &&
	    grep -qF "\"$circle\" [shape=box, label=\"Circle\"" out &&
	    grep -qF "\"$circle\" -> \"$ishape\";" out &&
	    grep -qF "\"$circle\" -> \"$border\" [style=dashed];" out &&
	    grep -qF "\"$square\" -> \"$circle\" [label=\"TreatAs\"];" out && ! grep -q Other out &&
	    [ "$(grep -cF "\"$ishape\" [" out)" -eq 1 ] && run 0 graph && grep -q Other out &&
	    run 1 graph Nothing && grep -q 'no class has the CLSID' err
}
check "graph" graph_text

graph_svg() {
	run 0 graph --svg Shapes.Circle && grep -q '<svg' out &&
	    python3 -c 'import xml.dom.minidom as m; m.parse("out")'
}
check "graph --svg" graph_svg

graph_without_dot() {
	PATH=/nowhere run 1 graph --svg && [ ! -s out ] && grep -q 'in the package graphviz$' err
}
check "graph --svg without Graphviz" graph_without_dot

# Names that would clear the screen, forge a line, or turn the line around.
evil=$PWD/$(printf 'evil\033[2J\nforged')
mkdir "$evil" && : >"$evil/e.so"
printf '[Component]\nModule=e.so\n\n[Class {44444444-0000-4000-8000-000000000001}]\nName=Evil\342\200\256red\nThreadingModel=Both\nCategories={44444444-0000-4000-8000-0000000000AA}\n' >"$evil/e.component"
printf 'rubbish\033]0;title\007\n' >"$evil/broken.component"
stays_off() {
	for command in list 'list modules' 'list layers' 'show 44444444-0000-4000-8000-000000000001' \
	    'find evil' doctor 'why 44444444-0000-4000-8000-000000000001' graph; do
		# shellcheck disable=SC2086  # words
		TESSERA_COMPONENT_PATH=$evil "$comreg" $command >out 2>err
		grep -q '44444444\|x1b\|forged' out || return 1
		! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]\\|\302[\200-\237]\\|\342\200\256')" out err || return 1
		! grep -q '^forged' out err || return 1
	done
	TESSERA_COMPONENT_PATH=$evil run 1 list && grep -qF 'Evil\u{202e}red' out &&
	    grep -qF 'evil\x1b[2J\x0aforged/e.so' out
}
check "control characters stay off the terminal" stays_off

stays_off_json() {
	TESSERA_COMPONENT_PATH=$evil run 1 list --json &&
	    ! LC_ALL=C grep -q "$(printf '\033\\|\342\200\256')" out &&
	    json "[c['module'].split('/')[-2] for c in data['classes'] if c['clsid'][1] == '4'] == ['evil\x1b[2J\nforged']"
}
check "control characters in JSON" stays_off_json

# A terminal of its own, to see when there is colour.
on_terminal() {
	python3 - "$comreg" >out 2>err <<'END'
import os, pty, sys
def output(**more):
    env = dict(os.environ, TERM="xterm")
    env.pop("NO_COLOR", None)
    env.update(more)
    text = b""
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(sys.argv[1], [sys.argv[1], "list"], env)
    try:
        while data := os.read(fd, 65536):
            text += data
    except OSError:
        pass
    os.waitpid(pid, 0)
    return b"\033[" in text
print(output(), output(NO_COLOR="1"), output(TERM="dumb"), output(NO_COLOR=""))
END
	output 'True False False True' && run 0 list && ! grep -q "$(printf '\033')" out
}
check "colour on a terminal alone" on_terminal

finish
