# SPDX-License-Identifier: BSD-2-Clause
# The documented procedures, built against an installed tree.

$(eval $(call test_script,tests/procedures/run.sh))
$(eval $(call on_scardd,procedures,"$$$$TESSERA_SRC/tests/procedures/run.sh"))
