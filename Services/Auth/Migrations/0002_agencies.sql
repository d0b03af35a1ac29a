-- Where people belong: what a subscription allows, who may do what in an agency, invitations, teams, API keys.

-- What a tier allows; null is no limit. Data: changed here, it holds from the next question on.
CREATE TABLE subscription_tiers (
    tier text PRIMARY KEY CHECK (tier IN ('basic', 'professional', 'enterprise')),
    max_members integer CHECK (max_members > 0),
    max_teams integer CHECK (max_teams >= 0),
    max_api_keys integer CHECK (max_api_keys >= 0),
    features text[] NOT NULL DEFAULT '{}',
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER subscription_tiers_updated_at BEFORE UPDATE ON subscription_tiers FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
INSERT INTO subscription_tiers (tier, max_members, max_teams, max_api_keys, features) VALUES
    ('basic', 10, 2, 2, '{}'),
    ('professional', 100, 20, 20, '{branding}'),
    ('enterprise', NULL, NULL, NULL, '{branding}');

-- A subscription that has ended, is suspended or was cancelled allows what the lowest tier does; one whose payment is late goes on.
CREATE FUNCTION effective_tier(tier text, status text, expires_at timestamptz) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN status IN ('active', 'past_due') AND (expires_at IS NULL OR expires_at > now()) THEN tier ELSE 'basic' END;

-- The permission model's part about agencies (Shared/ServiceKit/Callers/Permissions.swift) for the policies below; a test compares the two.
CREATE TABLE agency_role_permissions (
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'assistant', 'viewer')),
    permission text NOT NULL CHECK (char_length(permission) BETWEEN 1 AND 100),
    PRIMARY KEY (role, permission)
);
INSERT INTO agency_role_permissions (role, permission)
SELECT role, permission
FROM (VALUES ('viewer', 1), ('assistant', 2), ('agent', 3), ('admin', 4), ('owner', 5)) AS roles (role, rank)
    JOIN (VALUES
        ('agency.read', 1), ('members.read', 1), ('teams.read', 1), ('documents.read', 1), ('templates.read', 1), ('scraping.read', 1),
        ('documents.write', 2), ('scraping.run', 3), ('agency.manage', 4), ('members.manage', 4), ('teams.manage', 4),
        ('agency_keys.manage', 4), ('templates.manage', 4), ('agency.own', 5)
    ) AS permissions (permission, least) ON rank >= least;

-- What the caller may do in an agency, by the rows as they are now and whatever a token says. A function of the owner, bound when it is made.
CREATE FUNCTION may_in_agency(agency uuid, wanted text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    RETURN EXISTS (
        SELECT FROM agency_members m
        WHERE m.agency_id = agency AND m.user_id = current_user_id() AND m.status = 'active'
            AND (
                EXISTS (SELECT FROM agency_role_permissions p WHERE p.role = m.role AND p.permission = wanted)
                OR (wanted <> 'agency.own' AND m.permissions ? wanted)
            )
    );

-- Agencies: a person's request never changes what is paid for, nor what kind of agency it is.
CREATE FUNCTION guard_agency() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF current_app_role() IN ('user', 'moderator', 'anonymous') THEN
        RAISE insufficient_privilege USING MESSAGE = 'this part of an agency is changed by an administrator alone';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER agencies_guard BEFORE UPDATE ON agencies FOR EACH ROW WHEN (
    (OLD.id, OLD.kind, OLD.subscription_tier, OLD.subscription_status, OLD.subscription_expires_at)
    IS DISTINCT FROM
    (NEW.id, NEW.kind, NEW.subscription_tier, NEW.subscription_status, NEW.subscription_expires_at)
) EXECUTE FUNCTION guard_agency();

-- `agency:{id}:settings` holds branding, settings and subscription: whatever changes an agency, by hand too, drops it.
CREATE FUNCTION drop_cached_agency() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_notify('cache_invalidate', 'agency:' || OLD.id || ':settings');
    RETURN NULL;
END
$$;
CREATE TRIGGER agencies_cached AFTER UPDATE OR DELETE ON agencies FOR EACH ROW EXECUTE FUNCTION drop_cached_agency();

CREATE FUNCTION drop_cached_agencies() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_notify('cache_invalidate', 'agency:' || id || ':settings') FROM agencies;
    RETURN NULL;
END
$$;
CREATE TRIGGER subscription_tiers_cached AFTER UPDATE ON subscription_tiers FOR EACH STATEMENT EXECUTE FUNCTION drop_cached_agencies();

-- A session carries what its holder may do: a membership changed by hand drops it, too.
CREATE FUNCTION drop_cached_sessions_of_member() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    member uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
BEGIN
    PERFORM pg_notify('cache_invalidate', 'session:' || s.user_id || ':' || s.id) FROM user_sessions s WHERE s.user_id = member AND s.is_active;
    RETURN NULL;
END
$$;
CREATE TRIGGER agency_members_session_content AFTER INSERT OR DELETE OR UPDATE OF role, permissions, status ON agency_members
    FOR EACH ROW EXECUTE FUNCTION drop_cached_sessions_of_member();
CREATE TRIGGER users_session_verified AFTER UPDATE OF email_verified ON users
    FOR EACH ROW WHEN (OLD.email_verified IS DISTINCT FROM NEW.email_verified) EXECUTE FUNCTION drop_cached_sessions_of_user();

-- At least one owner, always. The agency's row is locked, so that of two owners who leave at once the second sees that the first has gone.
CREATE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM agencies WHERE id = OLD.agency_id FOR UPDATE;
    -- An agency that goes takes its members along.
    IF FOUND AND NOT EXISTS (SELECT FROM agency_members WHERE agency_id = OLD.agency_id AND role = 'owner' AND status = 'active') THEN
        RAISE check_violation USING MESSAGE = 'an agency has at least one owner', CONSTRAINT = 'agency_members_owner', TABLE = 'agency_members';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER agency_members_owner_changed AFTER UPDATE OF role, status, agency_id ON agency_members FOR EACH ROW
    WHEN (OLD.role = 'owner' AND OLD.status = 'active' AND (NEW.role, NEW.status, NEW.agency_id) IS DISTINCT FROM (OLD.role, OLD.status, OLD.agency_id))
    EXECUTE FUNCTION keep_an_owner();
CREATE TRIGGER agency_members_owner_left AFTER DELETE ON agency_members FOR EACH ROW
    WHEN (OLD.role = 'owner' AND OLD.status = 'active') EXECUTE FUNCTION keep_an_owner();

-- Who manages members never touches an owner, nor makes one: that takes another owner.
DROP POLICY agency_members_add ON agency_members;
CREATE POLICY agency_members_add ON agency_members FOR INSERT
    WITH CHECK (
        (SELECT current_app_role()) IN ('service', 'administrator')
        OR (may_in_agency(agency_id, 'members.manage') AND (role <> 'owner' OR may_in_agency(agency_id, 'agency.own')))
        OR (user_id = (SELECT current_user_id()) AND role = 'owner' AND NOT has_members(agency_id))
    );
DROP POLICY agency_members_change ON agency_members;
CREATE POLICY agency_members_change ON agency_members FOR UPDATE
    USING (
        (SELECT current_app_role()) IN ('service', 'administrator')
        OR (may_in_agency(agency_id, 'members.manage') AND (role <> 'owner' OR may_in_agency(agency_id, 'agency.own')))
    );
DROP POLICY agency_members_remove ON agency_members;
CREATE POLICY agency_members_remove ON agency_members FOR DELETE
    USING (
        (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id())
        OR (may_in_agency(agency_id, 'members.manage') AND (role <> 'owner' OR may_in_agency(agency_id, 'agency.own')))
    );
DROP POLICY agencies_change ON agencies;
CREATE POLICY agencies_change ON agencies FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR may_in_agency(id, 'agency.manage'));

ALTER TABLE subscription_tiers ENABLE ROW LEVEL SECURITY;
CREATE POLICY subscription_tiers_read ON subscription_tiers FOR SELECT USING (true);
CREATE POLICY subscription_tiers_change ON subscription_tiers FOR UPDATE USING ((SELECT current_app_role()) = 'administrator');
ALTER TABLE agency_role_permissions ENABLE ROW LEVEL SECURITY;
CREATE POLICY agency_role_permissions_read ON agency_role_permissions FOR SELECT USING (true);

-- Somebody is asked by mail to join. The token is in that mail alone; it goes when the invitation is answered.
CREATE TABLE agency_invitations (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    agency_id uuid NOT NULL REFERENCES agencies (id) ON DELETE CASCADE,
    email text COLLATE "C" NOT NULL CHECK (email = lower(email) AND char_length(email) BETWEEN 6 AND 254),
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'assistant', 'viewer')),
    permissions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(permissions) = 'array'),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'declined', 'revoked')),
    token_hash bytea UNIQUE,
    invited_by uuid REFERENCES users (id) ON DELETE SET NULL,
    expires_at timestamptz NOT NULL,
    sent_at timestamptz NOT NULL DEFAULT now(),
    sent_count integer NOT NULL DEFAULT 1 CHECK (sent_count > 0),
    answered_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((status = 'pending') = (token_hash IS NOT NULL)),
    CHECK ((status = 'pending') = (answered_at IS NULL))
);
CREATE UNIQUE INDEX agency_invitations_pending_key ON agency_invitations (agency_id, email) WHERE status = 'pending';
CREATE INDEX agency_invitations_agency_id_idx ON agency_invitations (agency_id, id);
CREATE INDEX agency_invitations_invited_by_idx ON agency_invitations (invited_by);
CREATE TRIGGER agency_invitations_updated_at BEFORE UPDATE ON agency_invitations FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
ALTER TABLE agency_invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY agency_invitations_all ON agency_invitations
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR may_in_agency(agency_id, 'members.manage'))
    WITH CHECK (
        (SELECT current_app_role()) IN ('service', 'administrator')
        OR (may_in_agency(agency_id, 'members.manage') AND (role <> 'owner' OR may_in_agency(agency_id, 'agency.own')))
    );

-- Teams are made of the agency's members: whoever leaves the agency leaves its teams.
CREATE TABLE teams (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    agency_id uuid NOT NULL REFERENCES agencies (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    description text CHECK (char_length(description) <= 2000),
    lead_user_id uuid,
    settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (id, agency_id),
    FOREIGN KEY (lead_user_id, agency_id) REFERENCES agency_members (user_id, agency_id) ON DELETE SET NULL (lead_user_id)
);
CREATE UNIQUE INDEX teams_name_key ON teams (agency_id, lower(name));
CREATE INDEX teams_agency_id_idx ON teams (agency_id, id);
CREATE INDEX teams_lead_user_id_idx ON teams (lead_user_id, agency_id);
CREATE TRIGGER teams_version BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER teams_updated_at BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE team_members (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    team_id uuid NOT NULL,
    agency_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL DEFAULT 'member' CHECK (role IN ('lead', 'member')),
    joined_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (team_id, user_id),
    FOREIGN KEY (team_id, agency_id) REFERENCES teams (id, agency_id) ON DELETE CASCADE,
    FOREIGN KEY (user_id, agency_id) REFERENCES agency_members (user_id, agency_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX team_members_lead_key ON team_members (team_id) WHERE role = 'lead';
CREATE INDEX team_members_team_id_idx ON team_members (team_id, id);
CREATE INDEX team_members_user_id_idx ON team_members (user_id, agency_id);

CREATE FUNCTION leads_team(team uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    RETURN EXISTS (
        SELECT FROM team_members t JOIN agency_members m ON m.agency_id = t.agency_id AND m.user_id = t.user_id
        WHERE t.team_id = team AND t.user_id = current_user_id() AND t.role = 'lead' AND m.status = 'active'
    );

ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
CREATE POLICY teams_read ON teams FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR may_in_agency(agency_id, 'teams.read'));
CREATE POLICY teams_write ON teams
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR may_in_agency(agency_id, 'teams.manage'));
ALTER TABLE team_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY team_members_read ON team_members FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR may_in_agency(agency_id, 'teams.read'));
-- A lead chooses the team's other members, and nobody else's place.
CREATE POLICY team_members_write ON team_members
    USING (
        (SELECT current_app_role()) IN ('service', 'administrator') OR may_in_agency(agency_id, 'teams.manage')
        OR (role = 'member' AND leads_team(team_id))
    );

-- API keys: what is kept of one is a hash. A key with an agency acts for that agency and goes with its maker's membership; one without acts for its
-- maker alone and for no agency.
CREATE TABLE api_keys (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    agency_id uuid,
    key_name text NOT NULL CHECK (char_length(key_name) BETWEEN 1 AND 100),
    key_prefix text COLLATE "C" NOT NULL CHECK (key_prefix ~ '^hearth_[0-9a-f]{10}$'),
    key_hash bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
    permissions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(permissions) = 'array'),
    is_active boolean NOT NULL DEFAULT true,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (is_active = (revoked_at IS NULL)),
    FOREIGN KEY (user_id, agency_id) REFERENCES agency_members (user_id, agency_id) ON DELETE CASCADE
);
CREATE INDEX api_keys_user_id_idx ON api_keys (user_id, id);
CREATE INDEX api_keys_agency_id_idx ON api_keys (agency_id, id);
CREATE INDEX api_keys_member_idx ON api_keys (user_id, agency_id) WHERE is_active;
-- That a key was used is no change of it.
CREATE TRIGGER api_keys_updated_at BEFORE UPDATE OF key_name, is_active, expires_at, revoked_at ON api_keys
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- A key is made once: it may end sooner, be renamed or revoked, and never become another, allow more or come back.
CREATE FUNCTION guard_api_key() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'an API key is not changed into another';
END
$$;
CREATE TRIGGER api_keys_guard BEFORE UPDATE ON api_keys FOR EACH ROW WHEN (
    (OLD.id, OLD.user_id, OLD.agency_id, OLD.key_prefix, OLD.key_hash, OLD.permissions)
    IS DISTINCT FROM
    (NEW.id, NEW.user_id, NEW.agency_id, NEW.key_prefix, NEW.key_hash, NEW.permissions)
    OR (NEW.is_active AND NOT OLD.is_active)
    OR (OLD.expires_at IS NOT NULL AND (NEW.expires_at IS NULL OR NEW.expires_at > OLD.expires_at))
) EXECUTE FUNCTION guard_api_key();

ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_keys_read ON api_keys FOR SELECT
    USING (
        (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id())
        OR may_in_agency(agency_id, 'agency_keys.manage')
    );
CREATE POLICY api_keys_make ON api_keys FOR INSERT
    WITH CHECK (
        user_id = (SELECT current_user_id()) AND (agency_id IS NULL OR may_in_agency(agency_id, 'agency_keys.manage'))
    );
CREATE POLICY api_keys_revoke ON api_keys FOR UPDATE
    USING (
        (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id())
        OR may_in_agency(agency_id, 'agency_keys.manage')
    );
CREATE POLICY api_keys_erase ON api_keys FOR DELETE USING ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP POLICY team_members_write ON team_members;
DROP FUNCTION leads_team(uuid);
DROP TABLE api_keys, team_members, teams, agency_invitations;
DROP FUNCTION guard_api_key();
DROP POLICY agency_members_add ON agency_members;
DROP POLICY agency_members_change ON agency_members;
DROP POLICY agency_members_remove ON agency_members;
DROP POLICY agencies_change ON agencies;
CREATE POLICY agencies_change ON agencies FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR manages_agency(id));
CREATE POLICY agency_members_add ON agency_members FOR INSERT
    WITH CHECK (
        (SELECT current_app_role()) IN ('service', 'administrator') OR manages_agency(agency_id)
        OR (user_id = (SELECT current_user_id()) AND role = 'owner' AND NOT has_members(agency_id))
    );
CREATE POLICY agency_members_change ON agency_members FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR manages_agency(agency_id));
CREATE POLICY agency_members_remove ON agency_members FOR DELETE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR manages_agency(agency_id) OR user_id = (SELECT current_user_id()));
DROP TRIGGER agency_members_owner_left ON agency_members;
DROP TRIGGER agency_members_owner_changed ON agency_members;
DROP TRIGGER agency_members_session_content ON agency_members;
DROP TRIGGER users_session_verified ON users;
DROP TRIGGER agencies_cached ON agencies;
DROP TRIGGER agencies_guard ON agencies;
DROP FUNCTION keep_an_owner(), drop_cached_sessions_of_member(), drop_cached_agency(), guard_agency(), may_in_agency(uuid, text),
    effective_tier(text, text, timestamptz);
DROP TABLE agency_role_permissions, subscription_tiers;
DROP FUNCTION drop_cached_agencies();
