# SPDX-License-Identifier: BSD-2-Clause
# Tests of libtessera-com, and the components that they use. Those are not installed:
# the tests name their folder in TESSERA_COMPONENT_PATH.

TEST_COMPONENTS := $(B)/tests/components
FAULTY_COMPONENTS := $(B)/tests/faulty

COUNTER := tests/components/counter.c gen/counter_i.c
SCRATCH := tests/unit/com_scratch.c

$(eval $(call private_idl,counter,tests/components/counter.idl))
$(eval $(call loadable,$(TEST_COMPONENTS)/counter.so,$(COUNTER),com uuid,runtime/component.map))
ALL += $(TEST_COMPONENTS)/counter.component
$(TEST_COMPONENTS)/counter.component: tests/components/counter.idl $(COMIDL)
	@mkdir -p $(@D) $(B)/dep
	$(COMIDL) $(IDL_PATH) --manifest $@ --module counter.so --depfile $(B)/dep/test-counter.component.d $<

$(eval $(call loadable,$(FAULTY_COMPONENTS)/refuser.so,tests/components/refuser.c,com uuid,runtime/component.map))
$(eval $(call loadable,$(FAULTY_COMPONENTS)/plain.so,tests/components/plain.c,,runtime/component.map))


# Modules whose going is watched; the tests copy them.
TEST_MODULES := $(B)/tests/modules
GUESTS := tests/unit/com_guests.c $(SCRATCH) gen/counter_i.c
$(eval $(call loadable,$(TEST_MODULES)/guest.so,tests/components/guest.c gen/counter_i.c,com uuid,tests/components/guest.map))
$(eval $(call loadable,$(TEST_MODULES)/outsider.so,tests/components/outsider.c,com uuid,runtime/component.map))
$(TEST_MODULES)/unresolved.so: private NO_UNDEFINED :=
$(eval $(call loadable,$(TEST_MODULES)/unresolved.so,tests/components/unresolved.c,com uuid,runtime/component.map))
$(eval $(call test_program,com_unload,tests/unit/com_unload.c $(GUESTS),com uuid glib))
$(eval $(call test_program,com_fork,tests/unit/com_fork.c $(GUESTS),com uuid glib))
$(eval $(call test_program,com_unload_race,tests/unit/com_unload_race.c $(GUESTS),com uuid glib gmodule,concurrent))
$(eval $(call test_program,com_unload_crash,tests/unit/com_unload_crash.c $(GUESTS),com uuid glib))

$(eval $(call test_program,com_activation,tests/unit/com_activation.c $(SCRATCH) gen/counter_i.c,com uuid glib))
$(eval $(call test_program,com_treat_as,tests/unit/com_treat_as.c $(SCRATCH) gen/counter_i.c,com uuid glib))
$(eval $(call test_program,com_published,tests/unit/com_published.c runtime/comreg/check_outer.c $(SCRATCH) gen/counter_i.c,com uuid glib,concurrent))
$(eval $(call test_program,com_explain,tests/unit/com_explain.c $(SCRATCH) gen/counter_i.c,com uuid glib))
$(eval $(call test_program,com_memory,tests/unit/com_memory.c,com uuid))
$(eval $(call test_program,com_allocator,tests/unit/com_allocator.c tests/unit/com_spy.c $(SCRATCH),com uuid glib,concurrent))
$(eval $(call test_program,com_marshal,tests/unit/com_marshal.c runtime/comreg/check_outer.c $(SCRATCH),com uuid glib,concurrent))
$(eval $(call test_program,com_enum,tests/unit/com_enum.c runtime/comreg/check_outer.c $(SCRATCH),com uuid glib,concurrent))
$(eval $(call test_program,com_connection,tests/unit/com_connection.c tests/unit/com_source.c runtime/comreg/check_outer.c\
	$(SCRATCH),com uuid glib,concurrent))
$(eval $(call test_program,com_guid,tests/unit/com_guid.c $(SCRATCH),com uuid glib))
$(eval $(call test_program,com_bstr,tests/unit/com_bstr.c,com uuid))
$(eval $(call test_program,com_safearray,tests/unit/com_safearray.c tests/unit/com_record.c $(SCRATCH),com uuid glib))
$(eval $(call test_program,com_variant,tests/unit/com_variant.c tests/unit/com_record.c $(SCRATCH),com uuid glib))
$(eval $(call test_program,com_variant_change,tests/unit/com_variant_change.c $(SCRATCH),com uuid glib))
$(eval $(call test_program,com_error_info,tests/unit/com_error_info.c $(SCRATCH),com uuid glib))
$(eval $(call test_program,com_stream,tests/unit/com_stream.c $(SCRATCH),com uuid glib))
$(eval $(call test_program,com_class,tests/unit/com_class.c runtime/comreg/check_outer.c $(SCRATCH) gen/counter_i.c,com uuid glib))
$(eval $(call test_program,com_global_table,tests/unit/com_global_table.c runtime/comreg/check_outer.c $(SCRATCH),\
	com uuid glib,concurrent))
$(eval $(call test_program,com_categories,tests/unit/com_categories.c $(SCRATCH),com uuid glib))
$(eval $(call test_program,com_laws,tests/unit/com_laws_test.c tests/unit/com_laws.c runtime/comreg/check_outer.c\
	$(SCRATCH) $(REGISTRY_SOURCES),com uuid glib,concurrent))
$(eval $(call test_program,com_laws_objects,tests/unit/com_laws_objects.c tests/unit/com_laws.c runtime/comreg/check_outer.c\
	tests/unit/com_source.c runtime/guid_text.c,com uuid glib))
$(eval $(call test_program,com_threads,tests/unit/com_threads.c runtime/comreg/check_outer.c $(SCRATCH)\
	gen/counter_i.c,com uuid glib,concurrent))

$(eval $(call program,$(B)/tests/com_create,tests/unit/com_create.c,com uuid glib))
$(eval $(call test_script,tests/unit/comreg.sh,$(B)/bin/comreg $(B)/tests/com_create))
$(eval $(call test_script,tests/unit/comreg_new.sh,$(B)/bin/comreg))
