-- What people agreed to and when, changes of addresses that can be taken back, and the indexes that administrators search by.

-- Every change of a consent, for good: that somebody agreed has to be shown later. Of a deleted account, where it came from is taken out.
CREATE TABLE consent_records (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('gdpr', 'data_processing', 'marketing', 'analytics')),
    is_given boolean NOT NULL,
    -- Which text the person saw.
    text_version text NOT NULL CHECK (char_length(text_version) BETWEEN 1 AND 50),
    source text NOT NULL CHECK (source IN ('registration', 'profile')),
    ip_address inet,
    user_agent text CHECK (char_length(user_agent) <= 1000),
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX consent_records_user_id_idx ON consent_records (user_id, id DESC);
CREATE INDEX consent_records_recorded_at_idx ON consent_records (recorded_at);
ALTER TABLE consent_records ENABLE ROW LEVEL SECURITY;
CREATE POLICY consent_records_read ON consent_records FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY consent_records_add ON consent_records FOR INSERT
    WITH CHECK ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));
CREATE POLICY consent_records_change ON consent_records FOR UPDATE USING ((SELECT current_app_role()) = 'service');
CREATE POLICY consent_records_erase ON consent_records FOR DELETE USING ((SELECT current_app_role()) = 'service');

-- What was agreed to before there was a history.
INSERT INTO consent_records (user_id, purpose, is_given, text_version, source, recorded_at)
SELECT u.id, c.purpose, true, 'unknown', 'registration', COALESCE(CASE c.purpose WHEN 'gdpr' THEN u.gdpr_consent_date END, u.created_at)
FROM users u CROSS JOIN LATERAL (VALUES
    ('gdpr', u.gdpr_consent_given), ('data_processing', u.data_processing_consent), ('marketing', u.marketing_consent),
    ('analytics', u.analytics_consent)) AS c (purpose, is_given)
WHERE c.is_given AND u.deleted_at IS NULL;

-- An address that is to take another's place: confirmed with the token mailed to the new one, taken back with the token mailed to the old one.
CREATE TABLE email_changes (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    old_email text COLLATE "C" NOT NULL,
    new_email text COLLATE "C" NOT NULL CHECK (new_email = lower(new_email) AND char_length(new_email) BETWEEN 6 AND 254),
    token_hash bytea NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    revert_token_hash bytea UNIQUE,
    revert_expires_at timestamptz,
    reverted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((confirmed_at IS NULL) = (revert_token_hash IS NULL)),
    CHECK ((confirmed_at IS NULL) = (revert_expires_at IS NULL)),
    CHECK (reverted_at IS NULL OR confirmed_at IS NOT NULL)
);
CREATE UNIQUE INDEX email_changes_open_key ON email_changes (user_id) WHERE confirmed_at IS NULL;
CREATE INDEX email_changes_user_id_idx ON email_changes (user_id);
CREATE INDEX email_changes_expires_at_idx ON email_changes (COALESCE(revert_expires_at, expires_at));
ALTER TABLE email_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY email_changes_service ON email_changes USING ((SELECT current_app_role()) = 'service');

-- Administrators search by what an account is, in the order of addresses; ranges of addresses and names have leakproof operators.
CREATE INDEX users_status_idx ON users (status, email) WHERE deleted_at IS NULL;
CREATE INDEX users_role_idx ON users (role, email) WHERE deleted_at IS NULL AND role <> 'user';
-- The sweep finds its work here.
CREATE INDEX users_verification_expires_idx ON users (email_verification_expires) WHERE email_verification_token_hash IS NOT NULL;
CREATE INDEX users_reset_expires_idx ON users (password_reset_expires) WHERE password_reset_token_hash IS NOT NULL;
CREATE INDEX users_deleted_at_idx ON users (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX user_sessions_ended_at_idx ON user_sessions (ended_at) WHERE NOT is_active;

-- Somebody who has left may come back by signing in; what an administrator has suspended, only an administrator gives back.
ALTER TABLE users ADD COLUMN deactivated_at timestamptz;

-- Accounts deleted before this release kept their particulars.
UPDATE users SET
    email = 'deleted@hearth.invalid', username = NULL, first_name = NULL, last_name = NULL, full_name = NULL, phone = NULL, date_of_birth = NULL,
    gender = NULL, nationality = NULL, locale = DEFAULT, timezone = DEFAULT, avatar_url = NULL, bio = NULL, location = NULL, preferences = DEFAULT,
    user_type = DEFAULT, last_login_at = NULL, login_count = 0, failed_login_attempts = 0, locked_until = NULL, email_verified = false,
    mfa_enabled = false, gdpr_consent_given = false, gdpr_consent_date = NULL, data_processing_consent = false, marketing_consent = false,
    analytics_consent = false, email_verification_expires = NULL, password_reset_expires = NULL
WHERE deleted_at IS NOT NULL;
DELETE FROM user_sessions WHERE user_id IN (SELECT id FROM users WHERE deleted_at IS NOT NULL);
DELETE FROM api_keys WHERE user_id IN (SELECT id FROM users WHERE deleted_at IS NOT NULL);

-- migrate:down
ALTER TABLE users DROP COLUMN deactivated_at;
DROP INDEX user_sessions_ended_at_idx, users_deleted_at_idx, users_reset_expires_idx, users_verification_expires_idx, users_role_idx, users_status_idx;
DROP TABLE email_changes, consent_records;
