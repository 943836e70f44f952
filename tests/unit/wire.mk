# SPDX-License-Identifier: BSD-2-Clause
# Tests of the wire; the recorded exchanges are in tests/wire.

WIRE_SAMPLE := tests/unit/wire_sample.c $(WIRE_SOURCES)

$(eval $(call test_program,wire_messages,tests/unit/wire_messages.c $(WIRE_SAMPLE),glib))
$(eval $(call test_program,wire_hostile,tests/unit/wire_hostile.c $(WIRE_SAMPLE),glib))
$(eval $(call test_program,wire_write,tests/unit/wire_write.c $(WIRE_SAMPLE),glib))
$(eval $(call test_program,wire_describe,tests/unit/wire_describe.c $(WIRE_SAMPLE),glib))
$(eval $(call test_program,wire_page,tests/unit/wire_page.c $(WIRE_SOURCES),glib,concurrent))
$(eval $(call test_program,wire_exchanges,tests/unit/wire_exchanges.c $(WIRE_SOURCES),glib))
