-- SPDX-License-Identifier: MulanPSL-2.0
-- Files of a case. Bytes arrive in chunks under an upload that nobody sees; the row of attachment, written with its entry
-- of the audit in one transaction, makes it visible. Chunks are removed only with an upload that never became one: the
-- application may delete uploads, the foreign key keeps those that are attachments.

CREATE TABLE attachment_upload (
	org_id integer NOT NULL,
	id uuid NOT NULL,
	case_id uuid NOT NULL,
	started_at timestamptz NOT NULL,
	PRIMARY KEY (org_id, id),
	FOREIGN KEY (org_id, case_id) REFERENCES request_case (org_id, id)
);
CREATE INDEX attachment_upload_started ON attachment_upload (started_at);
COMMENT ON TABLE attachment_upload IS 'a file that arrives or has arrived; visible only through a row of attachment';
COMMENT ON COLUMN attachment_upload.org_id IS 'organisation of the case';
COMMENT ON COLUMN attachment_upload.id IS 'UUID v7';
COMMENT ON COLUMN attachment_upload.case_id IS 'the case it is meant for';
COMMENT ON COLUMN attachment_upload.started_at IS 'instant of the first chunk; what broke off is swept a day later';

CREATE TABLE attachment_chunk (
	org_id integer NOT NULL,
	upload_id uuid NOT NULL,
	seq integer NOT NULL CHECK (seq >= 0),
	bytes bytea NOT NULL,
	PRIMARY KEY (org_id, upload_id, seq),
	FOREIGN KEY (org_id, upload_id) REFERENCES attachment_upload (org_id, id) ON DELETE CASCADE
);
-- Files are compressed already.
ALTER TABLE attachment_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE attachment_chunk IS 'the bytes of an upload, 128 KiB a row but for the last';
COMMENT ON COLUMN attachment_chunk.org_id IS 'organisation of the case';
COMMENT ON COLUMN attachment_chunk.upload_id IS 'the upload';
COMMENT ON COLUMN attachment_chunk.seq IS 'place in the file, from 0';
COMMENT ON COLUMN attachment_chunk.bytes IS 'at most 131072 bytes';

CREATE TABLE attachment (
	org_id integer NOT NULL,
	case_id uuid NOT NULL,
	n integer NOT NULL CHECK (n >= 1),
	upload_id uuid NOT NULL,
	name text NOT NULL,
	salt bytea NOT NULL CHECK (length(salt) = 16),
	content_type text NOT NULL,
	size bigint NOT NULL CHECK (size > 0),
	sha256 bytea NOT NULL CHECK (length(sha256) = 32),
	recorded_at timestamptz NOT NULL,
	actor_id integer NOT NULL,
	audit_seq bigint NOT NULL,
	PRIMARY KEY (org_id, case_id, n),
	FOREIGN KEY (org_id, case_id) REFERENCES request_case (org_id, id),
	FOREIGN KEY (org_id, upload_id) REFERENCES attachment_upload (org_id, id),
	FOREIGN KEY (org_id, audit_seq) REFERENCES audit_entry (org_id, seq)
);
CREATE UNIQUE INDEX attachment_upload_id ON attachment (org_id, upload_id);
COMMENT ON TABLE attachment IS 'files of a case, append only; the entry of the audit holds number, size, type, hash and a salted commitment to the name';
COMMENT ON COLUMN attachment.org_id IS 'organisation of the case';
COMMENT ON COLUMN attachment.case_id IS 'the case';
COMMENT ON COLUMN attachment.n IS 'number of the file in its case, from 1, no gaps';
COMMENT ON COLUMN attachment.upload_id IS 'where its bytes are';
COMMENT ON COLUMN attachment.name IS 'file name as the sender gave it, without folders and control characters; may name people, so it is not in the chain';
COMMENT ON COLUMN attachment.salt IS '16 random bytes of the commitment to the name';
COMMENT ON COLUMN attachment.content_type IS 'media type, told from the bytes';
COMMENT ON COLUMN attachment.size IS 'bytes';
COMMENT ON COLUMN attachment.sha256 IS 'SHA-256 of the bytes; ETag';
COMMENT ON COLUMN attachment.recorded_at IS 'instant at which it became visible';
COMMENT ON COLUMN attachment.actor_id IS 'person who sent it';
COMMENT ON COLUMN attachment.audit_seq IS 'entry case.attach of the organisation''s audit';

-- The change log is the ledger itself: what was committed since is what was written by later transactions, read below the
-- oldest one that still runs. One bigint and one entry at the right end of an index for each event.
ALTER TABLE case_event ADD COLUMN xact bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX case_event_xact ON case_event (xact);
COMMENT ON COLUMN case_event.xact IS 'transaction that wrote it (pg_current_xact_id): the order in which GET /v1/stream tells of changes; means nothing in another cluster';

DO $$
DECLARE app text := current_setting('ogid.application_role');
BEGIN
	EXECUTE format('GRANT SELECT, INSERT, DELETE ON attachment_upload TO %I', app);
	EXECUTE format('GRANT SELECT, INSERT ON attachment_chunk, attachment TO %I', app);
END $$;
