#compdef comreg
# SPDX-License-Identifier: BSD-2-Clause
# Completion of comreg for zsh. Commands, options and names come from comreg itself; compadd quotes
# what manifests say.

# _comreg_offer COMMAND...: the lines that the command prints.
_comreg_offer() {
	local -a lines
	lines=("${(@f)$("$@" 2>/dev/null)}")
	lines=(${lines:#})
	(( $#lines )) && compadd -a lines
}

_comreg_commands() {
	$1 --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'
	print help
}

_comreg_options() {
	$1 help $2 | sed -n 's/^  \(--[a-z-]*\).*/\1/p'
}

_comreg_checks() {
	$1 check --list | cut -f 1
}

_comreg() {
	local program=$words[1] command='' previous=$words[CURRENT-1] word
	for word in "${(@)words[2,CURRENT-1]}"; do
		if [[ $word != -* ]]; then
			command=$word
			break
		fi
	done
	if [[ -z $command ]]; then
		_comreg_offer _comreg_commands $program
		compadd -- --help --version
		return
	fi
	if [[ $PREFIX == --*=* ]]; then
		previous=${PREFIX%%=*}
		compset -P '*='
	fi
	case $previous in
	(--layer) _comreg_offer $program list layers --names; return ;;
	(--category) _comreg_offer $program list categories --names; return ;;
	(--interface) _comreg_offer $program list interfaces --names; return ;;
	(--module) _comreg_offer $program list modules --names; return ;;
	(--manifest) _files -g '*.component'; return ;;
	(--kind) compadd class wrapper driver; return ;;
	(--check) _comreg_offer _comreg_checks $program; return ;;
	(--output) _files -/; return ;;
	(--time-limit|--class|--iid|--vendor) return ;;
	esac
	if [[ $PREFIX == -* ]]; then
		_comreg_offer _comreg_options $program $command
		return
	fi
	case $command in
	(list) compadd classes categories interfaces modules layers ;;
	(show)
		_comreg_offer $program list classes --names
		_comreg_offer $program list interfaces --names
		_comreg_offer $program list categories --names
		;;
	(why|graph) _comreg_offer $program list classes --names ;;
	(check)
		_files -g '*.so'
		_comreg_offer $program list classes --names
		;;
	(register) _files -g '*.so' ;;
	(unregister)
		_comreg_offer $program list modules --names --layer user
		_files -g '*.so'
		;;
	(help) _comreg_offer _comreg_commands $program ;;
	esac
}

_comreg "$@"
