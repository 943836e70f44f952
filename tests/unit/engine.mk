# SPDX-License-Identifier: BSD-2-Clause
# Tests of the resource manager's engine and its embedded host, and the reader driver that they move
# by hand. It is not installed: the tests name its folder in TESSERA_COMPONENT_PATH.

TESTDRIVER := tests/components/testdriver.c tests/components/testdriver_control.c \
	tests/components/testdriver_steer.c gen/testdriver_i.c

$(eval $(call private_idl,testdriver,tests/components/testdriver.idl))
$(eval $(call loadable,$(B)/tests/components/testdriver.so,$(TESTDRIVER),com uuid,runtime/component.map))
ALL += $(B)/tests/components/testdriver.component
$(B)/tests/components/testdriver.component: tests/components/testdriver.idl $(COMIDL)
	@mkdir -p $(@D) $(B)/dep
	$(COMIDL) $(IDL_PATH) --manifest $@ --module testdriver.so --depfile $(B)/dep/testdriver.component.d $<

ENGINE_FIXTURE := tests/unit/engine_fixture.c gen/testdriver_i.c $(ENGINE_SOURCES)

$(foreach t,connect transaction watch dialect exchange failures,\
	$(eval $(call test_program,engine_$(t),tests/unit/engine_$(t).c $(ENGINE_FIXTURE),com uuid glib)))
$(foreach t,events threads,\
	$(eval $(call test_program,engine_$(t),tests/unit/engine_$(t).c $(ENGINE_FIXTURE),com uuid glib,concurrent)))
$(foreach t,blocking embedded,\
	$(eval $(call test_program,engine_$(t),tests/unit/engine_$(t).c $(ENGINE_FIXTURE) $(EMBEDDED_SOURCES),com uuid glib,concurrent)))
