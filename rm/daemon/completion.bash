# SPDX-License-Identifier: BSD-2-Clause
# Completion of scardd for bash. Options come from scardd itself, drivers from comreg.

_scardd_offer() {
	local line plain=${1//\\/}
	plain=${plain#[\"\']}
	while IFS= read -r line; do
		[[ -n $line && $line == "$plain"* ]] || continue
		[[ $1 == [\"\']* ]] || printf -v line %q "$line"
		COMPREPLY+=("$line")
	done
}

# comreg lies beside scardd, or is found as it was.
_scardd_drivers() {
	local comreg=comreg
	[[ $1 != */* ]] || comreg=${1%/*}/comreg
	"$comreg" list 2>/dev/null | sed -n 's/.* SCardReaderDriver\.\([^ .]*\)\(\.[0-9]*\)\{0,1\} .*/\1/p'
}

_scardd() {
	local program=$1 current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	[[ $current != = ]] || current=
	[[ $previous != = ]] || previous=${COMP_WORDS[COMP_CWORD - 2]}
	case $previous in
	--driver) _scardd_offer "$current" < <(_scardd_drivers "$program") ;;
	--*socket | --config)
		compopt -o filenames 2>/dev/null
		_scardd_offer "$current" < <(compgen -f -- "$current")
		;;
	*)
		_scardd_offer "$current" < <("$program" --help 2>/dev/null | sed -n 's/^  \(--[a-z-]*\).*/\1/p')
		;;
	esac
}

complete -F _scardd scardd
