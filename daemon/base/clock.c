/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/clock: the present, and instants as text. */
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MICROS INT64_C(1000000)
#define DAY_SECONDS INT64_C(86400)
#define CHINA_SECONDS INT64_C(28800)
#define EPOCH_DAY INT64_C(719163) /* 1970-01-01 as ogi_date */
#define DAY_LAST INT64_C(3652059) /* 9999-12-31 */

static int64_t machine(clockid_t which)
{
	struct timespec t;
	if (clock_gettime(which, &t) != 0)
		abort();
	return (int64_t)t.tv_sec * MICROS + t.tv_nsec / 1000;
}

#ifdef OGID_TEST_CLOCK
static bool first_line(const char *path, char *out, int size)
{
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return false;
	bool read = fgets(out, size, f) != NULL;
	if (read)
		out[strcspn(out, "\r\n")] = '\0';
	fclose(f);
	return read;
}

int64_t clock_now(void)
{
	const char *told = getenv("OGID_NOW");
	char line[64];
	int64_t micros;
	if (told == NULL || *told == '\0')
		return machine(CLOCK_REALTIME);
	if (*told != '@') {
		if (clock_parse(told, &micros))
			return micros;
	} else {
		/* A test that rewrites the file in place leaves it empty for a moment. */
		const struct timespec moment = { .tv_nsec = 1000000 };
		for (int tries = 0; tries < 1000; tries++) {
			if (first_line(told + 1, line, (int)sizeof line) &&
				clock_parse(line, &micros))
				return micros;
			nanosleep(&moment, NULL);
		}
	}
	fprintf(stderr, "<3>clock OGID_NOW names no instant: %s\n", told);
	abort();
}

bool clock_is_test(void)
{
	return true;
}
#else
int64_t clock_now(void)
{
	return machine(CLOCK_REALTIME);
}

bool clock_is_test(void)
{
	return false;
}
#endif

int64_t clock_monotonic(void)
{
	return machine(CLOCK_MONOTONIC);
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The date of a count of seconds; no date when it is outside 0001..9999. */
static struct ogi_date date_of(int64_t seconds)
{
	int64_t day = floor_div(seconds, DAY_SECONDS) + EPOCH_DAY;
	if (day < 1 || day > DAY_LAST)
		return (struct ogi_date){ 0 };
	return (struct ogi_date){ (int32_t)day };
}

struct ogi_date clock_china_date(int64_t micros)
{
	return date_of(floor_div(micros, MICROS) + CHINA_SECONDS);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Two digits up to `most`; s may end early. */
static bool pair(const char *s, int most, int *ret)
{
	if (!is_digit(s[0]) || !is_digit(s[1]))
		return false;
	int value = (s[0] - '0') * 10 + (s[1] - '0');
	if (value > most)
		return false;
	*ret = value;
	return true;
}

/* "hh:mm" */
static bool hour_minute(const char *s, int *ret_hour, int *ret_minute)
{
	return pair(s, 23, ret_hour) && s[2] == ':' && pair(s + 3, 59, ret_minute);
}

/* 'Z' or "+hh:mm" up to the end of the text, in seconds. */
static bool offset(const char *s, int64_t *ret_seconds)
{
	int hour, minute;
	if (s[0] == 'Z' || s[0] == 'z') {
		*ret_seconds = 0;
		return s[1] == '\0';
	}
	if ((s[0] != '+' && s[0] != '-') || !hour_minute(s + 1, &hour, &minute) || s[6] != '\0')
		return false;
	*ret_seconds = (hour * INT64_C(60) + minute) * (s[0] == '-' ? -60 : 60);
	return true;
}

bool clock_parse(const char *rfc3339, int64_t *ret_micros)
{
	char day[11] = "";
	struct ogi_date date;
	int hour, minute, second;
	int64_t fraction = 0, east;
	const char *s = rfc3339;
	if (s == NULL || strnlen(s, 20) < 20)
		return false;
	memcpy(day, s, 10);
	if (!text_to_date(day, &date) || (s[10] != 'T' && s[10] != 't'))
		return false;
	if (!hour_minute(s + 11, &hour, &minute) || s[16] != ':' || !pair(s + 17, 59, &second))
		return false;
	s += 19;
	if (*s == '.') {
		if (!is_digit(*++s))
			return false;
		for (int64_t unit = MICROS / 10; is_digit(*s); s++, unit /= 10)
			fraction += (*s - '0') * unit;
	}
	if (!offset(s, &east))
		return false;
	int64_t of_day = (hour * INT64_C(60) + minute) * 60 + second;
	int64_t seconds = (date.day - EPOCH_DAY) * DAY_SECONDS + of_day - east;
	*ret_micros = seconds * MICROS + fraction;
	return true;
}

static void put_digits(char *out, int64_t value, int count)
{
	while (count-- > 0) {
		out[count] = (char)('0' + value % 10);
		value /= 10;
	}
}

void clock_print(int64_t micros, char out[32])
{
	int64_t seconds = floor_div(micros, MICROS);
	int64_t ms = (micros - seconds * MICROS) / 1000;
	text_from_date(date_of(seconds), out);
	if (out[0] == '\0')
		return;
	int64_t of_day = seconds - floor_div(seconds, DAY_SECONDS) * DAY_SECONDS;
	memcpy(out + 10, "T00:00:00.000Z", sizeof "T00:00:00.000Z");
	put_digits(out + 11, of_day / 3600, 2);
	put_digits(out + 14, of_day / 60 % 60, 2);
	put_digits(out + 17, of_day % 60, 2);
	put_digits(out + 20, ms, 3);
}
