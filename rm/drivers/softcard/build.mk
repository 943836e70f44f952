# SPDX-License-Identifier: BSD-2-Clause
# The soft card: a reader driver whose card is a program.

SOFTCARD := rm/drivers/softcard
# Without threads, files and components: what the unit tests and the fuzzer link.
SOFTCARD_CORE := $(addprefix $(SOFTCARD)/,apdu.c binary.c card.c model.c select.c tpdu.c verify.c)
SOFTCARD_PROFILE := rm/drivers/atr.c $(addprefix $(SOFTCARD)/,profile.c profile_card.c profile_file.c profile_keys.c settings.c) \
	gen/softcard_default_profile.c

$(eval $(call private_idl,softcard,$(SOFTCARD)/softcard.idl))
$(eval $(call component,softcard,$(SOFTCARD)/softcard.idl,$(SOFTCARD_CORE) $(SOFTCARD_PROFILE) \
	$(SOFTCARD)/driver.c $(SOFTCARD)/reader.c rm/drivers/answer.c gen/softcard_i.c,com glib uuid))

# The built-in profile as an array.
$(B)/gen/softcard_default_profile.c: $(SOFTCARD)/profiles/default.profile $(SOFTCARD)/build.mk
	@mkdir -p $(@D)
	$(call say,EMBED,$@)
	$(Q){ printf '%s\n' '/* Made from $< by $(SOFTCARD)/build.mk. */' '#include <stddef.h>' \
	    'extern const unsigned char softcard_default_profile[];' 'extern const size_t softcard_default_profile_size;' \
	    'const unsigned char softcard_default_profile[] = {'; \
	od -An -v -tu1 $< | sed -E 's/([0-9]+)/\1,/g'; \
	printf '%s\n' '};' 'const size_t softcard_default_profile_size = sizeof softcard_default_profile;'; } >$@

# Where installed profiles lie as seen from the module.
SOFTCARD_PLACES := -DSOFTCARD_DATA_FROM_MODULE='"../../$(DATA_FROM_LIB)"' \
	-DSOFTCARD_SYSCONF_FROM_MODULE='"../../$(SYSCONF_FROM_LIB)"'
$(call objects,$(SOFTCARD)/settings.c): CPPFLAGS_ALL += $(SOFTCARD_PLACES)

# Profiles that can be named without a path, where the build tree and an installed one have them.
SOFTCARD_PROFILES := $(patsubst $(SOFTCARD)/profiles/%,$(B)/share/tessera/softcard.d/%,\
	$(wildcard $(SOFTCARD)/profiles/*.profile))
ALL += $(SOFTCARD_PROFILES)
$(SOFTCARD_PROFILES): $(B)/share/tessera/softcard.d/%: $(SOFTCARD)/profiles/%
	@mkdir -p $(@D)
	@cp $< $@
