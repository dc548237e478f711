/* SPDX-License-Identifier: MulanPSL-2.0 */
/* fuzz: a settings file of any bytes is read or refused with at least one sentence; a file that
 * is read has every value in its range. */
#include "config.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/tmp/ogid-fuzz-XXXXXX";
	int fd = mkstemp(path);
	must(fd >= 0);
	ssize_t n = write(fd, data, size);
	must(n == (ssize_t)size);
	close(fd);
	char *said = NULL;
	size_t length = 0;
	FILE *err = open_memstream(&said, &length);
	must(err != NULL);
	struct config c;
	bool good = config_load(path, &c, err);
	fclose(err);
	unlink(path);
	must(good == (length == 0));
	if (good) {
		char host[300];
		uint16_t port;
		must(config_listen(c.listen, host, sizeof host, &port));
		must(c.readers >= 1 && c.readers <= 16);
		must(c.body_budget_bytes >= c.max_body_bytes);
		must((*c.tls_certificate == '\0') == (*c.tls_key == '\0'));
		must(strlen(c.application_role) <= 63);
	}
	config_clear(&c);
	free(said);
	return 0;
}
