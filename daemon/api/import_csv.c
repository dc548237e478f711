/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/import_csv: records (RFC 4180) into the JSON of lines. */
#include "api/import_csv.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum csv_column {
	COLUMN_ORG,
	COLUMN_EXTERNAL_REF,
	COLUMN_NUMBER,
	COLUMN_LEGACY_NUMBER,
	COLUMN_CHANNEL,
	COLUMN_VIA,
	COLUMN_APPLICANT_KIND,
	COLUMN_APPLICANT_NAME,
	COLUMN_ID_NUMBER,
	COLUMN_PHONE,
	COLUMN_ADDRESS,
	COLUMN_DESCRIPTION,
	COLUMN_SUBJECT,
	COLUMN_ARRIVED_ON,
	COLUMN_SIGNED_ON,
	COLUMN_CONFIRMED_ON,
	COLUMN_RECEIPT_DATE,
	COLUMN_CORRECTED_ON,
	COLUMN_EXTENSION_WORKDAYS,
	COLUMN_OUTCOME,
	COLUMN_OUTCOME_LABEL,
	COLUMN_OUTCOME_REASON,
	COLUMN_DECIDED_ON,
	COLUMN_REPLIED_ON,
	COLUMN_REPLIED_BY,
	COLUMN_WITHDRAWN_ON,
	COLUMN_ASSIGNEE,
	COLUMNS,
};

/* `to`: the member of the line it becomes as it stands; NULL: it makes an event. */
static const struct {
	const char *name, *object, *to;
} columns[COLUMNS] = {
	[COLUMN_ORG] = { "org", NULL, "org" },
	[COLUMN_EXTERNAL_REF] = { "external_ref", NULL, "external_ref" },
	[COLUMN_NUMBER] = { "number", NULL, "number" },
	[COLUMN_LEGACY_NUMBER] = { "legacy_number", NULL, "legacy_number" },
	[COLUMN_CHANNEL] = { "channel", NULL, "channel" },
	[COLUMN_VIA] = { "via", NULL, "via" },
	[COLUMN_APPLICANT_KIND] = { "applicant_kind", "applicant", "kind" },
	[COLUMN_APPLICANT_NAME] = { "applicant_name", "applicant", "name" },
	[COLUMN_ID_NUMBER] = { "id_number", "applicant", "id_number" },
	[COLUMN_PHONE] = { "phone", "applicant", "phone" },
	[COLUMN_ADDRESS] = { "address", "applicant", "address" },
	[COLUMN_DESCRIPTION] = { "description", NULL, "description" },
	[COLUMN_SUBJECT] = { "subject", NULL, "subject" },
	[COLUMN_ARRIVED_ON] = { "arrived_on", NULL, "arrived_on" },
	[COLUMN_SIGNED_ON] = { "signed_on", NULL, "signed_on" },
	[COLUMN_CONFIRMED_ON] = { "confirmed_on", NULL, "confirmed_on" },
	[COLUMN_RECEIPT_DATE] = { "receipt_date", NULL, "receipt_date" },
	[COLUMN_CORRECTED_ON] = { "corrected_on", NULL, NULL },
	[COLUMN_EXTENSION_WORKDAYS] = { "extension_workdays", NULL, NULL },
	[COLUMN_OUTCOME] = { "outcome", NULL, NULL },
	[COLUMN_OUTCOME_LABEL] = { "outcome_label", NULL, NULL },
	[COLUMN_OUTCOME_REASON] = { "outcome_reason", NULL, NULL },
	[COLUMN_DECIDED_ON] = { "decided_on", NULL, NULL },
	[COLUMN_REPLIED_ON] = { "replied_on", NULL, NULL },
	[COLUMN_REPLIED_BY] = { "replied_by", NULL, NULL },
	[COLUMN_WITHDRAWN_ON] = { "withdrawn_on", NULL, NULL },
	[COLUMN_ASSIGNEE] = { "assignee", NULL, "assignee" },
};

/* Which column a field of an event came from; a NULL field stands for all others. */
static const struct origin {
	const char *kind, *field;
	enum csv_column column;
} origins[] = {
	{ "correction_requested", NULL, COLUMN_CORRECTED_ON },
	{ "correction_received", NULL, COLUMN_CORRECTED_ON },
	{ "correction_lapsed", "on", COLUMN_DECIDED_ON },
	{ "correction_lapsed", NULL, COLUMN_OUTCOME },
	{ "extended", NULL, COLUMN_EXTENSION_WORKDAYS },
	{ "decided", "on", COLUMN_DECIDED_ON },
	{ "decided", "label", COLUMN_OUTCOME_LABEL },
	{ "decided", "reason", COLUMN_OUTCOME_REASON },
	{ "decided", NULL, COLUMN_OUTCOME },
	{ "served", "by", COLUMN_REPLIED_BY },
	{ "served", NULL, COLUMN_REPLIED_ON },
	{ "withdrawn", NULL, COLUMN_WITHDRAWN_ON },
	{ NULL, NULL, COLUMNS },
};

enum { CELLS_MOST = 64, EVENTS_MOST = 8 };

struct csv {
	bool looked, open;
	iconv_t gb18030; /* (iconv_t)-1: UTF-8 */
	int count;       /* of the heading */
	int column[CELLS_MOST];
	const char *kind[EVENTS_MOST]; /* events of the last line */
	int kinds;
};

struct csv *csv_new(const char *media_type)
{
	struct csv *c = calloc(1, sizeof *c);
	if (c == NULL)
		abort();
	c->gb18030 = (iconv_t)-1;
	const char *charset = strcasestr(media_type, "charset=");
	if (charset == NULL)
		return c;
	charset += strlen("charset=");
	charset += *charset == '"';
	c->looked = strncasecmp(charset, "utf-8", 5) == 0;
	if (strncasecmp(charset, "gb", 2) == 0) {
		c->gb18030 = iconv_open("UTF-8", "GB18030");
		c->looked = c->gb18030 != (iconv_t)-1;
	}
	return c;
}

void csv_free(struct csv *c)
{
	if (c == NULL)
		return;
	if (c->gb18030 != (iconv_t)-1)
		iconv_close(c->gb18030);
	free(c);
}

/* Well-formed up to a character that is cut off at the end. */
static bool is_utf8(const char *bytes, size_t n)
{
	for (size_t cut = 0; cut < 4 && cut <= n; cut++)
		if (text_characters(bytes, n - cut) >= 0)
			return true;
	return n == 0;
}

bool csv_encoding(struct csv *c, const char *bytes, size_t n)
{
	if (c->looked)
		return true;
	c->looked = true;
	if (is_utf8(bytes, n))
		return true;
	c->gb18030 = iconv_open("UTF-8", "GB18030");
	return c->gb18030 != (iconv_t)-1;
}

bool csv_is_open(const struct csv *c)
{
	return c->open;
}

void csv_close(struct csv *c)
{
	c->open = false;
}

/* ---- cells ---- */

/* The record in UTF-8, or NULL. */
static char *decoded(struct csv *c, struct arena *a, const char *line, size_t n, size_t *ret_n)
{
	if (c->gb18030 == (iconv_t)-1) {
		*ret_n = n;
		return text_characters(line, n) < 0 ? NULL : arena_bytes(a, line, n);
	}
	size_t room = 2 * n + 4, left = room;
	char *out = arena_alloc(a, room + 1), *at = out, *in = (char *)(uintptr_t)line;
	iconv(c->gb18030, NULL, NULL, NULL, NULL);
	if (iconv(c->gb18030, &in, &n, &at, &left) == (size_t)-1 || n > 0)
		return NULL;
	*ret_n = room - left;
	return out;
}

/* Cuts a record in place (RFC 4180); -1 when a quote stands where none may, or there are too
 * many cells. */
static int cut(char *s, size_t n, char *cell[CELLS_MOST])
{
	char *end = s + n, *to;
	int count = 0;
	for (;;) {
		if (count == CELLS_MOST)
			return -1;
		cell[count++] = to = s;
		if (s < end && *s == '"') {
			for (s++; s < end && !(*s == '"' && (s + 1 == end || s[1] != '"'));
				s++) {
				*to++ = *s;
				s += *s == '"';
			}
			if (s == end)
				return -1;
			s++;
			if (s < end && *s != ',')
				return -1;
		} else {
			for (; s < end && *s != ','; s++) {
				if (*s == '"')
					return -1;
				*to++ = *s;
			}
		}
		bool more = s < end;
		*to = '\0';
		if (!more)
			return count;
		s++;
	}
}

/* Without blanks around it. */
static char *trimmed(char *s)
{
	s += strspn(s, " \t\r\n");
	size_t n = strlen(s);
	while (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
		s[--n] = '\0';
	return s;
}

static int column_of(const char *name)
{
	int i = 0;
	while (i < COLUMNS && strcmp(columns[i].name, name) != 0)
		i++;
	return i < COLUMNS ? i : -1;
}

static void heading_fault(struct faults *f, struct arena *a, const char *name, bool twice)
{
	const char *pointer = arena_print(a, "/%.60s", name);
	if (twice)
		faults_add(f, pointer, "contradiction", "列名重复。",
			"The column is there twice.");
	else
		faults_add(f, pointer, "unknown_field", "没有这一列；列名见接口说明。",
			"There is no such column; the names are in the API's description.");
}

void csv_open(struct csv *c, struct arena *a, const char *line, size_t n, struct faults *f)
{
	char *cell[CELLS_MOST];
	size_t bytes;
	unsigned seen = 0;
	char *text = decoded(c, a, line, n, &bytes);
	size_t bom = text != NULL && bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	c->open = true;
	c->count = text != NULL ? cut(text + bom, bytes - bom, cell) : -1;
	if (c->count < 0) {
		c->count = 0;
		faults_add(f, "", "bad_csv", "首行应为列名，以逗号分隔。",
			"The first line names the columns, separated by commas.");
		return;
	}
	for (int i = 0; i < c->count; i++) {
		const char *name = trimmed(cell[i]);
		c->column[i] = column_of(name);
		bool twice = c->column[i] >= 0 && (seen >> c->column[i] & 1u) != 0;
		if (c->column[i] < 0 || twice)
			heading_fault(f, a, name, twice);
		else
			seen |= 1u << c->column[i];
	}
	if ((seen >> COLUMN_CHANNEL & 1u) == 0)
		faults_add(f, "/channel", "required", "缺少 channel 列。",
			"The column channel is needed.");
}

/* ---- a line ---- */

static json_t *add_event(struct csv *c, json_t *events, const char *kind, const char *on)
{
	json_t *e = json_object();
	json_object_set_new(e, "kind", json_string(kind));
	if (on != NULL)
		json_object_set_new(e, "on", json_string(on));
	json_array_append_new(events, e);
	c->kind[c->kinds++] = kind;
	return e;
}

static void set(json_t *object, const char *name, const char *value)
{
	if (value != NULL)
		json_object_set_new(object, name, json_string(value));
}

static void set_whole(json_t *object, const char *name, const char *value)
{
	int64_t n;
	json_object_set_new(
		object, name, text_to_int(value, &n) ? json_integer(n) : json_string(value));
}

static const char *first_of(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

/* A correction that an old ledger knows by the day it came in only was asked for in time. */
static void add_correction(struct csv *c, json_t *events, const char *const *v)
{
	const char *receipt = first_of(first_of(v[COLUMN_RECEIPT_DATE], v[COLUMN_CONFIRMED_ON]),
		first_of(v[COLUMN_SIGNED_ON], v[COLUMN_ARRIVED_ON]));
	json_t *e = add_event(c, events, "correction_requested", receipt);
	json_t *items = json_array();
	json_array_append_new(items, json_string("补正（原台账未记载内容）"));
	json_object_set_new(e, "items", items);
}

static void add_end(struct csv *c, json_t *events, const char *const *v)
{
	const char *outcome = v[COLUMN_OUTCOME];
	const char *decided = first_of(v[COLUMN_DECIDED_ON], v[COLUMN_REPLIED_ON]);
	if (v[COLUMN_WITHDRAWN_ON] != NULL ||
		(outcome != NULL && strcmp(outcome, "other.withdrawn") == 0)) {
		add_event(c, events, "withdrawn", first_of(v[COLUMN_WITHDRAWN_ON], decided));
		return;
	}
	if (outcome != NULL && strcmp(outcome, "other.no_correction") == 0) {
		if (v[COLUMN_CORRECTED_ON] == NULL)
			add_correction(c, events, v);
		add_event(c, events, "correction_lapsed", decided);
		return;
	}
	if (outcome != NULL || v[COLUMN_DECIDED_ON] != NULL || v[COLUMN_REPLIED_ON] != NULL) {
		json_t *e = add_event(c, events, "decided", decided);
		set(e, "outcome", outcome);
		set(e, "label", v[COLUMN_OUTCOME_LABEL]);
		set(e, "reason", v[COLUMN_OUTCOME_REASON]);
	}
	if (v[COLUMN_REPLIED_ON] != NULL)
		set(add_event(c, events, "served", v[COLUMN_REPLIED_ON]), "by",
			v[COLUMN_REPLIED_BY]);
}

static json_t *line_of(struct csv *c, const char *const *v)
{
	json_t *line = json_object(), *events = json_array();
	json_t *applicant = json_object();
	for (int i = 0; i < COLUMNS; i++)
		if (columns[i].to != NULL)
			set(columns[i].object != NULL ? applicant : line, columns[i].to, v[i]);
	json_object_set_new(line, "applicant", applicant);
	json_object_set_new(line, "historic", json_true());
	c->kinds = 0;
	if (v[COLUMN_CORRECTED_ON] != NULL) {
		add_correction(c, events, v);
		add_event(c, events, "correction_received", v[COLUMN_CORRECTED_ON]);
	}
	if (v[COLUMN_EXTENSION_WORKDAYS] != NULL &&
		strcmp(v[COLUMN_EXTENSION_WORKDAYS], "0") != 0) {
		/* it was told in time: no later than the day the clock began */
		const char *start = first_of(v[COLUMN_CORRECTED_ON],
			first_of(first_of(v[COLUMN_RECEIPT_DATE], v[COLUMN_CONFIRMED_ON]),
				first_of(v[COLUMN_SIGNED_ON], v[COLUMN_ARRIVED_ON])));
		set_whole(add_event(c, events, "extended", start), "workdays",
			v[COLUMN_EXTENSION_WORKDAYS]);
	}
	add_end(c, events, v);
	json_object_set_new(line, "events", events);
	return line;
}

static void drop_json(void *json)
{
	json_decref(json);
}

const json_t *csv_line(
	struct csv *c, struct arena *a, const char *line, size_t n, struct faults *f)
{
	char *cell[CELLS_MOST];
	const char *value[COLUMNS] = { NULL };
	size_t bytes;
	char *text = memchr(line, '\0', n) == NULL ? decoded(c, a, line, n, &bytes) : NULL;
	c->kinds = 0;
	if (text == NULL) {
		faults_add(f, "", "utf8",
			"文字编码有误；整个文件应为同一种编码（UTF-8 或 GB18030）。",
			"The text is not well encoded; the whole file is UTF-8 or GB18030.");
		return NULL;
	}
	int count = cut(text, bytes, cell);
	if (count != c->count) {
		faults_add(f, "", "bad_csv", "单元格数目与首行不符，或引号有误。",
			"The number of cells differs from the heading, or a quote is misplaced.");
		return NULL;
	}
	for (int i = 0; i < count; i++) {
		const char *s = trimmed(cell[i]);
		value[c->column[i]] = *s != '\0' ? s : NULL;
	}
	json_t *json = line_of(c, value);
	arena_at_end(a, drop_json, json);
	return json;
}

/* ---- pointers ---- */

static const char *event_column(const struct csv *c, const char *rest)
{
	char *end;
	unsigned long i = strtoul(rest, &end, 10);
	if (i >= (unsigned long)c->kinds)
		return NULL;
	const char *field = *end == '/' ? end + 1 : "";
	for (const struct origin *o = origins; o->kind != NULL; o++)
		if (strcmp(o->kind, c->kind[i]) == 0 &&
			(o->field == NULL || strcmp(o->field, field) == 0))
			return columns[o->column].name;
	return NULL;
}

static const char *member_column(const char *pointer)
{
	for (int i = 0; i < COLUMNS; i++) {
		if (columns[i].object == NULL)
			continue;
		size_t n = strlen(columns[i].object);
		if (strncmp(pointer + 1, columns[i].object, n) == 0 && pointer[n + 1] == '/' &&
			strcmp(pointer + n + 2, columns[i].to) == 0)
			return columns[i].name;
	}
	return NULL;
}

void csv_point(const struct csv *c, struct arena *a, struct faults *f)
{
	static const char events[] = "/events/";
	for (int i = 0; i < f->kept; i++) {
		const char *pointer = f->item[i].pointer;
		const char *name = strncmp(pointer, events, sizeof events - 1) == 0
					   ? event_column(c, pointer + sizeof events - 1)
				   : *pointer == '/' ? member_column(pointer)
						     : NULL;
		if (name != NULL)
			f->item[i].pointer = arena_print(a, "/%s", name);
	}
}
