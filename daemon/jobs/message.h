/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/message: a message of the outbox as mail (RFC 5322, RFC 2045, RFC 2047). */
#ifndef OGID_JOBS_MESSAGE_H
#define OGID_JOBS_MESSAGE_H

#include "base/json_write.h"
#include "store/outbox.h"

/* Adds the whole mail, lines ended by CR LF, ASCII only: subject and body are base64. m->email
 * is set; `from` and it are mail addresses. The same message gives the same bytes each time,
 * its Message-ID included, so that a mail that was sent twice is seen to be one. */
void message_write(struct buf *to, const struct outbox_message *m, const char *from);

#endif
