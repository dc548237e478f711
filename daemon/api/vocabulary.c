/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/vocabulary: GET /v1/vocabulary: every code list with its labels. It never changes while
 * the process runs: rendered once. */
#include "api/app.h"
#include "api/steps.h"
#include "store/disclosure.h"

#include "domain/document.h"
#include "domain/explain.h"

static void code_open(struct json_out *o, const struct code *c)
{
	out_object(o, NULL);
	out_text(o, "code", c->code);
	out_text(o, "zh", c->zh);
	out_text(o, "en", c->en);
	out_date(o, "valid_from", c->valid_from);
	out_date(o, "valid_to", c->valid_to);
}

static void list_write(struct json_out *o, const char *name, const struct code *list)
{
	out_array(o, name);
	for (; list->code != NULL; list++) {
		if (list->code[0] == '\0')
			continue; /* not given */
		code_open(o, list);
		out_object_end(o);
	}
	out_array_end(o);
}

static void out_flag(struct json_out *o, const char *name, unsigned flags, unsigned flag)
{
	out_bool(o, name, (flags & flag) != 0);
}

static void outcomes_write(struct json_out *o)
{
	out_array(o, "outcome");
	for (int i = 1; i < OGI_OUTCOMES; i++) {
		const struct ogi_outcome *outcome = &ogi_outcomes[i];
		code_open(o, &ogi_outcome_codes[i]);
		out_text(o, "group", outcome->group);
		out_text(o, "article", outcome->article);
		out_flag(o, "discloses", outcome->flags, OGI_DISCLOSES);
		out_flag(o, "needs_reason", outcome->flags, OGI_NEEDS_REASON);
		out_flag(o, "by_system", outcome->flags, OGI_BY_SYSTEM);
		out_array(o, "variants");
		for (int k = 1; k < OGI_VARIANTS; k++)
			if (ogi_variants[k].outcome == i)
				out_text(o, NULL, ogi_variant_codes[k].code);
		out_array_end(o);
		out_object_end(o);
	}
	out_array_end(o);
	out_array(o, "outcome_variant");
	for (int k = 1; k < OGI_VARIANTS; k++) {
		code_open(o, &ogi_variant_codes[k]);
		out_text(o, "outcome", ogi_outcome_codes[ogi_variants[k].outcome].code);
		out_text(o, "article", ogi_variants[k].article);
		out_flag(o, "needs_reason", ogi_variants[k].flags, OGI_NEEDS_REASON);
		out_object_end(o);
	}
	out_array_end(o);
}

static void text_write(struct json_out *o, const char *code, const char *zh, const char *en)
{
	const struct code c = { .code = code, .zh = zh, .en = en };
	code_open(o, &c);
	out_object_end(o);
}

static void render(struct buf *to)
{
	/* clang-format off */
	static const struct {
		const char *name;
		const struct code *list;
	} lists[] = {
		{ "channel", ogi_channels }, { "via", ogi_vias }, { "regime", ogi_regimes },
		{ "status", ogi_statuses }, { "flag", ogi_flags }, { "light", ogi_lights },
		{ "clock_state", ogi_clock_states }, { "event", ogi_event_kinds },
		{ "applicant_kind", ogi_applicant_kinds }, { "id_kind", ogi_id_kinds },
		{ "subject", ogi_subjects }, { "medium", ogi_media }, { "delivery", ogi_deliveries },
		{ "role", ogi_roles }, { "party", ogi_parties }, { "opinion", ogi_opinions },
		{ "decision", ogi_decisions }, { "served_by", ogi_served_by },
		{ "fee_basis", ogi_fee_bases }, { "remedy_kind", ogi_remedy_kinds },
		{ "remedy_result", ogi_remedy_results }, { "procedure", ogi_procedures },
		{ "recompute_cause", ogi_recompute_causes }, { "day_kind", ogi_day_kinds },
		{ "day_reason", ogi_day_reasons }, { "clock_rule", ogi_clock_rules },
		{ "reading", ogi_readings },
		{ "disclosure_category", disclosure_categories },
		{ "disclosure_article", disclosure_articles },
		{ "publication_channel", publication_channels },
		{ "disclosure_attribute", disclosure_attributes }, { "review_step", review_steps },
		{ "document", ogi_document_codes },
	};
	/* clang-format on */
	struct json_out o = json_to(to);
	out_object(&o, NULL);
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		list_write(&o, lists[i].name, lists[i].list);
	outcomes_write(&o);
	out_array(&o, "warning");
	for (const struct ogi_warning_text *w = ogi_warnings; w->code != NULL; w++)
		text_write(&o, w->code, w->zh, w->en);
	out_array_end(&o);
	out_array(&o, "refusal");
	for (int i = 1; i < OGI_REFUSALS; i++)
		text_write(&o, ogi_refusals[i].code, ogi_refusals[i].zh, ogi_refusals[i].en);
	out_array_end(&o);
	out_object_end(&o);
}

static const struct problem *answer(struct exchange *x)
{
	struct buf *text = &app_of(x)->vocabulary;
	if (text->used == 0)
		render(text);
	buf_add(&x->reply, text->data, text->used);
	return NULL;
}

step_fn *const vocabulary_steps[] = { answer, NULL };
