/* SPDX-License-Identifier: MulanPSL-2.0 */
/* serve: one process of the daemon: loop, pool, application, server; ready and watchdog
 * messages; graceful end. */
#ifndef OGID_SERVE_H
#define OGID_SERVE_H

#include "base/mac.h"
#include "config.h"

/* Serves until SIGTERM or SIGINT; returns the exit status. */
int serve_run(const struct config *config, struct keys *keys);

#endif
