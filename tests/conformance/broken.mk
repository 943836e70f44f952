# SPDX-License-Identifier: BSD-2-Clause
# Modules that are wrong in one way each, for comreg check. tests/conformance/broken/CHECK.c, or
# CHECK+WHAT.c, breaks the rule of CHECK; sound+WHAT.c breaks none. Each lies in a folder of its own
# with its manifest, because they all have the same class.

BROKEN_SOURCES := $(wildcard tests/conformance/broken/*.c tests/conformance/broken/*.cc)
BROKEN := $(B)/tests/broken

# What each of them links with and exports; one of them exports too much.
broken_map = $(firstword $(wildcard tests/conformance/broken/$(1).map) runtime/component.map)
broken_manifest = $(firstword $(wildcard tests/conformance/broken/$(1).component) tests/conformance/broken/thing.component)

# One of them calls what does not exist.
$(BROKEN)/module.symbols/module.symbols.so: private NO_UNDEFINED := -Wl,-z,lazy -Wl,-z,undefs

# $(call broken_module,NAME,SOURCE)
define broken_module
$(call loadable,$(BROKEN)/$(1)/$(1).so,$(2),com uuid $(if $(filter %.cc,$(2)),cxx),$(call broken_map,$(1)))
$(BROKEN)/$(1)/$(1).component: $(call broken_manifest,$(1))
	@mkdir -p $$(@D)
	@sed 's/@NAME@/$(1)/' $$< >$$@
ALL += $(BROKEN)/$(1)/$(1).component
endef
$(foreach s,$(BROKEN_SOURCES),$(eval $(call broken_module,$(basename $(notdir $(s))),$(s))))

$(eval $(call test_script,tests/conformance/comreg_check.sh,$(B)/bin/comreg))
