/* SPDX-License-Identifier: MulanPSL-2.0 */
/* A kind and any bytes as its body: a body that is taken is completed and judged, written and
 * loaded the same, and each of its fields can be amended or says why not. */
#include "fuzz.h"

#include "base/form.h"
#include "base/json_write.h"
#include "domain/lifecycle.h"

#include <string.h>

static const struct ogi_calendar *calendar(void)
{
	static _Alignas(8) unsigned char memory[1 << 14];
	static struct ogi_calendar cal;
	int bad;
	if (cal.working_days == 0)
		must(ogi_calendar_build(&cal, memory, 2024, 2026, NULL, 0, 1, &bad));
	return &cal;
}

/* Written with its rows and read again it is the same. */
static void comes_back(struct arena *a, const struct field *rows, const struct ogi_event *e)
{
	struct buf b = { 0 };
	struct form_why why;
	struct ogi_event back = { .kind = e->kind };
	struct json_out o = json_to(&b);
	out_object(&o, NULL);
	out_fields(&o, rows, e, 0, 0);
	out_object_end(&o);
	const json_t *json = form_parse(a, b.data, b.used, &why);
	must(json != NULL);
	form_load(json, rows, &back, a);
	must(fields_same(rows, e, &back));
	buf_clear(&b);
}

static void amend(const struct field *rows, const struct ogi_event *e, const char *to)
{
	for (const struct field *f = rows; f->name != NULL; f++) {
		struct ogi_event changed = *e;
		enum ogi_amend result = ogi_event_amend(&changed, f->name, to);
		if (result != OGI_AMENDED_OK)
			must(fields_same(rows, e, &changed));
	}
}

static void judge(struct ogi_event *e)
{
	static struct ogi_case c;
	struct ogi_verdict v;
	const struct ogi_history none = { NULL, 0 };
	struct ogi_rules r = {
		.calendar = calendar(), .today = ogi_date_of(2025, 6, 3), .correction_days = 15
	};
	for (int32_t status = OGI_NO_CASE; status < OGI_STATUSES; status++) {
		memset(&c, 0, sizeof c);
		c.status = status;
		c.regime = OGI_R2019;
		c.request.receipt_date = c.request.arrived_on = c.run_start = c.last_clock_on =
			ogi_date_of(2025, 4, 21);
		struct ogi_event one = *e;
		ogi_event_complete(&one, &c, &r);
		ogi_case_decide(&c, &none, &one, &r, NULL, &v);
		must((v.refusal == OGI_INVALID) == (v.faults > 0) && v.faults <= 32);
		ogi_case_evolve(&c, &one, &r);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n == 0)
		return 0;
	struct arena *a = arena_new();
	struct form_why why;
	struct faults f;
	struct ogi_event e = { .kind = 1 + bytes[0] % (OGI_EVENT_KINDS - 1) };
	const struct field *rows = ogi_event_fields((enum ogi_event_kind)e.kind);
	const json_t *json = form_parse(a, (const char *)bytes + 1, n - 1, &why);
	faults_init(&f, a);
	if (json != NULL && form_read(json, rows, &e, "", &f)) {
		comes_back(a, rows, &e);
		amend(rows, &e, arena_bytes(a, bytes + 1, n - 1));
		judge(&e);
	}
	arena_free(a);
	return 0;
}
