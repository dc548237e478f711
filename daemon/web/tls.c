/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/tls: OpenSSL with TLS 1.2 and later; its own defaults otherwise, which the distribution
 * keeps sound. */
#include "web/tls.h"

#include <openssl/ssl.h>
#include <stdlib.h>

struct tls {
	SSL_CTX *context;
};

struct tls *tls_new(const char *certificate, const char *key, const char **ret_why)
{
	struct tls *t = calloc(1, sizeof *t);
	if (t == NULL || (t->context = SSL_CTX_new(TLS_server_method())) == NULL)
		abort();
	SSL_CTX_set_min_proto_version(t->context, TLS1_2_VERSION);
	SSL_CTX_set_options(
		t->context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	/* An idle connection keeps no record buffers. */
	SSL_CTX_set_mode(t->context, SSL_MODE_RELEASE_BUFFERS);
	const char *why = NULL;
	if (SSL_CTX_use_certificate_chain_file(t->context, certificate) != 1)
		why = "cannot read the certificate chain (tls_certificate)";
	else if (key == NULL ||
		 SSL_CTX_use_PrivateKey_file(t->context, key, SSL_FILETYPE_PEM) != 1)
		why = "cannot read the private key (tls_key)";
	else if (SSL_CTX_check_private_key(t->context) != 1)
		why = "the private key (tls_key) is not that of the certificate";
	if (why == NULL)
		return t;
	*ret_why = why;
	tls_free(t);
	return NULL;
}

void tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->context);
	free(t);
}

struct ssl_st *tls_session(struct tls *t)
{
	SSL *session = SSL_new(t->context);
	if (session == NULL)
		abort();
	return session;
}
