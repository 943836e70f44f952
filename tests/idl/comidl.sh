#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# comidl as a program: its outputs against the golden files, its diagnostics against the expected
# ones, and what the golden headers mean to the compilers.
#
#   tests/idl/comidl.sh            needs TESSERA_BUILD and TESSERA_SRC; writes to TMPDIR
#   tests/idl/comidl.sh --update   writes the golden and expected files anew; review what changed
set -u

here=$TESSERA_SRC/tests/idl
comidl=$TESSERA_BUILD/bin/comidl
com=../../interfaces/com
out=${TMPDIR:-/tmp}/comidl-test.$$
number=0
failures=0
mkdir -p "$out" && cd "$here" || exit 1
trap 'rm -rf "$out"' EXIT

ok() { number=$((number + 1)); echo "ok $number - $1"; }
not_ok() { number=$((number + 1)); failures=$((failures + 1)); echo "not ok $number - $1"; }
result() { if [ "$1" -eq 0 ]; then ok "$2"; else not_ok "$2"; fi; }

# same EXPECTED ACTUAL NAME
same() { diff -u "$1" "$2" >"$out/diff" 2>&1; status=$?; result $status "$3"; [ $status -eq 0 ] || cat "$out/diff"; }

# status EXPECTED NAME COMMAND...: exit status, output kept in $out/stdout and $out/stderr
status() {
	expected=$1 title=$2
	shift 2
	"$@" >"$out/stdout" 2>"$out/stderr"
	actual=$?
	[ $actual -eq "$expected" ]
	result $? "$title: exit status $expected"
	[ $actual -eq "$expected" ] || cat "$out/stderr"
}

# compile_all FILE FOLDER: every output of FILE
compile_all() {
	base=$(basename "$1" .idl)
	"$comidl" -I "$com" --header "$2/$base.h" --ids "$2/${base}_i.c" --manifest "$2/$base.component" \
	    --module "$base.so" --depfile "$2/$base.d" "$1"
}

if [ "${1-}" = --update ]; then
	for name in small large shapes directives forms; do
		compile_all $name.idl "$out" || exit 1
		for suffix in .h _i.c .component; do cp "$out/$name$suffix" "$name$suffix.golden"; done
	done
	"$comidl" --lenient -I "$com" lenient.idl 2>lenient.expected
	for file in bad-*.idl warn-*.idl; do
		"$comidl" -I "$com" "$file" 2>"${file%.idl}.expected"
	done
	echo "golden files are written; read what git diff says of them"
	exit 0
fi

for name in small large shapes directives forms; do
	compile_all $name.idl "$out"
	result $? "$name.idl compiles"
	for suffix in .h _i.c .component; do
		same "$name$suffix.golden" "$out/$name$suffix" "$name$suffix is the golden one"
	done
done

for file in bad-*.idl; do
	status 1 "$file" "$comidl" -I "$com" --header "$out/none.h" "$file"
	same "${file%.idl}.expected" "$out/stderr" "$file: diagnostics"
done
for file in warn-*.idl; do
	status 0 "$file" "$comidl" -I "$com" "$file"
	same "${file%.idl}.expected" "$out/stderr" "$file: warnings"
done
status 0 "lenient.idl" "$comidl" --lenient -I "$com" lenient.idl
same lenient.expected "$out/stderr" "lenient.idl: broken rules are warnings"
status 1 "lenient.idl without --lenient" "$comidl" -I "$com" --header "$out/none.h" lenient.idl
sed 's/: error: /: warning: /' "$out/stderr" >"$out/strict"
same lenient.expected "$out/strict" "lenient.idl: the same as errors"
[ ! -e "$out/none.h" ]
result $? "errors leave no output"

# Files that would be unreadable in the repository.
echo old >"$out/kept.h"
printf 'const LONG A = 1;\nconst LONG \377 = 1;\n' >"$out/bytes.idl"
status 1 "bytes that are no text" "$comidl" --header "$out/kept.h" "$out/bytes.idl"
grep -q 'bytes.idl:2:12: error: byte that is not text, expected UTF-8 without NUL' "$out/stderr"
result $? "bytes that are no text: diagnostics"
[ "$(cat "$out/kept.h")" = old ]
result $? "errors leave the old output as it was"

# limit NAME TEXT EXPECTED: one of the limits, just passed
limit() {
	printf '%s' "$2" >"$out/limit.idl"
	"$comidl" -I "$com" "$out/limit.idl" 2>"$out/stderr"
	[ $? -eq 1 ] && grep -q "limit.idl:.*: error: .*$3" "$out/stderr"
	status=$?
	result $status "limit of $1"
	[ $status -eq 0 ] || cut -c 1-200 "$out/stderr"
}
many() { awk -v n="$1" -v s="$2" 'BEGIN { for (i = 0; i < n; i++) printf s, i }'; }
limit names "const LONG $(many 256 x) = 1;" 'name of 256 bytes, expected at most 255'
limit strings "cpp_quote(\"$(many 4097 x)\")" 'string is too long, expected at most 4096 bytes'
limit nesting "const LONG A = $(many 65 '(')1$(many 65 ')');" 'nested too deeply, expected at most 64 levels'
limit expressions "const LONG A = 1$(many 600 ' + 1');" 'expected at most 1024 operators and operands'
limit pointers "typedef LONG $(many 9 '*')A;" 'expected at most 8 stars'
limit dimensions "typedef LONG A$(many 9 '[1]');" 'expected at most 8 dimensions'
limit structs "typedef $(many 65 'struct { ') LONG a; $(many 65 '} a; ')" 'nested too deeply'
limit aliases "typedef LONG A0;$(awk 'BEGIN { for (i = 1; i <= 64; i++) printf "typedef A%d A%d;", i - 1, i }')" \
    'too many aliases'
limit parameters "import \"unknwn.idl\"; [object, local, uuid(0C3E6C2A-0000-4000-8000-000000000001)]
    interface I : IUnknown { HRESULT A([in] LONG a$(many 127 ', [in] LONG a%d')); }" 'expected at most 127'
limit methods "import \"unknwn.idl\"; [object, uuid(0C3E6C2A-0000-4000-8000-000000000001)]
    interface I : IUnknown { $(many 2046 'HRESULT A%d();') }" '2049 methods with the inherited ones, expected at most 2048'
limit 'nested conditions' "$(many 65 '#if 1
')" 'nested too deeply, expected at most 64 levels'
limit 'doubling macros' "#define D0 1
$(awk 'BEGIN { for (i = 1; i <= 30; i++) printf "#define D%d D%d D%d\n", i, i - 1, i - 1 }')
const LONG A = D30;" 'expected at most 262144 words of one'
limit 'doubling arguments' "#define TWICE(a) a a
const LONG A = $(many 30 'TWICE(')1$(many 30 ')');" 'expected at most 262144 words of one'
limit 'empty macros that double' "#define E0
$(awk 'BEGIN { for (i = 1; i <= 30; i++) printf "#define E%d E%d E%d\n", i, i - 1, i - 1 }')
E30" 'expected at most 262144 words of one'
limit 'nested arguments' "#define SAME(a) a
const LONG A = $(many 65 'SAME(')1$(many 65 ')');" 'nested too deeply, expected at most 64 levels'
limit 'parameters of a macro' "#define A(b0$(many 64 ', a%d')) 1" 'too many parameters, expected at most 64'
limit "bases behind" "import \"unknwn.idl\"; $(awk 'BEGIN { for (i = 0; i < 257; i++) { s = sprintf("%08X-0000-4000-8000-00000000000", i)
    printf "[object, uuid(%s1)] interface A%d : B%d { } [object, uuid(%s2)] interface B%d : IUnknown { } ", s, i, i, s, i } }')" \
    "unknown base interface 'B256'"
limit attributes "[$(many 65 'category(0C3E6C2A-0000-4000-8000-000000000001),')] coclass A { }" \
    'too many attributes, expected at most 64'
limit comments "/** $(many 65536 x) */ const LONG A = 1;" 'expected at most 65536 bytes'

{ echo 'const LONG A = 1;'; yes '// 345678901234567890' | head -n 190652; } >"$out/huge.idl"
status 1 "file over 4 MiB" "$comidl" "$out/huge.idl"
grep -q 'huge.idl:1:1: error: file is too large, expected at most 4 MiB' "$out/stderr"
result $? "file over 4 MiB: diagnostics"
echo 'import "huge.idl";' >"$out/imports_huge.idl"
status 1 "import over 4 MiB" "$comidl" "$out/imports_huge.idl"
grep -q 'huge.idl:1:1: error: file is too large, expected at most 4 MiB' "$out/stderr"
result $? "import over 4 MiB: diagnostics"
mkdir "$out/folder.idl"
echo 'import "folder.idl";' >"$out/imports_folder.idl"
status 1 "import of a folder" "$comidl" "$out/imports_folder.idl"
grep -q "1:8: error: import 'folder.idl' cannot be read (Is a directory)" "$out/stderr"
result $? "import of a folder: diagnostics"

# Includes: as deep as allowed, deeper, and twice as many in each.
for i in $(seq 0 60); do echo "#include \"deep$((i + 1)).h\"" >"$out/deep$i.h"; done
echo 'const LONG DEEPEST = 1;' >"$out/deep9.h"
echo '#include "deep10.h"' >"$out/deep.idl"
status 1 "includes nested too deeply" "$comidl" "$out/deep.idl"
grep -q 'deep41.h:1:10: error: too many includes, expected at most 32 levels, and 4096 in all' "$out/stderr"
result $? "includes nested too deeply: diagnostics"
echo '#include "deep0.h"' >"$out/deep.idl"
status 0 "nested includes" "$comidl" "$out/deep.idl"
for i in $(seq 0 14); do printf '#include "wide%d.h"\n#include "wide%d.h"\n' $((i + 1)) $((i + 1)) >"$out/wide$i.h"; done
: >"$out/wide15.h"
echo '#include "wide0.h"' >"$out/wide.idl"
status 1 "includes that double" "$comidl" "$out/wide.idl"
grep -q 'too many includes, expected at most 32 levels, and 4096 in all' "$out/stderr"
result $? "includes that double: diagnostics"

# Macros of the command line, and where a file in angle brackets is looked for.
printf '#if LEVEL == 2 && ON && EMPTY + 1\n#include <deep9.h>\n#else\n#error wrong\n#endif\n' >"$out/given.idl"
status 0 "-D and -I" "$comidl" -D LEVEL=1+1 -DON -D EMPTY= -I "$out" "$out/given.idl"
status 1 "no -D" "$comidl" -I "$out" "$out/given.idl"
grep -q 'given.idl:4:2: error: #error wrong' "$out/stderr"
result $? "no -D: diagnostics"
echo '#include <deep9.h>' >"$out/brackets.idl"
status 1 "a name in brackets is not looked for beside the file" "$comidl" "$out/brackets.idl"
echo 'typedef GIVEN T;' >"$out/given.idl"
status 1 "error in a macro of the command line" "$comidl" -D GIVEN=NOBODY "$out/given.idl"
grep -q "<command line>:1:9: note: in the macro 'GIVEN', defined here" "$out/stderr"
result $? "error in a macro of the command line: diagnostics"
for bad in '' 1 A-B '=1' 'A(x)=x'; do status 2 "-D $bad" "$comidl" -D "$bad" "$out/given.idl"; done

# One file by two names is one file.
mkdir "$out/linked"
ln -s "$TESSERA_SRC/interfaces/com/unknwn.idl" "$out/linked/unknwn.idl"
printf 'import "unknwn.idl", "oaidl.idl";\n' >"$out/linked/twice.idl"
status 0 "import of one file by two names" "$comidl" -I "$com" "$out/linked/twice.idl"

# Determinism: another folder, other names of the same places.
mkdir "$out/elsewhere" "$out/other"
cp ./*.idl "$out/elsewhere"
(cd "$out/elsewhere" && "$comidl" -I "$TESSERA_SRC/interfaces/com" --header ../other/large.h --ids ../other/large_i.c \
    --manifest ../other/large.component --module large.so "$out/elsewhere/large.idl")
for suffix in .h _i.c .component; do
	same "large$suffix.golden" "$out/other/large$suffix" "large$suffix is the same from another folder"
done

# The rule for make: every output, every file read, and nothing stops when an import goes away.
cat >"$out/expected.d" <<END
$out/large.h $out/large_i.c $out/large.component: \\
    ../../interfaces/com/unknwn.idl \\
    ../../interfaces/com/objidl.idl \\
    ../../interfaces/com/oaidl.idl \\
    shapes.idl \\
    large.idl

../../interfaces/com/unknwn.idl:

../../interfaces/com/objidl.idl:

../../interfaces/com/oaidl.idl:

shapes.idl:
END
same "$out/expected.d" "$out/large.d" "the rule for make names every file"

cat >"$out/expected.d" <<END
$out/directives.h $out/directives_i.c $out/directives.component: \\
    directives_shared.h \\
    directives_once.h \\
    ../../interfaces/com/unknwn.idl \\
    directives.idl

directives_shared.h:

directives_once.h:

../../interfaces/com/unknwn.idl:
END
same "$out/expected.d" "$out/directives.d" "the rule for make names included files"

# The command line
status 0 "--help" "$comidl" --help
cp "$out/stdout" "$out/help"
status 0 "--version" "$comidl" --version
grep -Eq '^comidl [0-9]+\.[0-9]+' "$out/stdout"
result $? "--version names program and version"
status 2 "no input" "$comidl"
status 2 "two inputs" "$comidl" small.idl large.idl
status 2 "unknown option" "$comidl" --shiny small.idl
status 2 "--manifest without --module" "$comidl" --manifest "$out/x" small.idl
status 2 "--depfile without another output" "$comidl" -I "$com" --depfile "$out/x" small.idl
status 2 "two outputs of one name" "$comidl" -I "$com" --header "$out/x" --ids "$out/x" small.idl
status 2 "output over input" "$comidl" -I "$com" --header small.idl small.idl
status 1 "missing input" "$comidl" nowhere.idl
grep -q "comidl: cannot read 'nowhere.idl'" "$out/stderr"
result $? "missing input: named"
status 1 "output that cannot be written" "$comidl" -I "$com" --header "$out/no/such/folder.h" small.idl
status 0 "no output: only checked" "$comidl" -I "$com" small.idl
grep -o -e '^  -[-a-zDI]*' "$out/help" | tr -d ' ' | sort >"$out/help-options"
sed -n 's/^\.It Fl \(-*[-a-zDI]*\).*/-\1/p' "$TESSERA_SRC/idl/comidl.1" | sort >"$out/man-options"
same "$out/help-options" "$out/man-options" "--help and the manual page have the same options"

sed -n 's/^\t{ "\([a-z0-9_]*\)".*/\1/p' "$TESSERA_SRC/idl/attribute.c" >"$out/attributes"
while read -r word; do
	grep -Eq "(^|[ ,])$word([ ,]|\$)" "$TESSERA_SRC/idl/comidl.1" || echo "$word"
done <"$out/attributes" >"$out/missing"
[ -s "$out/attributes" ] && [ ! -s "$out/missing" ]
result $? "the manual page has every attribute"

# Every predefined type is in wtypes.h: a type known only to comidl would fail in the C compiler.
{
	sed -n '/^static const struct idl_builtin types/,/^};/s/.*[({ ]"\([A-Za-z0-9_]*\)".*/\1/p' "$TESSERA_SRC/idl/builtin.c" |
	    sed 's/.*/typedef & T_&;/'
} >"$out/types.idl"
[ "$(wc -l <"$out/types.idl")" -gt 80 ]
result $? "the table of predefined types was found"
"$comidl" --header "$out/types.h" "$out/types.idl"
result $? "predefined types are known to comidl"

# The golden headers in the hands of compilers, alone and each in both languages.
hand="$TESSERA_SRC/interfaces/com"
inc=$out/include
mkdir "$inc"
cp "$hand"/*.h "$inc"
for name in unknwn objidl oaidl; do
	"$comidl" -I "$com" --header "$inc/$name.h" "$com/$name.idl" || not_ok "$name.idl compiles"
done
for name in small large shapes directives forms; do cp $name.h.golden "$inc/$name.h"; cp ${name}_i.c.golden "$out/${name}_i.c"; done
cp "$out/types.h" "$inc"
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -I$inc"
# A table made in C has no C++ type information, which is what vptr looks for.
sanitize=${SANITIZE:+-fsanitize=$SANITIZE -fno-sanitize=vptr}

# accepts NAME COMMAND...
accepts() {
	title=$1
	shift
	"$@" >"$out/stderr" 2>&1
	status=$?
	result $status "$title"
	[ $status -eq 0 ] || cat "$out/stderr"
}

for name in small large shapes directives forms types; do
	echo "#include <$name.h>" >"$out/alone.c"
	for compiler in gcc clang; do
		# shellcheck disable=SC2086 # a list of options
		accepts "$name.h as C, $compiler" $compiler -std=c11 $warnings -DCOBJMACROS -fsyntax-only "$out/alone.c"
		# shellcheck disable=SC2086
		accepts "$name.h as C++, $compiler" $compiler -x c++ -std=c++17 $warnings -fsyntax-only "$out/alone.c"
		# shellcheck disable=SC2086
		accepts "$name.h as C in C++, $compiler" $compiler -x c++ -std=c++17 $warnings -DCINTERFACE -DCOBJMACROS \
		    -fsyntax-only "$out/alone.c"
	done
done
for name in small large shapes directives forms; do
	# shellcheck disable=SC2086
	accepts "${name}_i.c as C" "${CC:-gcc}" -std=c11 $warnings -c "$out/${name}_i.c" -o "$out/${name}_i.o"
done
# shellcheck disable=SC2086
accepts "golden_slots.c: slots, sizes, values" "${CC:-gcc}" -std=c11 $warnings $sanitize -I. -c golden_slots.c -o "$out/slots.o"
# shellcheck disable=SC2086
accepts "golden_forms.c: slots, sizes, values" "${CC:-gcc}" -std=c11 $warnings $sanitize -I. -c golden_forms.c -o "$out/forms_slots.o"
# shellcheck disable=SC2086
accepts "golden_forms.cc" "${CXX:-g++}" -std=c++17 $warnings $sanitize -I. -c golden_forms.cc -o "$out/forms_calls.o"
# shellcheck disable=SC2086
accepts "golden_calls.cc" "${CXX:-g++}" -std=c++17 $warnings $sanitize -I. -c golden_calls.cc -o "$out/calls.o"
# Weak and hidden: the same identifiers twice in one program are no error.
# shellcheck disable=SC2086
accepts "they link" "${CXX:-g++}" $sanitize "$out/slots.o" "$out/calls.o" "$out/small_i.o" "$out/large_i.o" \
    "$out/shapes_i.o" "$out/forms_i.o" "$out/forms_slots.o" "$out/forms_calls.o" -o "$out/slots"
"$out/slots" >"$out/stdout"
grep -c '^ok ' "$out/stdout" >"$out/count"
while read -r word _ _ name; do
	if [ "$word" = ok ]; then ok "golden: $name"; else not_ok "golden: $name"; fi
done <<END
$(sed 's/^not ok/not_ok/' "$out/stdout")
END
nm "$out/large_i.o" | grep -Eq ' V IID_IEverything$'
result $? "identifiers are weak"
readelf -s --wide "$out/large_i.o" | grep -Eq 'WEAK +HIDDEN .* CATID_Large$'
result $? "identifiers are hidden"

[ $failures -eq 0 ]
