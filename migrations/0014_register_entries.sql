-- SPDX-License-Identifier: MulanPSL-2.0
-- The small registers behind forms and annual report, one table for all (D:annual-report §4, §6): append only and chained; the highest version holds.

ALTER TABLE chain_head DROP CONSTRAINT chain_head_register_check;
ALTER TABLE chain_head ADD CONSTRAINT chain_head_register_check
	CHECK (register IN ('audit', 'disclosure', 'review', 'statistics', 'register'));

CREATE TABLE register_entry (
	org_id integer NOT NULL,
	seq bigint NOT NULL CHECK (seq >= 1),
	id uuid NOT NULL,
	version integer NOT NULL CHECK (version >= 1),
	register text NOT NULL,
	counted_from date NOT NULL,
	counted_to date,
	retracted boolean NOT NULL,
	data jsonb NOT NULL,
	recorded_at timestamptz NOT NULL,
	actor_id integer,
	canonical text NOT NULL,
	prev_hash bytea NOT NULL CHECK (length(prev_hash) = 32),
	hash bytea NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (org_id, seq)
);
CREATE UNIQUE INDEX register_entry_version ON register_entry (org_id, id, version);
CREATE INDEX register_entry_day ON register_entry (org_id, register, counted_from, id);
COMMENT ON TABLE register_entry IS 'organisation, meetings, training, responses, complaints, licences, charges and the like: what forms and annual report count beside cases and items; every version of every entry';
COMMENT ON COLUMN register_entry.org_id IS 'organisation';
COMMENT ON COLUMN register_entry.seq IS 'number within the organisation, from 1, no gaps; its place in the chain';
COMMENT ON COLUMN register_entry.id IS 'UUID v7 of the entry, the same in all its versions';
COMMENT ON COLUMN register_entry.version IS 'from 1; each change or retraction is one more';
COMMENT ON COLUMN register_entry.register IS 'which register: org, meeting, license, … (domain/register)';
COMMENT ON COLUMN register_entry.counted_from IS 'first day it counts for: its own day, the first of its year or quarter, the day it began to stand';
COMMENT ON COLUMN register_entry.counted_to IS 'last day it counts for; null: it still stands';
COMMENT ON COLUMN register_entry.retracted IS 'taken back by this version: counts nowhere';
COMMENT ON COLUMN register_entry.data IS 'the fields of the register as entered; numbers plain, amounts in 10,000 yuan';
COMMENT ON COLUMN register_entry.recorded_at IS 'instant of entry';
COMMENT ON COLUMN register_entry.actor_id IS 'who entered it';
COMMENT ON COLUMN register_entry.canonical IS 'the bytes that the chain covers: JSON with org, id, seq, version, register, days, entry, reason, who, when';
COMMENT ON COLUMN register_entry.prev_hash IS 'hash of the version recorded before it in the organisation';
COMMENT ON COLUMN register_entry.hash IS 'HMAC of prev_hash and canonical';

DO $$
BEGIN
	EXECUTE format('GRANT SELECT, INSERT ON register_entry TO %I', current_setting('ogid.application_role'));
END $$;
