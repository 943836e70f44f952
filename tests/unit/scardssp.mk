# SPDX-License-Identifier: BSD-2-Clause
# Tests of the base service providers. The first two link the pure parts alone; the others create
# objects by CLSID from the build tree.

SCARDSSP_FIXTURE := tests/unit/scardssp_fixture.c tests/unit/scardssp_foreign.c
SCARDSSP_PURE := providers/scardssp/apdu.c providers/scardssp/t0.c

$(eval $(call test_program,scardssp_apdu,tests/unit/scardssp_apdu.c $(SCARDSSP_PURE)))
$(eval $(call test_program,scardssp_t0,tests/unit/scardssp_t0.c $(SCARDSSP_PURE)))
$(eval $(call test_program,scardssp_byte_buffer,tests/unit/scardssp_byte_buffer.c $(SCARDSSP_FIXTURE),com uuid))
$(eval $(call test_program,scardssp_type_conv,tests/unit/scardssp_type_conv.c $(SCARDSSP_FIXTURE),com uuid))
$(eval $(call test_program,scardssp_card_cmd,tests/unit/scardssp_card_cmd.c $(SCARDSSP_FIXTURE),com uuid))
$(eval $(call test_program,scardssp_iso7816,tests/unit/scardssp_iso7816.c $(SCARDSSP_FIXTURE),com uuid))
# The module's sources and a resource manager that follows a script.
$(eval $(call test_program,scardssp_card_script,tests/unit/scardssp_card_script.c \
	tests/unit/scardssp_fake_scard.c $(SCARDSSP_FIXTURE) $(SCARDSSP_SOURCES),com uuid glib,concurrent))
$(eval $(call test_program,scardssp_classes,tests/unit/scardssp_classes.c $(SCARDSSP_FIXTURE),com uuid))
$(eval $(call test_program,scardssp_bad_pointers,tests/unit/scardssp_bad_pointers.c $(SCARDSSP_FIXTURE),com uuid))
$(eval $(call test_program,scardssp_card,tests/unit/scardssp_card.c $(SCARDSSP_FIXTURE),com scard uuid))
$(eval $(call test_program,scardssp_threads,tests/unit/scardssp_threads.c $(SCARDSSP_FIXTURE),com uuid,concurrent))
$(eval $(call on_scardd,scardssp_card,"$$$$TESSERA_BUILD/tests/scardssp_card"))
