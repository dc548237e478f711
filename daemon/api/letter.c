/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/letter: choosing the template and filling it in. */
#include "api/letter.h"

#include "store/setting.h"

#include <string.h>

/* ---- number and title ---- */

static const char *setting(
	struct exchange *x, int32_t org, const char *name, struct ogi_date on)
{
	const struct directory_setting *s =
		setting_in_force(app_directory(x), org, name, on, INT32_MAX);
	return s != NULL ? s->value : NULL;
}

/* The agency's own word: as set, else what stands before the year in its register numbers. */
static const char *agency_word(struct exchange *x, int32_t org, struct ogi_date on)
{
	static const char *const brackets[] = { "〔", "［", "[", "(", "（" };
	const char *word = setting(x, org, "document_word", on);
	const struct directory_org *o = directory_org(app_directory(x), org);
	if (word != NULL)
		return word;
	size_t n = o != NULL ? strcspn(o->number_format, "{") : 0;
	for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
		size_t length = strlen(brackets[i]);
		if (n > length &&
			memcmp(o->number_format + n - length, brackets[i], length) == 0)
			return arena_bytes(x->arena, o->number_format, n - length);
	}
	return "依申";
}

const char *letter_number(struct exchange *x, const struct letter *l)
{
	const char *word = agency_word(x, l->row->org, l->on);
	const char *kind = ogi_documents[l->document].word;
	int year = ogi_date_year(l->on);
	if (l->serial == 0)
		return arena_print(x->arena, "%s%s〔%d〕　　号", word, kind, year);
	return arena_print(x->arena, "%s%s〔%d〕%d号", word, kind, year, l->serial);
}

const char *letter_title(const struct letter *l)
{
	const char *old = ogi_documents[l->document].zh_2008;
	if (l->title != NULL)
		return l->title;
	return l->row->c.regime == OGI_R2008 && old != NULL
		       ? old
		       : ogi_document_codes[l->document].zh;
}

/* ---- template ---- */

static const struct template_source *find_source(
	const struct template_source *list, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}

/*
 * Under R2008 a decision is told in the words of its row in the old form. Of those without one
 * there, and of what only looks like it (重复申请 is no 其他途径), outcome and reason are told.
 */
static const char *reply_code(const struct ogi_case *c)
{
	const char *code = ogi_outcome_codes[c->outcome].code;
	const char *form = ogi_outcome_form(c->outcome, c->variant);
	const char *group = ogi_outcomes[c->outcome].group;
	if (c->variant != OGI_NO_VARIANT)
		code = ogi_variant_codes[c->variant].code;
	if (c->regime != OGI_R2008 || strcmp(group, "legacy") == 0 ||
		c->variant == OGI_OTHER_WITHDRAWN)
		return code;
	return form != NULL && strcmp(group, "decline") != 0 ? form : "legacy.other";
}

const char *letter_name(struct exchange *x, const struct letter *l)
{
	if (l->document != OGI_DOC_REPLY)
		return ogi_document_codes[l->document].code;
	return arena_print(x->arena, "reply.%s", reply_code(&l->row->c));
}

const struct template_source *letter_sources(
	struct exchange *x, int32_t org, const struct rows *in_force)
{
	struct template_source *all =
		arena_array(x->arena, struct template_source, letter_defaults_count);
	memcpy(all, letter_defaults, sizeof *all * (size_t)letter_defaults_count);
	for (int i = 0; i < letter_defaults_count && rows_count(in_force) > 0; i++) {
		struct letter_template buf;
		const struct letter_template *own =
			letter_in_force(app_directory(x), in_force, org, all[i].name, &buf);
		if (own != NULL) {
			all[i].text = own->text;
			all[i].bytes = strlen(own->text);
		}
	}
	return all;
}

const struct problem *letter_fill_with(struct exchange *x, const struct letter *l,
	const struct template_source *source, const struct rows *in_force, struct buf *out)
{
	struct faults f;
	faults_init(&f, x->arena);
	const struct template_tree *t = template_parse(x->arena, source,
		letter_sources(x, l->row->org, in_force), letter_defaults_count, "/text", &f);
	if (t == NULL)
		return problem(x, PROBLEM_INTERNAL, "模板 %s 无法读取，请联系管理员。",
			"The template %s cannot be read; tell the administrator.",
			source->name);
	if (!template_fill(t, letter_data(x, l), TEMPLATE_HTML, LETTER_BYTES, out))
		return problem(x, PROBLEM_INTERNAL, "文书过长，无法生成。",
			"The page would be too long.");
	return NULL;
}

const struct problem *letter_fill(struct exchange *x, const struct letter *l,
	const struct rows *in_force, struct buf *out)
{
	const char *name = letter_name(x, l);
	const struct template_source *source = find_source(
		letter_sources(x, l->row->org, in_force), letter_defaults_count, name);
	if (source == NULL)
		return problem(
			x, PROBLEM_INTERNAL, "没有模板 %s。", "There is no template %s.", name);
	return letter_fill_with(x, l, source, in_force, out);
}

const char *const *letter_missing(struct exchange *x, int32_t org, struct ogi_date on)
{
	static const char *const wanted[] = { "reconsideration_authority", "court" };
	enum { WANTED = sizeof wanted / sizeof *wanted };
	const char **missing = arena_array(x->arena, const char *, WANTED + 1);
	int n = 0;
	for (int i = 0; i < WANTED; i++)
		if (setting(x, org, wanted[i], on) == NULL)
			missing[n++] = wanted[i];
	return missing;
}

void letter_headers(struct exchange *x)
{
	x->content_type = "text/html; charset=utf-8";
	exchange_header(x, "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
		" form-action 'none'; frame-ancestors 'self'");
}
