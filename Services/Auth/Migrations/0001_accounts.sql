-- Accounts, sessions and their tokens, signing keys, agencies and who belongs to them.

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    email text COLLATE "C" NOT NULL CHECK (email = lower(email) AND char_length(email) BETWEEN 6 AND 254),
    username text COLLATE "C" CHECK (username ~ '^[a-z0-9][a-z0-9_.-]{2,49}$'),
    password_hash text,
    first_name text CHECK (char_length(first_name) <= 100),
    last_name text CHECK (char_length(last_name) <= 100),
    full_name text CHECK (char_length(full_name) <= 255),
    phone text CHECK (char_length(phone) <= 20),
    date_of_birth date,
    gender text CHECK (char_length(gender) <= 20),
    nationality text CHECK (char_length(nationality) <= 100),
    locale text NOT NULL DEFAULT 'de-DE' CHECK (char_length(locale) <= 35),
    timezone text NOT NULL DEFAULT 'Europe/Berlin' CHECK (char_length(timezone) <= 50),
    avatar_url text CHECK (char_length(avatar_url) <= 2000),
    bio text CHECK (char_length(bio) <= 2000),
    location text CHECK (char_length(location) <= 255),
    preferences jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(preferences) = 'object'),
    role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'administrator')),
    user_type text NOT NULL DEFAULT 'seeker' CHECK (user_type IN ('seeker', 'adopter', 'agent', 'rescue_staff')),
    status text NOT NULL DEFAULT 'active'
        CHECK (status IN ('active', 'inactive', 'pending_verification', 'suspended', 'deleted')),
    email_verified boolean NOT NULL DEFAULT false,
    email_verification_token_hash bytea,
    email_verification_expires timestamptz,
    password_reset_token_hash bytea,
    password_reset_expires timestamptz,
    mfa_enabled boolean NOT NULL DEFAULT false,
    last_login_at timestamptz,
    login_count integer NOT NULL DEFAULT 0,
    failed_login_attempts integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    gdpr_consent_given boolean NOT NULL DEFAULT false,
    gdpr_consent_date timestamptz,
    data_processing_consent boolean NOT NULL DEFAULT false,
    marketing_consent boolean NOT NULL DEFAULT false,
    analytics_consent boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CHECK ((status = 'deleted') = (deleted_at IS NOT NULL))
);

-- An address and a name are free again once their account is deleted.
CREATE UNIQUE INDEX users_email_key ON users (email) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_username_key ON users (username) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email_verification_token_hash_key ON users (email_verification_token_hash)
    WHERE email_verification_token_hash IS NOT NULL;
CREATE UNIQUE INDEX users_password_reset_token_hash_key ON users (password_reset_token_hash)
    WHERE password_reset_token_hash IS NOT NULL;

-- Version and time are those of the account: counting a sign-in is no change that an If-Match should trip over.
CREATE TRIGGER users_version BEFORE UPDATE OF
    email, username, first_name, last_name, full_name, phone, date_of_birth, gender, nationality, locale, timezone, avatar_url, bio, location,
    preferences, role, user_type, status, email_verified, mfa_enabled, gdpr_consent_given, data_processing_consent, marketing_consent,
    analytics_consent, password_hash, deleted_at
    ON users FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER users_updated_at BEFORE UPDATE OF
    email, username, first_name, last_name, full_name, phone, date_of_birth, gender, nationality, locale, timezone, avatar_url, bio, location,
    preferences, role, user_type, status, email_verified, mfa_enabled, gdpr_consent_given, data_processing_consent, marketing_consent,
    analytics_consent, password_hash, deleted_at
    ON users FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE user_sessions (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    refresh_token_hash bytea NOT NULL,
    device_info jsonb,
    ip_address inet,
    user_agent text CHECK (char_length(user_agent) <= 1000),
    location jsonb,
    is_active boolean NOT NULL DEFAULT true,
    expires_at timestamptz NOT NULL,
    last_activity_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    end_reason text CHECK (end_reason IN
        ('signed_out', 'revoked', 'refresh_token_reused', 'user_deleted', 'user_suspended', 'password_changed')),
    CHECK (is_active = (ended_at IS NULL))
);
CREATE INDEX user_sessions_user_id_idx ON user_sessions (user_id, id) WHERE is_active;
CREATE INDEX user_sessions_all_of_user_idx ON user_sessions (user_id);
CREATE INDEX user_sessions_expires_at_idx ON user_sessions (expires_at);

-- Every refresh token of a session, its family. `successor_salt` lets the holder of a token that was used a moment ago, and nobody else, work out
-- the token that followed it; it is erased at a later refresh.
CREATE TABLE refresh_tokens (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    session_id uuid NOT NULL REFERENCES user_sessions (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    replaced_by uuid REFERENCES refresh_tokens (id) ON DELETE SET NULL,
    successor_salt bytea,
    CHECK (replaced_by IS NULL OR used_at IS NOT NULL)
);
CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_replaced_by_idx ON refresh_tokens (replaced_by);

CREATE TABLE signing_keys (
    kid text PRIMARY KEY,
    private_key_sealed bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    activated_at timestamptz NOT NULL DEFAULT now(),
    retires_at timestamptz
);

CREATE TABLE agencies (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    kind text NOT NULL CHECK (kind IN ('brokerage', 'rescue', 'system')),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    license_number text CHECK (char_length(license_number) <= 100),
    address jsonb CHECK (jsonb_typeof(address) = 'object'),
    phone text CHECK (char_length(phone) <= 20),
    email text COLLATE "C" CHECK (email = lower(email) AND char_length(email) <= 254),
    website text CHECK (char_length(website) <= 255),
    logo_url text CHECK (char_length(logo_url) <= 2000),
    branding_config jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(branding_config) = 'object'),
    subscription_tier text NOT NULL DEFAULT 'basic' CHECK (subscription_tier IN ('basic', 'professional', 'enterprise')),
    subscription_status text NOT NULL DEFAULT 'active'
        CHECK (subscription_status IN ('active', 'past_due', 'canceled', 'suspended')),
    subscription_expires_at timestamptz,
    settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER agencies_version BEFORE UPDATE ON agencies FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER agencies_updated_at BEFORE UPDATE ON agencies FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- The owner of what belongs to the platform itself.
INSERT INTO agencies (id, kind, name, subscription_tier)
VALUES ('00000000-0000-0000-0000-000000000000', 'system', 'Hearth', 'enterprise');

CREATE TABLE agency_members (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    agency_id uuid NOT NULL REFERENCES agencies (id) ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'assistant', 'viewer')),
    permissions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(permissions) = 'array'),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'pending')),
    joined_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, agency_id)
);
CREATE INDEX agency_members_agency_id_idx ON agency_members (agency_id, id);
CREATE TRIGGER agency_members_updated_at BEFORE UPDATE ON agency_members FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- A change made by hand in SQL drops the cached sessions it touches, too.
CREATE FUNCTION drop_cached_session() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_notify('cache_invalidate', 'session:' || OLD.user_id || ':' || OLD.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER user_sessions_ended AFTER UPDATE OF is_active ON user_sessions
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION drop_cached_session();
CREATE TRIGGER user_sessions_deleted AFTER DELETE ON user_sessions
    FOR EACH ROW WHEN (OLD.is_active) EXECUTE FUNCTION drop_cached_session();

CREATE FUNCTION drop_cached_sessions_of_user() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_notify('cache_invalidate', 'session:' || s.user_id || ':' || s.id) FROM user_sessions s WHERE s.user_id = NEW.id AND s.is_active;
    RETURN NULL;
END
$$;
CREATE TRIGGER users_session_content AFTER UPDATE OF role, status, locale, timezone ON users
    FOR EACH ROW WHEN (
        (OLD.role, OLD.status, OLD.locale, OLD.timezone) IS DISTINCT FROM (NEW.role, NEW.status, NEW.locale, NEW.timezone)
    ) EXECUTE FUNCTION drop_cached_sessions_of_user();

-- What a person's own request may never change of their row, whatever the code does.
CREATE FUNCTION guard_account() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF current_app_role() IN ('user', 'moderator', 'anonymous') THEN
        RAISE insufficient_privilege USING MESSAGE = 'this part of an account is changed by the service alone';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER users_guard BEFORE UPDATE ON users FOR EACH ROW WHEN (
    (OLD.id, OLD.email, OLD.password_hash, OLD.role, OLD.status, OLD.email_verified, OLD.mfa_enabled, OLD.locked_until, OLD.deleted_at)
    IS DISTINCT FROM
    (NEW.id, NEW.email, NEW.password_hash, NEW.role, NEW.status, NEW.email_verified, NEW.mfa_enabled, NEW.locked_until, NEW.deleted_at)
) EXECUTE FUNCTION guard_account();

-- Functions of the owner, so that a policy can ask about rows that its reader may not see. Their bodies are bound when they are made, so
-- no search_path can lead them to other tables.
CREATE FUNCTION is_member(agency uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    RETURN EXISTS (SELECT FROM agency_members WHERE agency_id = agency AND user_id = current_user_id() AND status = 'active');
CREATE FUNCTION manages_agency(agency uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    RETURN EXISTS (
        SELECT FROM agency_members
        WHERE agency_id = agency AND user_id = current_user_id() AND status = 'active' AND role IN ('owner', 'admin')
    );
CREATE FUNCTION has_members(agency uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    RETURN EXISTS (SELECT FROM agency_members WHERE agency_id = agency);

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY users_read ON users FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR id = (SELECT current_user_id()));
CREATE POLICY users_register ON users FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY users_change ON users FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR id = (SELECT current_user_id()));
CREATE POLICY users_erase ON users FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE user_sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_sessions_read ON user_sessions FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY user_sessions_start ON user_sessions FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY user_sessions_change ON user_sessions FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY user_sessions_erase ON user_sessions FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY refresh_tokens_service ON refresh_tokens USING ((SELECT current_app_role()) = 'service');

ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY signing_keys_service ON signing_keys USING ((SELECT current_app_role()) = 'service');

ALTER TABLE agencies ENABLE ROW LEVEL SECURITY;
CREATE POLICY agencies_read ON agencies FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR is_member(id));
CREATE POLICY agencies_found ON agencies FOR INSERT
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'administrator') OR ((SELECT current_user_id()) IS NOT NULL AND kind <> 'system'));
CREATE POLICY agencies_change ON agencies FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR manages_agency(id));
CREATE POLICY agencies_erase ON agencies FOR DELETE USING ((SELECT current_app_role()) IN ('service', 'administrator'));

ALTER TABLE agency_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY agency_members_read ON agency_members FOR SELECT
    USING (
        (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()) OR is_member(agency_id)
    );
-- Whoever manages an agency adds members; the first member of a new agency is its founder, as owner.
CREATE POLICY agency_members_add ON agency_members FOR INSERT
    WITH CHECK (
        (SELECT current_app_role()) IN ('service', 'administrator') OR manages_agency(agency_id)
        OR (user_id = (SELECT current_user_id()) AND role = 'owner' AND NOT has_members(agency_id))
    );
CREATE POLICY agency_members_change ON agency_members FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR manages_agency(agency_id));
CREATE POLICY agency_members_remove ON agency_members FOR DELETE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR manages_agency(agency_id) OR user_id = (SELECT current_user_id()));

-- migrate:down

-- Policies, functions and tables lean on one another in a circle that begins here.
DROP POLICY agencies_read ON agencies;
DROP POLICY agencies_change ON agencies;
DROP POLICY agency_members_read ON agency_members;
DROP POLICY agency_members_add ON agency_members;
DROP POLICY agency_members_change ON agency_members;
DROP POLICY agency_members_remove ON agency_members;
DROP FUNCTION is_member(uuid), manages_agency(uuid), has_members(uuid);
DROP TABLE agency_members, agencies, signing_keys, refresh_tokens, user_sessions, users;
DROP FUNCTION drop_cached_session(), drop_cached_sessions_of_user(), guard_account();
