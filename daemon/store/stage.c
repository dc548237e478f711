/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/stage: the column `stage`, written and read by field rows. */
#include "store/stage.h"

#include "base/form.h"
#include "base/json_write.h"

#include <string.h>

#define AT(f) offsetof(struct ogi_case, f)
#define CONSULTATION(f) offsetof(struct ogi_consultation, f)
#define REMEDY(f) offsetof(struct ogi_remedy, f)
#define RUN(f) offsetof(struct ogi_run, f)

/* clang-format off */
static const struct field scalar_rows[] = {
	{ .name = "settings", .type = FIELD_INT, .at = AT(settings) },
	{ .name = "correction_on", .type = FIELD_DATE, .at = AT(correction_on) },
	{ .name = "correction_served_on", .type = FIELD_DATE, .at = AT(correction_served_on) },
	{ .name = "correction_due_on", .type = FIELD_DATE, .at = AT(correction_due_on) },
	{ .name = "corrected_on", .type = FIELD_DATE, .at = AT(corrected_on) },
	{ .name = "corrections", .type = FIELD_INT, .at = AT(corrections) },
	{ .name = "correction_seq", .type = FIELD_INT, .at = AT(correction_seq) },
	{ .name = "reasons_on", .type = FIELD_DATE, .at = AT(reasons_on) },
	{ .name = "fee_noticed_on", .type = FIELD_DATE, .at = AT(fee_noticed_on) },
	{ .name = "fee_received_on", .type = FIELD_DATE, .at = AT(fee_received_on) },
	{ .name = "fee_due_on", .type = FIELD_DATE, .at = AT(fee_due_on) },
	{ .name = "fee_paid_on", .type = FIELD_DATE, .at = AT(fee_paid_on) },
	{ .name = "fee_basis", .type = FIELD_INT, .at = AT(fee_basis) },
	{ .name = "fee_quantity", .type = FIELD_INT, .at = AT(fee_quantity) },
	{ .name = "fee_amount", .type = FIELD_INT, .at = AT(fee_amount) },
	{ .name = "fee_paid", .type = FIELD_INT, .at = AT(fee_paid) },
	{ .name = "fee_seq", .type = FIELD_INT, .at = AT(fee_seq) },
	{ .name = "proposed", .type = FIELD_BOOL, .at = AT(proposed) },
	{ .name = "approved", .type = FIELD_BOOL, .at = AT(approved) },
	{ .name = "assists", .type = FIELD_INT, .at = AT(assists) },
	{ .name = "assists_open", .type = FIELD_INT, .at = AT(assists_open) },
	{ .name = "assist_low", .type = FIELD_INT, .at = AT(assist_mask) },
	{ .name = "assist_high", .type = FIELD_INT, .at = AT(assist_mask) + sizeof(int32_t) },
	{ .name = "reply_received_on", .type = FIELD_DATE, .at = AT(reply_received_on) },
	{ .name = "returned", .type = FIELD_BOOL, .at = AT(returned) },
	{ .name = "box_no", .type = FIELD_TEXT, .at = AT(box_no) },
	{ .name = "split_from", .type = FIELD_OBJECT, .at = AT(request.split_from), .fields = ogi_link_rows },
	{ .name = "split_into", .type = FIELD_OBJECTS, .at = AT(split_into), .fields = ogi_link_rows, .item = sizeof(struct ogi_link) },
	{ .name = "merged_into", .type = FIELD_OBJECT, .at = AT(merged_into), .fields = ogi_link_rows },
	{ .name = "handed_to", .type = FIELD_OBJECT, .at = AT(handed_to), .fields = ogi_link_rows },
	{ .name = "handed_from", .type = FIELD_OBJECT, .at = AT(handed_from), .fields = ogi_link_rows },
	{ .name = NULL },
};
static const struct field consultation_rows[] = {
	{ .name = "party", .type = FIELD_INT, .at = CONSULTATION(party) },
	{ .name = "opinion", .type = FIELD_INT, .at = CONSULTATION(opinion) },
	{ .name = "seq", .type = FIELD_INT, .at = CONSULTATION(seq) },
	{ .name = "idle", .type = FIELD_BOOL, .at = CONSULTATION(idle) },
	{ .name = "opened_on", .type = FIELD_DATE, .at = CONSULTATION(opened_on) },
	{ .name = "received_on", .type = FIELD_DATE, .at = CONSULTATION(received_on) },
	{ .name = "window_end", .type = FIELD_DATE, .at = CONSULTATION(window_end) },
	{ .name = "closed_on", .type = FIELD_DATE, .at = CONSULTATION(closed_on) },
	{ .name = NULL },
};
static const struct field remedy_rows[] = {
	{ .name = "kind", .type = FIELD_INT, .at = REMEDY(kind) },
	{ .name = "procedure", .type = FIELD_INT, .at = REMEDY(procedure) },
	{ .name = "result", .type = FIELD_INT, .at = REMEDY(result) },
	{ .name = "instance", .type = FIELD_INT, .at = REMEDY(instance) },
	{ .name = "filed_on", .type = FIELD_DATE, .at = REMEDY(filed_on) },
	{ .name = "accepted_on", .type = FIELD_DATE, .at = REMEDY(accepted_on) },
	{ .name = "copy_received_on", .type = FIELD_DATE, .at = REMEDY(copy_received_on) },
	{ .name = "answer_due_on", .type = FIELD_DATE, .at = REMEDY(answer_due_on) },
	{ .name = "decision_due_on", .type = FIELD_DATE, .at = REMEDY(decision_due_on) },
	{ .name = "concluded_on", .type = FIELD_DATE, .at = REMEDY(concluded_on) },
	{ .name = "authority", .type = FIELD_TEXT, .at = REMEDY(authority) },
	{ .name = "docket_no", .type = FIELD_TEXT, .at = REMEDY(docket_no) },
	{ .name = NULL },
};
static const struct field run_rows[] = {
	{ .name = "started_on", .type = FIELD_DATE, .at = RUN(started_on) },
	{ .name = "due_on", .type = FIELD_DATE, .at = RUN(due_on) },
	{ .name = "closed_on", .type = FIELD_DATE, .at = RUN(closed_on) },
	{ .name = "outcome", .type = FIELD_INT, .at = RUN(outcome) },
	{ .name = "variant", .type = FIELD_INT, .at = RUN(variant) },
	{ .name = "form", .type = FIELD_TEXT, .at = RUN(form) },
	{ .name = NULL },
};
static const struct field pause_rows[] = {
	{ .name = "from", .type = FIELD_DATE, .at = offsetof(struct ogi_interval, from) },
	{ .name = "to", .type = FIELD_DATE, .at = offsetof(struct ogi_interval, to) },
	{ .name = NULL },
};
static const struct list {
	const char *name;
	const struct field *rows;
	size_t at, item, count_at;
	int most;
} lists[] = {
	{ "consultations", consultation_rows, AT(consultation), sizeof(struct ogi_consultation), AT(consultations), OGI_CONSULTATIONS },
	{ "pauses", pause_rows, AT(paused), sizeof(struct ogi_interval), AT(pauses), OGI_PAUSES },
	{ "remedies", remedy_rows, AT(remedy), sizeof(struct ogi_remedy), AT(remedies), OGI_REMEDIES },
	{ "runs", run_rows, AT(run), sizeof(struct ogi_run), AT(runs), OGI_RUNS },
};
/* clang-format on */
enum { LISTS = sizeof lists / sizeof lists[0] };

/* The first run as the columns of the case tell it. */
static struct ogi_run run_of_columns(const struct ogi_case *c)
{
	struct ogi_run run = { .started_on = c->request.receipt_date };
	if (ogi_is_date(c->closed_on)) {
		run.due_on = c->due_on;
		run.closed_on = c->closed_on;
		run.outcome = c->outcome;
		run.variant = c->variant;
		run.form = ogi_chosen_form(c);
	}
	return run;
}

/* A run that says no more than the columns do is not kept, so most cases have no stage to
 * parse. */
static bool plain_run(const struct ogi_case *c)
{
	struct ogi_run run = run_of_columns(c);
	return c->runs == 1 && fields_same(run_rows, &run, &c->run[0]);
}

static int32_t count_of(const struct list *l, const struct ogi_case *c)
{
	int32_t n;
	memcpy(&n, (const char *)c + l->count_at, sizeof n);
	return l->at == AT(run) && plain_run(c) ? 0 : n;
}

static bool nothing(const struct ogi_case *c)
{
	static const struct ogi_case empty;
	for (int i = 0; i < LISTS; i++)
		if (count_of(&lists[i], c) > 0)
			return false;
	return fields_same(scalar_rows, c, &empty);
}

const char *stage_write(struct arena *a, const struct ogi_case *c)
{
	if (nothing(c))
		return NULL;
	struct buf text = { 0 };
	struct json_out o = json_to(&text);
	out_object(&o, NULL);
	out_fields(&o, scalar_rows, c, 0, 0);
	for (int i = 0; i < LISTS; i++) {
		int32_t n = count_of(&lists[i], c);
		if (n == 0)
			continue;
		out_array(&o, lists[i].name);
		for (int32_t k = 0; k < n; k++) {
			out_object(&o, NULL);
			out_fields(&o, lists[i].rows,
				(const char *)c + lists[i].at + lists[i].item * (size_t)k, 0,
				0);
			out_object_end(&o);
		}
		out_array_end(&o);
	}
	out_object_end(&o);
	const char *json = arena_bytes(a, text.data, text.used);
	buf_clear(&text);
	return json;
}

static void read_json(const json_t *stage, struct arena *a, struct ogi_case *c)
{
	form_load_more(stage, scalar_rows, c, a);
	for (int i = 0; i < LISTS; i++) {
		const json_t *list = json_object_get(stage, lists[i].name);
		int32_t n = (int32_t)json_array_size(list);
		if (n > lists[i].most)
			n = lists[i].most;
		for (int32_t k = 0; k < n; k++) {
			char *item = (char *)c + lists[i].at + lists[i].item * (size_t)k;
			memset(item, 0, lists[i].item); /* what is not given is not loaded */
			form_load(json_array_get(list, (size_t)k), lists[i].rows, item, a);
		}
		memcpy((char *)c + lists[i].count_at, &n, sizeof n);
	}
}

void stage_read(const char *json, struct arena *a, struct ogi_case *c)
{
	struct form_why why;
	const json_t *stage = json != NULL ? form_parse(a, json, strlen(json), &why) : NULL;
	if (stage != NULL)
		read_json(stage, a, c);
	if (c->runs == 0 && ogi_is_date(c->request.receipt_date)) {
		c->run[0] = run_of_columns(c);
		c->runs = 1;
	}
}

bool stage_same(const struct ogi_case *x, const struct ogi_case *y)
{
	for (int i = 0; i < LISTS; i++) {
		const struct list *l = &lists[i];
		if (count_of(l, x) != count_of(l, y))
			return false;
		for (int32_t k = 0; k < count_of(l, x); k++)
			if (!fields_same(l->rows, (const char *)x + l->at + l->item * (size_t)k,
				    (const char *)y + l->at + l->item * (size_t)k))
				return false;
	}
	return fields_same(scalar_rows, x, y);
}
