# SPDX-License-Identifier: BSD-2-Clause
# The winscard tests. They include installed headers only, and run on what TESSERA_RM names; those
# that move readers and cards want the test driver there.
include tests/conformance/broken.mk

CONFORMANCE := winscard_context winscard_lists winscard_memory winscard_connect winscard_exchange \
	winscard_wide winscard_errors winscard_started winscard_cache winscard_devices winscard_dialog \
	winscard_cards winscard_effects_database winscard_refusals winscard_refusals_dialog winscard_rights
CONFORMANCE_CONCURRENT := winscard_transaction winscard_status_change winscard_threads winscard_groups \
	winscard_effects
FIXTURE := tests/conformance/fixture.c tests/conformance/rows.c
conformance = $(call test_program,$(1),tests/conformance/$(1).c $(FIXTURE),scard,$(2))
$(foreach t,$(CONFORMANCE),$(eval $(call conformance,$(t))))
$(foreach t,$(CONFORMANCE_CONCURRENT),$(eval $(call conformance,$(t),concurrent)))

CONFORMANCE_MOVING := winscard_movement winscard_blocked winscard_states
MOVING := tests/conformance/moving.c $(FIXTURE)
moving = $(call test_program,$(1),tests/conformance/$(1).c $(MOVING),scard,concurrent)
$(foreach t,$(CONFORMANCE_MOVING),$(eval $(call moving,$(t))))

# The same programs, on a scardd that each gets for itself.
# $(eval $(call on_scardd,NAME,COMMAND[,concurrent[,ENVIRONMENT]])): a test that runs COMMAND, a
# shell's words.
$(eval $(call program,$(B)/tests/with_scardd,tests/daemon/with_scardd.c))
define on_scardd
TESTS += $(B)/tests/scardd/$(1)
$(if $(3),CONCURRENT_TESTS += $(B)/tests/scardd/$(1))
$(B)/tests/scardd/$(1): tests/conformance/build.mk
	@mkdir -p $$(@D)
	@printf '%s\n' '#!/bin/sh' '$(if $(4),$(strip $(4)) )exec "$$$$TESSERA_BUILD/tests/with_scardd" $(2)' >$$@
	@chmod +x $$@
endef
$(foreach t,$(filter-out winscard_wide,$(CONFORMANCE)),\
	$(eval $(call on_scardd,$(t),"$$$$TESSERA_BUILD/tests/$(t)")))
$(eval $(call on_scardd,winscard_wide,--driver "softcard=$$$$TESSERA_SRC/tests/data/wide.profile" \
	"$$$$TESSERA_BUILD/tests/winscard_wide"))
$(foreach t,$(CONFORMANCE_CONCURRENT),$(eval $(call on_scardd,$(t),"$$$$TESSERA_BUILD/tests/$(t)",concurrent)))


# In a tree of its own, for its writes are the administrator's.
$(eval $(call program,$(B)/tests/winscard_system,tests/suite.c tests/conformance/winscard_system.c $(FIXTURE),cunit scard))
$(eval $(call test_script,tests/conformance/winscard_system.sh))
$(eval $(call on_scardd,winscard_system,"$$$$TESSERA_SRC/tests/conformance/winscard_system.sh"))

$(foreach t,$(CONFORMANCE_MOVING),$(eval $(call on_scardd,$(t),--driver "test=$$$$TMPDIR/mover" \
	"$$$$TESSERA_BUILD/tests/$(t)",concurrent,\
	TESSERA_COMPONENT_PATH="$$$$TESSERA_BUILD/tests/components")))

$(eval $(call test_script,tests/conformance/winscard_symbols.sh,$(L)/libtessera-scard.so))
$(eval $(call test_script,tests/conformance/pcsclite_installed.sh,$(PCSCLITE_LIBRARY)))

# What differs between Windows and pcsc-lite: each source twice, with its own header and library. The
# one for pcsc-lite steers readers through our library, so it holds both in one process.
DIALECT_TESTS := dialect_connections dialect_exchange dialect_watch dialect_blocking dialect_time dialect_limits
DIALECT_HAND := tests/conformance/steer.c $(MOVING)
$(B)/obj/pcsclite/%.o: %.c | $(HEADERS) $(PCSC_HEADERS) $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -I$(H)/PCSC $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<
define dialect
$(call test_program,$(1),tests/conformance/$(1).c tests/conformance/dialect.c $(DIALECT_HAND),scard com uuid,concurrent)
$(call test_program,pcsclite_$(1),pcsclite/tests/conformance/$(1).c pcsclite/tests/conformance/dialect.c \
	$(DIALECT_HAND),pcsclite scard com uuid,concurrent)
endef
$(foreach t,$(DIALECT_TESTS),$(eval $(call dialect,$(t))))

# The ones for pcsc-lite with Debian's library, on the socket that speaks its protocol.
# Not those of what that library settles by itself: it asks its environment once, and has limits of its own.
$(foreach t,$(filter-out dialect_blocking dialect_limits,$(DIALECT_TESTS)),$(eval $(call on_scardd,debian_$(t),--driver "test=$$$$TMPDIR/mover" \
	"$$$$TESSERA_SRC/tests/peers/pcsclite_debian.sh" "$$$$TESSERA_BUILD/tests/pcsclite_$(t)",concurrent,\
	TESSERA_COMPONENT_PATH="$$$$TESSERA_BUILD/tests/components" DIALECT_PCSCLITE_1_9=1)))

$(eval $(call test_program,pcsclite_texts,pcsclite/tests/conformance/pcsclite_texts.c,pcsclite))

# Somebody else's library on pcsc-lite, before and behind ours in the order of loading.
THIRD_PARTY := $(B)/tests/third_party.so
$(eval $(call loadable,$(THIRD_PARTY),pcsclite/tests/conformance/third_party.c,pcsclite,tests/conformance/third_party.map))
link_third_party := -L$(B)/tests -l:third_party.so '-Wl,-rpath,$$$$ORIGIN'
file_third_party := $(THIRD_PARTY)
BOTH_LIBRARIES := tests/conformance/both_libraries.c $(FIXTURE)
$(eval $(call test_program,both_libraries_ours_first,$(BOTH_LIBRARIES),scard third_party))
$(eval $(call test_program,both_libraries_theirs_first,$(BOTH_LIBRARIES),third_party scard))

# The same with a scardd behind the library.
DIALECT_SERVICE := tests/daemon/scardd_process.c
$(eval $(call test_program,dialect_service,tests/conformance/dialect_service.c tests/conformance/dialect.c \
	$(DIALECT_SERVICE),scard))
$(eval $(call test_program,pcsclite_dialect_service,pcsclite/tests/conformance/dialect_service.c \
	pcsclite/tests/conformance/dialect.c $(DIALECT_SERVICE),pcsclite))
$(eval $(call test_program,winscard_service,tests/conformance/winscard_service.c $(FIXTURE) $(DIALECT_SERVICE),\
	scard,concurrent))

# What the programs above have written down, against the list of what there must be.
$(eval $(call test_script,tests/conformance/names.sh))
