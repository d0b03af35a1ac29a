-- Second factors: what somebody shows besides a password.

ALTER TABLE user_sessions
    ADD COLUMN auth_methods text[] NOT NULL DEFAULT '{pwd}',
    ADD COLUMN authenticated_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN second_factor_at timestamptz;
UPDATE user_sessions SET authenticated_at = created_at;

-- An authenticator app, the account's mailbox, a telephone. Pending until a code has confirmed it. The secret (the key of an app, the number of a
-- telephone) is sealed.
CREATE TABLE mfa_factors (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    factor_type text NOT NULL CHECK (factor_type IN ('totp', 'email', 'sms')),
    label text CHECK (char_length(label) BETWEEN 1 AND 100),
    secret_encrypted bytea,
    -- What its owner is shown of it: the last digits of a number.
    hint text CHECK (char_length(hint) <= 20),
    -- The step of the newest code that was taken (RFC 6238 § 5.2: each is good once); an older one is good no longer.
    last_used_step bigint,
    last_used_at timestamptz,
    confirmed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((factor_type = 'email') = (secret_encrypted IS NULL))
);
CREATE UNIQUE INDEX mfa_factors_confirmed_key ON mfa_factors (user_id, factor_type) WHERE confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX mfa_factors_pending_key ON mfa_factors (user_id, factor_type) WHERE confirmed_at IS NULL;
CREATE TRIGGER mfa_factors_updated_at BEFORE UPDATE OF label, confirmed_at ON mfa_factors FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Somebody is asked for a second factor: to finish a sign-in, within a session, or to confirm a factor. It ends when it is met, when its time is over and
-- after a few wrong codes.
CREATE TABLE mfa_challenges (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('sign_in', 'step_up', 'enrolment')),
    token_hash bytea UNIQUE CHECK (octet_length(token_hash) = 32),
    session_id uuid REFERENCES user_sessions (id) ON DELETE CASCADE,
    factor_id uuid UNIQUE REFERENCES mfa_factors (id) ON DELETE CASCADE,
    -- What the first step of a sign-in showed, and from which device.
    first_method text NOT NULL DEFAULT 'pwd',
    device_info jsonb,
    attempts integer NOT NULL DEFAULT 0,
    sends integer NOT NULL DEFAULT 0,
    last_sent_at timestamptz,
    expires_at timestamptz NOT NULL,
    passed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((purpose = 'step_up') = (session_id IS NOT NULL)),
    CHECK ((purpose = 'enrolment') = (factor_id IS NOT NULL)),
    CHECK ((purpose = 'enrolment') = (token_hash IS NULL))
);
CREATE INDEX mfa_challenges_user_id_idx ON mfa_challenges (user_id, created_at);
CREATE INDEX mfa_challenges_session_id_idx ON mfa_challenges (session_id);
CREATE INDEX mfa_challenges_expires_at_idx ON mfa_challenges (expires_at);

-- Codes as hashes, each good once: those that were sent (`email`, `sms`; keyed hashes, as six digits are soon tried through), backup codes, and those of
-- an app that were taken (`totp`).
CREATE TABLE mfa_tokens (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- A sent code is for one challenge. It outlives that one a while, as how many somebody was sent is counted.
    challenge_id uuid REFERENCES mfa_challenges (id) ON DELETE SET NULL,
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    token_type text NOT NULL CHECK (token_type IN ('email', 'sms', 'totp', 'backup_code')),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX mfa_tokens_backup_code_key ON mfa_tokens (user_id, token_hash) WHERE token_type = 'backup_code';
CREATE INDEX mfa_tokens_user_id_idx ON mfa_tokens (user_id, token_type, created_at);
CREATE INDEX mfa_tokens_challenge_id_idx ON mfa_tokens (challenge_id);
CREATE INDEX mfa_tokens_expires_at_idx ON mfa_tokens (expires_at);

ALTER TABLE mfa_factors ENABLE ROW LEVEL SECURITY;
CREATE POLICY mfa_factors_read ON mfa_factors FOR SELECT
    USING ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));
CREATE POLICY mfa_factors_service ON mfa_factors USING ((SELECT current_app_role()) = 'service');
ALTER TABLE mfa_challenges ENABLE ROW LEVEL SECURITY;
CREATE POLICY mfa_challenges_service ON mfa_challenges USING ((SELECT current_app_role()) = 'service');
ALTER TABLE mfa_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY mfa_tokens_service ON mfa_tokens USING ((SELECT current_app_role()) = 'service');

-- When a second factor was shown, and which, is no claim that a person makes of themselves.
CREATE FUNCTION guard_session() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF current_app_role() IN ('user', 'moderator', 'anonymous') THEN
        RAISE insufficient_privilege USING MESSAGE = 'this part of a session is changed by the service alone';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER user_sessions_guard BEFORE UPDATE ON user_sessions FOR EACH ROW WHEN (
    (OLD.id, OLD.user_id, OLD.auth_methods, OLD.authenticated_at, OLD.second_factor_at)
    IS DISTINCT FROM
    (NEW.id, NEW.user_id, NEW.auth_methods, NEW.authenticated_at, NEW.second_factor_at)
) EXECUTE FUNCTION guard_session();

-- A session carries whether its account has second factors, and when one was shown in it.
CREATE TRIGGER users_session_mfa AFTER UPDATE OF mfa_enabled ON users
    FOR EACH ROW WHEN (OLD.mfa_enabled IS DISTINCT FROM NEW.mfa_enabled) EXECUTE FUNCTION drop_cached_sessions_of_user();

-- migrate:down
DROP TRIGGER users_session_mfa ON users;
DROP TRIGGER user_sessions_guard ON user_sessions;
DROP FUNCTION guard_session();
DROP TABLE mfa_tokens, mfa_challenges, mfa_factors;
UPDATE users SET mfa_enabled = false WHERE mfa_enabled;
ALTER TABLE user_sessions DROP COLUMN second_factor_at, DROP COLUMN authenticated_at, DROP COLUMN auth_methods;
