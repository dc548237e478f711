/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/portal_files: the files of a form become files of its case, one write each with its entry
 * of the audit. What the case has already, under the same key or in the same bytes, is not
 * attached again: so a form that is sent again after a lost answer ends what it had begun. */
#include "api/attachments.h"
#include "api/portal_form.h"

#include <string.h>

void form_attach_to(struct portal_form *f, int32_t org, const struct uuid *case_id)
{
	f->to_attach = true;
	f->org = org;
	f->case_id = *case_id;
}

const struct problem *form_attach_ask(struct exchange *x)
{
	struct portal_form *f = x->state;
	if (!f->to_attach || f->files == 0) {
		exchange_step(x, FORM_STEP_DROP);
		return NULL;
	}
	f->list = attachment_ask_list(x->reads, &f->org, 1, &f->case_id);
	f->last = attachment_ask_last(x->reads, f->org, &f->case_id);
	f->head = NULL;
	if (!tickets_known(app_of(x)->tickets, TICKET_AUDIT, f->org, 0))
		f->head = tickets_ask(x->reads, TICKET_AUDIT, f->org, 0);
	return NULL;
}

/* Which of the files the case has: those of these uploads are attached, those of the same bytes
 * need not be. */
static int next_to_attach(struct portal_form *f)
{
	int next = -1;
	for (int i = 0; i < f->files; i++) {
		bool there = false;
		for (int row = 0; row < rows_count(f->list); row++) {
			struct attachment known;
			attachment_read(f->list, row, &known);
			f->file[i].attached = f->file[i].attached ||
					      uuid_same(&known.upload, &f->file[i].upload);
			there = there || mac_same(&known.hash, &f->file[i].hash);
		}
		if (!there && next < 0)
			next = i;
	}
	return next;
}

const struct problem *form_attach_write(struct exchange *x)
{
	struct portal_form *f = x->state;
	struct app *app = app_of(x);
	if (f->head != NULL)
		tickets_learn(app->tickets, TICKET_AUDIT, f->org, 0, f->head);
	int i = next_to_attach(f);
	if (i < 0) {
		exchange_step(x, FORM_STEP_DROP);
		return NULL;
	}
	char id[37];
	uuid_print(&f->case_id, id);
	struct attachment file = { .org = f->org,
		.case_id = f->case_id,
		.n = attachment_read_last(f->last) + 1,
		.upload = f->file[i].upload,
		.name = f->file[i].name,
		.content_type = f->file[i].content_type,
		.size = f->file[i].size,
		.hash = f->file[i].hash,
		.recorded_at = x->now / 1000 * 1000,
		.actor = x->who->user };
	mac_random(file.salt, sizeof file.salt);
	struct audit_fact fact = { .org = f->org,
		.actor = x->who->user,
		.login = x->who->login,
		.action = "case.attach",
		.object = arena_text(x->arena, id),
		.detail = attachment_detail(app->keys, x->arena, &file),
		.at = x->now };
	x->order = (struct write_order){ .org = f->org, .rank = 2 };
	audit_ask(x->arena, x->writes, &fact, NULL, app->tickets, app->keys, &f->mark);
	attachment_ask_add(x->writes, &f->mark, &file);
	return NULL;
}

const struct problem *form_attach_written(struct exchange *x)
{
	struct portal_form *f = x->state;
	if (!audit_written(app_of(x)->tickets, &f->mark))
		return exchange_again(x);
	exchange_step(x, FORM_STEP_ATTACH);
	return NULL;
}
