# SPDX-License-Identifier: BSD-2-Clause
# libtessera-scard: the winscard functions, and the client of scardd with its wire. embedded*.c are the
# engine module's, not this library's; of the engine it has what is to be told about readers, once
# they are seen. The card database is in it too: it needs GLib alone.

SCARD_SOURCES := $(filter-out rm/api/embedded%,$(wildcard rm/api/*.c)) $(WIRE_SOURCES) $(LOOK_SOURCES) \
	$(DATABASE_SOURCES) rm/drivers/atr.c
# The base service providers link it and may be unmapped; it has handlers of fork and of the process's
# end, and the engine's threads.
$(L)/libtessera-scard.so.0: private LDFLAGS_ALL += -Wl,-z,nodelete
$(eval $(call shared_library,libtessera-scard,0,$(SCARD_SOURCES),glib dl,rm/api/libtessera-scard.map))

# The client of scardd against a daemon in a thread.
API_REMOTE := tests/unit/api_remote_daemon.c $(SCARD_SOURCES)
$(foreach t,api_remote api_remote_failures api_remote_page api_remote_threads,\
	$(eval $(call test_program,$(t),tests/unit/$(t).c $(API_REMOTE),glib dl,concurrent)))
API_FAKE := tests/unit/api_fake.c $(SCARD_SOURCES)
$(eval $(call test_program,api_text,tests/unit/api_text.c $(SCARD_SOURCES),glib dl))
$(eval $(call test_program,api_buffer,tests/unit/api_buffer.c $(SCARD_SOURCES),glib dl))
$(eval $(call test_program,api_calls,tests/unit/api_calls.c $(API_FAKE),glib dl))
# An engine that is none, copied by the test beside a copy of the library.
$(eval $(call loadable,$(B)/tests/api_engine.so,tests/unit/api_engine.c,,tests/unit/api_engine.map))
$(eval $(call test_program,api_backend,tests/unit/api_backend.c,dl))
$(B)/tests/api_backend: $(L)/libtessera-scard.so $(B)/tests/api_engine.so
