-- Pictures of people, the limits of the routes that take codes, keys and accounts elsewhere, and what an archive needs no more.

-- One of each person. Its address names the row, which is new with every picture: whoever was shown the address may look, and caches may keep it.
CREATE TABLE user_avatars (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- Random, so that nobody finds one by counting.
    id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    content_type text NOT NULL CHECK (content_type IN ('image/png', 'image/jpeg', 'image/webp')),
    bytes bytea NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 524288),
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE user_avatars ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_avatars_read ON user_avatars FOR SELECT USING (true);
CREATE POLICY user_avatars_write ON user_avatars
    USING ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()))
    WITH CHECK ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));

-- As the others of their kind: not active, so what the service says itself holds.
INSERT INTO system_configuration (key, value, data_type, category, description, validation_rules, is_active) VALUES
    ('rate_limits.endpoints.second_factor', '"60/60s"', 'string', 'rate_limits', 'Second factors shown, and codes asked for, by one client.',
        '{"format": "rate"}', false),
    ('rate_limits.endpoints.passkeys', '"60/60s"', 'string', 'rate_limits', 'Sign-ins with a passkey from one client.', '{"format": "rate"}', false),
    ('rate_limits.endpoints.oauth', '"60/60s"', 'string', 'rate_limits', 'Sign-ins with an account elsewhere from one client.',
        '{"format": "rate"}', false),
    ('rate_limits.endpoints.enrolment', '"60/3600s"', 'string', 'rate_limits', 'Second factors, passkeys and accounts elsewhere added by one person.',
        '{"format": "rate"}', false),
    ('rate_limits.endpoints.email_change', '"20/3600s"', 'string', 'rate_limits', 'Changes of the address by one person.', '{"format": "rate"}', false),
    ('rate_limits.endpoints.exports', '"20/3600s"', 'string', 'rate_limits', 'Exports asked for by one person.', '{"format": "rate"}', false);

-- The checksum is made when the archive is; the column goes with the release after this one, as the one before writes it.
COMMENT ON COLUMN data_export_entries.crc32 IS 'not used any more';

-- migrate:down
-- The release before needs the checksum: whoever waits for an archive asks anew.
DELETE FROM data_exports;
COMMENT ON COLUMN data_export_entries.crc32 IS NULL;
DELETE FROM system_configuration WHERE key IN (
    'rate_limits.endpoints.second_factor', 'rate_limits.endpoints.passkeys', 'rate_limits.endpoints.oauth', 'rate_limits.endpoints.enrolment',
    'rate_limits.endpoints.email_change', 'rate_limits.endpoints.exports');
UPDATE users SET avatar_url = NULL WHERE id IN (SELECT user_id FROM user_avatars);
DROP TABLE user_avatars;
