-- SPDX-License-Identifier: MulanPSL-2.0
-- Notices about working days: local days of an organisation over the national calendar, and long work (carrying a notice to
-- many cases) that goes on after its request was answered, in whatever process is there.

CREATE TABLE calendar_local_day (
	org_id integer NOT NULL REFERENCES org (id),
	date date NOT NULL,
	kind text NOT NULL CHECK (kind IN ('holiday', 'workday')),
	name text NOT NULL,
	notice text NOT NULL,
	PRIMARY KEY (org_id, date)
);
COMMENT ON TABLE calendar_local_day IS 'local days off and weekend days worked (全国年节及纪念日放假办法 art. 4): over the national calendar, for the organisation and its subtree; the closest rules';
COMMENT ON COLUMN calendar_local_day.org_id IS 'organisation whose notice it is';
COMMENT ON COLUMN calendar_local_day.date IS 'civil date, China Standard Time';
COMMENT ON COLUMN calendar_local_day.kind IS 'holiday: day off; workday: Saturday or Sunday worked 调休上班';
COMMENT ON COLUMN calendar_local_day.name IS 'festival or reason, as the notice names it';
COMMENT ON COLUMN calendar_local_day.notice IS 'document number of the notice that last ruled on the day there';

ALTER TABLE calendar_load ADD COLUMN org_id integer REFERENCES org (id);
COMMENT ON COLUMN calendar_load.org_id IS 'organisation whose local days changed; null: the whole country';

CREATE TABLE job (
	org_id integer NOT NULL,
	id uuid NOT NULL,
	kind text NOT NULL CHECK (kind IN ('calendar_notice')),
	title text NOT NULL,
	actor_id integer,
	scope_id integer,
	first_day date,
	last_day date,
	created_at timestamptz NOT NULL,
	cases bigint NOT NULL DEFAULT 0,
	moved bigint NOT NULL DEFAULT 0,
	orgs integer NOT NULL DEFAULT 0,
	orgs_done integer NOT NULL DEFAULT 0,
	runner uuid,
	lease_until timestamptz NOT NULL,
	finished_at timestamptz,
	result text,
	PRIMARY KEY (org_id, id)
);
CREATE INDEX job_unfinished ON job (lease_until) WHERE finished_at IS NULL;
COMMENT ON TABLE job IS 'work that goes on after its request was answered; whoever holds the lease does it, and doing a part twice changes nothing';
COMMENT ON COLUMN job.org_id IS 'organisation of who asked for it';
COMMENT ON COLUMN job.id IS 'UUID v7';
COMMENT ON COLUMN job.kind IS 'calendar_notice: carries a changed calendar to the cases';
COMMENT ON COLUMN job.title IS 'document number of the notice';
COMMENT ON COLUMN job.actor_id IS 'who asked for it; null: a program of the operator';
COMMENT ON COLUMN job.scope_id IS 'organisation whose subtree it covers; null: all';
COMMENT ON COLUMN job.first_day IS 'first day that changed';
COMMENT ON COLUMN job.last_day IS 'last day that changed';
COMMENT ON COLUMN job.created_at IS 'instant of the request';
COMMENT ON COLUMN job.cases IS 'cases folded anew so far';
COMMENT ON COLUMN job.moved IS 'cases that moved so far';
COMMENT ON COLUMN job.orgs IS 'organisations to go through';
COMMENT ON COLUMN job.orgs_done IS 'organisations done so far';
COMMENT ON COLUMN job.runner IS 'the process at it';
COMMENT ON COLUMN job.lease_until IS 'from then on another process may take it over';
COMMENT ON COLUMN job.finished_at IS 'instant of its end; null while it is under way';
COMMENT ON COLUMN job.result IS 'what it answers, ready JSON';

DO $$
DECLARE app text := current_setting('ogid.application_role');
BEGIN
	EXECUTE format('GRANT SELECT, INSERT, DELETE ON calendar_local_day TO %I', app);
	EXECUTE format('GRANT SELECT, INSERT ON job TO %I', app);
	EXECUTE format('GRANT UPDATE (cases, moved, orgs, orgs_done, runner, lease_until, finished_at, result) ON job TO %I', app);
END $$;
