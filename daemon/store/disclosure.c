/* SPDX-License-Identifier: MulanPSL-2.0 */
/* store/disclosure: tables disclosure_item, publication, secrecy_review. */
#include "store/disclosure.h"
#include "store/chain_sql.h"
#include "store/statements.h"

#include "base/json_write.h"

#include <string.h>

/* clang-format off */
#define CODE(code, zh, en) { code, zh, en, { 0 }, { 0 } }
#define NOT_GIVEN CODE("", "", "")
#define END { NULL, NULL, NULL, { 0 }, { 0 } }

/* The heads of the Guangzhou scheme (D:annual-report §4). */
const struct code disclosure_categories[] = {
	NOT_GIVEN,
	CODE("org", "组织机构类信息", "organisation"),
	CODE("doc", "部门文件类(包括规章、规范性文件等)信息", "documents"),
	CODE("news", "动态类信息", "news"),
	CODE("power", "行政职权类信息(包括行政审批、执法等)", "administrative powers"),
	CODE("budget", "财政预决算信息", "budget and final accounts"),
	CODE("misc", "其他信息", "other"),
	END,
};
/* Art. 20 (1) to (15) and art. 21 of the Regulations of 2019. */
const struct code disclosure_articles[] = {
	NOT_GIVEN,
	CODE("a20.01", "行政法规、规章和规范性文件", "regulations, rules and normative documents"),
	CODE("a20.02", "机关职能、机构设置等", "functions and organisation"),
	CODE("a20.03", "规划及相关政策", "plans and related policies"),
	CODE("a20.04", "统计信息", "statistics"),
	CODE("a20.05", "行政许可和其他对外管理服务事项", "licences and other services"),
	CODE("a20.06", "行政处罚、行政强制", "penalties and coercion"),
	CODE("a20.07", "财政预算、决算信息", "budget and final accounts"),
	CODE("a20.08", "行政事业性收费项目", "charges"),
	CODE("a20.09", "政府集中采购项目", "central procurement"),
	CODE("a20.10", "重大建设项目", "major construction projects"),
	CODE("a20.11", "扶贫、教育、医疗、社会保障、促进就业等", "poverty relief, education, health, social security, employment"),
	CODE("a20.12", "突发公共事件", "public emergencies"),
	CODE("a20.13", "环境保护、公共卫生、安全生产、食品药品、产品质量监督检查", "environment, health, safety, food, medicine and quality inspections"),
	CODE("a20.14", "公务员招考", "recruitment of civil servants"),
	CODE("a20.15", "其他应当主动公开的信息", "other information to be disclosed"),
	/* art. 21: cities and counties, then townships */
	CODE("a21.01", "市政建设", "municipal works"),
	CODE("a21.02", "公共服务", "public services"),
	CODE("a21.03", "公益事业", "public welfare"),
	CODE("a21.04", "土地征收", "expropriation of land"),
	CODE("a21.05", "房屋征收", "expropriation of houses"),
	CODE("a21.06", "治安管理", "public order"),
	CODE("a21.07", "社会救助", "social assistance"),
	CODE("a21.08", "贯彻落实农业农村政策", "agricultural and rural policies (townships)"),
	CODE("a21.09", "农田水利工程建设运营", "irrigation works (townships)"),
	CODE("a21.10", "农村土地承包经营权流转", "transfer of contracted land (townships)"),
	CODE("a21.11", "宅基地使用情况审核", "homestead sites (townships)"),
	CODE("a21.12", "乡镇土地征收、房屋征收", "expropriation (townships)"),
	CODE("a21.13", "筹资筹劳", "funds and labour raised (townships)"),
	CODE("a21.14", "乡镇社会救助", "social assistance (townships)"),
	END,
};
/* What the producing unit proposes (D:annual-report §5, step 1). */
const struct code disclosure_attributes[] = {
	NOT_GIVEN,
	CODE("public", "主动公开", "to be published"),
	CODE("on_request", "依申请公开", "on request"),
	CODE("not_public", "不予公开", "not to be disclosed"),
	END,
};
const struct code review_steps[] = {
	NOT_GIVEN,
	CODE("proposal", "拟办", "proposal of the producing unit"),
	CODE("first_review", "初审", "first review by its head"),
	CODE("secrecy_review", "保密审查", "secrecy review"),
	CODE("approval", "审批", "approval by the leader in charge"),
	END,
};
const struct code publication_channels[] = {
	NOT_GIVEN,
	CODE("website", "政府网站", "government website"),
	CODE("gazette", "政府公报", "government gazette"),
	CODE("media", "新闻媒体", "news media"),
	CODE("weibo", "政务微博", "microblog"),
	CODE("wechat", "政务微信", "WeChat"),
	CODE("press", "新闻发布会", "press conference"),
	CODE("board", "公开栏、公告栏、电子信息屏", "notice board"),
	CODE("reading_room", "查阅场所", "reading room"),
	CODE("other", "其他方式", "other"),
	END,
};

#define PUBLICATION(f) offsetof(struct publication, f)
const struct field publication_rows[] = {
	{ .name = "channel", .type = FIELD_CODE, .at = PUBLICATION(channel), .flags = FIELD_REQUIRED, .codes = publication_channels },
	{ .name = "published_on", .type = FIELD_DATE, .at = PUBLICATION(published_on) },
	{ .name = "locator", .type = FIELD_TEXT, .at = PUBLICATION(locator), .max = 1000 },
	{ .name = NULL },
};

#define OPINION(f) offsetof(struct review_opinion, f)
static const struct field opinion_rows[] = {
	{ .name = "step", .type = FIELD_CODE, .at = OPINION(step), .flags = FIELD_REQUIRED, .codes = review_steps },
	{ .name = "name", .type = FIELD_TEXT, .at = OPINION(name), .flags = FIELD_REQUIRED, .min = 1, .max = 100 },
	{ .name = "opinion", .type = FIELD_TEXT, .at = OPINION(opinion), .flags = FIELD_REQUIRED | FIELD_MULTILINE, .min = 1, .max = 2000 },
	{ .name = "on", .type = FIELD_DATE, .at = OPINION(on) },
	{ .name = NULL },
};
#define SHEET(f) offsetof(struct review_sheet, f)
const struct field review_rows[] = {
	{ .name = "decision", .type = FIELD_CODE, .at = SHEET(decision), .flags = FIELD_REQUIRED, .codes = ogi_decisions },
	{ .name = "on", .type = FIELD_DATE, .at = SHEET(on) },
	{ .name = "checks", .type = FIELD_TEXTS, .at = SHEET(checks), .max = 50, .item_max = 500 },
	{ .name = "note", .type = FIELD_TEXT, .at = SHEET(note), .flags = FIELD_MULTILINE, .max = 5000 },
	{ .name = "proposed", .type = FIELD_CODE, .at = SHEET(proposed), .codes = disclosure_attributes },
	{ .name = "reason", .type = FIELD_TEXT, .at = SHEET(reason), .flags = FIELD_MULTILINE, .max = 2000 },
	{ .name = "publisher", .type = FIELD_TEXT, .at = SHEET(publisher), .max = 100 },
	{ .name = "responsible", .type = FIELD_TEXT, .at = SHEET(responsible), .max = 100 },
	{ .name = "opinions", .type = FIELD_OBJECTS, .at = SHEET(opinions), .max = 20, .fields = opinion_rows, .item = sizeof(struct review_opinion) },
	{ .name = "referred_to", .type = FIELD_TEXT, .at = SHEET(referred_to), .max = 200 },
	{ .name = "referred_on", .type = FIELD_DATE, .at = SHEET(referred_on) },
	{ .name = "answer", .type = FIELD_TEXT, .at = SHEET(answer), .flags = FIELD_MULTILINE, .max = 2000 },
	{ .name = "answered_on", .type = FIELD_DATE, .at = SHEET(answered_on) },
	{ .name = NULL },
};

#define AT(f) offsetof(struct disclosure, f)
#define ITEM_ROWS \
	{ .name = "org", .type = FIELD_TEXT, .at = AT(org), .max = 32 }, \
	{ .name = "external_ref", .type = FIELD_TEXT, .at = AT(external_ref), .max = 200 }, \
	{ .name = "title", .type = FIELD_TEXT, .at = AT(title), .flags = FIELD_REQUIRED, .min = 1, .max = 1000 }, \
	{ .name = "doc_no", .type = FIELD_TEXT, .at = AT(doc_no), .max = 200 }, \
	{ .name = "index_no", .type = FIELD_TEXT, .at = AT(index_no), .max = 200 }, \
	{ .name = "summary", .type = FIELD_TEXT, .at = AT(summary), .flags = FIELD_MULTILINE, .max = 20000 }, \
	{ .name = "category", .type = FIELD_CODE, .at = AT(category), .flags = FIELD_REQUIRED, .codes = disclosure_categories }, \
	{ .name = "category_art20", .type = FIELD_CODE, .at = AT(category_art20), .codes = disclosure_articles }, \
	{ .name = "is_normative", .type = FIELD_BOOL, .at = AT(is_normative) }, \
	{ .name = "is_rule", .type = FIELD_BOOL, .at = AT(is_rule) }, \
	{ .name = "created_on", .type = FIELD_DATE, .at = AT(created_on) }, \
	{ .name = "published_on", .type = FIELD_DATE, .at = AT(published_on) }, \
	{ .name = "valid_until", .type = FIELD_DATE, .at = AT(valid_until) }, \
	{ .name = "repealed_on", .type = FIELD_DATE, .at = AT(repealed_on) }, \
	{ .name = "source_case", .type = FIELD_UUID, .at = AT(source_case) }, \
	{ .name = "owner", .type = FIELD_TEXT, .at = AT(owner), .max = 64 }, \
	{ .name = "publications", .type = FIELD_OBJECTS, .at = AT(publications), .max = 9, .fields = publication_rows, .item = sizeof(struct publication) }

const struct field disclosure_rows[] = { ITEM_ROWS, { .name = NULL } };
const struct field disclosure_import_rows[] = {
	ITEM_ROWS,
	{ .name = "demo", .type = FIELD_BOOL, .at = AT(demo) },
	{ .name = "historic", .type = FIELD_BOOL, .at = AT(historic) },
	{ .name = NULL },
};
/* clang-format on */

/* $5 actor, $6 key, $7.. its other values; $12 id, $13.. the item; $33.. publications. */
const struct stmt disclosure_add = { "disclosure_add",
	CHAIN_FRESH
	" AND NOT EXISTS (SELECT 1 FROM disclosure_item WHERE org_id = $1 AND external_ref = $13))," CHAIN_GATE(
		"disclosure",
		"fresh") ","
			 " item AS (INSERT INTO disclosure_item (org_id, seq, hash, prev_hash, actor_id, id, external_ref,"
			 " title, doc_no, index_no, summary, category_local, category_art20, is_normative, is_rule,"
			 " created_on, published_on, due_on, valid_until, repealed_on, source_case_id, owner, demo,"
			 " historic, recorded_at, canonical)"
			 " SELECT $1, $2, $3, $4, NULLIF($5, 0), $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,"
			 " $23, $24, $25, $26, $27, $28, $29, $30, $31, $32 FROM gate),"
			 " published AS (INSERT INTO publication (org_id, item_id, channel, published_on, locator)"
			 " SELECT $1, $12, p.channel, p.published_on, p.locator FROM gate,"
			 " unnest($33::text[], $34::date[], $35::text[]) p (channel, published_on, locator))," CHAIN_REMEMBER(
				 "$31") " SELECT 1 FROM gate",
	35 };
const struct stmt disclosure_refs = { "disclosure_refs",
	"SELECT external_ref FROM disclosure_item WHERE org_id = $1 AND external_ref = ANY($2::text[])",
	2 };

#define ITEM_SELECT                                                                                                          \
	"SELECT i.org_id, i.id, i.seq, i.external_ref, i.title, i.doc_no, i.index_no, i.summary,"                            \
	" i.category_local, i.category_art20, i.is_normative, i.is_rule, i.created_on,"                                      \
	" i.published_on, i.due_on, i.valid_until, i.repealed_on, i.withdrawn_on, i.replaced_by, i.source_case_id, i.owner," \
	" i.demo, i.historic, i.recorded_at, coalesce(i.actor_id, 0) AS actor, i.hash,"                                      \
	" r.decision AS review, r.on_date AS review_on, p.channels, p.days, p.locators"                                      \
	" FROM disclosure_item i"                                                                                            \
	" LEFT JOIN LATERAL (SELECT r.decision, r.on_date FROM secrecy_review r"                                             \
	" WHERE r.org_id = i.org_id AND r.item_id = i.id ORDER BY r.seq DESC LIMIT 1) r ON true"                             \
	" LEFT JOIN LATERAL (SELECT array_agg(p.channel ORDER BY p.published_on, p.channel) AS channels,"                    \
	" array_agg(p.published_on ORDER BY p.published_on, p.channel) AS days,"                                             \
	" array_agg(coalesce(p.locator, '') ORDER BY p.published_on, p.channel) AS locators"                                 \
	" FROM publication p WHERE p.org_id = i.org_id AND p.item_id = i.id) p ON true"
const struct stmt disclosure_get = { "disclosure_get",
	ITEM_SELECT " WHERE i.org_id = ANY($1) AND i.id = $2", 2 };
const struct stmt disclosure_reviews = { "disclosure_reviews",
	"SELECT seq, decision, on_date, recorded_at, coalesce(actor_id, 0) AS actor, canonical, hash"
	" FROM secrecy_review WHERE org_id = ANY($1) AND item_id = $2 ORDER BY seq",
	2 };
const struct stmt disclosure_list = { "disclosure_list",
	ITEM_SELECT
	" WHERE i.org_id = ANY($1)"
	" AND ($2::date IS NULL OR i.published_on >= $2) AND ($3::date IS NULL OR i.published_on < $3)"
	" AND ($4::text[] IS NULL OR i.category_local = ANY($4))"
	" AND ($5::text[] IS NULL OR EXISTS (SELECT 1 FROM publication c WHERE c.org_id = i.org_id"
	" AND c.item_id = i.id AND c.channel = ANY($5)))"
	" AND ($6::text IS NULL OR strpos(i.title, $6) > 0 OR strpos(i.doc_no, $6) > 0)"
	" AND ($7::date IS NULL OR (coalesce(i.published_on, '9999-12-31'), i.id) < ($7, $8::uuid))"
	" AND ($10::boolean IS NULL OR coalesce(i.published_on IS NULL AND i.withdrawn_on IS NULL"
	" AND i.due_on < $11, false) = $10)"
	" AND ($12::boolean IS NULL OR (i.published_on IS NOT NULL) = $12)"
	" AND ($13::text[] IS NULL OR i.category_art20 = ANY($13))"
	" ORDER BY coalesce(i.published_on, '9999-12-31') DESC, i.id DESC LIMIT $9",
	13 };
const struct stmt disclosure_history = { "disclosure_history",
	"SELECT action, at, coalesce(actor_id, 0) AS actor, canonical FROM audit_entry"
	" WHERE org_id = ANY($1) AND object = $2"
	" AND action IN ('disclosure.publish', 'disclosure.validity') ORDER BY at, seq",
	2 };
const struct stmt disclosure_validity = { "disclosure_validity",
	"UPDATE disclosure_item SET valid_until = $5, repealed_on = $6, withdrawn_on = $7, replaced_by = $8"
	" WHERE org_id = $1 AND id = $4 AND" AUDIT_GATE,
	8 };
const struct stmt publication_add = { "publication_add",
	"INSERT INTO publication (org_id, item_id, channel, published_on, locator)"
	" SELECT $1, $4, $5, $6, $7 WHERE" AUDIT_GATE,
	7 };
const struct stmt publication_first = { "publication_first",
	"UPDATE disclosure_item SET published_on = $5 WHERE org_id = $1 AND id = $4"
	" AND (published_on IS NULL OR published_on > $5) AND" AUDIT_GATE,
	5 };
const struct stmt review_add = { "review_add",
	CHAIN_FRESH ")," CHAIN_GATE("review",
		"fresh") ","
			 " review AS (INSERT INTO secrecy_review (org_id, seq, hash, prev_hash, actor_id, item_id, decision,"
			 " on_date, recorded_at, canonical)"
			 " SELECT $1, $2, $3, $4, NULLIF($5, 0), $12, $13, $14, $15, $16 FROM gate)," CHAIN_REMEMBER(
				 "$15") " SELECT 1 FROM gate",
	16 };

static const char *code_or_null(const struct code *list, int32_t index)
{
	return index > 0 ? list[index].code : NULL;
}

static struct buf item_bytes(const struct disclosure_new *n, const struct ticket *ticket)
{
	char id[37];
	struct buf bytes = { 0 };
	struct json_out o = json_to(&bytes);
	uuid_print(&n->id, id);
	out_object(&o, NULL);
	out_number(&o, "v", 1);
	out_number(&o, "org", ticket->org);
	out_text(&o, "id", id);
	out_number(&o, "seq", ticket->seq);
	out_instant(&o, "recorded_at", n->now);
	out_text(&o, "actor", n->login);
	out_date(&o, "due_on", n->item->due_on);
	out_object(&o, "item");
	out_fields(&o, disclosure_import_rows, n->item, 0, 0);
	out_object_end(&o);
	out_object_end(&o);
	return bytes;
}

static void bind_item(struct bind *v, const struct disclosure *d)
{
	bind_text(v, d->external_ref);
	bind_text(v, d->title);
	bind_text(v, d->doc_no);
	bind_text(v, d->index_no);
	bind_text(v, d->summary);
	bind_text(v, code_or_null(disclosure_categories, d->category));
	bind_text(v, code_or_null(disclosure_articles, d->category_art20));
	bind_bool(v, d->is_normative);
	bind_bool(v, d->is_rule);
	bind_date(v, d->created_on);
	bind_date(v, d->published_on);
	bind_date(v, d->due_on);
	bind_date(v, d->valid_until);
	bind_date(v, d->repealed_on);
	bind_uuid(v, &d->source_case);
	bind_text(v, d->owner);
	bind_bool(v, d->demo);
	bind_bool(v, d->historic);
}

static void bind_publications(struct bind *v, const struct objects *list)
{
	const struct publication *p = list->item;
	const char *channel[16], *locator[16];
	struct ogi_date day[16];
	int n = list->count;
	for (int i = 0; i < n; i++) {
		channel[i] = publication_channels[p[i].channel].code;
		day[i] = p[i].published_on;
		locator[i] = p[i].locator;
	}
	bind_texts(v, channel, n);
	bind_dates(v, day, n);
	bind_texts(v, locator, n);
}

/* $1..$11 of both chained statements. */
static struct bind *bind_entry(struct arena *a, struct batch *writes,
	const struct ticket *ticket, struct buf *bytes, const struct keys *keys, int32_t actor,
	const struct remembered *key, struct mac *ret_hash, const char **ret_canonical)
{
	*ret_hash = mac_link(keys, &ticket->prev, bytes->data, bytes->used);
	*ret_canonical = arena_bytes(a, bytes->data, bytes->used);
	buf_clear(bytes);
	struct bind *v = batch_bind(writes);
	chain_bind(v, ticket, ret_hash);
	bind_int(v, actor);
	remembered_bind(v, key);
	return v;
}

const struct rows *disclosure_ask_add(struct arena *a, struct batch *writes,
	const struct disclosure_new *n, const struct ticket *ticket, const struct keys *keys,
	const struct remembered *key, struct mac *ret_hash)
{
	const char *canonical;
	struct buf bytes = item_bytes(n, ticket);
	struct bind *v = bind_entry(
		a, writes, ticket, &bytes, keys, n->actor, key, ret_hash, &canonical);
	bind_uuid(v, &n->id);
	bind_item(v, n->item);
	bind_instant(v, n->now);
	bind_text(v, canonical);
	bind_publications(v, &n->item->publications);
	return batch_ask(writes, &disclosure_add, v);
}

const struct rows *disclosure_ask_refs(
	struct batch *b, int32_t org, const char *const *refs, int count)
{
	struct bind *v = batch_bind(b);
	bind_int(v, org);
	bind_texts(v, refs, count);
	return batch_ask(b, &disclosure_refs, v);
}

const struct rows *disclosure_ask(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_uuid(v, id);
	return batch_ask(b, &disclosure_get, v);
}

const struct rows *disclosure_ask_reviews(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id)
{
	struct bind *v = batch_bind(b);
	bind_ints(v, scope, scopes);
	bind_uuid(v, id);
	return batch_ask(b, &disclosure_reviews, v);
}

static int32_t code_of(const struct code *list, const char *code)
{
	int i = code != NULL ? code_find(list, code) : 0;
	return i > 0 ? i : 0;
}

static void read_publications(
	const struct rows *r, int row, struct arena *a, struct objects *ret_list)
{
	int channels = rows_col(r, "channels");
	if (rows_null(r, row, channels))
		return;
	const char *const *channel, *const *locator;
	int n = rows_texts(r, row, channels, a, &channel);
	rows_texts(r, row, rows_col(r, "locators"), a, &locator);
	struct ogi_date *day = arena_array(a, struct ogi_date, n);
	rows_dates(r, row, rows_col(r, "days"), day, n);
	struct publication *p = arena_array(a, struct publication, n);
	for (int i = 0; i < n; i++)
		p[i] = (struct publication){ code_of(publication_channels, channel[i]), day[i],
			locator[i][0] != '\0' ? locator[i] : NULL };
	*ret_list = (struct objects){ p, n };
}

void disclosure_read(
	const struct rows *r, int row, struct arena *a, struct disclosure_row *ret_row)
{
	*ret_row = (struct disclosure_row){
		.id = rows_uuid(r, row, rows_col(r, "id")),
		.org = rows_int(r, row, rows_col(r, "org_id")),
		.actor = rows_int(r, row, rows_col(r, "actor")),
		.seq = rows_int64(r, row, rows_col(r, "seq")),
		.recorded_at = rows_instant(r, row, rows_col(r, "recorded_at")),
		.review = rows_text(r, row, rows_col(r, "review")),
		.review_on = rows_date(r, row, rows_col(r, "review_on")),
		.hash = rows_mac(r, row, rows_col(r, "hash")),
		.item = {
			.external_ref = rows_text(r, row, rows_col(r, "external_ref")),
			.title = rows_text(r, row, rows_col(r, "title")),
			.doc_no = rows_text(r, row, rows_col(r, "doc_no")),
			.index_no = rows_text(r, row, rows_col(r, "index_no")),
			.summary = rows_text(r, row, rows_col(r, "summary")),
			.owner = rows_text(r, row, rows_col(r, "owner")),
			.category = code_of(disclosure_categories, rows_text(r, row, rows_col(r, "category_local"))),
			.category_art20 = code_of(disclosure_articles, rows_text(r, row, rows_col(r, "category_art20"))),
			.is_normative = rows_bool(r, row, rows_col(r, "is_normative")),
			.is_rule = rows_bool(r, row, rows_col(r, "is_rule")),
			.demo = rows_bool(r, row, rows_col(r, "demo")),
			.historic = rows_bool(r, row, rows_col(r, "historic")),
			.created_on = rows_date(r, row, rows_col(r, "created_on")),
			.published_on = rows_date(r, row, rows_col(r, "published_on")),
			.due_on = rows_date(r, row, rows_col(r, "due_on")),
			.valid_until = rows_date(r, row, rows_col(r, "valid_until")),
			.repealed_on = rows_date(r, row, rows_col(r, "repealed_on")),
			.source_case = rows_uuid(r, row, rows_col(r, "source_case_id")),
		},
	};
	ret_row->withdrawn_on = rows_date(r, row, rows_col(r, "withdrawn_on"));
	ret_row->replaced_by = rows_uuid(r, row, rows_col(r, "replaced_by"));
	read_publications(r, row, a, &ret_row->item.publications);
}

void review_read(const struct rows *r, int row, struct review_row *ret_review)
{
	*ret_review = (struct review_row){
		.seq = rows_int64(r, row, rows_col(r, "seq")),
		.recorded_at = rows_instant(r, row, rows_col(r, "recorded_at")),
		.on = rows_date(r, row, rows_col(r, "on_date")),
		.decision = rows_text(r, row, rows_col(r, "decision")),
		.canonical = rows_text(r, row, rows_col(r, "canonical")),
		.actor = rows_int(r, row, rows_col(r, "actor")),
		.hash = rows_mac(r, row, rows_col(r, "hash")),
	};
}

static void bind_codes(struct bind *v, const struct texts *codes)
{
	if (codes->count == 0)
		bind_null(v);
	else
		bind_texts(v, codes->item, codes->count);
}

static void bind_choice(struct bind *v, const bool *choice)
{
	if (choice == NULL)
		bind_null(v);
	else
		bind_bool(v, *choice);
}

const struct rows *disclosure_ask_list(struct batch *b, const struct disclosure_filter *f)
{
	struct ogi_date none = { 0 };
	struct bind *v = batch_bind(b);
	bind_ints(v, f->scope, f->scopes);
	bind_date(v, f->year != 0 ? ogi_date_of(f->year, 1, 1) : none);
	bind_date(v, f->year != 0 ? ogi_date_add(ogi_date_of(f->year, 12, 31), 1) : none);
	bind_codes(v, &f->categories);
	bind_codes(v, &f->channels);
	bind_text(v, f->q);
	if (f->after && !ogi_is_date(f->after_on))
		bind_text(v, "9999-12-31");
	else
		bind_date(v, f->after ? f->after_on : none);
	bind_uuid(v, f->after ? &f->after_id : NULL);
	bind_int(v, f->limit + 1);
	bind_choice(v, f->overdue);
	bind_date(v, f->today);
	bind_choice(v, f->published);
	bind_codes(v, &f->articles);
	return batch_ask(b, &disclosure_list, v);
}

void publication_ask_add(struct batch *writes, const struct audit_mark *gate,
	const struct uuid *item, const struct publication *p)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_uuid(v, item);
	bind_text(v, publication_channels[p->channel].code);
	bind_date(v, p->published_on);
	bind_text(v, p->locator);
	batch_ask(writes, &publication_add, v);

	struct bind *first = batch_bind(writes);
	audit_gate(first, gate);
	bind_uuid(first, item);
	bind_date(first, p->published_on);
	batch_ask(writes, &publication_first, first);
}

void disclosure_ask_validity(struct batch *writes, const struct audit_mark *gate,
	const struct uuid *item, const struct disclosure_validity *d)
{
	struct bind *v = batch_bind(writes);
	audit_gate(v, gate);
	bind_uuid(v, item);
	bind_date(v, d->valid_until);
	bind_date(v, d->repealed_on);
	bind_date(v, d->withdrawn_on);
	bind_uuid(v, &d->replaced_by);
	batch_ask(writes, &disclosure_validity, v);
}

const struct rows *disclosure_ask_history(
	struct batch *b, const int32_t *scope, int scopes, const struct uuid *id)
{
	char text[37];
	struct bind *v = batch_bind(b);
	uuid_print(id, text);
	bind_ints(v, scope, scopes);
	bind_text(v, arena_text(v->arena, text));
	return batch_ask(b, &disclosure_history, v);
}

static struct buf review_bytes(const struct review_new *n, const struct ticket *ticket)
{
	char item[37];
	struct buf bytes = { 0 };
	struct json_out o = json_to(&bytes);
	uuid_print(&n->item, item);
	out_object(&o, NULL);
	out_number(&o, "v", 1);
	out_number(&o, "org", ticket->org);
	out_text(&o, "item", item);
	out_number(&o, "seq", ticket->seq);
	out_instant(&o, "recorded_at", n->now);
	out_text(&o, "actor", n->login);
	out_fields(&o, review_rows, &n->sheet, 0, 0);
	out_object_end(&o);
	return bytes;
}

const struct rows *review_ask_add(struct arena *a, struct batch *writes,
	const struct review_new *n, const struct ticket *ticket, const struct keys *keys,
	const struct remembered *key, struct mac *ret_hash)
{
	const char *canonical;
	struct buf bytes = review_bytes(n, ticket);
	struct bind *v = bind_entry(
		a, writes, ticket, &bytes, keys, n->actor, key, ret_hash, &canonical);
	bind_uuid(v, &n->item);
	bind_text(v, ogi_decisions[n->sheet.decision].code);
	bind_date(v, n->sheet.on);
	bind_instant(v, n->now);
	bind_text(v, canonical);
	return batch_ask(writes, &review_add, v);
}
