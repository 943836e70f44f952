# SPDX-License-Identifier: BSD-2-Clause
# scardctl: what it prints, alone and beside scardd.

$(eval $(call test_program,scardctl_text,tests/unit/scardctl_text.c \
	$(addprefix rm/scardctl/,hex.c status_word.c),glib))
$(eval $(call test_program,scardctl_atr,tests/unit/scardctl_atr.c \
	$(addprefix rm/scardctl/,atr_explain.c atr_history.c hex.c),glib))
$(eval $(call test_program,scardctl_watch,tests/unit/scardctl_watch.c \
	$(addprefix rm/scardctl/,hex.c json.c reader.c report.c watch.c),glib))
$(eval $(call test_program,api_holders,tests/unit/api_holders.c $(SCARD_SOURCES),glib dl))

# Keeps a connection for a script, and a card that comes and goes at its word.
$(eval $(call program,$(B)/tests/scardctl_holder,tests/unit/scardctl_holder.c,scard))
$(eval $(call program,$(B)/tests/scardctl_card,tests/unit/scardctl_card.c tests/unit/vpcd_card.c \
	rm/drivers/vpcd/settings.c,glib))

$(eval $(call test_script,tests/unit/scardctl.sh,$(B)/bin/scardctl))
$(eval $(call test_script,tests/unit/scardctl_sim.sh,$(B)/bin/scardctl $(B)/bin/scardd \
	$(B)/tests/scardctl_holder $(B)/tests/scardctl_card))
$(eval $(call test_script,tests/unit/scardctl_atr.sh,$(B)/bin/scardctl $(CARD_FILES)))
$(eval $(call test_script,tests/unit/scardctl_trace.sh,$(B)/bin/scardctl $(B)/bin/scardd \
	$(B)/tests/scardctl_card))
$(eval $(call test_script,tests/unit/scardctl_doctor.sh,$(B)/bin/scardctl $(B)/bin/scardd \
	$(B)/tests/scardctl_holder $(CARD_FILES)))
$(eval $(call test_script,tests/unit/scardctl_db.sh,$(B)/bin/scardctl $(CARD_FILES)))
