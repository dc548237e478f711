-- SPDX-License-Identifier: MulanPSL-2.0
-- Reference tables: rarely written, the same on every node of a distributed database. Organisations, people,
-- sessions, the working-day calendar, settings.

CREATE TABLE org (
	id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	code text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	parent_id integer REFERENCES org (id),
	lo integer NOT NULL DEFAULT 0,
	hi integer NOT NULL DEFAULT 0,
	successor_id integer REFERENCES org (id),
	number_format text NOT NULL DEFAULT '{year}-{serial}',
	created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE org IS 'organisations; ids are stable, the tree may be renumbered freely';
COMMENT ON COLUMN org.id IS 'stable id, first column of every key of the case-side tables';
COMMENT ON COLUMN org.code IS 'short name in the API, [a-z0-9][a-z0-9-]{0,31}';
COMMENT ON COLUMN org.name IS 'official name, printed on letters';
COMMENT ON COLUMN org.parent_id IS 'superior organisation; null at the root';
COMMENT ON COLUMN org.lo IS 'first number of the subtree interval: b is in the subtree of a when a.lo <= b.lo and b.hi <= a.hi';
COMMENT ON COLUMN org.hi IS 'last number of the subtree interval';
COMMENT ON COLUMN org.successor_id IS 'organisation that took over after a reorganisation (国办公开办函〔2019〕14号)';
COMMENT ON COLUMN org.number_format IS 'how a register number is printed: {year} and {serial} are filled in';
COMMENT ON COLUMN org.created_at IS 'instant of entry';

CREATE TABLE app_user (
	id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	login text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	org_id integer NOT NULL REFERENCES org (id),
	password_hash text NOT NULL,
	password_set_at timestamptz NOT NULL DEFAULT now(),
	disabled_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE app_user IS 'people who log in; never deleted, only disabled';
COMMENT ON COLUMN app_user.id IS 'stable id';
COMMENT ON COLUMN app_user.login IS 'login name, lower case';
COMMENT ON COLUMN app_user.name IS 'name shown to colleagues';
COMMENT ON COLUMN app_user.org_id IS 'own organisation: writes go there, reads cover its subtree';
COMMENT ON COLUMN app_user.password_hash IS 'yescrypt, crypt(5)';
COMMENT ON COLUMN app_user.password_set_at IS 'instant of the last change; older sessions end with it';
COMMENT ON COLUMN app_user.disabled_at IS 'from then on no login; null = active';
COMMENT ON COLUMN app_user.created_at IS 'instant of entry';

CREATE TABLE user_role (
	user_id integer NOT NULL REFERENCES app_user (id),
	org_id integer NOT NULL REFERENCES org (id),
	role text NOT NULL CHECK (role IN ('front_desk', 'handler', 'ogi_head', 'reviewer', 'leader', 'supervisor',
		'statistician', 'archivist', 'admin')),
	PRIMARY KEY (user_id, org_id, role)
);
COMMENT ON TABLE user_role IS 'roles of a person in an organisation (D:lifecycle §1)';
COMMENT ON COLUMN user_role.user_id IS 'the person';
COMMENT ON COLUMN user_role.org_id IS 'organisation in which the role is held';
COMMENT ON COLUMN user_role.role IS 'code of the role';

CREATE TABLE session (
	token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
	user_id integer NOT NULL REFERENCES app_user (id),
	created_at timestamptz NOT NULL,
	last_seen_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL
);
CREATE INDEX session_user_id ON session (user_id);
COMMENT ON TABLE session IS 'who is logged in; the token itself is known to its holder only';
COMMENT ON COLUMN session.token_hash IS 'SHA-256 of the token';
COMMENT ON COLUMN session.user_id IS 'the person';
COMMENT ON COLUMN session.created_at IS 'instant of the login';
COMMENT ON COLUMN session.last_seen_at IS 'last use, kept to the minute; idle sessions end after the setting session_idle_hours';
COMMENT ON COLUMN session.expires_at IS 'ends at the latest then (session_hours)';

CREATE TABLE login_failure (
	login text NOT NULL,
	address text NOT NULL,
	at timestamptz NOT NULL
);
CREATE INDEX login_failure_login ON login_failure (login, address, at);
COMMENT ON TABLE login_failure IS 'refused logins of the last hour: throttling per address and login, in all processes alike';
COMMENT ON COLUMN login_failure.login IS 'login as typed, lower case, at most 64 characters';
COMMENT ON COLUMN login_failure.address IS 'client address';
COMMENT ON COLUMN login_failure.at IS 'instant of the refusal';

CREATE TABLE calendar_load (
	version bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	loaded_at timestamptz NOT NULL DEFAULT now(),
	source text NOT NULL,
	rows integer NOT NULL
);
COMMENT ON TABLE calendar_load IS 'each change of the working-day calendar; the newest version is the one in force';
COMMENT ON COLUMN calendar_load.version IS 'kept with every event, so that one can tell by which calendar it was judged';
COMMENT ON COLUMN calendar_load.loaded_at IS 'instant of the change';
COMMENT ON COLUMN calendar_load.source IS 'file name or number of the notice';
COMMENT ON COLUMN calendar_load.rows IS 'days written by it';

CREATE TABLE calendar_year (
	year integer PRIMARY KEY CHECK (year BETWEEN 1990 AND 2199)
);
COMMENT ON TABLE calendar_year IS 'years whose arrangement is loaded; a day outside them is unknown, never an ordinary day';
COMMENT ON COLUMN calendar_year.year IS 'calendar year';

CREATE TABLE calendar_day (
	date date PRIMARY KEY,
	kind text NOT NULL CHECK (kind IN ('holiday', 'workday')),
	name text NOT NULL,
	notice text NOT NULL
);
COMMENT ON TABLE calendar_day IS 'days ruled by a notice of the State Council General Office; all others follow their weekday (D:deadlines §3)';
COMMENT ON COLUMN calendar_day.date IS 'civil date, China Standard Time';
COMMENT ON COLUMN calendar_day.kind IS 'holiday: day off; workday: Saturday or Sunday worked 调休上班';
COMMENT ON COLUMN calendar_day.name IS 'festival heading of the notice';
COMMENT ON COLUMN calendar_day.notice IS 'document number of the notice that last ruled on the day';

CREATE TABLE setting (
	org_id integer NOT NULL REFERENCES org (id),
	name text NOT NULL,
	valid_from date NOT NULL,
	value text NOT NULL,
	PRIMARY KEY (org_id, name, valid_from)
);
COMMENT ON TABLE setting IS 'rules that the law leaves open, per organisation (inherited downwards), with effective date';
COMMENT ON COLUMN setting.org_id IS 'organisation; units below inherit unless they have their own';
COMMENT ON COLUMN setting.name IS 'transition, exclusion_convention, r2008_correction, correction_workdays, sign_off';
COMMENT ON COLUMN setting.valid_from IS 'first day of effect';
COMMENT ON COLUMN setting.value IS 'value as text';

DO $$
BEGIN
	EXECUTE format('GRANT SELECT ON org, app_user, user_role, session, login_failure, calendar_load, calendar_year, calendar_day, setting TO %I',
		current_setting('ogid.application_role'));
	EXECUTE format('GRANT INSERT, UPDATE ON org, app_user, setting TO %I', current_setting('ogid.application_role'));
	EXECUTE format('GRANT INSERT, DELETE ON user_role, calendar_year, login_failure TO %I', current_setting('ogid.application_role'));
	EXECUTE format('GRANT INSERT, UPDATE, DELETE ON session, calendar_day TO %I', current_setting('ogid.application_role'));
	EXECUTE format('GRANT INSERT ON calendar_load TO %I', current_setting('ogid.application_role'));
END $$;
