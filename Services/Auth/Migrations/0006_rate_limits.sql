-- How often whom asked, and who is shut out. Written behind, in batches: what refuses a request is in memory and in Redis.

CREATE TABLE api_rate_limits (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    -- An IPv4 address or IPv6 network, a user's or an API key's id, or the hash of an account that requests named.
    identifier text COLLATE "C" NOT NULL CHECK (char_length(identifier) BETWEEN 1 AND 255),
    identifier_type text NOT NULL CHECK (identifier_type IN ('ip', 'user', 'api_key', 'account')),
    -- The name of the limit; `*` for a block, which is of everything.
    endpoint text COLLATE "C" NOT NULL CHECK (char_length(endpoint) BETWEEN 1 AND 255),
    limit_per_window integer NOT NULL CHECK (limit_per_window >= 0),
    window_seconds integer NOT NULL CHECK (window_seconds > 0),
    request_count bigint NOT NULL DEFAULT 0 CHECK (request_count >= 0),
    refused_count bigint NOT NULL DEFAULT 0 CHECK (refused_count BETWEEN 0 AND request_count),
    window_start timestamptz NOT NULL,
    window_end timestamptz NOT NULL,
    is_blocked boolean NOT NULL DEFAULT false,
    block_expires_at timestamptz,
    block_reason text CHECK (char_length(block_reason) <= 2000),
    -- Null for a block that came by itself.
    blocked_by uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (identifier, identifier_type, endpoint, window_start),
    CHECK (window_end > window_start),
    CHECK (NOT is_blocked OR block_expires_at IS NOT NULL)
);
CREATE INDEX api_rate_limits_window_end_idx ON api_rate_limits (window_end);
CREATE INDEX api_rate_limits_blocked_idx ON api_rate_limits (block_expires_at) WHERE is_blocked;
CREATE INDEX api_rate_limits_blocked_by_idx ON api_rate_limits (blocked_by) WHERE blocked_by IS NOT NULL;
CREATE INDEX api_rate_limits_identifier_idx ON api_rate_limits (identifier, id);
CREATE INDEX api_rate_limits_endpoint_idx ON api_rate_limits (endpoint, id);
CREATE TRIGGER api_rate_limits_updated_at BEFORE UPDATE ON api_rate_limits FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

ALTER TABLE api_rate_limits ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_rate_limits_all ON api_rate_limits USING ((SELECT current_app_role()) IN ('service', 'administrator'));

-- As the others of their kind (see system_configuration): not active, so what the services say themselves holds.
INSERT INTO system_configuration (key, value, data_type, category, description, validation_rules, is_active) VALUES
    ('rate_limits.api_key', '"1200/60s"', 'string', 'rate_limits', 'Requests of one API key: a number per time, or off. Instead of RATE_LIMIT_API_KEY.',
        '{"format": "rate"}', false),
    ('rate_limits.endpoints.sign_in', '"60/60s"', 'string', 'rate_limits', 'Sign-ins from one client.', '{"format": "rate"}', false),
    ('rate_limits.accounts.sign_in', '"30/300s"', 'string', 'rate_limits', 'Sign-ins to one account.', '{"format": "rate"}', false),
    ('rate_limits.endpoints.registration', '"60/3600s"', 'string', 'rate_limits', 'Registrations from one client.', '{"format": "rate"}', false),
    ('rate_limits.accounts.registration', '"5/3600s"', 'string', 'rate_limits', 'Registrations of one address.', '{"format": "rate"}', false),
    ('rate_limits.endpoints.password', '"60/3600s"', 'string', 'rate_limits', 'Forgotten and reset passwords from one client.',
        '{"format": "rate"}', false),
    ('rate_limits.accounts.password', '"5/3600s"', 'string', 'rate_limits', 'Forgotten passwords of one account.', '{"format": "rate"}', false),
    ('rate_limits.endpoints.verification', '"60/3600s"', 'string', 'rate_limits', 'Verifications of addresses from one client.',
        '{"format": "rate"}', false),
    ('rate_limits.accounts.verification', '"5/3600s"', 'string', 'rate_limits', 'Mails to verify one address.', '{"format": "rate"}', false),
    ('rate_limits.endpoints.invitations', '"200/3600s"', 'string', 'rate_limits', 'Invitations by one person.', '{"format": "rate"}', false),
    ('rate_limits.reported_share', '0.1', 'number', 'rate_limits', 'From which share of a limit on its use is written down.',
        '{"minimum": 0, "maximum": 1}', false),
    ('rate_limits.block_after_windows', '3', 'number', 'rate_limits',
        'In so many of ten windows somebody may be refused as often as they are allowed before they are shut out; 0 for never.',
        '{"type": "integer", "minimum": 0, "maximum": 10}', false),
    ('rate_limits.block_minutes', '15', 'number', 'rate_limits', 'For how long they are shut out then.',
        '{"type": "integer", "minimum": 1, "maximum": 1440}', false);

-- migrate:down
DELETE FROM system_configuration WHERE key LIKE 'rate_limits.endpoints.%' OR key LIKE 'rate_limits.accounts.%'
    OR key IN ('rate_limits.api_key', 'rate_limits.reported_share', 'rate_limits.block_after_windows', 'rate_limits.block_minutes');
DROP TABLE api_rate_limits;
