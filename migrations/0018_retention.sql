-- SPDX-License-Identifier: MulanPSL-2.0
-- Personal data at the end of retention. Texts can be destroyed since the first day; files now too: name and bytes go, number,
-- size, type, hash and the entry of the audit stay.

ALTER TABLE attachment ADD COLUMN destroyed_on date;
ALTER TABLE attachment ALTER COLUMN name DROP NOT NULL;
ALTER TABLE attachment ALTER COLUMN upload_id DROP NOT NULL;
ALTER TABLE attachment ADD CONSTRAINT attachment_destroyed
	CHECK ((name IS NULL) = (destroyed_on IS NOT NULL) AND (upload_id IS NULL) = (destroyed_on IS NOT NULL));
COMMENT ON COLUMN attachment.name IS 'file name as the sender gave it, without folders and control characters; may name people, so it is not in the chain; null once destroyed';
COMMENT ON COLUMN attachment.upload_id IS 'where its bytes are; null once destroyed';
COMMENT ON COLUMN attachment.destroyed_on IS 'day of destruction at the end of retention';

DO $$
BEGIN
	EXECUTE format('GRANT UPDATE (name, upload_id, destroyed_on) ON attachment TO %I', current_setting('ogid.application_role'));
END $$;
