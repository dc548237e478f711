/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/csv_write, base/xlsx_write, base/table_write: exact bytes of CSV; a spreadsheet that is
 * whole, leaves no file behind and goes on on a further sheet. What is in a spreadsheet is read
 * back by tests/api/test_exports.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/table_write.h"

static const struct ogi_date some_day = { 739446 }; /* 2025-07-14 */

static void cells_are_quoted_where_they_must_be(void **state)
{
	struct buf b = { 0 };
	(void)state;
	struct csv_out o = csv_to(&b);
	csv_text(&o, "朱村");
	csv_text(&o, NULL);
	csv_text(&o, "a,b");
	csv_text(&o, "say \"no\"");
	csv_text(&o, "two\nlines");
	csv_number(&o, -12);
	csv_date(&o, some_day);
	csv_date(&o, (struct ogi_date){ 0 });
	csv_row_end(&o);
	csv_text(&o, "𠮷䶮");
	csv_row_end(&o);
	assert_string_equal(b.data,
		"\xEF\xBB\xBF"
		"朱村,,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",-12,2025-07-14,\r\n𠮷䶮\r\n");
	buf_clear(&b);
}

static void nothing_becomes_a_formula(void **state)
{
	static const char *const written[][2] = {
		{ "=1+1", "'=1+1" },
		{ "+86 138", "'+86 138" },
		{ "-5", "'-5" },
		{ "@SUM(A1)", "'@SUM(A1)" },
		{ "\t=1", "'\t=1" },
		{ "\r=1", "\"'\r=1\"" },
		{ "\n=1", "\"'\n=1\"" },
		{ "＝1", "'＝1" },
		{ "＋1", "'＋1" },
		{ "－1", "'－1" },
		{ "＠a", "'＠a" },
		{ "=HYPERLINK(\"http://x\",\"y\")",
			"\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"" },
		{ "1-2", "1-2" },
		{ "2025-17", "2025-17" },
		{ "〔2025〕", "〔2025〕" },
		{ "", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
		struct buf b = { 0 };
		struct csv_out o = { .to = &b };
		csv_text(&o, written[i][0]);
		buf_text(&b, "");
		assert_string_equal(b.data, written[i][1]);
		buf_clear(&b);
	}
}

static void a_printed_form_fits_into_memory(void **state)
{
	struct buf b = { 0 };
	(void)state;
	struct xlsx *x = xlsx_new(XLSX_PRINTED);
	assert_non_null(x);
	xlsx_sheet(x, "表");
	xlsx_page(x, true);
	xlsx_width(x, 0, 3, 12);
	xlsx_merge(x, 0, 0, 1, 4, "政府信息公开情况统计表", XLSX_TITLE);
	xlsx_merge(x, 1, 0, 2, 1, "项目", XLSX_HEAD);
	xlsx_merge(x, 1, 1, 1, 1, "自然人", XLSX_HEAD);
	xlsx_number(x, 3, 1, 14, XLSX_NUMBER);
	xlsx_text(x, 3, 0, "=1+1", XLSX_LABEL);
	xlsx_text(x, 3, 2, "", XLSX_CENTRE);
	xlsx_date(x, 3, 3, some_day, XLSX_DATE);
	xlsx_date(x, 4, 3, (struct ogi_date){ 0 }, XLSX_DATE);
	xlsx_height(x, 0, 30);
	xlsx_heads(x, 3);
	assert_true(xlsx_finish_into(x, &b));
	assert_true(b.used > 2000);
	assert_memory_equal(b.data, "PK\x03\x04", 4);
	buf_clear(&b);
	x = xlsx_new(XLSX_PRINTED);
	xlsx_sheet(x, "a");
	xlsx_free(x); /* given up: nothing leaks */
	xlsx_free(NULL);
}

static void a_long_list_goes_on_on_a_further_sheet(void **state)
{
	static const struct table_column columns[] = { { "编号", 12 } };
	struct table_out t;
	char begin[4];
	(void)state;
	assert_true(table_to_xlsx(&t, "依申请公开", columns, 1));
	for (int i = 0; i < XLSX_ROWS_MOST; i++) {
		table_number(&t, i);
		table_row_end(&t);
	}
	assert_int_equal(t.sheets, 2);
	assert_int_equal(t.row, 2);
	int file = xlsx_finish(t.xlsx);
	assert_true(file >= 0);
	assert_int_equal(read(file, begin, 4), 4);
	assert_memory_equal(begin, "PK\x03\x04", 4);
	close(file);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	assert_null(xlsx_new(XLSX_LONG));
	unsetenv("TMPDIR");
}

static void a_table_is_the_same_calls(void **state)
{
	static const struct table_column columns[] = { { "编号", 12 }, { "收到日", 11 } };
	struct buf b = { 0 };
	(void)state;
	struct table_out t = table_to_csv(&b, columns, 2);
	table_text(&t, "2025-17");
	table_date(&t, some_day);
	table_row_end(&t);
	table_number(&t, 3);
	table_text(&t, NULL);
	table_row_end(&t);
	assert_string_equal(b.data, "\xEF\xBB\xBF编号,收到日\r\n2025-17,2025-07-14\r\n3,\r\n");
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_quoted_where_they_must_be),
		cmocka_unit_test(nothing_becomes_a_formula),
		cmocka_unit_test(a_printed_form_fits_into_memory),
		cmocka_unit_test(a_long_list_goes_on_on_a_further_sheet),
		cmocka_unit_test(a_folder_that_is_not_there_is_told),
		cmocka_unit_test(a_table_is_the_same_calls),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
