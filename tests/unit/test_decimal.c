/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Amounts in bodies: numbers with at most four decimals, held in ten-thousandths (base/form).
 */
#include "base/form.h"
#include "base/json_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Four decimals are kept and written; a fifth is refused, not rounded. */
static void a_decimal_keeps_four_decimals(void **state)
{
	static const struct field row[] = {
		{ .name = "amount", .type = FIELD_DECIMAL, .min = -5, .max = 100000000 },
		{ .name = NULL }
	};
	static const struct {
		const char *body;
		int64_t parts;
		const char *code, *again;
	} cases[] = { { "{\"amount\":12}", 120000, NULL, "{\"amount\":12.0000}" },
		{ "{\"amount\":12.3456}", 123456, NULL, "{\"amount\":12.3456}" },
		{ "{\"amount\":0.0001}", 1, NULL, "{\"amount\":0.0001}" },
		{ "{\"amount\":-0.0001}", -1, NULL, "{\"amount\":-0.0001}" },
		{ "{\"amount\":-4.5}", -45000, NULL, "{\"amount\":-4.5000}" },
		{ "{\"amount\":99999999.9999}", 999999999999, NULL,
			"{\"amount\":99999999.9999}" },
		{ "{}", 0, NULL, "{\"amount\":0.0000}" },
		{ "{\"amount\":1.23456}", 0, "decimals", "{\"amount\":0.0000}" },
		{ "{\"amount\":0.000001}", 0, "decimals", "{\"amount\":0.0000}" },
		{ "{\"amount\":-5.0001}", 0, "range", "{\"amount\":0.0000}" },
		{ "{\"amount\":1e300}", 0, "range", "{\"amount\":0.0000}" },
		{ "{\"amount\":\"12\"}", 0, "type", "{\"amount\":0.0000}" } };
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *a = arena_new();
		struct form_why why;
		struct faults f;
		struct buf b = { 0 };
		struct json_out o = json_to(&b);
		int64_t parts = 0;
		faults_init(&f, a);
		form_read(form_parse(a, cases[i].body, strlen(cases[i].body), &why), row,
			&parts, "", &f);
		assert_int_equal(parts, cases[i].parts);
		assert_true(text_same(f.count > 0 ? f.item[0].code : NULL, cases[i].code));
		out_object(&o, NULL);
		out_fields(&o, row, &parts, 0, 0);
		out_object_end(&o);
		assert_string_equal(b.data, cases[i].again);
		buf_clear(&b);
		arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_decimal_keeps_four_decimals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
