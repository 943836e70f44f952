# SPDX-License-Identifier: BSD-2-Clause
# Against programs and cards that nobody here wrote.
$(eval $(call test_program,peers/cac,tests/peers/cac.c tests/peers/cac_client.c,scard com uuid glib))
$(eval $(call test_script,tests/peers/transaction_cac.sh))
