# SPDX-License-Identifier: BSD-2-Clause
# The public headers, flat in $(H): hand-written ones copied, IDL files through comidl; and
# libtessera-uuid.a, the identifiers they declare.

HAND_HEADERS := $(wildcard interfaces/com/*.h interfaces/scard/*.h)
IDL_FILES    := $(wildcard interfaces/com/*.idl interfaces/scard/*.idl)
IDL_NAMES    := $(basename $(notdir $(IDL_FILES)))

HEADERS := $(addprefix $(H)/,$(notdir $(HAND_HEADERS))) $(patsubst %,$(H)/%.h,$(IDL_NAMES))
ALL += $(HEADERS) $(L)/libtessera-uuid.a

vpath %.h interfaces/com interfaces/scard
vpath %.idl interfaces/com interfaces/scard

$(addprefix $(H)/,$(notdir $(HAND_HEADERS))): $(H)/%.h: %.h
	@mkdir -p $(@D)
	@cp $< $@

$(patsubst %,$(H)/%.h,$(IDL_NAMES)): $(H)/%.h: %.idl $(COMIDL)
	@mkdir -p $(@D) $(B)/gen $(B)/dep
	$(call say,COMIDL,$@)
	$(Q)$(COMIDL) $(IDL_PATH) --header $@ --ids $(B)/gen/$*_i.c --depfile $(B)/dep/$*.h.d $<

$(patsubst %,$(B)/gen/%_i.c,$(IDL_NAMES)): $(B)/gen/%_i.c: $(H)/%.h ;

UUID_OBJECTS := $(patsubst %,$(B)/obj/gen/%_i.o,$(IDL_NAMES))
$(L)/libtessera-uuid.a: $(UUID_OBJECTS)
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $(UUID_OBJECTS)

# pcsc-lite's headers have names that ours have too, so they lie in a folder of their own.
PCSC_HEADERS := $(addprefix $(H)/PCSC/,$(notdir $(wildcard interfaces/pcsclite/*.h)))
ALL += $(PCSC_HEADERS)
$(PCSC_HEADERS): $(H)/PCSC/%.h: interfaces/pcsclite/%.h
	@mkdir -p $(@D)
	@cp $< $@

# $(call pcsclite_objects,SOURCES): these are compiled with pcsc-lite's headers before ours.
define pcsclite_objects_rule
$(call objects,$(1)): private CPPFLAGS_ALL := -I$(H)/PCSC $(CPPFLAGS_ALL)
$(call objects,$(1)): | $(PCSC_HEADERS)
endef
pcsclite_objects = $(eval $(call pcsclite_objects_rule,$(1)))
