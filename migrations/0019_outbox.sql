-- SPDX-License-Identifier: MulanPSL-2.0
-- Digests to supervisors: what the night has to tell, and whether it got there.

ALTER TABLE app_user ADD COLUMN email text CHECK (length(email) BETWEEN 3 AND 254 AND email ~ '^[!-~]+@[!-~]+$');
COMMENT ON COLUMN app_user.email IS 'work address to which digests go; null: none';

CREATE TABLE outbox (
	org_id integer NOT NULL,
	day date NOT NULL,
	recipient text NOT NULL,
	kind text NOT NULL CHECK (kind IN ('digest')),
	subject text NOT NULL,
	body text NOT NULL,
	created_at timestamptz NOT NULL,
	delivered_at timestamptz,
	attempts integer NOT NULL DEFAULT 0,
	last_error text,
	PRIMARY KEY (org_id, day, recipient, kind)
);
CREATE INDEX outbox_waiting ON outbox (day) WHERE delivered_at IS NULL;
COMMENT ON TABLE outbox IS 'messages of the night to its own people; one a person, day and kind; no personal data of applicants';
COMMENT ON COLUMN outbox.org_id IS 'organisation of the recipient';
COMMENT ON COLUMN outbox.day IS 'day of the night, China';
COMMENT ON COLUMN outbox.recipient IS 'login';
COMMENT ON COLUMN outbox.kind IS 'digest: what is due, overdue and lapsed in the subtree';
COMMENT ON COLUMN outbox.subject IS 'subject line';
COMMENT ON COLUMN outbox.body IS 'text, lines end with a line feed';
COMMENT ON COLUMN outbox.created_at IS 'instant of writing';
COMMENT ON COLUMN outbox.delivered_at IS 'instant at which the mail server took it or its file was on disk; null: not yet';
COMMENT ON COLUMN outbox.attempts IS 'how often delivery was tried';
COMMENT ON COLUMN outbox.last_error IS 'why the last attempt failed; null: none did, or it is delivered';

ALTER TABLE nightly_run ADD COLUMN undelivered bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN nightly_run.undelivered IS 'messages that could not be delivered';

DO $$
DECLARE app text := current_setting('ogid.application_role');
BEGIN
	EXECUTE format('GRANT SELECT, INSERT, DELETE ON outbox TO %I', app);
	EXECUTE format('GRANT UPDATE (delivered_at, attempts, last_error) ON outbox TO %I', app);
	EXECUTE format('GRANT UPDATE (undelivered) ON nightly_run TO %I', app);
END $$;
