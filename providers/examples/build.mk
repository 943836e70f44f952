# SPDX-License-Identifier: BSD-2-Clause
$(eval $(call program,$(B)/bin/transaction,providers/examples/transaction.c,scard com uuid))
