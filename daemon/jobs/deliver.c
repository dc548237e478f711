/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/deliver: the outbox is emptied. Each message is marked as soon as it is carried, so that
 * a run that is killed sends at most the one in its hand again, under the same Message-ID or
 * file name.
 */
#include "base/clock.h"
#include "jobs/courier.h"
#include "jobs/message.h"
#include "jobs/night.h"

/* What is older tells of a state that is long past. */
enum { DAYS_MOST = 7 };

struct delivering {
	struct night *night;
	struct courier *courier;
	int64_t delivered;
	char said[256]; /* why the last one failed, as told on err */
};

/* One line for what fails alike. */
static void say(struct delivering *d, const char *why)
{
	if (text_same(d->said, why))
		return;
	snprintf(d->said, sizeof d->said, "%s", why);
	fprintf(d->night->j->err, "nightly: a message was not delivered: %s\n", why);
}

static const char *carry(struct delivering *d, struct arena *a, const struct outbox_message *m)
{
	char day[11];
	struct buf mail = { 0 };
	if (m->email == NULL)
		return "the recipient has no mail address";
	text_from_date(m->day, day);
	message_write(&mail, m, d->night->j->settings->courier.smtp_from);
	const char *why = courier_carry(d->courier,
		arena_print(a, "%s-%s-%s", day, m->kind, m->recipient), m->email, &mail);
	buf_clear(&mail);
	return why;
}

/* False when the database did not answer. */
static bool deliver(struct delivering *d, const struct outbox_message *m)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const char *why = carry(d, a, m);
	if (why == NULL) {
		outbox_ask_delivered(b, m, clock_now());
	} else {
		outbox_ask_failed(b, m, why);
		say(d, why);
	}
	bool done = job_write(d->night->j, b, m->org) == DB_DONE;
	d->delivered += why == NULL;
	d->night->undelivered += why != NULL;
	arena_free(a);
	return done;
}

static bool deliver_all(struct delivering *d)
{
	struct ogi_date since = ogi_date_add(d->night->today, -DAYS_MOST);
	struct outbox_message last = { 0 };
	struct arena *page = NULL; /* where `last` lives */
	bool done = true;
	for (int n = OUTBOX_PAGE; done && n == OUTBOX_PAGE;) {
		struct arena *a = arena_new();
		struct batch *b = batch_new(a);
		const struct rows *r =
			outbox_ask_waiting(b, since, page != NULL ? &last : NULL);
		done = job_read(d->night->j, b);
		n = done ? rows_count(r) : 0;
		for (int i = 0; done && i < n; i++) {
			outbox_read(r, i, &last);
			done = deliver(d, &last);
		}
		arena_free(page);
		page = a;
	}
	arena_free(page);
	return done;
}

bool night_deliver(struct night *n, int64_t *ret_count)
{
	struct delivering d = { .night = n };
	const char *why;
	if (!courier_is_set(&n->j->settings->courier))
		return true;
	d.courier = courier_new(&n->j->settings->courier, &why);
	if (d.courier == NULL) {
		fprintf(n->j->err, "nightly: %s\n", why);
		return false;
	}
	bool done = deliver_all(&d);
	courier_free(d.courier);
	*ret_count = d.delivered;
	return done;
}
