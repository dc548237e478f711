/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal_apply: the form of art. 29 as a page, and what comes of it. */
#include "api/portal.h"
#include "api/portal_form.h"
#include "api/portal_page.h"
#include "api/steps.h"

#include <string.h>

/* ---- the fields of the form, in the order of the paper form ---- */

enum field_look { LOOK_TEXT, LOOK_AREA, LOOK_CHOICE, LOOK_SELECT };
struct page_field {
	int group;
	const char *name, *pointer;
	enum field_look look;
	const struct code *codes;
	bool required;
	const char *zh, *en, *hint_zh, *hint_en;
	const char *complete; /* autocomplete */
	const char *preset;
};
static const struct {
	const char *zh, *en;
} groups[] = {
	{ "申请人", "Applicant" },
	{ "需要什么信息", "What information you ask for" },
	{ "怎样提供给您", "How you want to get it" },
};
/* clang-format off */
static const struct page_field page_fields[] = {
	{ 0, "kind", "/applicant/kind", LOOK_CHOICE, ogi_applicant_kinds, true, "申请人类别", "Kind of applicant", NULL, NULL, NULL, "natural" },
	{ 0, "name", "/applicant/name", LOOK_TEXT, NULL, true, "姓名或单位名称", "Name of the person or organisation", NULL, NULL, "name", NULL },
	{ 0, "id_kind", "/applicant/id_kind", LOOK_SELECT, ogi_id_kinds, false, "身份证明种类", "Kind of identity document", NULL, NULL, NULL, "resident_id" },
	{ 0, "id_number", "/applicant/id_number", LOOK_TEXT, NULL, false, "证件号码或统一社会信用代码", "Number of the document, or credit code", "条例第二十九条要求提供身份证明", "Art. 29 asks for proof of identity", "off", NULL },
	{ 0, "legal_representative", "/applicant/legal_representative", LOOK_TEXT, NULL, false, "法定代表人", "Legal representative", "单位申请时填写", "For organisations", "off", NULL },
	{ 0, "contact_person", "/applicant/contact_person", LOOK_TEXT, NULL, false, "联系人", "Contact person", "单位申请时填写", "For organisations", "off", NULL },
	{ 0, "phone", "/applicant/phone", LOOK_TEXT, NULL, false, "电话", "Telephone", "电话、邮箱、地址至少填一项", "Give at least one of telephone, e-mail and address", "tel", NULL },
	{ 0, "email", "/applicant/email", LOOK_TEXT, NULL, false, "电子邮箱", "E-mail", NULL, NULL, "email", NULL },
	{ 0, "address", "/applicant/address", LOOK_TEXT, NULL, false, "通信地址", "Postal address", NULL, NULL, "street-address", NULL },
	{ 0, "postcode", "/applicant/postcode", LOOK_TEXT, NULL, false, "邮政编码", "Postcode", NULL, NULL, "postal-code", NULL },
	{ 1, "description", "/description", LOOK_AREA, NULL, true, "信息的名称，或者能让我们找到它的描述", "Its name, or a description by which we can find it", "一次申请写一件事；不需要说明用途", "One matter a request; you need not say what for", NULL, NULL },
	{ 1, "document_ref", "/document_ref", LOOK_TEXT, NULL, false, "文号", "Document number", "知道的话请写", "If you know it", "off", NULL },
	{ 2, "medium", "/medium", LOOK_CHOICE, ogi_media, false, "载体", "Form", NULL, NULL, NULL, "paper" },
	{ 2, "delivery", "/delivery", LOOK_CHOICE, ogi_deliveries, false, "获取方式", "Way of getting it", NULL, NULL, NULL, "post" },
};
/* clang-format on */
enum { PAGE_FIELDS = sizeof page_fields / sizeof *page_fields, GROUPS = 3 };

static const char *name_of(const char *pointer)
{
	for (int i = 0; i < PAGE_FIELDS; i++)
		if (strcmp(page_fields[i].pointer, pointer) == 0)
			return page_fields[i].name;
	return NULL;
}

static const char *value_of(const struct page_field *f, const struct portal_form *form)
{
	if (form != NULL)
		return form_text(form, f->name);
	return f->preset != NULL ? f->preset : "";
}

static json_t *options(const struct exchange *x, const struct page_field *f, const char *value)
{
	json_t *list = json_array();
	for (const struct code *k = f->codes; k->code != NULL; k++)
		/* `unknown` is for imports of old registers only */
		if (k->code[0] != '\0' && strcmp(k->code, "unknown") != 0)
			json_array_append_new(
				list, json_pack("{s:s, s:s, s:s, s:b}", "name", f->name, "code",
					      k->code, "label", x->english ? k->en : k->zh,
					      "on", strcmp(k->code, value) == 0));
	return list;
}

static json_t *page_field(const struct exchange *x, const struct page_field *f,
	const struct portal_form *form, const json_t *faults)
{
	const char *value = value_of(f, form), *hint = x->english ? f->hint_en : f->hint_zh;
	json_t *o = json_pack("{s:s, s:s, s:s, s:b}", "name", f->name, "label",
		x->english ? f->en : f->zh, "value", value, "required", f->required);
	const json_t *one;
	size_t i;
	json_array_foreach(faults, i,
		one) if (strcmp(json_string_value(json_object_get(one, "id")), f->name) == 0)
		json_object_set(o, "fault", json_object_get(one, "detail"));
	if (hint != NULL)
		json_object_set_new(o, "hint", json_string(hint));
	if (f->complete != NULL)
		json_object_set_new(o, "complete", json_string(f->complete));
	static const char *const looks[] = { [LOOK_TEXT] = "text",
		[LOOK_AREA] = "area",
		[LOOK_CHOICE] = "choice",
		[LOOK_SELECT] = "select" };
	json_object_set_new(o, looks[f->look], json_true());
	if (f->codes != NULL)
		json_object_set_new(o, "options", options(x, f, value));
	return o;
}

/* Which field each fault of the summary is about. */
static void name_faults(const struct exchange *x, json_t *faults)
{
	json_t *one;
	size_t n;
	json_array_foreach(faults, n, one)
	{
		const char *id = json_string_value(json_object_get(one, "id"));
		for (int i = 0; i < PAGE_FIELDS; i++)
			if (strcmp(page_fields[i].name, id) == 0)
				json_object_set_new(one, "about",
					json_string(x->english ? page_fields[i].en
							       : page_fields[i].zh));
	}
}

/* The form: empty, or with what was typed and what is wrong with it. */
static const struct problem *form_page(
	struct exchange *x, int status, const struct portal_form *form, json_t *faults)
{
	const char *org = form != NULL ? form_text(form, "org") : exchange_query(x, "org");
	json_t *data = portal_frame(x, "apply", org), *list = json_array();
	for (int g = 0; g < GROUPS; g++) {
		json_t *fields = json_array();
		for (int i = 0; i < PAGE_FIELDS; i++)
			if (page_fields[i].group == g)
				json_array_append_new(
					fields, page_field(x, &page_fields[i], form, faults));
		json_array_append_new(list, json_pack("{s:s, s:i, s:o}", "title",
						    x->english ? groups[g].en : groups[g].zh,
						    "n", g + 1, "fields", fields));
	}
	json_object_set_new(data, "groups", list);
	/* what is sent again with the same key is stored once; what was refused gets a new one
	 */
	struct uuid key = uuid_ordered(x->now);
	char text[37];
	uuid_print(&key, text);
	json_object_set_new(data, "key", json_string(text));
	const json_t *one;
	size_t i;
	json_array_foreach(faults, i, one)
	{
		const char *id = json_string_value(json_object_get(one, "id"));
		if (strcmp(id, "org") == 0 || strcmp(id, "files") == 0)
			json_object_set(data,
				strcmp(id, "org") == 0 ? "org_fault" : "file_fault",
				json_object_get(one, "detail"));
	}
	name_faults(x, faults);
	if (faults != NULL && json_array_size(faults) > 0) {
		json_object_set_new(
			data, "fault_count", json_integer((json_int_t)json_array_size(faults)));
		json_object_set(data, "faults", faults);
		json_object_set_new(
			data, "again", json_boolean(form != NULL && form->files > 0));
	}
	json_decref(faults);
	return portal_page(x, status, PORTAL_APPLY, data);
}

/* ---- GET /portal/apply ---- */

static const struct problem *apply_show(struct exchange *x)
{
	const struct problem *no = portal_look(x);
	return no != NULL ? no : form_page(x, 200, NULL, NULL);
}

step_fn *const portal_apply_steps[] = { apply_show, NULL };

/* ---- POST /portal/apply ---- */

struct submission {
	struct portal_form form; /* first */
	struct portal_filing filing;
	const struct problem *refused; /* shown beside the fields */
	json_t *view;
};

static const struct problem *submit_open(struct exchange *x)
{
	struct submission *s = exchange_state(x, sizeof *s);
	const struct problem *no = portal_look(x);
	if (no != NULL || (no = portal_enter(x, PORTAL_REQUESTS)) != NULL)
		return no;
	return form_open(x, &s->form);
}

static void unref(void *json)
{
	json_decref(json);
}

static void put(json_t *body, const char *pointer, const char *text)
{
	const char *slash = strchr(pointer + 1, '/');
	if (slash == NULL) {
		json_object_set_new(body, pointer + 1, json_string(text));
		return;
	}
	json_t *inner = json_object_getn(body, pointer + 1, (size_t)(slash - pointer - 1));
	if (inner != NULL)
		json_object_set_new(inner, slash + 1, json_string(text));
}

/* The body that the JSON twin would have been sent. */
static json_t *body_of(struct exchange *x, const struct portal_form *form)
{
	json_t *body = json_pack("{s:{}}", "applicant");
	for (int i = 0; i < PAGE_FIELDS; i++) {
		const char *text = form_text(form, page_fields[i].name);
		const char *from = text + strspn(text, " \t\n");
		size_t n = strlen(from);
		while (n > 0 && strchr(" \t\n", from[n - 1]) != NULL)
			n--;
		if (n > 0)
			put(body, page_fields[i].pointer, arena_bytes(x->arena, from, n));
	}
	/* a kind of document without its number says nothing */
	json_t *applicant = json_object_get(body, "applicant");
	if (json_object_get(applicant, "id_number") == NULL)
		json_object_del(applicant, "id_kind");
	if (form_has(form, "org"))
		json_object_set_new(body, "org", json_string(form_text(form, "org")));
	return body;
}

static const struct problem *submit_load(struct exchange *x)
{
	struct submission *s = x->state;
	json_t *read = x->json, *body = body_of(x, &s->form);
	x->json = body;
	const struct problem *no = portal_filing_load(x, &s->filing);
	x->json = read;
	form_file_fault(&s->form, s->filing.r.shape);
	/* its texts are borrowed by the filing */
	arena_at_end(x->arena, unref, body);
	return no;
}

static const struct problem *submit_decide(struct exchange *x)
{
	struct submission *s = x->state;
	const struct problem *no = portal_filing_decide(x, &s->filing);
	if (no == NULL)
		return NULL;
	if (no->kind != PROBLEM_INVALID && no->kind != PROBLEM_KEY_REUSED)
		return form_give_up(x, no);
	s->refused = no;
	return form_give_up(x, NULL);
}

static const struct problem *submit_write(struct exchange *x)
{
	struct submission *s = x->state;
	return portal_filing_write(x, &s->filing);
}

static const struct problem *submit_filed(struct exchange *x)
{
	struct submission *s = x->state;
	const struct problem *no = portal_filing_end(x, &s->filing, &s->view);
	if (no == NULL)
		form_attach_to(&s->form, s->filing.r.org, &s->filing.r.id);
	return no;
}

static const struct problem *submit_answer(struct exchange *x)
{
	struct submission *s = x->state;
	if (s->refused != NULL && s->refused->faults != NULL)
		return form_page(
			x, 422, &s->form, portal_faults(x, s->refused->faults, name_of));
	if (s->refused != NULL) {
		json_t *list = json_array();
		json_array_append_new(list,
			json_pack("{s:s, s:s}", "id", "main", "detail",
				x->english
					? "This form was already sent with another content. To send another request, press the button again."
					: "这张表已经提交过，内容与现在不同。如要另外提交一件申请，请再按一次提交。"));
		return form_page(x, 422, &s->form, list);
	}
	json_t *data = portal_frame(x, "apply", form_text(&s->form, "org"));
	json_object_set(data, "view", s->view);
	json_object_set_new(data, "files", json_integer(s->form.files));
	const char *code = json_string_value(json_object_get(s->view, "query_code"));
	json_object_set_new(data, "code_shown",
		json_string(arena_print(x->arena, "%.5s-%s", code, code + 5)));
	return portal_page(x, 201, PORTAL_DONE, data);
}

step_fn *const portal_submit_steps[] = { submit_open, form_take, form_taken, submit_load,
	submit_decide, submit_write, submit_filed, form_attach_ask, form_attach_write,
	form_attach_written, form_drop, form_dropped, submit_answer, NULL };
