# SPDX-License-Identifier: BSD-2-Clause
# Completion of scardctl for bash. Options and readers come from scardctl itself; a reader's name is
# compared and quoted here, and never goes through anything that expands (compgen -W does).

_scardctl_offer() {
	local line plain=${1//\\/}
	plain=${plain#[\"\']}
	while IFS= read -r line; do
		[[ -n $line && $line == "$plain"* ]] || continue
		[[ $1 == [\"\']* ]] || printf -v line %q "$line"
		COMPREPLY+=("$line")
	done
}

_scardctl_readers() {
	"$1" list 2>/dev/null | sed -n '/^ /d; s/: [^:]*$//p'
}

_scardctl_cards() {
	"$1" db list 2>/dev/null | sed -n '/^ /d; /^reader /d; s/: [^:]*$//p'
}

_scardctl() {
	local program=$1 current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local command='' i
	COMPREPLY=()
	[[ $current != = ]] || current=
	[[ $previous != = ]] || previous=${COMP_WORDS[COMP_CWORD - 2]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} != -* ]]; then
			command=${COMP_WORDS[i]}
			break
		fi
	done
	case $command:$previous in
	*:--protocol) _scardctl_offer "$current" < <(printf '%s\n' t0 t1) ;;
	*:--reader) _scardctl_offer "$current" < <(_scardctl_readers "$program") ;;
	*:--file | *:--write | *:-w)
		compopt -o filenames 2>/dev/null
		_scardctl_offer "$current" < <(compgen -f -- "$current")
		;;
	*:--count | *:--driver) ;;
	:*)
		_scardctl_offer "$current" < <("$program" --help 2>/dev/null |
			sed -n 's/^  \(--help\|--version\|[a-z][a-z]*\) .*/\1/p')
		;;
	*)
		if [[ $current == -* ]]; then
			_scardctl_offer "$current" < <("$program" --help 2>/dev/null |
				sed -n 's/^  \(--[a-z]*\).*/\1/p')
		elif [[ $command == db && $previous == db ]]; then
			_scardctl_offer "$current" < <(printf '%s\n' list show name add remove provider import)
		elif [[ $command == db && $previous == import ]]; then
			compopt -o filenames 2>/dev/null
			_scardctl_offer "$current" < <(compgen -f -- "$current")
		elif [[ $command == db ]]; then
			_scardctl_offer "$current" < <(_scardctl_cards "$program")
		elif [[ $command == @(status|apdu|atr|doctor|trace) ]]; then
			_scardctl_offer "$current" < <(_scardctl_readers "$program")
		fi
		;;
	esac
}

complete -F _scardctl scardctl
