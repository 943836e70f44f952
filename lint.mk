# SPDX-License-Identifier: BSD-2-Clause
# Form and static analysis of our own sources.

# Some headers of tests/idl are IDL, to be included there; the form of C is not theirs.
C_FILES := $(filter-out tests/idl/bad-%.h tests/idl/directives_%.h,$(shell git ls-files '*.c' '*.h' '*.cc' 2>/dev/null))

.PHONY: format lint
format:
	clang-format -i $(C_FILES)

# Names that single files get from their build.mk.
LINT_DEFINES := $(foreach name,TESSERA_VERSION DATA_FROM_LIB SYSCONF_FROM_LIB SYSCONF_FROM_BIN \
	SOFTCARD_DATA_FROM_MODULE SOFTCARD_SYSCONF_FROM_MODULE IFD_DRIVERS_FOLDER CCID_DATA_FROM_LIBRARIES \
	CCID_SYSCONF_FROM_LIBRARIES,-D$(name)='"x"')

lint: deps-lint all
	@echo 'clang-format, clang-tidy, cppcheck, shellcheck'
	@clang-format --dry-run -Werror $(C_FILES)
	@set -e; for file in $(filter %.c,$(filter-out tests/%,$(C_FILES))); do \
	    clang-tidy --quiet $$file -- $(CPPFLAGS_ALL) $(LIBUSB_CFLAGS) -std=c11 $(LINT_DEFINES); done
	@cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
	    --suppress=missingIncludeSystem -I$(H) -I. -I$(B)/gen $(filter %.c,$(filter-out tests/%,$(C_FILES)))
	@shellcheck $(shell git ls-files '*.sh' '*.bash' .ci/run tests/run)
