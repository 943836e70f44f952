/* SPDX-License-Identifier: BSD-2-Clause */
/* Connection points, for the container that has them. */
#ifndef TESSERA_RUNTIME_CONNECTION_POINT_H
#define TESSERA_RUNTIME_CONNECTION_POINT_H

#include <tessera_connection.h>

void connection_point_begin(
    struct tessera_connection_point *self, struct tessera_connections *owner, const IID *iid);
/* Releases the sinks that are left. */
void connection_point_end(struct tessera_connection_point *self);

#endif
