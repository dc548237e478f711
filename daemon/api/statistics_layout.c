/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/statistics_layout: where each row of a form stands on paper. */
#include "api/statistics_layout.h"

#include <assert.h>
#include <string.h>

static struct layout_table *begin(struct layout *l, const char *title, int columns)
{
	assert(l->tables < LAYOUT_TABLES);
	struct layout_table *t = &l->table[l->tables++];
	*t = (struct layout_table){ .title = title, .first = l->cells, .columns = columns };
	return t;
}

static struct layout_cell *put(
	struct layout *l, enum layout_kind kind, int row, int column, int rows, int columns)
{
	struct layout_table *t = &l->table[l->tables - 1];
	assert(l->cells < LAYOUT_CELLS && column + columns <= t->columns);
	struct layout_cell *c = &l->cell[l->cells++];
	*c = (struct layout_cell){
		.kind = kind, .row = row, .column = column, .rows = rows, .columns = columns
	};
	t->cells++;
	if (row + rows > t->rows)
		t->rows = row + rows;
	return c;
}

static void put_text(struct layout *l, enum layout_kind kind, int row, int column, int rows,
	int columns, const char *text)
{
	put(l, kind, row, column, rows, columns)->text = text;
}

static void put_value(struct layout *l, int row, int column, int columns,
	const struct ogi_form_row *r, int64_t value)
{
	struct layout_cell *c = put(l, LAYOUT_VALUE, row, column, 1, columns);
	c->value = value;
	c->money = ogi_row_is_money(r);
}

static const char *label(struct exchange *x, const struct ogi_form_row *r)
{
	return arena_print(x->arena, "%s%s", r->mark, r->zh);
}

/* ---- the form of 2014: one list ---- */

static void layout_2014(struct exchange *x, const struct form_answer *f, struct layout *l)
{
	static const char *const heads[] = { "序号", "统计指标", "单位", "统计数" };
	const struct ogi_form *form = f->q->form;
	int at = 1;
	begin(l, NULL, 4);
	for (int c = 0; c < 4; c++)
		put_text(l, LAYOUT_HEAD, 0, c, 1, 1, heads[c]);
	for (int i = 0; i < form->rows; i++) {
		const struct ogi_form_row *r = &form->row[i];
		if (r->number == 0 && r->key != NULL)
			continue;
		put_text(l, LAYOUT_TEXT, at, 0, 1, 1,
			r->number > 0 ? arena_print(x->arena, "%d", r->number) : "");
		put_text(l, LAYOUT_LABEL, at, 1, 1, 1, label(x, r));
		put_text(l, LAYOUT_TEXT, at, 2, 1, 1, r->number > 0 ? r->unit : LAYOUT_NONE);
		if (r->number > 0)
			put_value(l, at, 3, 1, r, f->figures.cells.cell[i][OGI_COLUMN_TOTAL]);
		else
			put_text(l, LAYOUT_TEXT, at, 3, 1, 1, LAYOUT_NONE);
		at++;
	}
	l->note[0] =
		"单位负责人：　　　　审核人：　　　　填报人：　　　　联系电话：　　　　填报日期：";
	l->note[1] =
		"注：“延期办结数”为经批准延期后在延长期限内办结的件数；逾期答复的，计入本项并另行说明。";
}

/* ---- the forms since 2019 ---- */

/* The rows of a table: those whose key begins with the prefix, and the headings among and
 * before them. */
static bool in_table(const struct ogi_form *form, int i, const char *prefix)
{
	while (i < form->rows && form->row[i].key == NULL)
		i++;
	return i < form->rows && strncmp(form->row[i].key, prefix, strlen(prefix)) == 0;
}

static int first_of(const struct ogi_form *form, const char *prefix)
{
	int i = 0;
	while (!in_table(form, i, prefix))
		i++;
	return i;
}

/* Width of column k of n on three columns: the last one takes the rest. */
static int width_of(int k, int n)
{
	return k == n - 1 ? 3 - k : 1;
}

/* How many figures stand behind one label. */
static int figures_of(const struct ogi_form *form, int i)
{
	int n = 1;
	while (i + n < form->rows && form->row[i + n].key != NULL &&
		form->row[i + n].number == form->row[i].number &&
		strcmp(form->row[i + n].mark, form->row[i].mark) == 0)
		n++;
	return n;
}

static void layout_acts(struct exchange *x, const struct form_answer *f, struct layout *l)
{
	const struct ogi_form *form = f->q->form;
	int i = first_of(form, "t2."), at = 0;
	begin(l, form->row[i++].zh, 5);
	bool heads = false;
	while (in_table(form, i, "t2.")) {
		const struct ogi_form_row *r = &form->row[i];
		if (r->key == NULL) {
			put_text(l, LAYOUT_HEAD, at++, 0, 1, 5, r->zh);
			heads = true;
			i++;
			continue;
		}
		int n = figures_of(form, i);
		if (heads) {
			put_text(l, LAYOUT_HEAD, at, 0, 1, 1, "行次");
			put_text(l, LAYOUT_HEAD, at, 1, 1, 1, "信息内容");
			for (int k = 0; k < n; k++)
				put_text(l, LAYOUT_HEAD, at, 2 + k, 1, width_of(k, n),
					arena_print(x->arena, "%s（%s%s）", r[k].zh,
						ogi_row_is_money(&r[k]) ? "单位：" : "",
						r[k].unit));
			at++;
			heads = false;
		}
		put_text(l, LAYOUT_TEXT, at, 0, 1, 1, arena_print(x->arena, "%d", r->number));
		put_text(l, LAYOUT_LABEL, at, 1, 1, 1, r->mark);
		for (int k = 0; k < n; k++)
			put_value(l, at, 2 + k, width_of(k, n), &r[k],
				f->figures.cells.cell[i + k][OGI_COLUMN_TOTAL]);
		at++;
		i += n;
	}
}

static void request_heads(struct layout *l)
{
	put_text(l, LAYOUT_HEAD, 0, 0, 3, 1, "行次");
	put_text(l, LAYOUT_HEAD, 0, 1, 3, 3,
		"（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）");
	put_text(l, LAYOUT_HEAD, 0, 4, 1, 7, "申请人情况");
	put_text(l, LAYOUT_HEAD, 1, 4, 2, 1, ogi_columns[OGI_COLUMN_NATURAL].zh);
	put_text(l, LAYOUT_HEAD, 1, 5, 1, 5, "法人或其他组织");
	put_text(l, LAYOUT_HEAD, 1, 10, 2, 1, ogi_columns[OGI_COLUMN_TOTAL].zh);
	for (int c = OGI_COLUMN_BUSINESS; c <= OGI_COLUMN_OTHER_ORG; c++)
		put_text(l, LAYOUT_HEAD, 2, 4 + c, 1, 1, ogi_columns[c].zh);
}

/* Rows from i on with figures before the next heading, or whose mark is a number. */
static int rows_until(const struct ogi_form *form, int i, bool numbered)
{
	int n = 0;
	for (; i < form->rows &&
		strncmp(form->row[i].key != NULL ? form->row[i].key : "t3.", "t3.", 3) == 0;
		i++) {
		const struct ogi_form_row *r = &form->row[i];
		if (r->key == NULL) {
			if (numbered)
				break;
			continue;
		}
		bool digit = r->mark[0] >= '0' && r->mark[0] <= '9';
		if ((numbered && !digit) || strcmp(r->key, "t3.carried_out") == 0)
			break;
		n++;
	}
	return n;
}

static void layout_requests(struct exchange *x, const struct form_answer *f, struct layout *l)
{
	const struct ogi_form *form = f->q->form;
	int i = first_of(form, "t3."), at = 3;
	const char *results = NULL, *group = NULL; /* headings to be put with their first row */
	bool inside = false;
	begin(l, form->row[i++].zh, 11);
	request_heads(l);
	for (; in_table(form, i, "t3."); i++) {
		const struct ogi_form_row *r = &form->row[i];
		if (r->key == NULL) {
			if (inside)
				group = r->zh;
			else
				results = r->zh;
			inside = true;
			continue;
		}
		bool digit = r->mark[0] >= '0' && r->mark[0] <= '9';
		inside = inside && strcmp(r->key, "t3.carried_out") != 0;
		put_text(l, LAYOUT_TEXT, at, 0, 1, 1, arena_print(x->arena, "%d", r->number));
		if (results != NULL)
			put_text(
				l, LAYOUT_LABEL, at, 1, rows_until(form, i, false), 1, results);
		if (group != NULL)
			put_text(l, LAYOUT_LABEL, at, 2, rows_until(form, i, true), 1, group);
		results = group = NULL;
		int column = digit ? 3 : inside ? 2 : 1;
		put_text(l, LAYOUT_LABEL, at, column, 1, 4 - column, label(x, r));
		for (int c = 0; c < OGI_COLUMNS; c++)
			put_value(l, at, 4 + c, 1, r, f->figures.cells.cell[i][c]);
		at++;
	}
}

static void layout_remedies(const struct form_answer *f, struct layout *l)
{
	enum { GROUPS = 3, FIGURES = 5 };
	const struct ogi_form *form = f->q->form;
	int i = first_of(form, "t4."), first[GROUPS], at[GROUPS];
	begin(l, form->row[i++].zh, GROUPS * FIGURES);
	for (int g = 0; g < GROUPS; g++) {
		at[g] = i;
		first[g] = i + 1;
		i += 1 + FIGURES;
	}
	put_text(l, LAYOUT_HEAD, 0, 0, 2, FIGURES, form->row[at[0]].zh);
	put_text(l, LAYOUT_HEAD, 0, FIGURES, 1, 2 * FIGURES, "行政诉讼");
	put_text(l, LAYOUT_HEAD, 1, FIGURES, 1, FIGURES, form->row[at[1]].zh);
	put_text(l, LAYOUT_HEAD, 1, 2 * FIGURES, 1, FIGURES, form->row[at[2]].zh);
	for (int k = 0; k < GROUPS * FIGURES; k++)
		put_text(l, LAYOUT_HEAD, 2, k, 1, 1,
			form->row[first[k / FIGURES] + k % FIGURES].zh);
	for (int k = 0; k < GROUPS * FIGURES; k++) {
		int row = first[k / FIGURES] + k % FIGURES;
		put_value(l, 3, k, 1, &form->row[row],
			f->figures.cells.cell[row][OGI_COLUMN_TOTAL]);
	}
}

void layout_make(struct exchange *x, const struct form_answer *f, struct layout *l)
{
	const struct form_query *q = f->q;
	const struct directory_org *org = directory_org(app_directory(x), q->scope.org);
	bool old = q->form == &ogi_form_2014;
	char day[11];
	text_from_date(q->as_of, day);
	l->title = arena_print(x->arena, "%s（%s%s）",
		old ? "政府信息公开情况统计表" : "政府信息公开工作年度报告统计表",
		q->period != NULL ? q->period : arena_print(x->arena, "%d", q->year),
		q->period != NULL ? "" : "年度");
	l->org = arena_print(x->arena, "填报单位：%s%s", org != NULL ? org->name : "",
		q->rolled ? "（含下级机关）" : "");
	l->date = arena_print(x->arena, "统计截至：%s%s", day,
		f->frozen != NULL ? "（已定稿）" : "（未定稿）");
	if (old) {
		layout_2014(x, f, l);
		return;
	}
	layout_acts(x, f, l);
	layout_requests(x, f, l);
	layout_remedies(f, l);
	l->note[0] =
		"注：区分处理的，只计入“部分公开”；经复议或者诉讼重新办理的，不再计入新收和办理结果。";
}
