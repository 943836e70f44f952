/* SPDX-License-Identifier: BSD-2-Clause */
/* scardssp.so, the base smart card service providers: its entry points and its list of classes. */
#include "providers/scardssp/classes.h"

TESSERA_MODULE(&byte_buffer_class, &type_conv_class, &card_cmd_class, &iso7816_class, &card_class);
