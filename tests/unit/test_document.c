/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/document: every paper has a code, a title and a word of its own; each needs what it
 * tells of; remedies are told by outcome and day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/document.h"
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

static void every_paper_has_a_word_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(code_count(ogi_document_codes), OGI_DOCUMENTS);
	for (int i = 1; i < OGI_DOCUMENTS; i++) {
		assert_int_equal(ogi_document_find(ogi_document_codes[i].code), i);
		assert_true(ogi_documents[i].word[0] != '\0');
		for (int k = 1; k < i; k++)
			assert_string_not_equal(ogi_documents[i].word, ogi_documents[k].word);
	}
	assert_int_equal(ogi_document_find(""), -1);
	assert_int_equal(ogi_document_find("letter"), -1);
}

static void tell(enum ogi_event_kind kind, const char *on, const char *name, const char *value)
{
	struct ogi_event e = story_event(kind, on);
	if (name != NULL)
		story_field(&e, name, value);
	assert_int_equal(story_tell(&s, &e), OGI_OK);
}

static void consult(int32_t party, const char *name, const char *on)
{
	struct ogi_event e = story_event(OGI_CONSULTATION_OPENED, on);
	e.u.consultation.party = party;
	e.u.consultation.name = name;
	assert_int_equal(story_tell(&s, &e), OGI_OK);
}

static bool ready(int document, int32_t seq)
{
	struct ogi_history h = story_history(&s);
	return ogi_document_ready(&s.c, &h, document, seq);
}

/* art. 32 asks a third party, art. 34 an agency: each has its own letter. */
static void a_paper_needs_the_event_it_tells_of(void **state)
{
	(void)state;
	struct ogi_event e;
	story_begin(&s, "2025-06-02");
	assert_int_equal(story_receive(&s, "2025-04-21"), OGI_OK);
	assert_true(ready(OGI_DOC_RECEIPT, 0));
	assert_false(ready(OGI_DOC_CONSULT_TP, 0));
	assert_false(ready(OGI_DOC_EXTENSION, 0));
	assert_false(ready(OGI_DOC_REPLY, 0));
	consult(OGI_OTHER_AGENCY, "某局", "2025-04-22");
	assert_false(ready(OGI_DOC_CONSULT_TP, 0));
	assert_true(ready(OGI_DOC_CONSULT_JOINT, 0));
	consult(OGI_THIRD_PARTY, "甲公司", "2025-04-23");
	consult(OGI_THIRD_PARTY, "乙公司", "2025-04-24");
	struct ogi_history h = story_history(&s);
	assert_true(ogi_document_event(&h, OGI_DOC_CONSULT_TP, 0, &e));
	assert_string_equal(e.u.consultation.name, "乙公司");
	assert_true(ogi_document_event(&h, OGI_DOC_CONSULT_TP, 3, &e));
	assert_string_equal(e.u.consultation.name, "甲公司");
	assert_false(ready(OGI_DOC_CONSULT_TP, 2));
	e = story_event(OGI_RETRACTED, "2025-04-25");
	e.u.change.event = 4;
	e.u.change.reason = "误录";
	assert_int_equal(story_tell(&s, &e), OGI_OK);
	h = story_history(&s);
	assert_true(ogi_document_event(&h, OGI_DOC_CONSULT_TP, 0, &e));
	assert_string_equal(e.u.consultation.name, "甲公司");
	assert_false(ready(OGI_DOC_TP_NOTICE, 0)); /* nothing was decided */
}

static struct ogi_event issue_of(const char *document, const char *on, const char *number)
{
	struct ogi_event e = story_event(OGI_DOCUMENT_ISSUED, on);
	e.u.document.document = document;
	e.document_no = number;
	return e;
}

static void a_reply_lies_not_before_its_decision(void **state)
{
	(void)state;
	story_begin(&s, "2025-06-02");
	assert_int_equal(story_receive(&s, "2025-04-21"), OGI_OK);
	struct ogi_event e = issue_of("reply", "2025-05-06", "依申复〔2025〕1号");
	assert_int_equal(story_tell(&s, &e), OGI_NOT_IN_THIS_STATE);
	tell(OGI_DECIDED, "2025-05-07", "outcome", "unable.needs_creation");
	assert_int_equal(story_tell(&s, &e), OGI_INVALID);
	e.on = day("2025-05-07");
	assert_int_equal(story_tell(&s, &e), OGI_OK);
	assert_string_equal(s.c.document_no, "依申复〔2025〕1号");
	struct ogi_history h = story_history(&s);
	assert_non_null(ogi_document_issue(&h, OGI_DOC_REPLY, 0));
	assert_null(ogi_document_issue(&h, OGI_DOC_RECEIPT, 0));
}

/* The reply of the first handling is none of the second. */
static void a_new_handling_begins_without_reply(void **state)
{
	(void)state;
	a_reply_lies_not_before_its_decision(state);
	tell(OGI_SERVED, "2025-05-08", "by", "post");
	tell(OGI_REOPENED, "2025-05-20", "redo_due_on", "2025-06-20");
	struct ogi_history h = story_history(&s);
	assert_null(ogi_document_issue(&h, OGI_DOC_REPLY, 0));
	assert_null(s.c.document_no);
}

/* 行政复议法 2023 art. 23, 90; 法释〔2025〕8号 art. 1(2): refusals under arts 14 to 16. */
static void reconsideration_comes_first_for_refusals_since_2024(void **state)
{
	(void)state;
	struct ogi_date old = day("2023-12-31"), new = day("2024-01-01");
	for (int i = 1; i < OGI_OUTCOMES; i++) {
		const char *code = ogi_outcome_codes[i].code;
		bool first = (strncmp(code, "refuse.", 7) == 0 &&
				     strcmp(code, "refuse.special_inquiry") != 0) ||
			     strcmp(code, "grant_partial") == 0;
		assert_int_equal(ogi_remedy_notice(i, 0, old), OGI_NOTICE_CHOICE);
		assert_int_equal(ogi_remedy_notice(i, 0, new),
			first ? OGI_NOTICE_RECONSIDERATION_FIRST : OGI_NOTICE_CHOICE);
	}
	assert_int_equal(
		ogi_remedy_notice(OGI_OTHER_OTHER, OGI_OTHER_WITHDRAWN, new), OGI_NOTICE_NONE);
}

/* 行政诉讼法, amended from 2015-05-01. */
static void the_period_to_sue_changed_in_2015(void **state)
{
	(void)state;
	assert_int_equal(ogi_suit_months(day("2015-04-30")), 3);
	assert_int_equal(ogi_suit_months(day("2015-05-01")), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_paper_has_a_word_of_its_own),
		cmocka_unit_test(a_paper_needs_the_event_it_tells_of),
		cmocka_unit_test(a_reply_lies_not_before_its_decision),
		cmocka_unit_test(a_new_handling_begins_without_reply),
		cmocka_unit_test(reconsideration_comes_first_for_refusals_since_2024),
		cmocka_unit_test(the_period_to_sue_changed_in_2015),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
