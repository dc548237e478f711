/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * jobs/verify_registers: the chained registers, entry by entry: chain, head, and that the
 * columns beside the canonical bytes say what was recorded.
 */
#include "jobs/verify_parts.h"

#include "base/clock.h"
#include "base/form.h"
#include "store/check.h"

#include <string.h>

enum { PAGE = 500 };
/* Columns of check_ask_chain. */
enum {
	AT_ORG,
	AT_SEQ,
	AT_CANONICAL,
	AT_PREV,
	AT_HASH,
	AT_ACTOR,
	AT_SAID,
	AT_PUBLISHED,
	AT_PROMISED,
	AT_VALIDITY
};

struct head {
	int32_t org;
	int64_t seq;
	struct mac hash;
};

struct walking {
	struct verifying *v;
	const struct stmt *chain;
	const char *name;
	const struct rows *heads;
	bool *seen;     /* of each head */
	struct head is; /* the last entry read */
	bool more;
};

/* ---- columns ---- */

static bool nothing(const json_t *v)
{
	return v == NULL || json_is_null(v) || json_is_false(v);
}

/* Each member of `said` is the same in `recorded`; what was not given is absent there. */
static bool agrees(json_t *said, const json_t *recorded)
{
	const char *key;
	json_t *is;
	json_object_foreach(said, key, is)
	{
		json_t *was = json_object_get(recorded, key);
		bool same = json_is_object(is) ? agrees(is, was)
			    : nothing(is)      ? nothing(was)
					       : json_equal(is, was);
		if (!same)
			return false;
	}
	return true;
}

static json_t *parse(struct arena *a, const struct rows *r, int row, int column)
{
	struct form_why why;
	const char *text = rows_null(r, row, column) ? NULL : rows_text(r, row, column);
	return text != NULL ? form_parse(a, text, strlen(text), &why) : NULL;
}

/* True when `list` has a publication like it and no other on its channel. */
static bool has_publication(const json_t *list, const json_t *publication)
{
	size_t i;
	const json_t *one;
	const char *channel = json_string_value(json_object_get(publication, "channel"));
	json_array_foreach(list, i, one)
	{
		if (!text_same(json_string_value(json_object_get(one, "channel")), channel))
			continue;
		const json_t *is = json_object_get(publication, "locator"),
			     *was = json_object_get(one, "locator");
		bool same_place = nothing(is) ? nothing(was) : json_equal(is, was);
		return same_place && json_equal(json_object_get(one, "published_on"),
					     json_object_get(publication, "published_on"));
	}
	return false;
}

static const char *earlier(const char *x, const char *y)
{
	return x == NULL || (y != NULL && strcmp(y, x) < 0) ? y : x;
}

/* Where an item was published: as its entry says, and what the audit tells of later. */
static bool publications_agree(
	struct arena *a, const struct rows *r, int row, const json_t *recorded)
{
	const json_t *item = json_object_get(recorded, "item");
	const json_t *published = parse(a, r, row, AT_PUBLISHED),
		     *entries = parse(a, r, row, AT_PROMISED);
	json_t *promised = json_deep_copy(json_object_get(item, "publications"));
	if (promised == NULL)
		promised = json_array();
	size_t i;
	const json_t *one;
	json_array_foreach(entries, i, one)
	{
		struct form_why why;
		const char *text = json_string_value(one);
		json_t *entry = form_parse(a, text, strlen(text), &why);
		json_array_append(promised, json_object_get(entry, "detail"));
	}
	bool same = json_array_size(promised) == json_array_size(published);
	const char *first = json_string_value(json_object_get(item, "published_on"));
	json_array_foreach(published, i, one)
	{
		same = same && has_publication(promised, one);
		first = earlier(first, json_string_value(json_object_get(one, "published_on")));
	}
	json_decref(promised);
	const json_t *said = parse(a, r, row, AT_SAID);
	return same && text_same(json_string_value(json_object_get(said, "first")), first);
}

/* How long an item is valid: as entered, unless the audit tells of later. */
static void take_validity(struct arena *a, const struct rows *r, int row, json_t *recorded)
{
	static const char *const names[] = { "valid_until", "repealed_on", "withdrawn_on",
		"replaced_by" };
	json_t *item = json_object_get(recorded, "item"),
	       *entry = parse(a, r, row, AT_VALIDITY);
	const json_t *detail = json_object_get(entry, "detail");
	for (size_t i = 0; entry != NULL && i < sizeof names / sizeof names[0]; i++) {
		json_t *is = json_object_get(detail, names[i]);
		json_object_set_new(item, names[i], is != NULL ? json_incref(is) : json_null());
	}
}

/* 0 when it does not say. */
static int64_t recorded_at(const json_t *recorded)
{
	int64_t at = 0;
	const json_t *text = json_object_get(recorded, "at");
	if (text == NULL)
		text = json_object_get(recorded, "recorded_at");
	return json_is_string(text) && clock_parse(json_string_value(text), &at) ? at : 0;
}

static void verify_columns(struct walking *w, struct arena *a, const struct rows *r, int row)
{
	json_t *recorded = parse(a, r, row, AT_CANONICAL), *said = parse(a, r, row, AT_SAID);
	const char *login = json_string_value(json_object_get(recorded, "actor"));
	bool items = w->chain == &check_chain_disclosure;
	bool same = recorded != NULL && actor_agrees(w->v, rows_int(r, row, AT_ACTOR), login,
						recorded_at(recorded));
	if (same && items)
		same = publications_agree(a, r, row, recorded);
	if (same && items)
		take_validity(a, r, row, recorded);
	if (items)
		json_object_del(said, "first");
	/* what was taken out of an entry is not said any more: asked the other way too */
	if (same && w->chain == &check_chain_register)
		same = agrees(
			json_object_get(recorded, "entry"), json_object_get(said, "entry"));
	if (!same || !agrees(said, recorded))
		finding(w->v,
			"register %s of organisation %d: the columns of entry %lld differ from what was recorded",
			w->name, rows_int(r, row, AT_ORG),
			(long long)rows_int64(r, row, AT_SEQ));
}

/* ---- chains ---- */

static void verify_head(struct walking *w)
{
	for (int i = 0; i < rows_count(w->heads); i++) {
		struct mac hash = rows_mac(w->heads, i, 3);
		if (rows_int(w->heads, i, 0) != w->is.org ||
			strcmp(rows_text(w->heads, i, 1), w->name) != 0)
			continue;
		w->seen[i] = true;
		if (rows_int64(w->heads, i, 2) != w->is.seq || !mac_same(&hash, &w->is.hash))
			finding(w->v,
				"register %s of organisation %d: entries at its end are missing",
				w->name, w->is.org);
		return;
	}
	finding(w->v, "register %s of organisation %d: it has no head", w->name, w->is.org);
}

static void verify_entry(struct walking *w, struct arena *a, const struct rows *r, int row)
{
	int32_t org = rows_int(r, row, AT_ORG);
	if (org != w->is.org) {
		if (w->is.seq > 0)
			verify_head(w);
		w->is = (struct head){ .org = org };
	}
	const char *bytes = rows_text(r, row, AT_CANONICAL);
	struct mac prev = rows_mac(r, row, AT_PREV), hash = rows_mac(r, row, AT_HASH);
	struct mac link = mac_link(w->v->j->keys, &prev, bytes, strlen(bytes));
	int64_t seq = rows_int64(r, row, AT_SEQ);
	if (seq != w->is.seq + 1 || !mac_same(&prev, &w->is.hash))
		finding(w->v,
			"register %s of organisation %d: an entry before %lld is missing or was added",
			w->name, org, (long long)seq);
	if (!mac_same(&link, &hash))
		finding(w->v, "register %s of organisation %d: entry %lld was changed", w->name,
			org, (long long)seq);
	else
		verify_columns(w, a, r, row);
	w->is.seq = seq;
	w->is.hash = hash;
	w->v->events++;
}

/* A page of the entries of all organisations, oldest first. */
static bool verify_page(struct walking *w)
{
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *r = check_ask_chain(b, w->chain, w->is.org, w->is.seq, PAGE);
	bool there = job_read(w->v->j, b);
	for (int i = 0; there && i < rows_count(r); i++)
		verify_entry(w, a, r, i);
	w->more = there && rows_count(r) == PAGE;
	arena_free(a);
	return there;
}

static bool verify_register(struct walking *w)
{
	while (w->more)
		if (!verify_page(w))
			return false;
	if (w->is.seq > 0)
		verify_head(w);
	for (int i = 0; i < rows_count(w->heads); i++)
		if (strcmp(rows_text(w->heads, i, 1), w->name) == 0 && !w->seen[i] &&
			rows_int64(w->heads, i, 2) > 0)
			finding(w->v,
				"register %s of organisation %d: all its entries are missing",
				w->name, rows_int(w->heads, i, 0));
	return true;
}

bool verify_registers(struct verifying *v)
{
	static const struct {
		const struct stmt *chain;
		const char *name;
	} registers[] = { { &check_chain_audit, "audit" },
		{ &check_chain_disclosure, "disclosure" }, { &check_chain_review, "review" },
		{ &check_chain_statistics, "statistics" },
		{ &check_chain_register, "register" } };
	struct arena *a = arena_new();
	struct batch *b = batch_new(a);
	const struct rows *heads = check_ask_heads(b);
	bool there = job_read(v->j, b);
	for (size_t i = 0; there && i < sizeof registers / sizeof registers[0]; i++) {
		struct walking w = { .v = v,
			.chain = registers[i].chain,
			.name = registers[i].name,
			.heads = heads,
			.seen = arena_array(a, bool, rows_count(heads) + 1),
			.is = { .org = INT32_MIN },
			.more = true };
		there = verify_register(&w);
	}
	arena_free(a);
	return there;
}
