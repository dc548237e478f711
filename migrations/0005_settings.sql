-- SPDX-License-Identifier: MulanPSL-2.0
-- Settings are only added to: what was set before stays, so that a case can be counted again by the settings that were known
-- when its last event was recorded. A value "" takes the setting away from its day on: the organisation above counts again.

ALTER TABLE setting DROP CONSTRAINT setting_pkey;
ALTER TABLE setting
	ADD COLUMN seq integer GENERATED ALWAYS AS IDENTITY,
	ADD COLUMN set_at timestamptz NOT NULL DEFAULT now(),
	ADD COLUMN set_by integer;
ALTER TABLE setting ADD PRIMARY KEY (seq);
UPDATE setting SET name = 'correction_days' WHERE name = 'correction_workdays';
COMMENT ON COLUMN setting.seq IS 'order of entry; of two for the same day the later one holds';
COMMENT ON COLUMN setting.set_at IS 'instant of entry';
COMMENT ON COLUMN setting.set_by IS 'person who set it; null for the programs';
COMMENT ON COLUMN setting.name IS 'transition, exclusion_convention, r2008_correction, correction_days (working days), payment_days (working days), sign_off';
COMMENT ON COLUMN setting.valid_from IS 'first receipt date it holds for (sign_off: first day of a decision)';
COMMENT ON COLUMN setting.value IS 'value as text: a code, a number, on or off; empty: not set from then on';

DO $$
BEGIN
	EXECUTE format('REVOKE UPDATE ON setting FROM %I', current_setting('ogid.application_role'));
END $$;
