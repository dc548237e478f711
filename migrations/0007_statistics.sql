-- SPDX-License-Identifier: MulanPSL-2.0
-- The official forms (D:statistics). What they count is found by organisation and first closing; the conditions are those of
-- daemon/store/statistics.c, word for word, so that a form is read from the index alone.

DROP INDEX request_case_figures;
CREATE INDEX request_case_figures ON request_case (org_id, first_closed_on, receipt_date, first_outcome, applicant_kind)
	WHERE status IN ('in_process', 'correction_requested', 'reasons_requested', 'fee_noticed', 'decided', 'closed', 'archived');
-- an amendment may leave a case closed before it was received: an identity names it
CREATE INDEX request_case_reversed ON request_case (org_id, receipt_date) WHERE first_closed_on < receipt_date;
CREATE INDEX request_case_remedies ON request_case (org_id) WHERE (stage -> 'remedies') IS NOT NULL;
CREATE INDEX request_case_fees ON request_case (org_id) WHERE (stage -> 'fee_noticed_on') IS NOT NULL;
CREATE INDEX disclosure_item_documents ON disclosure_item (org_id) WHERE is_rule OR is_normative;
