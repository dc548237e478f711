-- SPDX-License-Identifier: MulanPSL-2.0
-- Files that come with a request through the portal arrive before there is a case: their uploads name none. The row of
-- attachment, written once the request is registered, says whose they are, as it always did.
ALTER TABLE attachment_upload ALTER COLUMN case_id DROP NOT NULL;
COMMENT ON COLUMN attachment_upload.case_id IS 'the case it is meant for; null while a request that comes with files is not registered';
