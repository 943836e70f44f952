# SPDX-License-Identifier: BSD-2-Clause
# The daemon and what happens to its clients.
$(eval $(call test_program,daemon/kill_matrix,tests/daemon/kill_matrix.c tests/daemon/kill_card.c tests/daemon/kill_client.c tests/daemon/kill_proxy.c tests/daemon/scardd_process.c,scard))
$(eval $(call test_program,daemon/started_event,tests/daemon/started_event.c tests/daemon/scardd_process.c,scard,concurrent))
$(eval $(call program,$(B)/tests/daemon/handler_dies,tests/daemon/handler_dies.c,scard))
$(eval $(call test_script,tests/daemon/handler_dies.sh,$(B)/tests/with_scardd $(B)/tests/daemon/handler_dies $(B)/tests/ifd/ifd_handler.so))
$(eval $(call test_program,daemon/trace,tests/daemon/trace.c tests/daemon/scardd_process.c,scard,concurrent))
$(eval $(call test_script,tests/daemon/audit.sh,$(B)/tests/with_scardd $(B)/tests/winscard_cache $(B)/bin/scardd))
