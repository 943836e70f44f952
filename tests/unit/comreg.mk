# SPDX-License-Identifier: BSD-2-Clause
# comreg, and modules that are wrong, each in one way.

SPOILED_MODULES := $(foreach n,1 2 3 4 5 6 7 8,$(B)/tests/spoiled/spoiled$(n).so)
$(B)/tests/spoiled/spoiled%.so: tests/components/spoiled.c | $(HEADERS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared $(CPPFLAGS_ALL) -std=c11 -fPIC -fvisibility=hidden -Wl,-z,lazy $(WARNINGS) -DSPOILED=$* -o $@ $<

$(eval $(call test_script,tests/unit/comreg.sh,$(B)/bin/comreg $(B)/tests/com_create))
$(eval $(call test_script,tests/unit/comreg_lists.sh,$(B)/bin/comreg))
$(eval $(call test_script,tests/unit/comreg_why.sh,$(B)/bin/comreg $(SPOILED_MODULES) $(B)/tests/faulty/refuser.so))
$(eval $(call test_script,tests/unit/comreg_doctor.sh,$(B)/bin/comreg $(SPOILED_MODULES)))
$(eval $(call loadable,$(B)/tests/spoiled/enlisted.so,tests/components/enlisted.c,com,runtime/component.map))
$(eval $(call test_script,tests/unit/comreg_register.sh,$(B)/bin/comreg $(SPOILED_MODULES)))
$(eval $(call test_script,tests/unit/comreg_manual.sh,$(B)/bin/comreg $(B)/bin/scardctl))
