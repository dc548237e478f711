/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/letter, the data: the case as the API shows it, in the words and dates of a letter, and
 * what its events say. */
#include "api/letter.h"

#include "api/views.h"
#include "store/setting.h"

#include <string.h>

/* ---- the case, in Chinese ---- */

/* Members of the case that hold a code, and its list. */
static const struct {
	const char *member;
	const struct code *list;
} coded[] = {
	{ "channel", ogi_channels },
	{ "via", ogi_vias },
	{ "kind", ogi_applicant_kinds },
	{ "id_kind", ogi_id_kinds },
	{ "medium", ogi_media },
	{ "delivery", ogi_deliveries },
	{ "status", ogi_statuses },
	{ "review", ogi_decisions },
	{ "outcome", ogi_outcome_codes },
	{ "outcome_variant", ogi_variant_codes },
	{ "first_outcome", ogi_outcome_codes },
	{ "served_by", ogi_served_by },
	{ "party", ogi_parties },
	{ "opinion", ogi_opinions },
	{ "remedy_kind", ogi_remedy_kinds },
	{ "procedure", ogi_procedures },
	{ "result", ogi_remedy_results },
};

/* "2025年4月21日"; "" for no date. */
static const char *day(struct arena *a, struct ogi_date date)
{
	int year, month, d;
	if (!ogi_is_date(date))
		return "";
	ogi_date_split(date, &year, &month, &d);
	return arena_print(a, "%d年%d月%d日", year, month, d);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

/* A text in place of the one there, or NULL to leave it. */
static const char *in_words(struct arena *a, const char *member, const char *text)
{
	struct ogi_date date;
	for (size_t i = 0; i < sizeof coded / sizeof *coded; i++) {
		if (strcmp(coded[i].member, member) != 0)
			continue;
		int found = code_find(coded[i].list, text);
		return found > 0 ? coded[i].list[found].zh : NULL;
	}
	if (ends_with(member, "_on") || ends_with(member, "_date"))
		return text_to_date(text, &date) ? day(a, date) : NULL;
	return NULL;
}

/* Lists of texts (basis, flags) have no member name and stay. */
static void put_in_words(struct arena *a, json_t *of)
{
	const char *member;
	size_t i;
	json_t *value;
	void *next;
	json_array_foreach(of, i, value) put_in_words(a, value);
	json_object_foreach_safe(of, next, member, value)
	{
		const char *words = json_is_string(value)
					    ? in_words(a, member, json_string_value(value))
					    : NULL;
		if (words != NULL)
			json_object_set_new(of, member, json_string(words));
		else
			put_in_words(a, value);
	}
}

static json_t *case_in_words(struct exchange *x, const struct letter *l)
{
	struct buf text = { 0 };
	struct form_why why;
	struct json_out o = json_to(&text);
	struct case_view v = { .row = l->row, .rules = l->rules, .as_of = l->on };
	view_case(x, &o, NULL, &v);
	json_t *shown = form_parse(x->arena, text.data, text.used, &why);
	buf_clear(&text);
	put_in_words(x->arena, shown);
	return shown;
}

/* ---- what surrounds it ---- */

static const char *set(
	struct exchange *x, const struct letter *l, const char *name, const char *otherwise)
{
	const struct directory_setting *s =
		setting_in_force(app_directory(x), l->row->org, name, l->on, INT32_MAX);
	return s != NULL ? s->value : otherwise;
}

static void out_agency(struct exchange *x, struct json_out *o, const struct letter *l)
{
	const struct directory_org *org = directory_org(app_directory(x), l->row->org);
	out_object(o, "agency");
	out_text(o, "name", set(x, l, "agency_name", org != NULL ? org->name : ""));
	out_text(o, "address", set(x, l, "agency_address", ""));
	out_text(o, "postcode", set(x, l, "agency_postcode", ""));
	out_text(o, "phone", set(x, l, "agency_phone", ""));
	out_text(o, "contact", set(x, l, "agency_contact", ""));
	out_text(o, "reconsideration_authority",
		set(x, l, "reconsideration_authority", "有管辖权的行政复议机关"));
	out_text(o, "court", set(x, l, "court", "有管辖权的人民法院"));
	out_object_end(o);
}

static void out_document(struct exchange *x, struct json_out *o, const struct letter *l)
{
	out_object(o, "document");
	out_text(o, "code", ogi_document_codes[l->document].code);
	out_text(o, "title", letter_title(l));
	out_text(o, "number", letter_number(x, l));
	out_text(o, "date", day(x->arena, l->on));
	out_bool(o, "preview", l->serial == 0);
	out_object_end(o);
}

static void out_remedy(struct json_out *o, const struct ogi_case *c, struct ogi_date on)
{
	struct ogi_date decided = ogi_is_date(c->decided_on) ? c->decided_on : on;
	enum ogi_remedy_notice notice = ogi_remedy_notice(c->outcome, c->variant, decided);
	out_object(o, "remedy");
	out_bool(o, "first", notice == OGI_NOTICE_RECONSIDERATION_FIRST);
	out_bool(o, "choice", notice == OGI_NOTICE_CHOICE);
	out_text(o, "months", ogi_suit_months(decided) == 3 ? "三" : "六");
	out_object_end(o);
}

/* ---- what its events say ---- */

struct told {
	struct exchange *x;
	struct json_out *o;
	const struct letter *l;
	const struct ogi_case *c;
};

/* The event that the letter, or else one of that document, would tell of. */
static bool event_of(const struct told *t, int document, struct ogi_event *e)
{
	return ogi_document_event(
		t->l->history, document, t->l->document == document ? t->l->of : 0, e);
}

static void out_day(const struct told *t, const char *name, struct ogi_date date)
{
	out_text(t->o, name, day(t->x->arena, date));
}

static void out_correction(const struct told *t)
{
	struct ogi_event e;
	if (!event_of(t, OGI_DOC_CORRECTION, &e)) {
		out_null(t->o, "correction");
		return;
	}
	bool newest = t->c->correction_seq == e.seq;
	out_object(t->o, "correction");
	out_day(t, "on", e.on);
	out_day(t, "due_on", newest ? t->c->correction_due_on : e.u.correction.due_on);
	out_number(t->o, "days", t->l->rules->correction_days);
	out_day(t, "corrected_on", t->c->corrected_on);
	out_array(t->o, "items");
	for (int i = 0; i < e.u.correction.items.count; i++)
		out_text(t->o, NULL, e.u.correction.items.item[i]);
	out_array_end(t->o);
	out_object_end(t->o);
}

/* A reply tells of the extension of its own run only: a restart takes it away. */
static void out_extension(const struct told *t)
{
	struct ogi_event e;
	bool own = t->l->document == OGI_DOC_EXTENSION;
	if (!event_of(t, OGI_DOC_EXTENSION, &e) || (!own && t->c->extension == 0)) {
		out_null(t->o, "extension");
		return;
	}
	out_object(t->o, "extension");
	out_day(t, "on", e.on);
	out_day(t, "notified_on", e.u.extended.notified_on);
	out_number(t->o, "workdays", own ? e.u.extended.workdays : t->c->extension);
	out_day(t, "due_on", e.due_after);
	out_object_end(t->o);
}

static const struct ogi_consultation *consultation_of(
	const struct ogi_case *c, const struct ogi_event *opened)
{
	for (int i = 0; i < c->consultations; i++)
		if (c->consultation[i].seq == opened->seq)
			return &c->consultation[i];
	return NULL;
}

static const char *opinion_words(const struct ogi_consultation *k)
{
	static const char *const words[] = {
		[OGI_OPINION_OPEN] = "",
		[OGI_AGREE] = "同意公开",
		[OGI_OBJECT] = "不同意公开",
		[OGI_OPINION_NONE] = "逾期未提出意见",
	};
	return k != NULL && k->opinion > 0 && k->opinion <= OGI_OPINION_NONE ? words[k->opinion]
									     : "";
}

static void out_consultation(const struct told *t, const char *name, int document)
{
	struct ogi_event e;
	if (!event_of(t, document, &e)) {
		out_null(t->o, name);
		return;
	}
	const struct ogi_consultation *k = consultation_of(t->c, &e);
	int32_t party = e.u.consultation.party;
	out_object(t->o, name);
	out_day(t, "on", e.on);
	out_text(t->o, "name", e.u.consultation.name);
	out_text(t->o, "party", party > 0 ? ogi_parties[party].zh : "");
	out_bool(t->o, "joint", party == OGI_JOINT_AGENCY);
	out_day(t, "window_end", k != NULL ? k->window_end : (struct ogi_date){ 0 });
	out_text(t->o, "opinion", opinion_words(k));
	out_object_end(t->o);
}

static void out_assist(const struct told *t)
{
	struct ogi_event e;
	if (!event_of(t, OGI_DOC_ASSIST, &e)) {
		out_null(t->o, "assist");
		return;
	}
	out_object(t->o, "assist");
	out_day(t, "on", e.on);
	out_text(t->o, "unit", e.u.assist.unit);
	out_day(t, "due_on", e.u.assist.due_on);
	out_object_end(t->o);
}

static void out_reasons(const struct told *t)
{
	struct ogi_event e;
	if (!event_of(t, OGI_DOC_ASK_REASON, &e)) {
		out_null(t->o, "reasons");
		return;
	}
	out_object(t->o, "reasons");
	out_day(t, "on", e.on);
	out_object_end(t->o);
}

static void out_fee(const struct told *t)
{
	struct ogi_event e;
	if (!event_of(t, OGI_DOC_FEE_NOTICE, &e)) {
		out_null(t->o, "fee");
		return;
	}
	bool items = e.u.fee.basis == OGI_FEE_ITEMS;
	out_object(t->o, "fee");
	out_day(t, "on", e.on);
	out_text(t->o, "basis", items ? "件" : "量");
	out_text(t->o, "unit", items ? "件" : "页");
	out_number(t->o, "quantity", e.u.fee.quantity);
	out_number(t->o, "amount", e.u.fee.amount);
	bool newest = t->c->fee_seq == e.seq;
	out_day(t, "due_on", newest ? t->c->fee_due_on : (struct ogi_date){ 0 });
	out_object_end(t->o);
}

/* The newest event of a kind, as it was recorded; NULL when there is none. */
static const struct ogi_event *newest(const struct ogi_history *h, int32_t kind)
{
	for (int i = h->count - 1; i >= 0; i--)
		if (h->event[i].kind == kind)
			return &h->event[i];
	return NULL;
}

static void out_proofs(const struct told *t)
{
	const struct ogi_event *served = newest(t->l->history, OGI_SERVED),
			       *reviewed = newest(t->l->history, OGI_REVIEWED);
	out_object(t->o, "served");
	out_text(t->o, "tracking_no",
		served != NULL && ogi_is_date(t->c->effective_reply_date)
			? served->u.served.tracking_no
			: NULL);
	out_object_end(t->o);
	out_object(t->o, "review");
	out_array(t->o, "checks");
	for (int i = 0; reviewed != NULL && i < reviewed->u.reviewed.checks.count; i++)
		out_text(t->o, NULL, reviewed->u.reviewed.checks.item[i]);
	out_array_end(t->o);
	out_object_end(t->o);
}

static void out_pauses(const struct told *t)
{
	out_array(t->o, "pauses");
	for (int i = 0; i < t->c->excluded_count; i++) {
		out_object(t->o, NULL);
		out_day(t, "from", t->c->excluded[i].from);
		out_day(t, "to", t->c->excluded[i].to);
		out_object_end(t->o);
	}
	out_array_end(t->o);
}

json_t *letter_data(struct exchange *x, const struct letter *l)
{
	const struct ogi_case *c = &l->row->c;
	struct buf text = { 0 };
	struct form_why why;
	struct json_out o = json_to(&text);
	struct told t = { x, &o, l, c };
	bool natural = c->request.applicant.kind <= OGI_NATURAL;
	const struct directory_user *assignee =
		c->request.assignee != NULL
			? directory_user(app_directory(x), c->request.assignee)
			: NULL;
	out_object(&o, NULL);
	out_text(&o, "you", natural ? "你" : "你单位");
	out_bool(&o, "organisation", !natural);
	out_bool(&o, "r2008", c->regime == OGI_R2008);
	out_bool(&o, "r2019", c->regime != OGI_R2008);
	out_text(&o, "assignee", assignee != NULL ? assignee->name : "");
	out_agency(x, &o, l);
	out_document(x, &o, l);
	out_remedy(&o, c, l->on);
	out_correction(&t);
	out_extension(&t);
	out_consultation(&t, "consulted", OGI_DOC_TP_NOTICE);
	out_consultation(&t, "consultation",
		ogi_documents[l->document].of == OGI_CONSULTATION_OPENED
			? l->document
			: OGI_DOC_CONSULT_NOTE);
	out_assist(&t);
	out_reasons(&t);
	out_fee(&t);
	out_proofs(&t);
	out_pauses(&t);
	out_object_end(&o);
	json_t *data = form_parse(x->arena, text.data, text.used, &why);
	buf_clear(&text);
	json_object_set(data, "case", case_in_words(x, l));
	return data;
}

/* ---- an example ---- */

/* Fills every text, date and number of a struct by its rows. */
static void fill_in(struct arena *a, const struct field *rows, void *base)
{
	for (const struct field *row = rows; row->name != NULL; row++) {
		void *at = (char *)base + row->at;
		switch (row->type) {
		case FIELD_TEXT:
			*(const char **)at = "文";
			break;
		case FIELD_DATE:
			*(struct ogi_date *)at = ogi_date_of(2025, 4, 21);
			break;
		case FIELD_INT:
		case FIELD_DECIMAL:
		case FIELD_BOOL:
			break;
		case FIELD_CODE:
			if ((row->flags & FIELD_LOOSE) != 0)
				*(const char **)at = "other";
			else
				*(int32_t *)at = 1;
			break;
		case FIELD_TEXTS: {
			const char **one = arena_array(a, const char *, 1);
			*one = "文";
			*(struct texts *)at = (struct texts){ one, 1 };
			break;
		}
		case FIELD_OBJECT:
			fill_in(a, row->fields, at);
			break;
		case FIELD_OBJECTS: {
			void *one = arena_alloc(a, row->item);
			fill_in(a, row->fields, one);
			*(struct objects *)at = (struct objects){ one, 1 };
			break;
		}
		case FIELD_UUID:
		case FIELD_RAW:
			break;
		}
	}
}

json_t *letter_example(struct exchange *x)
{
	static const int32_t kinds[] = { OGI_REGISTERED, OGI_CORRECTION_REQUESTED,
		OGI_CONSULTATION_OPENED, OGI_ASSIST_REQUESTED, OGI_EXTENDED,
		OGI_REASONS_REQUESTED, OGI_FEE_NOTICED, OGI_REVIEWED, OGI_SERVED };
	enum { KINDS = sizeof kinds / sizeof *kinds };
	struct ogi_event *event = arena_array(x->arena, struct ogi_event, KINDS);
	struct case_row *row = arena_make(x->arena, struct case_row);
	struct ogi_rules rules;
	for (int i = 0; i < KINDS; i++) {
		event[i].kind = kinds[i];
		event[i].seq = i + 1;
		fill_in(x->arena, ogi_event_fields((enum ogi_event_kind)kinds[i]), &event[i]);
		fill_in(x->arena, ogi_event_common, &event[i]);
	}
	struct ogi_history history = { event, KINDS };
	app_rules(x, x->who->org, INT32_MAX, &rules);
	ogi_case_fold(&history, &rules, &row->c);
	row->org = x->who->org;
	row->c.request.applicant.id_number = NULL; /* nobody's: shown without */
	row->c.extension = 1;
	row->c.excluded_count = 1;
	row->c.excluded[0] = (struct ogi_interval){ x->today, x->today };
	row->c.basis = event[1].u.correction.items;
	row->c.consultations = row->c.remedies = row->c.runs = 1;
	struct letter l = { .row = row,
		.history = &history,
		.rules = &rules,
		.document = OGI_DOC_CONSULT_TP,
		.on = x->today,
		.serial = 1 };
	return letter_data(x, &l);
}
