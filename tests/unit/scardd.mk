# SPDX-License-Identifier: BSD-2-Clause
# Tests of the daemon, by a client that speaks the protocol itself.

SCARDD_FIXTURE := tests/unit/scardd_fixture.c $(WIRE_SOURCES)
$(eval $(call test_program,scardd_system,tests/unit/scardd_system.c rm/daemon/system.c,glib))
$(eval $(call test_program,scardd_secrets,tests/unit/scardd_secrets.c rm/daemon/secrets.c rm/scardctl/hex.c,glib))
# One thread each, and the other's part at a seam.
$(eval $(call test_program,scardd_lane,tests/unit/scardd_lane.c rm/daemon/lane.c,glib))
$(eval $(call test_program,scardd_stop,tests/unit/scardd_stop.c rm/daemon/session.c rm/daemon/accept.c,glib))

SCARDD_CARD := tests/unit/vpcd_card.c rm/drivers/vpcd/settings.c

$(foreach t,service start load,\
	$(eval $(call test_program,scardd_$(t),tests/unit/scardd_$(t).c $(SCARDD_FIXTURE)\
		$(if $(filter load,$(t)),$(SCARDD_CARD)),glib,concurrent))\
	$(eval $(B)/tests/scardd_$(t): $(B)/bin/scardd))

# By a client that speaks the protocol of pcsc-lite's library.
LITE_FIXTURE := tests/unit/lite_fixture.c rm/daemon/pcsclite/message.c rm/pcsclite/numbers.c $(SCARDD_FIXTURE)
$(eval $(call test_program,scardd_pcsclite_message,tests/unit/scardd_pcsclite_message.c \
	rm/daemon/pcsclite/message.c))
$(foreach t,scardd_pcsclite scardd_pcsclite_kill,\
	$(eval $(call test_program,$(t),tests/unit/$(t).c $(LITE_FIXTURE),glib,concurrent))\
	$(eval $(B)/tests/$(t): $(B)/bin/scardd))
