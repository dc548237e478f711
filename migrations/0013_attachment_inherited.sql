-- SPDX-License-Identifier: MulanPSL-2.0
-- Files go with the matter: a case that a split or a hand-over made reads the files that its origin had then. They keep their
-- numbers and their bytes stay where they are; the case's own files are numbered behind them.

CREATE TABLE attachment_inherited (
	org_id integer NOT NULL,
	case_id uuid NOT NULL,
	n integer NOT NULL CHECK (n >= 1),
	from_org_id integer NOT NULL,
	from_case_id uuid NOT NULL,
	from_n integer NOT NULL,
	PRIMARY KEY (org_id, case_id, n),
	FOREIGN KEY (org_id, case_id) REFERENCES request_case (org_id, id)
);
COMMENT ON TABLE attachment_inherited IS 'files that a case took over from its origin (split, handed_over), append only; ogid verify holds each to the file it names';
COMMENT ON COLUMN attachment_inherited.org_id IS 'organisation of the case';
COMMENT ON COLUMN attachment_inherited.case_id IS 'the case';
COMMENT ON COLUMN attachment_inherited.n IS 'number of the file in this case: that of the origin';
COMMENT ON COLUMN attachment_inherited.from_org_id IS 'organisation that keeps the file; no foreign key, it may lie on another node';
COMMENT ON COLUMN attachment_inherited.from_case_id IS 'case to which the file was sent';
COMMENT ON COLUMN attachment_inherited.from_n IS 'number of the file there (attachment.n)';

DO $$
DECLARE app text := current_setting('ogid.application_role');
BEGIN
	EXECUTE format('GRANT SELECT, INSERT ON attachment_inherited TO %I', app);
END $$;
