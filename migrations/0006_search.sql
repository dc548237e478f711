-- SPDX-License-Identifier: MulanPSL-2.0
-- Search in Chinese from two characters on: the bigrams of what a case is searched by, in a side table that the daemon fills
-- in the background. What is not in it yet stands in gram_todo, written with the event, and is searched as it is.

CREATE TABLE case_gram (
	org_id integer NOT NULL,
	case_id uuid NOT NULL,
	version integer NOT NULL,
	personal boolean NOT NULL,
	grams integer[] NOT NULL,
	PRIMARY KEY (org_id, case_id)
);
CREATE INDEX case_gram_grams ON case_gram USING gin (grams);
COMMENT ON TABLE case_gram IS 'search index: bigrams of number, legacy number, applicant and description; can be thrown away and filled anew (ogid index --rebuild)';
COMMENT ON COLUMN case_gram.org_id IS 'organisation that keeps the case';
COMMENT ON COLUMN case_gram.case_id IS 'the case';
COMMENT ON COLUMN case_gram.version IS 'version of the case that was read; an older one never replaces a newer one';
COMMENT ON COLUMN case_gram.personal IS 'name or description are in it; false once they were destroyed at the end of retention';
COMMENT ON COLUMN case_gram.grams IS 'each two neighbouring characters as first * 65536 + second (low halves), Latin letters small; and one number for the organisation';

CREATE TABLE gram_todo (
	org_id integer NOT NULL,
	case_id uuid NOT NULL,
	version integer NOT NULL,
	PRIMARY KEY (org_id, case_id, version)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE gram_todo IS 'cases whose texts changed and are not in case_gram yet; a row is removed by who put that version, or a later one, there';
COMMENT ON COLUMN gram_todo.org_id IS 'organisation that keeps the case';
COMMENT ON COLUMN gram_todo.case_id IS 'the case';
COMMENT ON COLUMN gram_todo.version IS 'version of the case with the event that changed them';

INSERT INTO gram_todo (org_id, case_id, version) SELECT org_id, id, version FROM request_case;

DO $$
DECLARE app text := current_setting('ogid.application_role');
BEGIN
	EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON case_gram, gram_todo TO %I', app);
END $$;
