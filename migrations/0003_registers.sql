-- SPDX-License-Identifier: MulanPSL-2.0
-- Registers beside the cases: audit and proactive disclosure. Append only and chained like the events.

CREATE TABLE chain_head (
	org_id integer NOT NULL,
	register text NOT NULL CHECK (register IN ('audit', 'disclosure', 'review')),
	seq bigint NOT NULL,
	hash bytea NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (org_id, register)
);
COMMENT ON TABLE chain_head IS 'last entry of each chained register; an entry is added only on top of the head its writer saw';
COMMENT ON COLUMN chain_head.org_id IS 'organisation';
COMMENT ON COLUMN chain_head.register IS 'which register';
COMMENT ON COLUMN chain_head.seq IS 'number of the last entry';
COMMENT ON COLUMN chain_head.hash IS 'hash of the last entry';

CREATE TABLE audit_entry (
	org_id integer NOT NULL,
	seq bigint NOT NULL CHECK (seq >= 1),
	at timestamptz NOT NULL,
	actor_id integer,
	action text NOT NULL,
	object text,
	canonical text NOT NULL,
	prev_hash bytea NOT NULL,
	hash bytea NOT NULL,
	PRIMARY KEY (org_id, seq)
);
CREATE INDEX audit_entry_at ON audit_entry (org_id, at);
COMMENT ON TABLE audit_entry IS 'who did what beside the events of cases (these are their own record): logins, accounts, reveals, exports, disclosures';
COMMENT ON COLUMN audit_entry.org_id IS 'organisation concerned';
COMMENT ON COLUMN audit_entry.seq IS 'number within the organisation, from 1, no gaps';
COMMENT ON COLUMN audit_entry.at IS 'instant; stands in canonical too';
COMMENT ON COLUMN audit_entry.actor_id IS 'person; null for the system';
COMMENT ON COLUMN audit_entry.action IS 'code, e.g. case.reveal, user.add, session.open';
COMMENT ON COLUMN audit_entry.object IS 'what it was done to, never personal data of applicants';
COMMENT ON COLUMN audit_entry.canonical IS 'the bytes that the chain covers: JSON with org, seq, at, actor, action, object, detail';
COMMENT ON COLUMN audit_entry.prev_hash IS 'hash of the entry before';
COMMENT ON COLUMN audit_entry.hash IS 'HMAC of prev_hash and canonical';

CREATE TABLE disclosure_item (
	org_id integer NOT NULL,
	id uuid NOT NULL,
	seq bigint NOT NULL,
	external_ref text,
	title text NOT NULL,
	doc_no text,
	index_no text,
	summary text,
	category_local text NOT NULL,
	category_art20 text,
	is_normative boolean NOT NULL DEFAULT false,
	is_rule boolean NOT NULL DEFAULT false,
	created_on date,
	published_on date,
	due_on date,
	valid_until date,
	repealed_on date,
	source_case_id uuid,
	owner text,
	demo boolean NOT NULL DEFAULT false,
	historic boolean NOT NULL DEFAULT false,
	recorded_at timestamptz NOT NULL,
	actor_id integer,
	canonical text NOT NULL,
	prev_hash bytea NOT NULL,
	hash bytea NOT NULL,
	PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX disclosure_item_seq ON disclosure_item (org_id, seq);
CREATE UNIQUE INDEX disclosure_item_external ON disclosure_item (org_id, external_ref) WHERE external_ref IS NOT NULL;
CREATE INDEX disclosure_item_published ON disclosure_item (org_id, published_on, id);
COMMENT ON TABLE disclosure_item IS 'proactive disclosure register 主动公开登记 (D:annual-report §4), one row an item';
COMMENT ON COLUMN disclosure_item.org_id IS 'organisation';
COMMENT ON COLUMN disclosure_item.id IS 'UUID v7';
COMMENT ON COLUMN disclosure_item.seq IS 'item number within the organisation, from 1; its place in the chain';
COMMENT ON COLUMN disclosure_item.external_ref IS 'reference of an import';
COMMENT ON COLUMN disclosure_item.title IS 'title';
COMMENT ON COLUMN disclosure_item.doc_no IS 'document number 文号';
COMMENT ON COLUMN disclosure_item.index_no IS 'index number 索引号 (art. 12)';
COMMENT ON COLUMN disclosure_item.summary IS 'summary (art. 12)';
COMMENT ON COLUMN disclosure_item.category_local IS 'category of the agency''s own scheme';
COMMENT ON COLUMN disclosure_item.category_art20 IS 'item of art. 20: a20.01 .. a20.15';
COMMENT ON COLUMN disclosure_item.is_normative IS 'normative document 规范性文件';
COMMENT ON COLUMN disclosure_item.is_rule IS 'government rule 规章';
COMMENT ON COLUMN disclosure_item.created_on IS 'day of creation or change 生成日期';
COMMENT ON COLUMN disclosure_item.published_on IS 'first publication; statistics count by its year';
COMMENT ON COLUMN disclosure_item.due_on IS 'last day to publish: 20 working days after created_on (art. 26)';
COMMENT ON COLUMN disclosure_item.valid_until IS 'end of validity';
COMMENT ON COLUMN disclosure_item.repealed_on IS 'day of repeal';
COMMENT ON COLUMN disclosure_item.source_case_id IS 'request that made it public (art. 44)';
COMMENT ON COLUMN disclosure_item.owner IS 'login of the person in charge';
COMMENT ON COLUMN disclosure_item.demo IS 'demonstration data';
COMMENT ON COLUMN disclosure_item.historic IS 'imported from before this system: no review on record';
COMMENT ON COLUMN disclosure_item.recorded_at IS 'instant of entry';
COMMENT ON COLUMN disclosure_item.actor_id IS 'who entered it';
COMMENT ON COLUMN disclosure_item.canonical IS 'the bytes that the chain covers, as entered';
COMMENT ON COLUMN disclosure_item.prev_hash IS 'hash of the item before';
COMMENT ON COLUMN disclosure_item.hash IS 'HMAC of prev_hash and canonical';

CREATE TABLE publication (
	org_id integer NOT NULL,
	item_id uuid NOT NULL,
	channel text NOT NULL CHECK (channel IN ('website', 'gazette', 'media', 'weibo', 'wechat', 'press', 'board', 'reading_room', 'other')),
	published_on date NOT NULL,
	locator text,
	PRIMARY KEY (org_id, item_id, channel),
	FOREIGN KEY (org_id, item_id) REFERENCES disclosure_item (org_id, id)
);
CREATE INDEX publication_day ON publication (org_id, published_on, channel);
COMMENT ON TABLE publication IS 'where an item was published; once per channel';
COMMENT ON COLUMN publication.org_id IS 'organisation';
COMMENT ON COLUMN publication.item_id IS 'the item';
COMMENT ON COLUMN publication.channel IS 'website, gazette, media, weibo, wechat, press, board, reading_room, other (art. 23, 25)';
COMMENT ON COLUMN publication.published_on IS 'first day on this channel';
COMMENT ON COLUMN publication.locator IS 'address, issue, place';

CREATE TABLE secrecy_review (
	org_id integer NOT NULL,
	item_id uuid NOT NULL,
	seq bigint NOT NULL,
	decision text NOT NULL CHECK (decision IN ('passed', 'refused', 'referred')),
	on_date date NOT NULL,
	recorded_at timestamptz NOT NULL,
	actor_id integer,
	canonical text NOT NULL,
	prev_hash bytea NOT NULL,
	hash bytea NOT NULL,
	PRIMARY KEY (org_id, seq),
	FOREIGN KEY (org_id, item_id) REFERENCES disclosure_item (org_id, id)
);
CREATE INDEX secrecy_review_item ON secrecy_review (org_id, item_id, seq);
COMMENT ON TABLE secrecy_review IS 'secrecy review of items 保密审查 (art. 17), append only';
COMMENT ON COLUMN secrecy_review.org_id IS 'organisation';
COMMENT ON COLUMN secrecy_review.item_id IS 'the item';
COMMENT ON COLUMN secrecy_review.seq IS 'number within the organisation; its place in the chain';
COMMENT ON COLUMN secrecy_review.decision IS 'passed, refused, referred';
COMMENT ON COLUMN secrecy_review.on_date IS 'day of the decision';
COMMENT ON COLUMN secrecy_review.recorded_at IS 'instant of entry';
COMMENT ON COLUMN secrecy_review.actor_id IS 'reviewer';
COMMENT ON COLUMN secrecy_review.canonical IS 'the bytes that the chain covers: checks, opinions, decision';
COMMENT ON COLUMN secrecy_review.prev_hash IS 'hash of the review before';
COMMENT ON COLUMN secrecy_review.hash IS 'HMAC of prev_hash and canonical';

DO $$
DECLARE app text := current_setting('ogid.application_role');
BEGIN
	EXECUTE format('GRANT SELECT, INSERT, UPDATE ON chain_head TO %I', app);
	EXECUTE format('GRANT SELECT, INSERT ON audit_entry, disclosure_item, publication, secrecy_review TO %I', app);
	EXECUTE format('GRANT UPDATE (published_on, repealed_on, valid_until) ON disclosure_item TO %I', app);
END $$;
