/* SPDX-License-Identifier: BSD-2-Clause */
/* The name under which Windows source includes the component runtime and automation. */
#include <oleauto.h>
