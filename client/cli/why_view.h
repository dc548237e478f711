/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/why_view: why a due date is what it is, as a calendar with what leads to it. */
#ifndef OGI_CLI_WHY_VIEW_H
#define OGI_CLI_WHY_VIEW_H

#include "cli/client.h"

/* `why` as the API gives it (NULL: nothing). A week is a line of 77 columns; on a narrower
 * screen a day is a line. */
void why_view(struct client *c, const json_t *why);

#endif
