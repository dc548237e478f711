-- SPDX-License-Identifier: MulanPSL-2.0
-- Letters: templates of the organisations (reference table, only added to) and the papers issued, each with a number of its
-- kind and year without gaps. The text of an issued paper stands in case_text, behind the commitment of its event.

CREATE TABLE letter_template (
	org_id integer NOT NULL REFERENCES org (id),
	name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_.]{0,63}$'),
	version integer NOT NULL CHECK (version >= 1),
	valid_from date NOT NULL,
	text text NOT NULL,
	set_by integer,
	set_at timestamptz NOT NULL,
	PRIMARY KEY (org_id, name, version)
);
COMMENT ON TABLE letter_template IS 'templates of letters that an organisation changed, only added to; who has none uses that of the organisation above, at last the one of the program';
COMMENT ON COLUMN letter_template.org_id IS 'organisation; units below inherit unless they have their own';
COMMENT ON COLUMN letter_template.name IS 'the document (reply.grant.public, correction) or a part of several (part_head)';
COMMENT ON COLUMN letter_template.version IS 'from 1, per organisation and name';
COMMENT ON COLUMN letter_template.valid_from IS 'first day of a letter it is used for; of several the latest day holds, of one day the highest version';
COMMENT ON COLUMN letter_template.text IS 'HTML with places to fill in; empty: from then on what is inherited';
COMMENT ON COLUMN letter_template.set_by IS 'person who set it';
COMMENT ON COLUMN letter_template.set_at IS 'instant of entry';

CREATE TABLE document_counter (
	org_id integer NOT NULL,
	document text NOT NULL,
	year integer NOT NULL,
	last integer NOT NULL,
	PRIMARY KEY (org_id, document, year)
);
COMMENT ON TABLE document_counter IS 'last number given to a paper, per organisation, kind and year';
COMMENT ON COLUMN document_counter.org_id IS 'organisation';
COMMENT ON COLUMN document_counter.document IS 'kind of paper (D:lifecycle §7)';
COMMENT ON COLUMN document_counter.year IS 'year of the date of the paper, China';
COMMENT ON COLUMN document_counter.last IS 'serial given last';

CREATE TABLE issued_document (
	org_id integer NOT NULL,
	document text NOT NULL,
	year integer NOT NULL,
	serial integer NOT NULL CHECK (serial >= 1),
	case_id uuid NOT NULL,
	seq integer NOT NULL,
	sha256 bytea NOT NULL CHECK (length(sha256) = 32),
	PRIMARY KEY (org_id, document, year, serial),
	FOREIGN KEY (org_id, case_id) REFERENCES request_case (org_id, id) DEFERRABLE
);
CREATE INDEX issued_document_case ON issued_document (org_id, case_id, seq);
COMMENT ON TABLE issued_document IS 'papers issued, append only; what they say stands with their event';
COMMENT ON COLUMN issued_document.org_id IS 'organisation';
COMMENT ON COLUMN issued_document.document IS 'kind of paper';
COMMENT ON COLUMN issued_document.year IS 'year of the date of the paper, China';
COMMENT ON COLUMN issued_document.serial IS 'number within kind and year, no gaps';
COMMENT ON COLUMN issued_document.case_id IS 'the case';
COMMENT ON COLUMN issued_document.seq IS 'the event document_issued';
COMMENT ON COLUMN issued_document.sha256 IS 'SHA-256 of the frozen text; stands in the event too';

DO $$
DECLARE app text := current_setting('ogid.application_role');
BEGIN
	EXECUTE format('GRANT SELECT, INSERT ON letter_template, issued_document TO %I', app);
	EXECUTE format('GRANT SELECT, INSERT, UPDATE ON document_counter TO %I', app);
END $$;
