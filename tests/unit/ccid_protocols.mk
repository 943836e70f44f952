# SPDX-License-Identifier: BSD-2-Clause
# The protocol engines of the CCID driver.
CCID_T1_TEST := tests/unit/ccid_t1_script.c tests/unit/ccid_t1_card.c $(CCID_T1)
$(foreach t,ccid_t1 ccid_t1_blocks ccid_t1_sizes ccid_t1_secure ccid_t1_character,\
	$(eval $(call test_program,$(t),tests/unit/$(t).c $(CCID_T1_TEST),)))
CCID_T0_TEST := tests/unit/ccid_t0_script.c $(CCID_T0)
$(foreach t,ccid_t0 ccid_t0_character,\
	$(eval $(call test_program,$(t),tests/unit/$(t).c $(CCID_T0_TEST),)))
$(eval $(call test_program,ccid_chain,tests/unit/ccid_chain.c $(CCID_CHAIN),))
$(eval $(call test_program,ccid_apdu_shape,tests/unit/ccid_apdu_shape.c ccid/apdu_shape.c,))
$(eval $(call test_script,tests/unit/ids.sh))
$(eval $(call test_script,tests/unit/ccid_ids.sh,\
	$(addprefix $(B)/tests/ccid_,t0 t0_character t1 t1_blocks t1_sizes)))
