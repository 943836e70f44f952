#compdef scardd
# SPDX-License-Identifier: BSD-2-Clause
# Completion of scardd for zsh. Options come from scardd itself, drivers from comreg.

_scardd_drivers() {
	local comreg=comreg
	[[ $words[1] != */* ]] || comreg=${words[1]%/*}/comreg
	local -a drivers
	drivers=(${(f)"$($comreg list 2>/dev/null | sed -n 's/.* SCardReaderDriver\.\([^ .]*\)\(\.[0-9]*\)\{0,1\} .*/\1/p')"})
	(( $#drivers )) && compadd -a drivers
}

_scardd() {
	local previous=$words[CURRENT-1]
	if [[ $PREFIX == --*=* ]]; then
		previous=${PREFIX%%=*}
		compset -P '*='
	fi
	case $previous in
	(--driver) _scardd_drivers ;;
	(--*socket|--config) _files ;;
	(*) compadd -- ${(f)"$($words[1] --help 2>/dev/null | sed -n 's/^  \(--[a-z-]*\).*/\1/p')"} ;;
	esac
}

_scardd "$@"
