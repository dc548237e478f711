/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/setting: table setting. */
#include "store/setting.h"
#include "store/user.h"

#include <stdlib.h>
#include <string.h>

const struct stmt setting_add = { "setting_add",
	"INSERT INTO setting (org_id, name, valid_from, value, set_at, set_by)"
	" SELECT $4::integer, $5, $6::date, $7, $8::timestamptz, NULLIF($9::integer, 0)"
	" WHERE" AUDIT_GATE,
	9 };

int32_t setting_newest(const struct directory *d)
{
	const struct directory_setting *s;
	int32_t newest = 0;
	for (int n = directory_settings(d, &s), i = 0; i < n; i++)
		if (s[i].seq > newest)
			newest = s[i].seq;
	return newest;
}

/* The list is newest first. */
static const struct directory_setting *own(const struct directory *d, int32_t org,
	const char *name, struct ogi_date day, int32_t newest)
{
	const struct directory_setting *s;
	for (int n = directory_settings(d, &s), i = 0; i < n; i++)
		if (s[i].org == org && s[i].seq <= newest &&
			!ogi_before(day, s[i].valid_from) && strcmp(s[i].name, name) == 0)
			return s[i].value[0] != '\0' ? &s[i] : NULL;
	return NULL;
}

const struct directory_setting *setting_in_force(const struct directory *d, int32_t org,
	const char *name, struct ogi_date day, int32_t newest)
{
	for (const struct directory_org *o = directory_org(d, org); o != NULL;
		o = directory_org(d, o->parent)) {
		const struct directory_setting *found = own(d, o->id, name, day, newest);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/* What counts for a clock or a guard; facts of the agency do not. */
static bool is_rule(const char *name)
{
	int setting = ogi_setting_find(name);
	return setting >= 0 && ogi_setting_rows[setting].type != OGI_SETTING_TEXT;
}

static void fill(const struct directory *d, int32_t org, int32_t newest, struct ogi_period *p)
{
	for (int i = 0; i < OGI_SETTINGS; i++) {
		const struct ogi_setting_row *row = &ogi_setting_rows[i];
		const struct directory_setting *s = setting_in_force(
			d, org, row->name, p->from, i == OGI_SET_SIGN_OFF ? INT32_MAX : newest);
		p->value[i] = row->preset;
		if (s != NULL)
			ogi_setting_parse(i, s->value, &p->value[i]);
	}
}

static int by_day(const void *a, const void *b)
{
	const struct ogi_period *x = a, *y = b;
	return (x->from.day > y->from.day) - (x->from.day < y->from.day);
}

void setting_rules(const struct directory *d, int32_t org, int32_t newest, struct arena *a,
	struct ogi_rules *rules)
{
	const struct directory_setting *s;
	int n = directory_settings(d, &s), periods = 1;
	if (n == 0)
		return;
	struct ogi_period *p = arena_array(a, struct ogi_period, n + 1);
	for (int i = 0; i < n; i++)
		if (directory_within(d, org, s[i].org) && is_rule(s[i].name))
			p[periods++].from = s[i].valid_from;
	qsort(p, (size_t)periods, sizeof *p, by_day);
	int kept = 1;
	for (int i = 1; i < periods; i++)
		if (p[i].from.day != p[kept - 1].from.day)
			p[kept++] = p[i];
	for (int i = 0; i < kept; i++)
		fill(d, org, newest, &p[i]);
	rules->period = p;
	rules->periods = kept;
}

void setting_ask_add(
	struct batch *writes, const struct audit_mark *gate, const struct setting_new *setting)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_int(v, setting->org);
	bind_text(v, setting->name);
	bind_date(v, setting->valid_from);
	bind_text(v, setting->value);
	bind_instant(v, setting->now);
	bind_int(v, setting->by);
	batch_ask(writes, &setting_add, v);
	reference_ask_notify(writes);
}
