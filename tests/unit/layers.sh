#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2317  # functions are called through check
#
# Where manifests are looked for: a tree that was moved, and a program with more rights than its caller.
set -u

number=0 failed=0

# check NAME COMMAND...: the command must succeed.
check() {
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $number - layers: $name"
	else
		echo "not ok $number - layers: $name"
		sed 's/^/#   /' out
		failed=1
	fi
}

skip() {
	number=$((number + 1))
	echo "ok $number - layers: $1 # SKIP $2"
}

# manifest FOLDER FILE NAME
manifest() {
	mkdir -p "$1"
	printf '[Component]\nModule=m.so\n[Class %s]\nName=%s\nThreadingModel=Both\n' "$class" "$3" >"$1/$2"
}

class='{11111111-0000-4000-8000-000000000001}'
top=$PWD
tree=$top/tree
program=$tree/${TESSERA_LIB#"$TESSERA_BUILD/"}/com_secure
vendor=$tree/share/tessera/components.d
administrator=$tree/etc/tessera/components.d
user=$XDG_DATA_HOME/tessera/components.d
mkdir -p "${program%/*}"
cp "$TESSERA_BUILD/tests/com_secure" "$program"
export TESSERA_COMPONENT_PATH="$top/chosen"

finds() {
	"$program" "$class" >out 2>&1
	[ "$(cat out)" = "$1" ]
}

says() {
	"$program" "$class" >out 2>&1
	grep -qF "$1" out
}

manifest "$vendor" v.component Vendor
check 'the vendor layer of a tree that was moved' finds "ordinary: Vendor (vendor layer) $vendor/v.component"
manifest "$administrator" a.component Administrator
check 'the administrator layer of it' \
    finds "ordinary: Administrator (administrator layer) $administrator/a.component"
manifest "$user" u.component User
check 'the user layer' finds "ordinary: User (user layer) $user/u.component"
manifest "$top/chosen" c.component Chosen
check 'the environment' finds "ordinary: Chosen (environment layer) $top/chosen/c.component"

# What a caller may not do to a program with more rights: offer, mask or disable a component.
if [ "$(id -u)" -ne 0 ]; then
	skip 'with more rights: neither environment nor user layer' 'only root can make such a program'
	skip 'with more rights: nothing masked by the user' 'only root can make such a program'
else
	chgrp 12345 "$program" && chmod 2755 "$program"
	check 'with more rights: neither environment nor user layer' \
	    finds "secure: Administrator (administrator layer) $administrator/a.component"
	: >"$user/a.component"
	: >"$top/chosen/a.component"
	rm "$user/u.component" "$top/chosen/c.component"
	check 'with more rights: nothing masked by the user' \
	    finds "secure: Administrator (administrator layer) $administrator/a.component"
	rm -f "$user/a.component" "$top/chosen/a.component"
	chgrp "$(id -g)" "$program" && chmod 755 "$program"
fi

rm -f "$user/u.component" "$top/chosen/c.component" "$administrator/a.component"
: >"$administrator/v.component"
check 'disabled by the administrator' \
    says "$vendor/v.component (vendor layer) has it, but is disabled by $administrator/v.component in the administrator layer"
rm "$administrator/v.component"
mv "$tree" "$top/moved"
program=$top/moved/${program#"$tree/"}
check 'moved once more' \
    finds "ordinary: Vendor (vendor layer) $top/moved/share/tessera/components.d/v.component"

echo "1..$number"
exit $failed
