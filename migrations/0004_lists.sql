-- SPDX-License-Identifier: MulanPSL-2.0
-- Indexes of the lists of cases (contract §2.1, GET /v1/cases). Each list is a range of (organisation, key, id), read forwards
-- or backwards, so the key must never be null: what has no date or no number stands at infinity. Open cases have small indexes
-- of their own. The expressions and the condition are those of daemon/store/case_list.c, word for word.

DROP INDEX request_case_due;
DROP INDEX request_case_due_all;
DROP INDEX request_case_open;
DROP INDEX request_case_receipt;

CREATE INDEX request_case_due ON request_case (org_id, (coalesce(due_on, 'infinity'::date)), id);
CREATE INDEX request_case_due_all ON request_case ((coalesce(due_on, 'infinity'::date)), id);
CREATE INDEX request_case_receipt ON request_case (org_id, (coalesce(receipt_date, 'infinity'::date)), id);
CREATE INDEX request_case_order ON request_case (org_id, (coalesce(year::bigint * 1000000000 + serial, 9223372036854775807)), id);

CREATE INDEX request_case_open ON request_case (org_id, (coalesce(due_on, 'infinity'::date)), id)
	WHERE status IN ('arrived', 'in_process', 'correction_requested', 'reasons_requested', 'fee_noticed', 'decided');
CREATE INDEX request_case_open_all ON request_case ((coalesce(due_on, 'infinity'::date)), id)
	WHERE status IN ('arrived', 'in_process', 'correction_requested', 'reasons_requested', 'fee_noticed', 'decided');
