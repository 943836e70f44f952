# SPDX-License-Identifier: BSD-2-Clause
# The CCID driver above its transport, against a scripted reader.
$(foreach t,command slot,\
	$(eval $(call test_program,ccid_$(t),tests/unit/ccid_$(t).c tests/unit/ccid_double.c $(CCID_SLOT),glib)))
