# SPDX-License-Identifier: BSD-2-Clause
# Tests of the registry: manifests, layers, looking up, registering, the cache.

REGISTRY_SCRATCH := tests/unit/com_scratch.c

$(eval $(call test_program,com_manifest,tests/unit/com_manifest.c $(MANIFEST_SOURCES),glib uuid))
$(eval $(call test_program,com_registry,tests/unit/com_registry.c $(REGISTRY_SCRATCH) $(REGISTRY_SOURCES),com uuid glib))
$(eval $(call test_program,com_lookup,tests/unit/com_lookup.c $(REGISTRY_SCRATCH) $(REGISTRY_SOURCES)\
	,com uuid glib,concurrent))
$(eval $(call test_program,com_register,tests/unit/com_register.c $(REGISTRY_SCRATCH) $(REGISTRY_SOURCES)\
	$(REGISTRY_WRITE_SOURCES) runtime/register.c,com uuid glib))

# With layers of the test's own.
REGISTRY_LAYERED := $(REGISTRY_SCRATCH) tests/unit/com_layers.c $(filter-out runtime/layers.c,$(REGISTRY_SOURCES))\
	$(CACHE_WRITE_SOURCES)
$(eval $(call test_program,com_cache,tests/unit/com_cache.c $(REGISTRY_LAYERED),com uuid glib))
$(eval $(call test_program,com_cache_property,tests/unit/com_cache_property.c $(REGISTRY_LAYERED),com uuid glib))

$(eval $(call program,$(B)/tests/com_secure,tests/unit/com_secure.c $(REGISTRY_SOURCES),uuid glib))
$(eval $(call test_script,tests/unit/layers.sh,$(B)/tests/com_secure))
