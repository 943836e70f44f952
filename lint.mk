# SPDX-License-Identifier: BSD-2-Clause
# Form and static analysis of our own sources.

C_FILES := $(shell git ls-files '*.c' '*.h' '*.cc' 2>/dev/null)

.PHONY: format lint
format:
	clang-format -i $(C_FILES)

lint: deps-lint all
	clang-format --dry-run -Werror $(C_FILES)
	clang-tidy --quiet $(filter %.c,$(filter-out tests/%,$(C_FILES))) -- $(CPPFLAGS_ALL) -std=c11
	cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
	    --suppress=missingIncludeSystem -I$(H) -I. -I$(B)/gen $(filter %.c,$(filter-out tests/%,$(C_FILES)))
	shellcheck $(shell git ls-files '*.sh' .ci/run tests/run)
