/* SPDX-License-Identifier: BSD-2-Clause */
/* The classes of this module; each file defines one. */
#ifndef PROVIDERS_SCARDSSP_CLASSES_H
#define PROVIDERS_SCARDSSP_CLASSES_H

#include <tessera_class.h>

extern const struct tessera_class byte_buffer_class; /* CByteBuffer: byte_buffer.c */
extern const struct tessera_class type_conv_class;   /* CSCardTypeConv: type_conv.c */
extern const struct tessera_class card_cmd_class;    /* CSCardCmd: card_cmd.c */
extern const struct tessera_class iso7816_class;     /* CSCardISO7816: iso7816.c */
extern const struct tessera_class card_class;        /* CSCard: card.c */

#endif
