-- SPDX-License-Identifier: MulanPSL-2.0
-- The ledger. A case is the fold of its events (case_event, append only); request_case and applicant are projections of it
-- and can be rebuilt. Every key begins with org_id, so that the tables can be distributed by it.

CREATE TABLE request_case (
	org_id integer NOT NULL,
	id uuid NOT NULL,
	version integer NOT NULL,
	year integer,
	serial integer,
	legacy_number text,
	external_ref text,
	status text NOT NULL,
	flags integer NOT NULL DEFAULT 0,
	warnings integer NOT NULL DEFAULT 0,
	channel text NOT NULL,
	via text,
	regime text,
	applicant_kind text,
	subject text,
	medium text,
	delivery text,
	assisted boolean NOT NULL DEFAULT false,
	assignee text,
	arrived_on date NOT NULL,
	signed_on date,
	confirmed_on date,
	receipt_date date,
	registered_on date,
	run_start date,
	period integer NOT NULL DEFAULT 0,
	extension integer NOT NULL DEFAULT 0,
	extensions integer NOT NULL DEFAULT 0,
	delay_until date,
	excluded date[],
	due_on date,
	latest_due_on date,
	provisional boolean NOT NULL DEFAULT false,
	last_clock_on date,
	review text,
	review_on date,
	outcome text,
	outcome_variant text,
	outcome_form text,
	outcome_label text,
	served_by text,
	decided_on date,
	effective_reply_date date,
	closed_on date,
	withdrawn_on date,
	archived_on date,
	first_closed_on date,
	first_outcome text,
	first_variant text,
	first_due_on date,
	first_base_due_on date,
	served_seq integer,
	stage json,
	calendar_version bigint NOT NULL,
	query_code_hash bytea,
	created_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL,
	PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX request_case_number ON request_case (org_id, year, serial);
CREATE UNIQUE INDEX request_case_external ON request_case (org_id, external_ref) WHERE external_ref IS NOT NULL;
CREATE INDEX request_case_legacy ON request_case (org_id, legacy_number) WHERE legacy_number IS NOT NULL;
CREATE INDEX request_case_due ON request_case (org_id, due_on, id);
CREATE INDEX request_case_due_all ON request_case (due_on, id);
CREATE INDEX request_case_open ON request_case (org_id, due_on, id) WHERE closed_on IS NULL;
CREATE INDEX request_case_receipt ON request_case (org_id, receipt_date, id);
CREATE INDEX request_case_updated ON request_case (org_id, updated_at, id);
CREATE INDEX request_case_figures ON request_case (first_closed_on, receipt_date, first_outcome, applicant_kind, org_id);

COMMENT ON TABLE request_case IS 'projection: one request for disclosure 依申请公开 as its events tell it; facts, codes and dates, no personal data';
COMMENT ON COLUMN request_case.org_id IS 'organisation that keeps the case';
COMMENT ON COLUMN request_case.id IS 'UUID v7';
COMMENT ON COLUMN request_case.version IS 'seq of the last event; ETag';
COMMENT ON COLUMN request_case.year IS 'year of the register number; null before registration';
COMMENT ON COLUMN request_case.serial IS 'serial of the register number within organisation and year, gap-free';
COMMENT ON COLUMN request_case.legacy_number IS 'number on paper before this system';
COMMENT ON COLUMN request_case.external_ref IS 'reference of an import; a file loaded twice stores nothing twice';
COMMENT ON COLUMN request_case.status IS 'state code (contract-cases §4)';
COMMENT ON COLUMN request_case.flags IS 'bits of enum ogi_flag: consulting 1, extended 2, delayed 4, late_correction 8, in_reconsideration 16, in_litigation 32, reopened 64, historic 128';
COMMENT ON COLUMN request_case.warnings IS 'bits of enum ogi_warning';
COMMENT ON COLUMN request_case.channel IS 'in_person, online, letter, fax';
COMMENT ON COLUMN request_case.via IS 'mail_signed, mail_ordinary; portal, form, email; null';
COMMENT ON COLUMN request_case.regime IS 'R2008 or R2019, by receipt date';
COMMENT ON COLUMN request_case.applicant_kind IS 'column of the annual table (D:statistics §1.2)';
COMMENT ON COLUMN request_case.subject IS 'subject code of the organisation''s list';
COMMENT ON COLUMN request_case.medium IS 'paper, email, disc, disk';
COMMENT ON COLUMN request_case.delivery IS 'post, online, fax, pickup, view';
COMMENT ON COLUMN request_case.assisted IS 'oral request written down by the office (art. 29)';
COMMENT ON COLUMN request_case.assignee IS 'login of the handler in charge';
COMMENT ON COLUMN request_case.arrived_on IS 'day the request reached the office';
COMMENT ON COLUMN request_case.signed_on IS 'day the office signed for registered mail (art. 31)';
COMMENT ON COLUMN request_case.confirmed_on IS 'day both sides confirmed (art. 31)';
COMMENT ON COLUMN request_case.receipt_date IS 'legal receipt date 收到申请之日; counting starts the day after';
COMMENT ON COLUMN request_case.registered_on IS 'day of registration; its year is the number''s';
COMMENT ON COLUMN request_case.run_start IS 'day from which the present run of the clock counts: receipt, correction or payment';
COMMENT ON COLUMN request_case.period IS 'base reply period, working days (15 or 20)';
COMMENT ON COLUMN request_case.extension IS 'extension granted in this run, working days';
COMMENT ON COLUMN request_case.extensions IS 'number of extensions in this run';
COMMENT ON COLUMN request_case.delay_until IS 'delayed reply date under art. 35';
COMMENT ON COLUMN request_case.excluded IS 'days not counted: pairs first, last; merged; an open interval has null for its last day';
COMMENT ON COLUMN request_case.due_on IS 'last day to reply, as the fold computed it; null while no date runs';
COMMENT ON COLUMN request_case.latest_due_on IS 'while a consultation is open: the date if every window is used in full';
COMMENT ON COLUMN request_case.provisional IS 'the date rests on days beyond the loaded calendar';
COMMENT ON COLUMN request_case.last_clock_on IS 'date of the last event that touched the clock; later ones may not lie before it';
COMMENT ON COLUMN request_case.review IS 'secrecy review: passed, refused, referred (art. 17)';
COMMENT ON COLUMN request_case.review_on IS 'day of the review';
COMMENT ON COLUMN request_case.outcome IS 'leaf code of D:outcomes';
COMMENT ON COLUMN request_case.outcome_variant IS 'dotted variant';
COMMENT ON COLUMN request_case.outcome_form IS 'code of the other generation, for the other form';
COMMENT ON COLUMN request_case.outcome_label IS 'the organisation''s own printed label, where it differs';
COMMENT ON COLUMN request_case.served_by IS 'signature, post, electronic, on_the_spot';
COMMENT ON COLUMN request_case.decided_on IS 'day of the decision';
COMMENT ON COLUMN request_case.effective_reply_date IS 'the date that judges timeliness (国办公开办函〔2016〕235号)';
COMMENT ON COLUMN request_case.closed_on IS 'day the present run ended; null while open';
COMMENT ON COLUMN request_case.withdrawn_on IS 'day the applicant withdrew';
COMMENT ON COLUMN request_case.archived_on IS 'day of archiving';
COMMENT ON COLUMN request_case.first_closed_on IS 'first closing: the statistics count this one';
COMMENT ON COLUMN request_case.first_outcome IS 'outcome of the first closing';
COMMENT ON COLUMN request_case.first_variant IS 'variant of the first closing';
COMMENT ON COLUMN request_case.first_due_on IS 'due date at the first closing, extension included (form of 2014, row 24)';
COMMENT ON COLUMN request_case.first_base_due_on IS 'due date at the first closing without extension (form of 2014, row 23)';
COMMENT ON COLUMN request_case.served_seq IS 'seq of the event that served the reply: its letter';
COMMENT ON COLUMN request_case.stage IS 'the rest of the fold that a page needs: correction, consultations, reasons, fee, runs, remedies; null when there is none';
COMMENT ON COLUMN request_case.calendar_version IS 'calendar by which the dates were computed';
COMMENT ON COLUMN request_case.query_code_hash IS 'SHA-256 of the applicant''s look-up code';
COMMENT ON COLUMN request_case.created_at IS 'instant of the first event';
COMMENT ON COLUMN request_case.updated_at IS 'instant of the last event';

CREATE TABLE applicant (
	org_id integer NOT NULL,
	case_id uuid NOT NULL,
	name text,
	phone text,
	email text,
	address text,
	postcode text,
	id_kind text,
	id_number text,
	id_blind bytea,
	others json,
	description text,
	document_ref text,
	evidence json,
	assisted_by text,
	outcome_reason text,
	outcome_basis text[],
	document_no text,
	PRIMARY KEY (org_id, case_id),
	FOREIGN KEY (org_id, case_id) REFERENCES request_case (org_id, id) DEFERRABLE
);
CREATE INDEX applicant_name ON applicant (org_id, name);
CREATE INDEX applicant_id_blind ON applicant (org_id, id_blind) WHERE id_blind IS NOT NULL;
COMMENT ON TABLE applicant IS 'projection: who asked and what was written, by and to them; everything here is destroyed at the end of retention';
COMMENT ON COLUMN applicant.org_id IS 'organisation';
COMMENT ON COLUMN applicant.case_id IS 'the case';
COMMENT ON COLUMN applicant.name IS 'name 姓名 or 名称';
COMMENT ON COLUMN applicant.phone IS 'telephone';
COMMENT ON COLUMN applicant.email IS 'electronic mail';
COMMENT ON COLUMN applicant.address IS 'postal address';
COMMENT ON COLUMN applicant.postcode IS 'postcode';
COMMENT ON COLUMN applicant.id_kind IS 'kind of identity document';
COMMENT ON COLUMN applicant.id_number IS 'its number, encrypted (AES-256-GCM, key not in the database)';
COMMENT ON COLUMN applicant.id_blind IS 'keyed index of the number: the same number gives the same bytes';
COMMENT ON COLUMN applicant.others IS 'legal representative, contact person, agent, further applicants';
COMMENT ON COLUMN applicant.description IS 'what information is asked for';
COMMENT ON COLUMN applicant.document_ref IS 'document number the applicant named';
COMMENT ON COLUMN applicant.evidence IS 'evidence of receipt: tracking number, who signed, attempts to confirm';
COMMENT ON COLUMN applicant.assisted_by IS 'who wrote an oral request down';
COMMENT ON COLUMN applicant.outcome_reason IS 'reason of the decision';
COMMENT ON COLUMN applicant.outcome_basis IS 'legal basis quoted';
COMMENT ON COLUMN applicant.document_no IS 'number of the reply';

CREATE TABLE case_event (
	org_id integer NOT NULL,
	case_id uuid NOT NULL,
	seq integer NOT NULL CHECK (seq >= 1),
	kind text NOT NULL,
	on_date date NOT NULL,
	recorded_at timestamptz NOT NULL,
	actor_id integer,
	canonical text NOT NULL,
	prev_hash bytea NOT NULL CHECK (length(prev_hash) = 32),
	hash bytea NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (org_id, case_id, seq),
	FOREIGN KEY (org_id, case_id) REFERENCES request_case (org_id, id) DEFERRABLE
);
CREATE INDEX case_event_recorded ON case_event (org_id, recorded_at);
COMMENT ON TABLE case_event IS 'what happened, append only: the application has no UPDATE or DELETE here';
COMMENT ON COLUMN case_event.org_id IS 'organisation';
COMMENT ON COLUMN case_event.case_id IS 'the case';
COMMENT ON COLUMN case_event.seq IS 'order of recording, from 1, no gaps';
COMMENT ON COLUMN case_event.kind IS 'kind of event (contract-cases §6); stands in canonical too';
COMMENT ON COLUMN case_event.on_date IS 'legal date of the fact, China; stands in canonical too';
COMMENT ON COLUMN case_event.recorded_at IS 'instant of entry; stands in canonical too';
COMMENT ON COLUMN case_event.actor_id IS 'person who recorded it; null for the system and for imported actors; the login stands in canonical';
COMMENT ON COLUMN case_event.canonical IS 'the bytes that the chain covers: JSON with version, org, case, seq, kind, on, recorded_at, actor, due_before, due_after, calendar, data, and the commitment to its text';
COMMENT ON COLUMN case_event.prev_hash IS 'hash of the event before, zero bytes for the first';
COMMENT ON COLUMN case_event.hash IS 'HMAC of prev_hash and canonical; the key is not in the database';

CREATE TABLE case_text (
	org_id integer NOT NULL,
	case_id uuid NOT NULL,
	seq integer NOT NULL,
	salt bytea NOT NULL CHECK (length(salt) = 16),
	body text,
	destroyed_on date,
	PRIMARY KEY (org_id, case_id, seq),
	FOREIGN KEY (org_id, case_id) REFERENCES request_case (org_id, id) DEFERRABLE,
	CHECK ((body IS NULL) = (destroyed_on IS NOT NULL))
);
COMMENT ON TABLE case_text IS 'personal data and free text of an event, apart from the chain, which holds a salted commitment to it';
COMMENT ON COLUMN case_text.org_id IS 'organisation';
COMMENT ON COLUMN case_text.case_id IS 'the case';
COMMENT ON COLUMN case_text.seq IS 'the event';
COMMENT ON COLUMN case_text.salt IS '16 random bytes of the commitment';
COMMENT ON COLUMN case_text.body IS 'JSON of the text fields; ID numbers in it are encrypted; null once destroyed';
COMMENT ON COLUMN case_text.destroyed_on IS 'day of destruction at the end of retention';

CREATE TABLE reg_counter (
	org_id integer NOT NULL,
	year integer NOT NULL,
	last integer NOT NULL,
	PRIMARY KEY (org_id, year)
);
COMMENT ON TABLE reg_counter IS 'last register number given, per organisation and year';
COMMENT ON COLUMN reg_counter.org_id IS 'organisation';
COMMENT ON COLUMN reg_counter.year IS 'year of registration';
COMMENT ON COLUMN reg_counter.last IS 'serial given last';

CREATE TABLE number_gap (
	org_id integer NOT NULL,
	year integer NOT NULL,
	first integer NOT NULL,
	last integer NOT NULL,
	reason text NOT NULL,
	declared_at timestamptz NOT NULL,
	PRIMARY KEY (org_id, year, first)
);
COMMENT ON TABLE number_gap IS 'serials that are missing and declared so (imported numbers); any other gap is a finding of verify';
COMMENT ON COLUMN number_gap.org_id IS 'organisation';
COMMENT ON COLUMN number_gap.year IS 'year of registration';
COMMENT ON COLUMN number_gap.first IS 'first missing serial';
COMMENT ON COLUMN number_gap.last IS 'last missing serial';
COMMENT ON COLUMN number_gap.reason IS 'why';
COMMENT ON COLUMN number_gap.declared_at IS 'instant of the declaration';

CREATE TABLE idempotency_key (
	org_id integer NOT NULL,
	actor_id integer NOT NULL,
	key uuid NOT NULL,
	route text NOT NULL,
	body_hash bytea NOT NULL,
	status integer NOT NULL,
	object text,
	version integer,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (org_id, actor_id, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
COMMENT ON TABLE idempotency_key IS 'answers given to writes, for 7 days; the answer is rendered again from the ledger (contract §2)';
COMMENT ON COLUMN idempotency_key.org_id IS 'organisation of what was written';
COMMENT ON COLUMN idempotency_key.actor_id IS 'who asked';
COMMENT ON COLUMN idempotency_key.key IS 'Idempotency-Key, or one made for the exchange';
COMMENT ON COLUMN idempotency_key.route IS 'method and path';
COMMENT ON COLUMN idempotency_key.body_hash IS 'SHA-256 of the body; another body under the same key is refused';
COMMENT ON COLUMN idempotency_key.status IS 'HTTP status given';
COMMENT ON COLUMN idempotency_key.object IS 'what was written: "org:uuid" of a case, a code, an id';
COMMENT ON COLUMN idempotency_key.version IS 'version of the case after it';
COMMENT ON COLUMN idempotency_key.created_at IS 'instant of the write';

DO $$
DECLARE app text := current_setting('ogid.application_role');
BEGIN
	EXECUTE format('GRANT SELECT, INSERT, UPDATE ON request_case, applicant, reg_counter TO %I', app);
	EXECUTE format('GRANT SELECT, INSERT ON case_event, case_text, number_gap TO %I', app);
	EXECUTE format('GRANT UPDATE (body, destroyed_on) ON case_text TO %I', app);
	EXECUTE format('GRANT SELECT, INSERT, DELETE ON idempotency_key TO %I', app);
END $$;
