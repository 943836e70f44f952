#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Each installed header compiles alone, twice in a row and with everything its users may define; all
# of them compile together, in either order; and names that pcsc-lite has too get their own label. In
# C11 and in C++17, with gcc and with clang, any warning being an error.
set -u

headers=$TESSERA_BUILD/include/tessera
work=$(mktemp -d "${TMPDIR:-/tmp}/headers.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wundef -Wcast-qual'
warnings="$warnings -Werror"
c_warnings="$warnings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition"
number=0
failed=0

# report STATUS NAME LOG
report()
{
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - headers: $2"
	else
		echo "not ok $number - headers: $2"
		sed 's/^/# /' "$3" | head -n 40
		failed=1
	fi
}

# compile FILE OBJECT [FLAG...]: with both compilers, in the language of the file.
compile()
{
	file=$1 object=$2
	shift 2
	case $file in
	*.c) compilers='gcc clang' flags="-std=c11 $c_warnings" ;;
	*) compilers='g++ clang++' flags="-std=c++17 $warnings" ;;
	esac
	for compiler in $compilers; do
		command -v "$compiler" >/dev/null || { echo "$compiler is not installed: make deps"; return 1; }
		# shellcheck disable=SC2086 # flags are words
		"$compiler" $flags "$@" -I"$headers" -O1 -c -o "$object.$compiler.o" "$file" || {
			echo "($compiler $*)"
			return 1
		}
	done
}

alone()
{
	printf '#include <%s>\n#include <%s>\nint used;\n' "$1" "$1" >alone.c
	cp alone.c alone.cc
	for file in alone.c alone.cc; do
		compile "$file" alone -fsyntax-only || return 1
		compile "$file" alone -fsyntax-only -DUNICODE -DCOBJMACROS -DINITGUID || return 1
	done
	compile alone.cc alone -fsyntax-only -DCINTERFACE -DCOBJMACROS
}

# A definition in each of two objects that include everything is still one program.
together()
{
	{
		cat "$1.list"
		echo 'int used(void);'
		echo 'int used(void) { return IsEqualGUID(REF(IID_IUnknown), REF(GUID_NULL)); }'
	} | sed "s/REF(\([A-Za-z_]*\))/$3\1/g" >"$1.$2"
	sed 's/used/main/; s/used/main/' "$1.$2" | sed '/^int main(void);/d' >"main_$1.$2"
	for mode in -DNOTHING -DUNICODE -DCOBJMACROS -DINITGUID; do
		compile "$1.$2" "$1" "$mode" || return 1
	done
	compile "main_$1.$2" "main_$1" -DINITGUID || return 1
	compile "$1.$2" "$1" -DINITGUID -DCOBJMACROS -DUNICODE || return 1
	for compiler in $compilers; do
		"$compiler" -o "$1" "$1.$compiler.o" "main_$1.$compiler.o" && "./$1" || return 1
	done
}

labels()
{
	sed -n 's/^\(LONG\|HANDLE\|void\) WINAPI \([SG][A-Za-z]*\)(.*/\2/p' "$headers/winscard.h" >functions
	{
		printf '#include <winscard.h>\n#ifdef __cplusplus\nextern "C"\n#else\nextern\n#endif\n'
		printf 'const void *const used[];\nconst void *const used[] = {\n'
		sed 's/.*/(const void *)\&&,/' functions
		printf 'SCARD_PCI_T0, SCARD_PCI_T1, SCARD_PCI_RAW };\n'
	} >"labels.$1"
	# A function's address as const void * is beyond the standard, not beyond the platform.
	sed -i 's/^#include/#pragma GCC diagnostic ignored "-Wpedantic"\n&/' "labels.$1"
	compile "labels.$1" labels || return 1
	cat >expected <<-'EOF'
		GetOpenCardNameA
		GetOpenCardNameW
		SCardAccessStartedEvent
		SCardAddReaderToGroupA
		SCardAddReaderToGroupW
		SCardAudit
		SCardCancelTransaction
		SCardConnectA
		SCardConnectW
		SCardDlgExtendedError
		SCardForgetCardTypeA
		SCardForgetCardTypeW
		SCardForgetReaderA
		SCardForgetReaderGroupA
		SCardForgetReaderGroupW
		SCardForgetReaderW
		SCardGetCardTypeProviderNameA
		SCardGetCardTypeProviderNameW
		SCardGetDeviceTypeIdA
		SCardGetDeviceTypeIdW
		SCardGetProviderIdA
		SCardGetProviderIdW
		SCardGetReaderDeviceInstanceIdA
		SCardGetReaderDeviceInstanceIdW
		SCardGetReaderIconA
		SCardGetReaderIconW
		SCardGetStatusChangeA
		SCardGetStatusChangeW
		SCardGetTransmitCount
		SCardIntroduceCardTypeA
		SCardIntroduceCardTypeW
		SCardIntroduceReaderA
		SCardIntroduceReaderGroupA
		SCardIntroduceReaderGroupW
		SCardIntroduceReaderW
		SCardListCardsA
		SCardListCardsW
		SCardListInterfacesA
		SCardListInterfacesW
		SCardListReaderGroupsA
		SCardListReaderGroupsW
		SCardListReadersA
		SCardListReadersW
		SCardListReadersWithDeviceInstanceIdA
		SCardListReadersWithDeviceInstanceIdW
		SCardLocateCardsA
		SCardLocateCardsByATRA
		SCardLocateCardsByATRW
		SCardLocateCardsW
		SCardReadCacheA
		SCardReadCacheW
		SCardReleaseAllEvents
		SCardReleaseStartedEvent
		SCardRemoveReaderFromGroupA
		SCardRemoveReaderFromGroupW
		SCardSetCardTypeProviderNameA
		SCardSetCardTypeProviderNameW
		SCardState
		SCardStatusA
		SCardStatusW
		SCardUIDlgSelectCardA
		SCardUIDlgSelectCardW
		SCardWriteCacheA
		SCardWriteCacheW
		tessera_SCardBeginTransaction
		tessera_SCardCancel
		tessera_SCardControl
		tessera_SCardDisconnect
		tessera_SCardEndTransaction
		tessera_SCardEstablishContext
		tessera_SCardFreeMemory
		tessera_SCardGetAttrib
		tessera_SCardIsValidContext
		tessera_SCardReconnect
		tessera_SCardReleaseContext
		tessera_SCardSetAttrib
		tessera_SCardTransmit
		tessera_g_rgSCardRawPci
		tessera_g_rgSCardT0Pci
		tessera_g_rgSCardT1Pci
	EOF
	for compiler in $compilers; do
		nm -u "labels.$compiler.o" | sed 's/^ *U //' | LC_ALL=C sort >found
		diff -u expected found || return 1
	done
}

for header in "$headers"/*.h; do
	name=$(basename "$header")
	alone "$name" >log 2>&1
	report $? "$name alone" log
	printf '#include <%s>\n' "$name" >>forward.list
done
for header in "$headers"/PCSC/*.h; do
	name=$(basename "$header")
	(headers=$headers/PCSC && alone "$name") >log 2>&1
	report $? "PCSC/$name alone" log
done
sort -r forward.list >backward.list

together forward c '\&' >log 2>&1
report $? 'all together in C' log
together forward cc '' >log 2>&1
report $? 'all together in C++' log
together backward c '\&' >log 2>&1
report $? 'all together in C, the other way round' log
together backward cc '' >log 2>&1
report $? 'all together in C++, the other way round' log
labels c >log 2>&1
report $? 'names for the linker in C' log
labels cc >log 2>&1
report $? 'names for the linker in C++' log

echo "1..$number"
exit "$failed"
