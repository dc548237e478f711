-- SPDX-License-Identifier: MulanPSL-2.0
-- What became of a published item: withdrawn, replaced by another (D:annual-report §4). The audit tells each change.

ALTER TABLE disclosure_item ADD COLUMN withdrawn_on date, ADD COLUMN replaced_by uuid;
COMMENT ON COLUMN disclosure_item.withdrawn_on IS 'day it was taken back; null: it stands';
COMMENT ON COLUMN disclosure_item.replaced_by IS 'item of the organisation that took its place';

CREATE INDEX audit_entry_disclosure ON audit_entry (org_id, object)
	WHERE action IN ('disclosure.publish', 'disclosure.validity');

DO $$
BEGIN
	EXECUTE format('GRANT UPDATE (withdrawn_on, replaced_by) ON disclosure_item TO %I', current_setting('ogid.application_role'));
END $$;
