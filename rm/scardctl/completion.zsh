#compdef scardctl
# SPDX-License-Identifier: BSD-2-Clause
# Completion of scardctl for zsh. Options and readers come from scardctl itself.

_scardctl_readers() {
	local -a readers
	readers=("${(@f)$($words[1] list 2>/dev/null | sed -n '/^ /d; s/: [^:]*$//p')}")
	readers=(${readers:#})
	(( $#readers )) && compadd -a readers
}

_scardctl_cards() {
	local -a cards
	cards=("${(@f)$($words[1] db list 2>/dev/null | sed -n '/^ /d; /^reader /d; s/: [^:]*$//p')}")
	cards=(${cards:#})
	(( $#cards )) && compadd -a cards
}

_scardctl() {
	local command='' previous=$words[CURRENT-1] word
	for word in "${(@)words[2,CURRENT-1]}"; do
		if [[ $word != -* ]]; then
			command=$word
			break
		fi
	done
	if [[ $PREFIX == --*=* ]]; then
		previous=${PREFIX%%=*}
		compset -P '*='
	fi
	case $previous in
	(--protocol) compadd t0 t1; return ;;
	(--reader) _scardctl_readers; return ;;
	(--file|--write|-w) _files; return ;;
	(--count|--driver) return ;;
	esac
	if [[ -z $command ]]; then
		compadd -- list status watch apdu who atr doctor trace db sim --help --version
	elif [[ $PREFIX == -* ]]; then
		compadd -- ${(f)"$($words[1] --help 2>/dev/null | sed -n 's/^  \(--[a-z]*\).*/\1/p')"}
	elif [[ $command == db && $previous == db ]]; then
		compadd -- list show name add remove provider import
	elif [[ $command == db && $previous == import ]]; then
		_files
	elif [[ $command == db ]]; then
		_scardctl_cards
	elif [[ $command == (status|apdu|atr|doctor|trace) ]]; then
		_scardctl_readers
	fi
}

_scardctl "$@"
