# SPDX-License-Identifier: BSD-2-Clause
# The winscard tests. They include installed headers only, and run on what TESSERA_RM names; those
# that move readers and cards run on the embedded resource manager with the test driver.

CONFORMANCE := winscard_context winscard_lists winscard_memory winscard_connect winscard_exchange \
	winscard_wide winscard_errors
CONFORMANCE_CONCURRENT := winscard_transaction winscard_status_change winscard_threads
conformance = $(call test_program,$(1),tests/conformance/$(1).c tests/conformance/fixture.c,scard,$(2))
$(foreach t,$(CONFORMANCE),$(eval $(call conformance,$(t))))
$(foreach t,$(CONFORMANCE_CONCURRENT),$(eval $(call conformance,$(t),concurrent)))

MOVING := tests/conformance/moving.c tests/conformance/fixture.c gen/testdriver_i.c
moving = $(call test_program,$(1),tests/conformance/$(1).c $(MOVING),scard com uuid,concurrent)
$(foreach t,winscard_movement winscard_blocked,$(eval $(call moving,$(t))))

$(eval $(call test_script,tests/conformance/winscard_symbols.sh,$(L)/libtessera-scard.so))
