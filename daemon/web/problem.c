/* SPDX-License-Identifier: MulanPSL-2.0 */
/* web/problem: the rows, and the one writer of application/problem+json. */
#include "web/problem.h"

#include "base/json_write.h"
#include "web/exchange.h"

#include <assert.h>
#include <stdio.h>

// clang-format off
const struct problem_row problem_rows[PROBLEM_KINDS] = {
	[PROBLEM_BAD_REQUEST]      = { 400, "bad_request", "请求不合 HTTP 规范", "The request is not well-formed HTTP", 0 },
	[PROBLEM_BAD_JSON]         = { 400, "bad_json", "请求体不是所需的 JSON", "The body is not the JSON that is needed", 0 },
	[PROBLEM_BAD_ENCODING]     = { 400, "bad_encoding", "文字编码不是 UTF-8", "The text is not UTF-8", 0 },
	[PROBLEM_BAD_QUERY]        = { 400, "bad_query", "查询参数有误", "A query parameter is wrong", 0 },
	[PROBLEM_BAD_HEADER]       = { 400, "bad_header", "请求首部有误", "A request header is wrong", 0 },
	[PROBLEM_NO_SESSION]       = { 401, "no_session", "尚未登录", "There is no session", 0 },
	[PROBLEM_SESSION_EXPIRED]  = { 401, "session_expired", "登录已失效", "The session has expired", 0 },
	[PROBLEM_BAD_CREDENTIALS]  = { 401, "bad_credentials", "账号或密码不正确", "Login or password is wrong", 0 },
	[PROBLEM_ROLE_REQUIRED]    = { 403, "role_required", "岗位权限不足", "Your roles do not allow this", 0 },
	[PROBLEM_FORBIDDEN]        = { 403, "forbidden", "不允许此操作", "This is not allowed", 0 },
	[PROBLEM_NO_SUCH_ROUTE]    = { 404, "no_such_route", "没有此路径", "There is no such path", 0 },
	[PROBLEM_NO_SUCH_CASE]     = { 404, "no_such_case", "没有此申请", "There is no such case", 0 },
	[PROBLEM_NO_SUCH_ORG]      = { 404, "no_such_org", "没有此机构", "There is no such organisation", 0 },
	[PROBLEM_NOT_FOUND]        = { 404, "not_found", "未找到", "Not found", 0 },
	[PROBLEM_METHOD]           = { 405, "method_not_allowed", "此路径不支持该方法", "This path does not take this method", 0 },
	[PROBLEM_REFUSED]          = { 409, "refused", "当前状态下不可办理", "This is not possible in the present state", 0 },
	[PROBLEM_VERSION_CONFLICT] = { 409, "version_conflict", "已被他人修改", "Somebody else changed it", 0 },
	[PROBLEM_TAKEN]            = { 409, "taken", "已被使用", "Already in use", 0 },
	[PROBLEM_LENGTH_REQUIRED]  = { 411, "length_required", "缺少 Content-Length", "Content-Length is needed", 0 },
	[PROBLEM_PRECONDITION]     = { 412, "precondition_failed", "版本已变", "The version is another one", 0 },
	[PROBLEM_TOO_LARGE]        = { 413, "too_large", "请求体过大", "The body is too large", 0 },
	[PROBLEM_MEDIA_TYPE]       = { 415, "media_type", "请求体的类型不受支持", "This type of body is not supported", 0 },
	[PROBLEM_RANGE]            = { 416, "range_not_satisfiable", "所请求的范围不在文件内", "No byte of the file lies in the range", 0 },
	[PROBLEM_INVALID]          = { 422, "invalid", "填写内容有误", "What was sent is not valid", 0 },
	[PROBLEM_KEY_REUSED]       = { 422, "key_reused", "幂等键已用于其他请求", "The idempotency key was used for another request", 0 },
	[PROBLEM_HEADER_TOO_LARGE] = { 431, "header_too_large", "请求首部过长", "The request header is too large", 0 },
	[PROBLEM_THROTTLED]        = { 429, "throttled", "请求过于频繁", "Slow down", 30 },
	[PROBLEM_INTERNAL]         = { 500, "internal", "服务内部错误", "An internal error", 0 },
	[PROBLEM_DATABASE_AWAY]    = { 503, "database_away", "数据库暂不可用", "The database is away", 2 },
	[PROBLEM_BUSY]             = { 503, "busy", "服务繁忙", "The service is busy", 1 },
	[PROBLEM_UNRESOLVED]       = { 503, "unresolved", "是否已保存尚不明确", "Whether it was stored is not known", 2 },
	[PROBLEM_TIMEOUT]          = { 503, "timeout", "处理超时", "It took too long", 2 },
	[PROBLEM_DRAINING]         = { 503, "draining", "服务正在停止", "The service is stopping", 1 },
};
// clang-format on

_Static_assert(PROBLEM_NONE == 0, "row 0 is nobody's");

struct problem *problem_said(
	struct exchange *x, enum problem_kind kind, const char *zh, const char *en)
{
	assert(kind > PROBLEM_NONE && kind < PROBLEM_KINDS);
	struct problem *p = arena_make(x->arena, struct problem);
	p->kind = kind;
	p->code = problem_rows[kind].code;
	p->retry_after = problem_rows[kind].retry_after;
	p->detail_zh = zh;
	p->detail_en = en;
	return p;
}

struct problem *problem(
	struct exchange *x, enum problem_kind kind, const char *zh, const char *en, ...)
{
	struct problem *p = problem_said(x, kind, NULL, NULL);
	va_list args;
	if (zh != NULL) {
		va_start(args, en);
		p->detail_zh = arena_vprint(x->arena, zh, args);
		va_end(args);
	}
	if (en != NULL) {
		va_start(args, en);
		p->detail_en = arena_vprint(x->arena, en, args);
		va_end(args);
	}
	return p;
}

struct problem *problem_faults(struct exchange *x, const struct faults *faults)
{
	struct problem *p = problem(x, PROBLEM_INVALID, "请按 errors 逐项更正后重新提交。",
		"Correct what errors lists and send it again.");
	p->faults = faults;
	return p;
}

static void write_faults(struct json_out *o, const struct faults *f, bool english)
{
	out_array(o, "errors");
	for (int i = 0; i < f->kept; i++) {
		const struct fault *one = &f->item[i];
		out_object(o, NULL);
		out_text(o, "pointer", one->pointer);
		out_text(o, "code", one->code);
		out_text(o, "detail", english ? one->detail_en : one->detail_zh);
		out_object_end(o);
	}
	out_array_end(o);
	if (f->count > f->kept)
		out_number(o, "errors_left_out", f->count - f->kept);
}

void problem_write(const struct problem *p, bool english, const char *instance, struct buf *out)
{
	const struct problem_row *row = &problem_rows[p->kind];
	const char *detail = english ? p->detail_en : p->detail_zh;
	char type[96];
	snprintf(type, sizeof type, "urn:ogid:problem:%s", p->code);
	struct json_out o = json_to(out);
	out_object(&o, NULL);
	out_text(&o, "type", type);
	out_text(&o, "title", english ? row->title_en : row->title_zh);
	out_number(&o, "status", row->status);
	out_text(&o, "code", p->code);
	if (detail != NULL)
		out_text(&o, "detail", detail);
	if (instance != NULL)
		out_text(&o, "instance", instance);
	if (p->article != NULL)
		out_text(&o, "article", p->article);
	if (p->faults != NULL)
		write_faults(&o, p->faults, english);
	if (p->extra != NULL) {
		buf_text(out, ",");
		buf_text(out, p->extra);
	}
	out_object_end(&o);
}
