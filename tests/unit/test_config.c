/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * The settings file: every fault is told with its line, nothing is believed half, and the
 * manual names each setting.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mac.h"

/* Loads text as a settings file; what was said about it is in said. */
static bool load(const char *text, struct config *c, char *said, size_t size)
{
	char path[] = "/tmp/ogid-config-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal((long)strlen(text), write(fd, text, strlen(text)));
	close(fd);
	memset(said, 0, size);
	FILE *err = fmemopen(said, size - 1, "w");
	assert_non_null(err);
	bool good = config_load(path, c, err);
	fclose(err);
	unlink(path);
	/* the name of the scratch file is no part of the sentence */
	for (char *p = strstr(said, path); p != NULL; p = strstr(p + 1, path))
		memmove(p, p + strlen(path), strlen(p + strlen(path)) + 1);
	return good;
}

static void refuse(const char *text, const char *expected)
{
	struct config c;
	char said[2000];
	assert_false(load(text, &c, said, sizeof said));
	assert_string_equal(said, expected);
	assert_null(c.listen);
}

static void without_a_file_the_presets_hold(void **state)
{
	(void)state;
	struct config c;
	assert_true(config_load(NULL, &c, stderr));
	assert_string_equal(c.listen, "127.0.0.1:8710");
	assert_string_equal(c.application_role, "ogid_app");
	assert_string_equal(c.tls_key, "");
	assert_int_equal(c.readers, 2);
	assert_int_equal(c.statement_timeout_ms, 15000);
	assert_int_equal(c.max_body_bytes, 1 << 20);
	assert_int_equal(c.body_budget_bytes, 8 << 20);
	assert_int_equal(c.max_header_bytes, 16 << 10);
	assert_int_equal(c.mac_algorithm, MAC_SHA256);
	assert_int_equal(c.log_level, LOG_AT_INFO);
	config_clear(&c);
	config_clear(&c);
}

static void a_file_sets_what_it_names(void **state)
{
	(void)state;
	struct config c;
	char said[2000];
	assert_true(load("# ogid\n"
			 "listen = [::1]:80 ; inside a comment\n"
			 "database = host=/run/postgresql\n"
			 "   dbname=ogid\n"
			 "\tuser=app\n"
			 "max_body_bytes = 64KiB\r\n"
			 "mac_algorithm=sm3\n"
			 "log_level = debug\n"
			 "proxy_addresses = 10.0.0.1, fd00::1\n"
			 "readers: 3",
		&c, said, sizeof said));
	assert_string_equal(said, "");
	assert_string_equal(c.listen, "[::1]:80");
	assert_string_equal(c.database, "host=/run/postgresql dbname=ogid user=app");
	assert_int_equal(c.max_body_bytes, 65536);
	assert_int_equal(c.mac_algorithm, MAC_SM3);
	assert_int_equal(c.log_level, LOG_AT_DEBUG);
	assert_string_equal(c.proxy_addresses, "10.0.0.1, fd00::1");
	assert_int_equal(c.readers, 3);
	config_clear(&c);
}

static void every_fault_is_told_with_its_line(void **state)
{
	(void)state;
	refuse("\n"
	       "port = 80\n"
	       "readers = 0\n"
	       "readers = 2\n"
	       "just words\n"
	       "log_level = loud\n"
	       "listen = localhost\n"
	       "max_body_bytes = 1GiB\n"
	       "slow = 99999999999999999999\n"
	       "proxy_addresses = 10.0.0.1, here\n"
	       "database =\n"
	       "application_role = 1234567890123456789012345678901234567890123456789012345678901234\n"
	       "[server]\n"
	       "queue_length = 1\n",
		":2: port: there is no such setting\n"
		":3: readers: must be a number from 1 to 16\n"
		":4: readers: already given on line 3\n"
		":5: not a setting: NAME = VALUE is expected\n"
		":6: log_level: must be one of error|warning|notice|info|debug\n"
		":7: listen: must be ADDRESS:PORT, an IPv6 address in brackets\n"
		":8: max_body_bytes: must be a number from 4096 to 67108864\n"
		":9: slow: must be a number from 1 to 8\n"
		":10: proxy_addresses: must be IP addresses separated by commas\n"
		":11: database: a value is needed\n"
		":12: application_role: the value is too long\n"
		":14: server: there are no sections\n");
}

static void settings_that_contradict_each_other_are_refused(void **state)
{
	(void)state;
	refuse("tls_key = /k\n",
		":1: tls_key: tls_certificate and tls_key are given together or not at all\n");
	refuse("# \ntls_certificate = /c\n",
		":2: tls_certificate: tls_certificate and tls_key are given together or not at all\n");
	refuse("max_body_bytes = 2MiB\nbody_budget_bytes = 1MiB\n",
		":2: body_budget_bytes: must not be less than max_body_bytes\n");
	refuse("session_hours = 1\n",
		":1: session_idle_hours: must not be more than session_hours\n");
	refuse("smtp_from = a@b.cn\nsmtp_url = http://mail\n",
		":2: smtp_url: must begin with smtp:// or smtps://\n");
	refuse("smtp_url = smtp://mail\n",
		":1: smtp_from: is needed with smtp_url and outbox_folder\n");
	refuse("\noutbox_folder = /tmp\n",
		":2: smtp_from: is needed with smtp_url and outbox_folder\n");
	refuse("smtp_from = nobody\n", ":1: smtp_from: must be a mail address\n");
	refuse("smtp_user = a\n", ":1: smtp_user: is given together with smtp_password_file\n");
	refuse("smtp_password_file = /a\n",
		":1: smtp_user: is given together with smtp_password_file\n");
}

static void a_line_too_long_is_refused_whole(void **state)
{
	(void)state;
	char text[1000] = "database = ";
	memset(text + strlen(text), 'x', 600);
	strncat(text, "\nreaders = 3\nslow = x\n", 100);
	refuse(text, ":1: the line is too long: break it and begin the next line with a blank\n"
		     ":3: slow: must be a number from 1 to 8\n");
}

static void a_nul_byte_is_refused(void **state)
{
	(void)state;
	static const char text[] = "readers = 2\0x\nslow = 99\n";
	char path[] = "/tmp/ogid-config-XXXXXX";
	int fd = mkstemp(path);
	assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
	close(fd);
	char said[500] = "", expected[500];
	FILE *err = fmemopen(said, sizeof said - 1, "w");
	struct config c;
	assert_false(config_load(path, &c, err));
	fclose(err);
	unlink(path);
	snprintf(expected, sizeof expected,
		"%s:1: not a setting: the line holds a NUL byte\n%s:2: slow: must be a number from 1 to 8\n",
		path, path);
	assert_string_equal(said, expected);
}

static void a_missing_file_is_named(void **state)
{
	(void)state;
	struct config c;
	char said[200] = "";
	FILE *err = fmemopen(said, sizeof said - 1, "w");
	assert_false(config_load("/nonexistent/ogid.conf", &c, err));
	fclose(err);
	assert_string_equal(said, "/nonexistent/ogid.conf: No such file or directory\n");
}

static void listen_splits_into_host_and_port(void **state)
{
	(void)state;
	static const struct {
		const char *listen, *host;
		int port;
	} rows[] = {
		{ "127.0.0.1:8710", "127.0.0.1", 8710 },
		{ "[::1]:0", "::1", 0 },
		{ "localhost:65535", "localhost", 65535 },
		{ "localhost:65536", NULL, 0 },
		{ "::1:80", NULL, 0 },
		{ ":80", NULL, 0 },
		{ "[]:80", NULL, 0 },
		{ "a:", NULL, 0 },
		{ "a:-1", NULL, 0 },
		{ "a: 1", NULL, 0 },
		{ "[::1:80", NULL, 0 },
		{ "a:1x", NULL, 0 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char host[20] = "";
		uint16_t port = 0;
		assert_int_equal(config_listen(rows[i].listen, host, sizeof host, &port),
			rows[i].host != NULL);
		assert_string_equal(host, rows[i].host != NULL ? rows[i].host : "");
		assert_int_equal(port, rows[i].port);
	}
}

static void the_secret_comes_from_the_file_or_the_credential(void **state)
{
	(void)state;
	struct config c;
	char buffer[100];
	assert_true(config_load(NULL, &c, stderr));
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_null(config_secret_path(&c, buffer, sizeof buffer));
	setenv("CREDENTIALS_DIRECTORY", "/run/credentials/ogid.service", 1);
	assert_string_equal(config_secret_path(&c, buffer, sizeof buffer),
		"/run/credentials/ogid.service/ogid.secret");
	assert_null(config_secret_path(&c, buffer, 10));
	config_clear(&c);
	char said[100];
	assert_true(load("secret_file = /etc/ogid/secret", &c, said, sizeof said));
	assert_string_equal(config_secret_path(&c, buffer, sizeof buffer), "/etc/ogid/secret");
	config_clear(&c);
}

/* The words of doc/man/ogid.conf.5 and of the help text. */
static void the_manual_and_the_help_name_each_setting(void **state)
{
	(void)state;
	char path[1000], item[100], line[1000], help[8000] = "";
	FILE *out = fmemopen(help, sizeof help - 1, "w");
	config_help(out);
	fclose(out);
	for (size_t i = 0; config_name(i) != NULL; i++) {
		snprintf(path, sizeof path, "%s/doc/man/ogid.conf.5", getenv("OGID_SOURCE"));
		FILE *manual = fopen(path, "r");
		assert_non_null(manual);
		snprintf(item, sizeof item, ".It Ic %s", config_name(i));
		bool found = false;
		while (!found && fgets(line, sizeof line, manual) != NULL)
			found = strncmp(line, item, strlen(item)) == 0 &&
				strchr(" \n", line[strlen(item)]) != NULL;
		fclose(manual);
		if (!found)
			fail_msg("ogid.conf.5 does not name %s", config_name(i));
		assert_non_null(strstr(help, config_name(i)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_file_the_presets_hold),
		cmocka_unit_test(a_file_sets_what_it_names),
		cmocka_unit_test(every_fault_is_told_with_its_line),
		cmocka_unit_test(settings_that_contradict_each_other_are_refused),
		cmocka_unit_test(a_line_too_long_is_refused_whole),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(a_missing_file_is_named),
		cmocka_unit_test(listen_splits_into_host_and_port),
		cmocka_unit_test(the_secret_comes_from_the_file_or_the_credential),
		cmocka_unit_test(the_manual_and_the_help_name_each_setting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
