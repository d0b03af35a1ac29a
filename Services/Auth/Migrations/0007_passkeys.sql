-- Passkeys (WebAuthn): what is kept is a public key.
CREATE TABLE passkeys (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id bytea NOT NULL UNIQUE CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    -- As libfido2 has it; which kind of key it is stands in `algorithm` (COSE).
    public_key bytea NOT NULL,
    algorithm integer NOT NULL CHECK (algorithm IN (-7, -8, -257)),
    -- Zero from authenticators that do not count. One that goes back may be a copy's.
    sign_count bigint NOT NULL DEFAULT 0,
    aaguid uuid,
    transports text[] NOT NULL DEFAULT '{}',
    is_backed_up boolean NOT NULL DEFAULT false,
    label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 100),
    last_used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX passkeys_user_id_idx ON passkeys (user_id, id);
CREATE TRIGGER passkeys_updated_at BEFORE UPDATE OF label ON passkeys FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- What an authenticator is to sign: random, for one purpose and one person or sign-in, good once and for a few minutes.
CREATE TABLE passkey_challenges (
    challenge_hash bytea PRIMARY KEY CHECK (octet_length(challenge_hash) = 32),
    purpose text NOT NULL CHECK (purpose IN ('registration', 'sign_in', 'second_factor')),
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    mfa_challenge_id uuid REFERENCES mfa_challenges (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((purpose = 'sign_in') = (user_id IS NULL)),
    CHECK ((purpose = 'second_factor') = (mfa_challenge_id IS NOT NULL))
);
CREATE INDEX passkey_challenges_user_id_idx ON passkey_challenges (user_id);
CREATE INDEX passkey_challenges_mfa_challenge_id_idx ON passkey_challenges (mfa_challenge_id);
CREATE INDEX passkey_challenges_expires_at_idx ON passkey_challenges (expires_at);

ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;
CREATE POLICY passkeys_read ON passkeys FOR SELECT
    USING ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));
CREATE POLICY passkeys_service ON passkeys USING ((SELECT current_app_role()) = 'service');
ALTER TABLE passkey_challenges ENABLE ROW LEVEL SECURITY;
CREATE POLICY passkey_challenges_service ON passkey_challenges USING ((SELECT current_app_role()) = 'service');

-- migrate:down
UPDATE users u SET mfa_enabled = EXISTS (SELECT FROM mfa_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
WHERE mfa_enabled;
DROP TABLE passkey_challenges, passkeys;
