/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/listening: the listening socket. Private to web/. */
#ifndef OGID_WEB_LISTENING_H
#define OGID_WEB_LISTENING_H

/* "127.0.0.1:8710", "[::1]:8710"; several processes may share it (SO_REUSEPORT). -1 with one
 * sentence in *ret_why. */
int listening_open(const char *address, const char **ret_why);
/* A socket that was handed over, already bound and listening. */
int listening_take(int fd, const char **ret_why);
/* 0 for a socket without ports. */
int listening_port(int fd);

#endif
