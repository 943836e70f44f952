# SPDX-License-Identifier: BSD-2-Clause
# Completion of comreg for bash. Commands, options and names come from comreg itself.
#
# Names come from manifests, which anyone may have written: they are compared and quoted here, and
# never go through anything that expands (compgen -W does).

# _comreg_offer CURRENT: those of the lines on standard input that begin with the word so far.
_comreg_offer() {
	local line plain=${1//\\/} quoted=
	case $plain in
	[\"\']*)
		quoted=1
		plain=${plain:1}
		;;
	esac
	while IFS= read -r line; do
		[[ -n $line && $line == "$plain"* ]] || continue
		[[ -n $quoted ]] || printf -v line %q "$line"
		COMPREPLY+=("$line")
	done
}

_comreg_commands() {
	"$1" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'
	echo help
}

_comreg_options() {
	"$1" help "$2" 2>/dev/null | sed -n 's/^  \(--[a-z-]*\).*/\1/p'
}

# _comreg_files CURRENT SUFFIX: files of that kind, and folders.
_comreg_files() {
	compopt -o filenames 2>/dev/null
	compgen -f -X "!*$2" -- "$1"
	compgen -d -- "$1"
}

_comreg_arguments() {
	local program=$1 command=$2 current=$3
	case $command in
	list) printf '%s\n' classes categories interfaces modules layers ;;
	show)
		"$program" list classes --names
		"$program" list interfaces --names
		"$program" list categories --names
		;;
	why | graph) "$program" list classes --names ;;
	check)
		_comreg_files "$current" .so
		"$program" list classes --names
		;;
	register) _comreg_files "$current" .so ;;
	unregister)
		"$program" list modules --names --layer user
		_comreg_files "$current" .so
		;;
	help) _comreg_commands "$program" ;;
	esac 2>/dev/null
}

_comreg() {
	local program=$1 current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local command='' i
	COMPREPLY=()
	# bash takes = for a word of its own.
	[[ $current != = ]] || current=
	[[ $previous != = ]] || previous=${COMP_WORDS[COMP_CWORD - 2]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} != -* ]]; then
			command=${COMP_WORDS[i]}
			break
		fi
	done
	if [[ -z $command ]]; then
		_comreg_offer "$current" < <(_comreg_commands "$program"
			printf '%s\n' --help --version)
		return
	fi
	case $previous in
	--layer) _comreg_offer "$current" < <("$program" list layers --names 2>/dev/null) ;;
	--category) _comreg_offer "$current" < <("$program" list categories --names 2>/dev/null) ;;
	--interface) _comreg_offer "$current" < <("$program" list interfaces --names 2>/dev/null) ;;
	--module) _comreg_offer "$current" < <("$program" list modules --names 2>/dev/null) ;;
	--manifest) _comreg_offer "$current" < <(_comreg_files "$current" .component) ;;
	--kind) _comreg_offer "$current" < <(printf '%s\n' class wrapper driver) ;;
	--check) _comreg_offer "$current" < <("$program" check --list 2>/dev/null | cut -f 1) ;;
	--output) _comreg_offer "$current" < <(compgen -d -- "$current") ;;
	--time-limit | --class | --iid | --vendor) ;;
	*)
		case $current in
		-*) _comreg_offer "$current" < <(_comreg_options "$program" "$command") ;;
		*) _comreg_offer "$current" < <(_comreg_arguments "$program" "$command" "$current") ;;
		esac
		;;
	esac
}

complete -F _comreg comreg
