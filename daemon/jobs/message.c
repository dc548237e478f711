/* SPDX-License-Identifier: MulanPSL-2.0 */
/* jobs/message: head and body. */
#include "jobs/message.h"

#include "base/clock.h"
#include "domain/date.h"

#include <openssl/evp.h>
#include <string.h>

enum {
	BODY_LINE = 57,   /* bytes that make a line of 76 characters */
	SUBJECT_WORD = 39 /* bytes that make, with the name, a line of at most 76 (RFC 2047) */
};

static void base64(struct buf *to, const char *bytes, size_t n)
{
	unsigned char text[4 * BODY_LINE / 3 + 1];
	int length = EVP_EncodeBlock(text, (const unsigned char *)bytes, (int)n);
	buf_add(to, text, (size_t)length);
}

/* Encoded words, one a line, none of which cuts a character in two. */
static void subject(struct buf *to, const char *text)
{
	size_t left = strlen(text);
	buf_text(to, "Subject:");
	while (left > 0) {
		size_t n = left < SUBJECT_WORD ? left : SUBJECT_WORD;
		while (n < left && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
		buf_text(to, " =?UTF-8?B?");
		base64(to, text, n);
		buf_text(to, "?=\r\n");
		text += n;
		left -= n;
	}
}

static void date(struct buf *to, int64_t instant)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	struct ogi_date today = clock_china_date(instant);
	int64_t second = (instant / 1000000 + INT64_C(8) * 3600) % 86400;
	int year, month, day;
	ogi_date_split(today, &year, &month, &day);
	buf_print(to, "Date: %s, %02d %s %04d %02d:%02d:%02d +0800\r\n",
		days[ogi_weekday(today) - 1], day, months[month - 1], year,
		(int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

void message_write(struct buf *to, const struct outbox_message *m, const char *from)
{
	char day[11];
	text_from_date(m->day, day);
	buf_print(to, "From: <%s>\r\nTo: <%s>\r\n", from, m->email);
	subject(to, m->subject);
	date(to, m->created_at);
	buf_print(to, "Message-ID: <%s.%s.%s.%d%s>\r\n", day, m->kind, m->recipient,
		(int)m->org, strrchr(from, '@'));
	buf_text(to, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
		     "Content-Type: text/plain; charset=UTF-8\r\n"
		     "Content-Transfer-Encoding: base64\r\n\r\n");
	size_t left = strlen(m->body);
	for (const char *body = m->body; left > 0;) {
		size_t n = left < BODY_LINE ? left : BODY_LINE;
		base64(to, body, n);
		buf_text(to, "\r\n");
		body += n;
		left -= n;
	}
}
