-- Signing in with an account elsewhere (OAuth 2, OpenID Connect). The provider's tokens are sealed.
CREATE TABLE oauth_connections (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider text COLLATE "C" NOT NULL CHECK (provider ~ '^[a-z][a-z0-9_-]{0,49}$'),
    -- Who they are there: the `sub` of an id_token.
    provider_user_id text COLLATE "C" NOT NULL CHECK (char_length(provider_user_id) BETWEEN 1 AND 255),
    access_token_encrypted bytea,
    refresh_token_encrypted bytea,
    expires_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (provider, provider_user_id),
    UNIQUE (user_id, provider)
);
CREATE TRIGGER oauth_connections_updated_at BEFORE UPDATE ON oauth_connections FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Somebody is away at a provider. `state` comes back through the browser; `attempt` stays with the client that began, so that nobody finishes what another
-- began. Good once, and for a few minutes.
CREATE TABLE oauth_attempts (
    state_hash bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    attempt_hash bytea NOT NULL CHECK (octet_length(attempt_hash) = 32),
    provider text NOT NULL,
    -- Who connects, in which session; null for a sign-in.
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    session_id uuid REFERENCES user_sessions (id) ON DELETE CASCADE,
    nonce text NOT NULL,
    code_verifier_encrypted bytea NOT NULL,
    device_info jsonb,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((user_id IS NULL) = (session_id IS NULL))
);
CREATE INDEX oauth_attempts_expires_at_idx ON oauth_attempts (expires_at);
CREATE INDEX oauth_attempts_user_id_idx ON oauth_attempts (user_id);
CREATE INDEX oauth_attempts_session_id_idx ON oauth_attempts (session_id);

ALTER TABLE oauth_connections ENABLE ROW LEVEL SECURITY;
CREATE POLICY oauth_connections_read ON oauth_connections FOR SELECT
    USING ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));
CREATE POLICY oauth_connections_service ON oauth_connections USING ((SELECT current_app_role()) = 'service');
ALTER TABLE oauth_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY oauth_attempts_service ON oauth_attempts USING ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP TABLE oauth_attempts, oauth_connections;
