/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/lifecycle: every row walked, taken where it stands and refused everywhere else, for
 * every role. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

static struct story s;

static int load(void **state)
{
	(void)state;
	workdays_load(&s.days);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	workdays_free(&s.days);
	return 0;
}

/* ---- a case in each state, and a body that fits ---- */

static void must(enum ogi_event_kind kind, const char *on, const char *name, const char *value)
{
	struct ogi_event e = story_event(kind, on);
	if (name != NULL)
		story_field(&e, name, value);
	assert_int_equal(story_tell(&s, &e), OGI_OK);
}

static void arrive(void)
{
	struct ogi_event e = story_event(OGI_REGISTERED, "");
	story_person(&e);
	e.u.request.channel = OGI_FAX;
	e.u.request.arrived_on = day("2025-03-03");
	assert_int_equal(story_tell(&s, &e), OGI_OK);
}

static void notice_fee(void)
{
	struct ogi_event e = story_event(OGI_FEE_NOTICED, "2025-03-04");
	e.u.fee.basis = OGI_FEE_PAGES;
	e.u.fee.quantity = 68;
	assert_int_equal(story_tell(&s, &e), OGI_OK);
}

static void bring_to(enum ogi_status status)
{
	story_begin(&s, "2026-06-01");
	if (status == OGI_NO_CASE)
		return;
	if (status == OGI_ST_ARRIVED || status == OGI_ST_VOID_WITHDRAWN) {
		arrive();
		if (status == OGI_ST_VOID_WITHDRAWN)
			must(OGI_WITHDRAWN, "2025-03-04", NULL, NULL);
		return;
	}
	assert_int_equal(story_receive(&s, "2025-03-03"), OGI_OK);
	if (status == OGI_ST_CORRECTION_REQUESTED)
		must(OGI_CORRECTION_REQUESTED, "2025-03-20", NULL, NULL);
	if (status == OGI_ST_REASONS_REQUESTED)
		must(OGI_REASONS_REQUESTED, "2025-03-04", NULL, NULL);
	if (status == OGI_ST_FEE_NOTICED)
		notice_fee();
	if (status == OGI_ST_VOID_SPLIT)
		must(OGI_SPLIT, "2025-03-04", NULL, NULL);
	if (status == OGI_ST_VOID_MERGED)
		must(OGI_MERGED, "2025-03-04", "into", "2025-1");
	if (status < OGI_ST_DECIDED || status > OGI_ST_ARCHIVED)
		return;
	if (status >= OGI_ST_DECIDED)
		must(OGI_DECIDED, "2025-03-04", "outcome", "unable.needs_creation");
	if (status >= OGI_ST_CLOSED)
		must(OGI_SERVED, "2025-03-05", "by", "post");
	if (status == OGI_ST_ARCHIVED)
		must(OGI_ARCHIVED, "2025-03-06", NULL, NULL);
}

/* What has to be there before the state's own row can be taken. */
static void prepare(enum ogi_event_kind kind)
{
	bool served = s.c.status == OGI_ST_CLOSED;
	if (kind == OGI_CONSULTATION_CLOSED && s.c.status == OGI_ST_IN_PROCESS) {
		struct ogi_event e = story_event(OGI_CONSULTATION_OPENED, "2025-03-04");
		e.u.consultation.party = OGI_OTHER_AGENCY;
		assert_int_equal(story_tell(&s, &e), OGI_OK);
	}
	if (kind == OGI_ASSIST_ANSWERED)
		must(OGI_ASSIST_REQUESTED, "2025-03-10", "unit", "国土所");
	if (kind == OGI_APPROVED || kind == OGI_RETURNED_TO_HANDLER)
		must(OGI_PROPOSED, "2025-03-10", "outcome", "unable.needs_creation");
	if (kind == OGI_SERVED && served)
		must(OGI_RETURNED, "2025-03-10", "of", "3");
	if (kind == OGI_REMEDY_CONCLUDED)
		must(OGI_REMEDY_FILED, "2025-03-10", "remedy_kind", "complaint");
	if (kind == OGI_DELIVERED || kind == OGI_RETURNED)
		if (s.c.status == OGI_ST_IN_PROCESS)
			must(OGI_EXTENDED, "2025-03-04", "workdays", "5");
}

static void fitting_amendment(struct ogi_event *e)
{
	e->u.change.event = 1;
	e->u.change.field = "applicant.name";
	e->u.change.to = "李四";
}

static struct ogi_event fitting(enum ogi_event_kind kind)
{
	struct ogi_event e = story_event(kind, "2025-05-20");
	if (kind == OGI_REGISTERED || kind == OGI_ARRIVED) {
		story_person(&e);
		e.u.request.channel = OGI_FAX;
		e.u.request.arrived_on = day("2025-03-03");
		if (kind == OGI_REGISTERED)
			e.u.request.confirmed_on = day("2025-03-03");
	}
	e.note = "备注";
	if (kind == OGI_EXTENDED || kind == OGI_FEE_NOTICED)
		e.on = day("2025-03-21");
	if (kind == OGI_ASSIGNED || kind == OGI_REMINDED)
		e.u.assigned.to = "handler";
	if (kind == OGI_EXTENDED)
		e.u.extended.workdays = 5;
	if (kind == OGI_CONSULTATION_OPENED)
		e.u.consultation.party = OGI_OTHER_AGENCY;
	if (kind == OGI_CONSULTATION_CLOSED)
		e.u.consultation.opinion = OGI_AGREE;
	if (kind == OGI_REASONS_RECEIVED)
		e.u.reasons.reasonable = OGI_NO;
	if (kind == OGI_FEE_NOTICED) {
		e.u.fee.basis = OGI_FEE_PAGES;
		e.u.fee.quantity = 31;
	}
	if (kind == OGI_FEE_PAID)
		e.u.fee.amount = s.c.fee_amount;
	if (kind == OGI_REVIEWED)
		e.u.reviewed.decision = OGI_PASSED;
	if (kind == OGI_DECIDED || kind == OGI_PROPOSED)
		e.u.decided.outcome = OGI_UNABLE_NEEDS_CREATION;
	if (kind == OGI_SERVED)
		e.u.served.by = 1;
	if (kind == OGI_DELIVERED || kind == OGI_RETURNED)
		e.u.letter.of =
			s.c.status == OGI_ST_CLOSED || s.c.status == OGI_ST_ARCHIVED ? 3 : 2;
	if (kind == OGI_REMEDY_FILED)
		e.u.remedy.remedy_kind = OGI_COMPLAINT;
	if (kind == OGI_REMEDY_CONCLUDED)
		e.u.remedy.result = 1;
	if (kind == OGI_REOPENED)
		e.u.reopened.redo_due_on = day("2025-06-20");
	if (kind == OGI_MERGED)
		e.u.merged.into = "2025-1";
	if (kind == OGI_HANDED_OVER)
		e.u.handed_over.to_org = "licheng";
	if (kind == OGI_AMENDED)
		fitting_amendment(&e);
	if (kind == OGI_DOCUMENT_ISSUED)
		e.u.document.document = "reg_sheet";
	if (kind == OGI_RETRACTED)
		e.u.change.event = s.count;
	e.u.change.reason =
		kind == OGI_AMENDED || kind == OGI_RETRACTED ? "误录" : e.u.change.reason;
	return e;
}

/* Kinds that a state admits by its row but not without something this walk does not build. */
static bool needs_more(enum ogi_event_kind kind, int status)
{
	switch ((int)kind) {
	case OGI_CONSULTATION_CLOSED: /* an open consultation */
		return status != OGI_ST_IN_PROCESS;
	case OGI_DELIVERED: /* a letter */
	case OGI_RETURNED:
		return status == OGI_ST_ARRIVED || status >= OGI_ST_VOID_SPLIT ||
		       status == OGI_ST_DECIDED;
	case OGI_RETRACTED: /* something that can be retracted */
		return status == OGI_ST_ARRIVED || status == OGI_ST_IN_PROCESS ||
		       status == OGI_ST_VOID_SPLIT;
	default:
		return false;
	}
}

static enum ogi_refusal judge(const struct ogi_event *given, const struct ogi_asking *who)
{
	struct ogi_event e = *given;
	struct ogi_history h = story_history(&s);
	ogi_event_complete(&e, &s.c, &s.rules);
	ogi_case_decide(&s.c, &h, &e, &s.rules, who, &s.v);
	return s.v.refusal;
}

static void take(const struct ogi_transition_row *row, int status)
{
	prepare(row->kind);
	struct ogi_event e = fitting(row->kind);
	assert_int_equal(judge(&e, NULL), OGI_OK);
	for (unsigned role = 1; role < 1u << OGI_ROLES; role <<= 1) {
		struct ogi_asking who = { .login = "x",
			.roles = role,
			.own_organisation = true,
			.approver_is_head = true };
		assert_int_equal(
			judge(&e, &who), (row->roles & role) != 0 ? OGI_OK : OGI_ROLE_REQUIRED);
		if (s.v.refusal == OGI_ROLE_REQUIRED)
			assert_int_equal(s.v.roles, row->roles);
		who.own_organisation = false;
		assert_int_equal(judge(&e, &who),
			(row->subtree_roles & role) != 0 ? OGI_OK : OGI_ROLE_REQUIRED);
	}
	if (row->roles == 0) /* the ledger's own */
		return;
	assert_int_equal(story_tell(&s, &e), OGI_OK);
	if (row->kind != OGI_RETRACTED)
		assert_int_equal(s.c.status, row->to != OGI_NO_CASE ? row->to : status);
	if (row->touches_clock && row->kind != OGI_REGISTERED)
		assert_int_equal(s.c.last_clock_on.day, e.on.day);
}

static void every_row_is_taken_where_it_stands(void **state)
{
	(void)state;
	int taken = 0;
	for (const struct ogi_transition_row *row = ogi_lifecycle; row->kind != OGI_NO_EVENT;
		row++)
		for (int status = 0; status < OGI_STATUSES; status++) {
			if ((row->from & OGI_IN(status)) == 0 || needs_more(row->kind, status))
				continue;
			bring_to((enum ogi_status)status);
			assert_int_equal(s.c.status, status);
			assert_ptr_equal(ogi_lifecycle_row(row->kind, status), row);
			take(row, status);
			taken++;
		}
	assert_true(taken > 100);
}

static void every_kind_is_refused_elsewhere(void **state)
{
	(void)state;
	for (int status = 0; status < OGI_STATUSES; status++) {
		bring_to((enum ogi_status)status);
		for (int kind = 1; kind < OGI_EVENT_KINDS; kind++) {
			struct ogi_event e = fitting((enum ogi_event_kind)kind);
			if (ogi_lifecycle_row((enum ogi_event_kind)kind, status) != NULL)
				continue;
			e.kind = kind;
			struct ogi_history h = story_history(&s);
			ogi_case_decide(&s.c, &h, &e, &s.rules, NULL, &s.v);
			assert_int_equal(s.v.refusal, OGI_NOT_IN_THIS_STATE);
		}
	}
}

/* contract-cases §6, last column; F front desk, H handler, O head, R reviewer, L leader, S
 * supervisor, A archivist */
static const struct {
	enum ogi_event_kind kind;
	const char *roles, *above;
} may[] = {
	{ OGI_ARRIVED, "FH", "" },
	{ OGI_REGISTERED, "FH", "" },
	{ OGI_RECEIPT_CONFIRMED, "FH", "" },
	{ OGI_ASSIGNED, "FHOS", "S" },
	{ OGI_CORRECTION_REQUESTED, "HO", "" },
	{ OGI_CORRECTION_RECEIVED, "FH", "" },
	{ OGI_CORRECTION_LAPSED, "HO", "" },
	{ OGI_CONSULTATION_OPENED, "HO", "" },
	{ OGI_CONSULTATION_CLOSED, "HO", "" },
	{ OGI_ASSIST_REQUESTED, "HO", "" },
	{ OGI_ASSIST_ANSWERED, "HO", "" },
	{ OGI_EXTENDED, "HO", "" },
	{ OGI_REASONS_REQUESTED, "HO", "" },
	{ OGI_REASONS_RECEIVED, "HO", "" },
	{ OGI_FEE_NOTICED, "HO", "" },
	{ OGI_FEE_PAID, "FH", "" },
	{ OGI_FEE_LAPSED, "HO", "" },
	{ OGI_REVIEWED, "R", "" },
	{ OGI_PROPOSED, "H", "" },
	{ OGI_RETURNED_TO_HANDLER, "OL", "" },
	{ OGI_APPROVED, "OL", "" },
	{ OGI_DECIDED, "HOL", "" },
	{ OGI_SERVED, "FHO", "" },
	{ OGI_DELIVERED, "FH", "" },
	{ OGI_RETURNED, "FH", "" },
	{ OGI_WITHDRAWN, "FH", "" },
	{ OGI_SPLIT, "HO", "" },
	{ OGI_MERGED, "HS", "" },
	{ OGI_HANDED_OVER, "O", "" },
	{ OGI_REMEDY_FILED, "HO", "" },
	{ OGI_REMEDY_CONCLUDED, "HO", "" },
	{ OGI_REOPENED, "HO", "" },
	{ OGI_ARCHIVED, "A", "" },
	{ OGI_AMENDED, "OS", "" },
	{ OGI_RETRACTED, "OS", "" },
	{ OGI_DOCUMENT_ISSUED, "FHO", "" },
	{ OGI_REMINDED, "SO", "S" },
	{ OGI_NOTED, "FHORLSA", "" },
	{ OGI_RECOMPUTED, "", "" },
};

static unsigned roles_of(const char *letters)
{
	static const char all[] = "FHORLS.A";
	unsigned roles = 0;
	for (; *letters != '\0'; letters++)
		roles |= 1u << (strchr(all, *letters) - all);
	return roles;
}

static void roles_are_those_of_the_contract(void **state)
{
	(void)state;
	for (const struct ogi_transition_row *row = ogi_lifecycle; row->kind != OGI_NO_EVENT;
		row++) {
		size_t i = 0;
		while (i < sizeof may / sizeof may[0] && may[i].kind != row->kind)
			i++;
		assert_true(i < sizeof may / sizeof may[0]);
		assert_int_equal(row->roles, roles_of(may[i].roles));
		assert_int_equal(row->subtree_roles, roles_of(may[i].above));
		assert_int_equal(ogi_event_roles(row->kind), row->roles);
	}
}

/* What is offered is accepted with a fitting body; what is named as refused is refused. */
static void what_is_possible_is_accepted(void **state)
{
	(void)state;
	struct ogi_possible possible[OGI_EVENT_KINDS];
	for (int status = OGI_ST_ARRIVED; status < OGI_STATUSES; status++) {
		bring_to((enum ogi_status)status);
		s.rules.today = day("2025-05-20");
		int n = ogi_case_possible(&s.c, &s.rules, &s.who, possible);
		assert_true(n > 0);
		for (int i = 0; i < n; i++) {
			enum ogi_event_kind kind = (enum ogi_event_kind)possible[i].kind;
			if (needs_more(kind, status) || kind == OGI_DELIVERED ||
				kind == OGI_RETURNED)
				continue;
			struct ogi_event e = fitting(kind);
			e.on = s.rules.today;
			assert_int_equal(judge(&e, &s.who), possible[i].refusal);
		}
	}
}

static void nobody_is_offered_what_is_not_theirs(void **state)
{
	(void)state;
	struct ogi_possible possible[OGI_EVENT_KINDS];
	bring_to(OGI_ST_IN_PROCESS);
	struct ogi_asking who = { .login = "x", .roles = OGI_SUPERVISOR };
	int n = ogi_case_possible(&s.c, &s.rules, &who, possible);
	assert_int_equal(n, 2);
	assert_int_equal(possible[0].kind, OGI_ASSIGNED);
	assert_int_equal(possible[1].kind, OGI_REMINDED);
	who.roles = OGI_STATISTICIAN | OGI_ADMIN;
	who.own_organisation = true;
	assert_int_equal(ogi_case_possible(&s.c, &s.rules, &who, possible), 0);
}

static void an_extension_is_offered_with_its_bounds(void **state)
{
	(void)state;
	struct ogi_possible possible[OGI_EVENT_KINDS];
	bring_to(OGI_ST_IN_PROCESS);
	must(OGI_EXTENDED, "2025-03-04", "workdays", "12");
	s.rules.today = day("2025-03-10");
	int n = ogi_case_possible(&s.c, &s.rules, &s.who, possible);
	bool found = false;
	for (int i = 0; i < n; i++)
		if (possible[i].kind == OGI_EXTENDED) {
			found = true;
			assert_int_equal(possible[i].most, 8);
			assert_int_equal(possible[i].until.day, s.c.due_on.day);
			assert_int_equal(possible[i].refusal, OGI_OK);
		}
	assert_true(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_taken_where_it_stands),
		cmocka_unit_test(every_kind_is_refused_elsewhere),
		cmocka_unit_test(roles_are_those_of_the_contract),
		cmocka_unit_test(what_is_possible_is_accepted),
		cmocka_unit_test(nobody_is_offered_what_is_not_theirs),
		cmocka_unit_test(an_extension_is_offered_with_its_bounds),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
