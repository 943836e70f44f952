# SPDX-License-Identifier: BSD-2-Clause
$(eval $(call test_script,tests/demo/demo.sh))
$(eval $(call test_script,tests/demo/daemon.sh))
