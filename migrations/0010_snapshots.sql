-- SPDX-License-Identifier: MulanPSL-2.0
-- Years of the official statistics as they were published: frozen, chained, never changed (D:statistics §4).

ALTER TABLE chain_head DROP CONSTRAINT chain_head_register_check;
ALTER TABLE chain_head ADD CONSTRAINT chain_head_register_check
	CHECK (register IN ('audit', 'disclosure', 'review', 'statistics'));

CREATE TABLE statistics_snapshot (
	org_id integer NOT NULL,
	seq bigint NOT NULL CHECK (seq >= 1),
	form text NOT NULL,
	year integer NOT NULL,
	rollup boolean NOT NULL,
	frozen_at timestamptz NOT NULL,
	actor_id integer,
	calendar_version bigint NOT NULL,
	canonical text NOT NULL,
	prev_hash bytea NOT NULL CHECK (length(prev_hash) = 32),
	hash bytea NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (org_id, seq)
);
CREATE UNIQUE INDEX statistics_snapshot_year ON statistics_snapshot (org_id, year, rollup);
COMMENT ON TABLE statistics_snapshot IS 'a report year as it was frozen: the cells of its form, append only and chained';
COMMENT ON COLUMN statistics_snapshot.org_id IS 'organisation that reports';
COMMENT ON COLUMN statistics_snapshot.seq IS 'number within the organisation; its place in the chain';
COMMENT ON COLUMN statistics_snapshot.form IS 'f14, f19, f21';
COMMENT ON COLUMN statistics_snapshot.year IS 'report year, 1 January to 31 December in China';
COMMENT ON COLUMN statistics_snapshot.rollup IS 'with the organisations below it';
COMMENT ON COLUMN statistics_snapshot.frozen_at IS 'instant; stands in canonical too';
COMMENT ON COLUMN statistics_snapshot.actor_id IS 'statistician';
COMMENT ON COLUMN statistics_snapshot.calendar_version IS 'working-day calendar in force then';
COMMENT ON COLUMN statistics_snapshot.canonical IS 'the bytes that the chain covers: JSON with org, seq, at, actor, form, year, rollup, calendar, number and digest of the cases, cells, fees';
COMMENT ON COLUMN statistics_snapshot.prev_hash IS 'hash of the snapshot before';
COMMENT ON COLUMN statistics_snapshot.hash IS 'HMAC of prev_hash and canonical';

CREATE TABLE statistics_case (
	org_id integer NOT NULL,
	snapshot bigint NOT NULL,
	case_org_id integer NOT NULL,
	case_id uuid NOT NULL,
	number integer NOT NULL,
	version integer NOT NULL,
	fact text NOT NULL,
	PRIMARY KEY (org_id, snapshot, case_org_id, case_id, number),
	FOREIGN KEY (org_id, snapshot) REFERENCES statistics_snapshot (org_id, seq)
);
COMMENT ON TABLE statistics_case IS 'the cases behind the cells of a frozen year, under the digest of its canonical bytes';
COMMENT ON COLUMN statistics_case.org_id IS 'organisation that reports';
COMMENT ON COLUMN statistics_case.snapshot IS 'its snapshot';
COMMENT ON COLUMN statistics_case.case_org_id IS 'organisation that keeps the case';
COMMENT ON COLUMN statistics_case.case_id IS 'the case';
COMMENT ON COLUMN statistics_case.number IS '0 the case itself, else the number of a remedy in it';
COMMENT ON COLUMN statistics_case.version IS 'version of the case then: later events came after';
COMMENT ON COLUMN statistics_case.fact IS 'what it counted as: sides of the period, outcome, variant, form, applicant, channel, in time; of a remedy: sides, kind, result';

DO $$
BEGIN
	EXECUTE format('GRANT SELECT, INSERT ON statistics_snapshot, statistics_case TO %I', current_setting('ogid.application_role'));
END $$;
