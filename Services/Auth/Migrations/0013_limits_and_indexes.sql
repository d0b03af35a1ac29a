-- Limits of mails to one address, and indexes for what is asked and swept.

INSERT INTO system_configuration (key, value, data_type, category, description, validation_rules, is_active) VALUES
    ('rate_limits.accounts.invitations', '"10/3600s"', 'string', 'rate_limits', 'Invitations to one address.', '{"format": "rate"}', false),
    ('rate_limits.accounts.email_change', '"5/3600s"', 'string', 'rate_limits', 'Changes to one address.', '{"format": "rate"}', false);

-- The few of a family that still have a way on.
CREATE INDEX refresh_tokens_salted_idx ON refresh_tokens (session_id) WHERE successor_salt IS NOT NULL;
CREATE INDEX agency_invitations_email_idx ON agency_invitations (email);
CREATE INDEX agency_invitations_expires_at_idx ON agency_invitations (expires_at);
CREATE INDEX users_locked_until_idx ON users (locked_until) WHERE locked_until IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX users_user_type_idx ON users (user_type, email) WHERE deleted_at IS NULL;

-- People are found by how their names begin: columns, as the policy keeps an index over lower() from being used.
ALTER TABLE users
    ADD COLUMN first_name_key text COLLATE "C" GENERATED ALWAYS AS (lower(first_name)) STORED,
    ADD COLUMN last_name_key text COLLATE "C" GENERATED ALWAYS AS (lower(last_name)) STORED;
CREATE INDEX users_first_name_key_idx ON users (first_name_key) WHERE deleted_at IS NULL;
CREATE INDEX users_last_name_key_idx ON users (last_name_key) WHERE deleted_at IS NULL;

-- migrate:down
ALTER TABLE users DROP COLUMN last_name_key, DROP COLUMN first_name_key;
DROP INDEX users_user_type_idx, users_locked_until_idx, agency_invitations_expires_at_idx, agency_invitations_email_idx, refresh_tokens_salted_idx;
DELETE FROM system_configuration WHERE key IN ('rate_limits.accounts.invitations', 'rate_limits.accounts.email_change');
