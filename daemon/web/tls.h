/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/tls: certificate and key of one server, and a session for each connection. Private to
 * web/. */
#ifndef OGID_WEB_TLS_H
#define OGID_WEB_TLS_H

struct ssl_st;
struct tls;

/* PEM files, chain first. NULL with one sentence in *ret_why. */
struct tls *tls_new(const char *certificate, const char *key, const char **ret_why);
void tls_free(struct tls *t);
/* The caller's bufferevent owns it. Aborts when memory is out. */
struct ssl_st *tls_session(struct tls *t);

#endif
