# SPDX-License-Identifier: BSD-2-Clause
# The card database by itself.
DATABASE_TEST := tests/unit/database_fixture.c $(DATABASE_SOURCES)
$(foreach t,database_files database_layers database_match database_edit database_names,\
	$(eval $(call test_program,$(t),tests/unit/$(t).c $(DATABASE_TEST),glib dl)))
