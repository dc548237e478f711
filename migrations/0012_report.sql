-- SPDX-License-Identifier: MulanPSL-2.0
-- What an office writes into its annual report; the figures are never stored here. Only added to: the highest version holds.

CREATE TABLE report_section (
	org_id integer NOT NULL,
	year integer NOT NULL CHECK (year BETWEEN 2008 AND 9999),
	section integer NOT NULL CHECK (section BETWEEN 1 AND 6),
	version integer NOT NULL CHECK (version >= 1),
	text text NOT NULL,
	set_by integer,
	set_at timestamptz NOT NULL,
	PRIMARY KEY (org_id, year, section, version)
);
COMMENT ON TABLE report_section IS 'narrative of the annual report 政府信息公开工作年度报告, append only (D:annual-report §2, §3)';
COMMENT ON COLUMN report_section.org_id IS 'organisation that reports';
COMMENT ON COLUMN report_section.year IS 'report year, 1 January to 31 December';
COMMENT ON COLUMN report_section.section IS 'section 1 to 6 of the report of that year';
COMMENT ON COLUMN report_section.version IS 'from 1, per section; each change of the text is one more';
COMMENT ON COLUMN report_section.text IS 'what the office says between the figures, plain text, paragraphs by line; empty: taken back';
COMMENT ON COLUMN report_section.set_by IS 'person who wrote it';
COMMENT ON COLUMN report_section.set_at IS 'instant of entry';

DO $$
BEGIN
	EXECUTE format('GRANT SELECT, INSERT ON report_section TO %I', current_setting('ogid.application_role'));
END $$;
