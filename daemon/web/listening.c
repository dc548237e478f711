/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/listening: options are set on the listening socket; Linux passes them on to the accepted
 * ones. */
#include "web/listening.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, SEND_BUFFER = 256 * 1024 };

static void set_options(int fd)
{
	const int on = 1, send_buffer = SEND_BUFFER;
	/* Else the kernel takes megabytes of answers for a client that never reads. */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
	/* An answer is one write: waiting for more would only delay it. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

/* Numeric address and port; libevent's own reader refuses port 0, which tests ask for. */
static bool read_address(const char *address, struct sockaddr_storage *to, int *size)
{
	char host[80];
	int64_t port;
	const char *colon = strrchr(address, ':');
	if (colon == NULL || (size_t)(colon - address) >= sizeof host ||
		!text_to_int(colon + 1, &port))
		return false;
	memcpy(host, address, (size_t)(colon - address));
	host[colon - address] = '\0';
	if (port < 0 || port > 65535 ||
		evutil_parse_sockaddr_port(host, (struct sockaddr *)to, size) != 0)
		return false;
	if (to->ss_family == AF_INET6)
		((struct sockaddr_in6 *)to)->sin6_port = htons((uint16_t)port);
	else
		((struct sockaddr_in *)to)->sin_port = htons((uint16_t)port);
	return true;
}

int listening_open(const char *address, const char **ret_why)
{
	struct sockaddr_storage to;
	int size = (int)sizeof to;
	const int on = 1;
	if (!read_address(address, &to, &size)) {
		*ret_why = "listen must be a numeric address and a port";
		return -1;
	}
	int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		*ret_why = "cannot make a socket";
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
	set_options(fd);
	if (bind(fd, (const struct sockaddr *)&to, (socklen_t)size) != 0) {
		*ret_why = errno == EADDRINUSE ? "the address to listen on is in use"
					       : "cannot bind the address to listen on";
		close(fd);
		return -1;
	}
	if (listen(fd, BACKLOG) != 0) {
		*ret_why = "cannot listen";
		close(fd);
		return -1;
	}
	return fd;
}

int listening_take(int fd, const char **ret_why)
{
	int listens = 0;
	socklen_t size = sizeof listens;
	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) {
		*ret_why = "the socket handed over does not listen";
		return -1;
	}
	evutil_make_socket_nonblocking(fd);
	set_options(fd);
	return fd;
}

int listening_port(int fd)
{
	struct sockaddr_storage at = { 0 };
	socklen_t size = sizeof at;
	if (getsockname(fd, (struct sockaddr *)&at, &size) != 0)
		return 0;
	if (at.ss_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)&at)->sin_port);
	if (at.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)&at)->sin6_port);
	return 0;
}
