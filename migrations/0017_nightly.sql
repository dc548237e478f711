-- SPDX-License-Identifier: MulanPSL-2.0
-- The work of the night: its record, the figures of the running year, and the seals of the ledger.

CREATE TABLE nightly_run (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	started_at timestamptz NOT NULL,
	ended_at timestamptz,
	failed integer NOT NULL DEFAULT 0,
	findings bigint NOT NULL DEFAULT 0,
	verified_org integer,
	verified_case uuid
);
COMMENT ON TABLE nightly_run IS 'each run of ogid nightly; one that was ended from outside has no end';
COMMENT ON COLUMN nightly_run.id IS 'order of the runs';
COMMENT ON COLUMN nightly_run.started_at IS 'instant of the start';
COMMENT ON COLUMN nightly_run.ended_at IS 'instant of the end; null: it runs, or was ended from outside';
COMMENT ON COLUMN nightly_run.failed IS 'steps that did not get through';
COMMENT ON COLUMN nightly_run.findings IS 'what verify found';
COMMENT ON COLUMN nightly_run.verified_org IS 'organisation of the case that verify reached; 0: it came to the end, the next run begins anew; null: verify did not get through';
COMMENT ON COLUMN nightly_run.verified_case IS 'the case that verify reached; the next run goes on behind it';

CREATE TABLE nightly_step (
	run bigint NOT NULL REFERENCES nightly_run (id) ON DELETE CASCADE,
	step text NOT NULL,
	started_at timestamptz NOT NULL,
	ended_at timestamptz NOT NULL,
	result text NOT NULL CHECK (result IN ('done', 'findings', 'failed')),
	count bigint NOT NULL,
	PRIMARY KEY (run, step)
);
COMMENT ON TABLE nightly_step IS 'what each step of a run came to';
COMMENT ON COLUMN nightly_step.run IS 'the run';
COMMENT ON COLUMN nightly_step.step IS 'name of the step (jobs/nightly)';
COMMENT ON COLUMN nightly_step.started_at IS 'instant of its start';
COMMENT ON COLUMN nightly_step.ended_at IS 'instant of its end';
COMMENT ON COLUMN nightly_step.result IS 'done, findings (verify found something), failed';
COMMENT ON COLUMN nightly_step.count IS 'how many: rows removed, organisations counted, cases sealed or verified';

CREATE TABLE statistics_running (
	org_id integer NOT NULL,
	year integer NOT NULL,
	month integer NOT NULL CHECK (month BETWEEN 1 AND 12),
	form text NOT NULL,
	taken_at timestamptz NOT NULL,
	calendar_version bigint NOT NULL,
	figures text NOT NULL,
	PRIMARY KEY (org_id, year, month)
);
COMMENT ON TABLE statistics_running IS 'figures of a year that is not frozen, as the last night of each month found them (D:statistics §4.1); never an official figure: those are statistics_snapshot';
COMMENT ON COLUMN statistics_running.org_id IS 'organisation, by itself';
COMMENT ON COLUMN statistics_running.year IS 'report year';
COMMENT ON COLUMN statistics_running.month IS 'month of the night, China; nights of the year after count as December';
COMMENT ON COLUMN statistics_running.form IS 'f14, f19, f21';
COMMENT ON COLUMN statistics_running.taken_at IS 'instant of the night';
COMMENT ON COLUMN statistics_running.calendar_version IS 'calendar in force then';
COMMENT ON COLUMN statistics_running.figures IS 'JSON: cells as in the frozen year, fees, cases whose applicant kind nobody knows';

CREATE TABLE seal (
	n bigint PRIMARY KEY CHECK (n >= 1),
	day date NOT NULL UNIQUE,
	leaves bigint NOT NULL,
	root bytea NOT NULL CHECK (length(root) = 32),
	canonical text NOT NULL,
	prev_hash bytea NOT NULL CHECK (length(prev_hash) = 32),
	hash bytea NOT NULL CHECK (length(hash) = 32)
);
COMMENT ON TABLE seal IS 'daily seal over the heads of all chains, append only; its root also stands outside the database (setting seal_folder)';
COMMENT ON COLUMN seal.n IS 'number, from 1, no gaps';
COMMENT ON COLUMN seal.day IS 'day of the night, China';
COMMENT ON COLUMN seal.leaves IS 'heads that moved since the seal before';
COMMENT ON COLUMN seal.root IS 'root of the Merkle tree over them (RFC 9162 §2.1), in order of organisation, register, object';
COMMENT ON COLUMN seal.canonical IS 'the bytes that the chain of seals covers: JSON with n, day, leaves, root';
COMMENT ON COLUMN seal.prev_hash IS 'hash of the seal before, zero bytes for the first';
COMMENT ON COLUMN seal.hash IS 'HMAC of prev_hash and canonical';

CREATE TABLE seal_leaf (
	org_id integer NOT NULL,
	register text COLLATE "C" NOT NULL,
	object uuid NOT NULL,
	seal bigint NOT NULL,
	seq bigint NOT NULL,
	hash bytea NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (org_id, register, object, seal)
);
CREATE INDEX seal_leaf_seal ON seal_leaf (seal, org_id, register, object);
COMMENT ON TABLE seal_leaf IS 'the head of a chain as a seal found it; a chain that did not move has no leaf in the next seal';
COMMENT ON COLUMN seal_leaf.org_id IS 'organisation';
COMMENT ON COLUMN seal_leaf.register IS 'case, or the register of chain_head';
COMMENT ON COLUMN seal_leaf.object IS 'the case; zero for a register';
COMMENT ON COLUMN seal_leaf.seal IS 'number of the seal';
COMMENT ON COLUMN seal_leaf.seq IS 'last event or entry';
COMMENT ON COLUMN seal_leaf.hash IS 'its hash';

DO $$
DECLARE app text := current_setting('ogid.application_role');
BEGIN
	EXECUTE format('GRANT SELECT, INSERT, DELETE ON nightly_run TO %I', app);
	EXECUTE format('GRANT UPDATE (ended_at, failed, findings, verified_org, verified_case) ON nightly_run TO %I', app);
	EXECUTE format('GRANT SELECT, INSERT ON nightly_step, seal, seal_leaf TO %I', app);
	EXECUTE format('GRANT SELECT, INSERT, UPDATE ON statistics_running TO %I', app);
END $$;
