/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Any bytes as a body: a fault that can be shown, or a struct that is written and loaded the
 * same. */
#include "fuzz.h"

#include "base/form.h"
#include "base/json_write.h"
#include "base/uuid.h"

#include <string.h>

static const struct code channels[] = { { .code = "" }, { .code = "online" },
	{ .code = "letter" }, { .code = NULL } };
static const struct code yes_no[] = { { .code = "" }, { .code = "true" }, { .code = "false" },
	{ .code = NULL } };

struct attempt {
	struct ogi_date on;
	const char *how;
};
struct sample {
	int32_t channel, paid;
	struct ogi_date on;
	int32_t days;
	bool confirmed;
	struct attempt last;
	const char *text, *line, *subject;
	struct uuid id;
	struct texts items;
	struct objects attempts;
};

#define AT(s, member) .at = offsetof(struct s, member)
static const struct field attempt_rows[] = {
	{ .name = "on", .type = FIELD_DATE, AT(attempt, on), .flags = FIELD_REQUIRED },
	{ .name = "how",
		.type = FIELD_TEXT,
		AT(attempt, how),
		.flags = FIELD_PERSONAL,
		.min = 1,
		.max = 9 },
	{ .name = NULL },
};
static const struct field rows[] = {
	{ .name = "channel", .type = FIELD_CODE, AT(sample, channel), .codes = channels },
	{ .name = "paid", .type = FIELD_CODE, AT(sample, paid), .codes = yes_no },
	{ .name = "on", .type = FIELD_DATE, AT(sample, on) },
	{ .name = "days", .type = FIELD_INT, AT(sample, days), .min = 0, .max = 20 },
	{ .name = "confirmed", .type = FIELD_BOOL, AT(sample, confirmed) },
	{ .name = "last", .type = FIELD_OBJECT, AT(sample, last), .fields = attempt_rows },
	{ .name = "text",
		.type = FIELD_TEXT,
		AT(sample, text),
		.flags = FIELD_MULTILINE | FIELD_PERSONAL },
	{ .name = "line", .type = FIELD_TEXT, AT(sample, line), .min = 1, .max = 30 },
	{ .name = "subject",
		.type = FIELD_CODE,
		AT(sample, subject),
		.flags = FIELD_LOOSE,
		.max = 9 },
	{ .name = "id", .type = FIELD_UUID, AT(sample, id) },
	{ .name = "items", .type = FIELD_TEXTS, AT(sample, items), .max = 5, .item_max = 9 },
	{ .name = "attempts",
		.type = FIELD_OBJECTS,
		AT(sample, attempts),
		.max = 5,
		.fields = attempt_rows,
		.item = sizeof(struct attempt) },
	{ .name = NULL },
};

static void shown(const char *s)
{
	must(text_fault(s, strlen(s), 1, 0, 0) == NULL);
}

static const json_t *written(
	struct arena *a, const struct sample *s, unsigned mask, unsigned want)
{
	struct buf b = { 0 };
	struct json_out o = json_to(&b);
	struct form_why why;
	out_object(&o, NULL);
	out_fields(&o, rows, s, mask, want);
	out_object_end(&o);
	const json_t *json = form_parse(a, b.data, b.used, &why);
	must(json != NULL && o.depth == 0);
	buf_clear(&b);
	return json;
}

/* Any value comes back from the writer, whatever it is. */
static void value_comes_back(struct arena *a, const json_t *json)
{
	struct buf b = { 0 };
	struct json_out o = json_to(&b);
	struct form_why why;
	out_value(&o, NULL, json);
	const json_t *back = form_parse(a, b.data, b.used, &why);
	must(back != NULL && json_equal(back, json));
	buf_clear(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct form_why why = { 0 };
	struct faults f;
	struct sample s = { 0 }, whole = { 0 }, parts = { 0 };
	const json_t *json = form_parse(a, (const char *)bytes, n, &why);
	if (json == NULL) {
		shown(why.zh);
		shown(why.en);
	} else {
		value_comes_back(a, json);
		faults_init(&f, a);
		bool good = form_read(json, rows, &s, "/x", &f);
		must(good == (f.count == 0) && f.kept <= 100);
		for (int i = 0; i < f.kept; i++) {
			must(strncmp(f.item[i].pointer, "/x", 2) == 0);
			shown(f.item[i].detail_zh);
			shown(f.item[i].detail_en);
		}
		if (good) {
			form_load(written(a, &s, 0, 0), rows, &whole, a);
			must(fields_same(rows, &s, &whole));
			form_load(written(a, &s, FIELD_PERSONAL, 0), rows, &parts, a);
			form_load_more(written(a, &s, FIELD_PERSONAL, FIELD_PERSONAL), rows,
				&parts, a);
			must(fields_same(rows, &s, &parts));
		}
	}
	arena_free(a);
	return 0;
}
