# SPDX-License-Identifier: BSD-2-Clause
# Tests that pin the binary interface.

ABI_TABLE := tests/unit/abi_table.c

$(eval $(call test_program,abi_layouts,tests/unit/abi_layouts.c $(ABI_TABLE)))
$(eval $(call test_program,abi_identifiers,tests/unit/abi_identifiers.c $(ABI_TABLE),uuid))
$(eval $(call test_program,abi_results,tests/unit/abi_results.c $(ABI_TABLE)))
$(eval $(call test_program,abi_hresults,tests/unit/abi_hresults.c $(ABI_TABLE)))
$(eval $(call test_program,abi_winscard,tests/unit/abi_winscard.c $(ABI_TABLE)))
$(eval $(call test_program,abi_winscard_unicode,tests/unit/abi_winscard_unicode.c $(ABI_TABLE)))
$(eval $(call test_program,abi_constants_winscard,tests/unit/abi_constants_winscard.c $(ABI_TABLE)))
$(eval $(call test_program,abi_constants_scardssp,tests/unit/abi_constants_scardssp.c $(ABI_TABLE)))
$(eval $(call test_program,abi_slots_com,tests/unit/abi_slots_com.c $(ABI_TABLE)))
$(eval $(call test_program,abi_slots_objects,tests/unit/abi_slots_objects.c $(ABI_TABLE)))
$(eval $(call test_program,abi_slots_scardssp,tests/unit/abi_slots_scardssp.c $(ABI_TABLE)))
$(eval $(call test_program,abi_slots_scardprov,tests/unit/abi_slots_scardprov.c $(ABI_TABLE)))
$(eval $(call test_program,abi_slots_scardreader,tests/unit/abi_slots_scardreader.c $(ABI_TABLE)))
$(eval $(call test_program,abi_cplusplus,\
	tests/unit/abi_cplusplus.c tests/unit/abi_cplusplus_calls.cc $(ABI_TABLE),cxx))

# The objects come from C: there is no C++ type information before their tables and functions, which
# is what these two checks look for.
$(call objects,tests/unit/abi_cplusplus_calls.cc): private CXXFLAGS_ALL += \
	$(if $(SANITIZE),-fno-sanitize=vptr $(if $(findstring clang,$(CXX)),-fno-sanitize=function))

$(eval $(call test_script,tests/unit/headers.sh))

# pcsc-lite's headers; sources of theirs see no others of ours.
$(eval $(call test_program,abi_pcsclite,tests/unit/abi_pcsclite.c))
$(eval $(call test_program,abi_pcsclite_constants,tests/unit/abi_pcsclite_constants.c))
$(call pcsclite_objects,tests/unit/abi_pcsclite.c tests/unit/abi_pcsclite_constants.c)
