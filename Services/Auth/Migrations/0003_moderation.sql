-- Keeping order: what people report, and what moderators do about it.

-- What a suspended account goes back to, and whether an account may change what others see.
ALTER TABLE users
    ADD COLUMN status_before_suspension text CHECK (status_before_suspension IN ('active', 'inactive', 'pending_verification')),
    ADD COLUMN is_restricted boolean NOT NULL DEFAULT false;
CREATE TRIGGER users_restricted_version BEFORE UPDATE OF is_restricted ON users FOR EACH ROW
    WHEN (OLD.is_restricted <> NEW.is_restricted) EXECUTE FUNCTION bump_version();
CREATE TRIGGER users_restricted_session AFTER UPDATE OF is_restricted ON users FOR EACH ROW
    WHEN (OLD.is_restricted <> NEW.is_restricted) EXECUTE FUNCTION drop_cached_sessions_of_user();
CREATE TRIGGER users_guard_moderation BEFORE UPDATE ON users FOR EACH ROW
    WHEN ((OLD.is_restricted, OLD.status_before_suspension) IS DISTINCT FROM (NEW.is_restricted, NEW.status_before_suspension))
    EXECUTE FUNCTION guard_account();

CREATE TABLE reports (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    -- Null once the account is erased: the report stands.
    reporter_id uuid REFERENCES users (id) ON DELETE SET NULL,
    reported_entity_type text NOT NULL CHECK (reported_entity_type IN ('user', 'agency', 'rescue', 'pet', 'application', 'message', 'conversation',
        'listing', 'document', 'template', 'rating')),
    reported_entity_id uuid NOT NULL,
    reported_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    category text NOT NULL CHECK (category IN ('inappropriate_content', 'spam', 'harassment', 'false_information', 'scam', 'animal_welfare',
        'identity_theft', 'other')),
    severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    severity_rank smallint NOT NULL GENERATED ALWAYS AS (
        CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END) STORED,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'under_review', 'resolved', 'dismissed', 'escalated')),
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
    description text NOT NULL CHECK (char_length(description) BETWEEN 1 AND 5000),
    evidence jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(evidence) = 'array'),
    metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    assigned_moderator uuid REFERENCES users (id) ON DELETE SET NULL,
    assigned_at timestamptz,
    resolved_by uuid REFERENCES users (id) ON DELETE SET NULL,
    resolved_at timestamptz,
    resolution text CHECK (char_length(resolution) <= 2000),
    resolution_notes text CHECK (char_length(resolution_notes) <= 5000),
    escalated_to uuid REFERENCES users (id) ON DELETE SET NULL,
    escalated_at timestamptz,
    escalation_reason text CHECK (char_length(escalation_reason) <= 2000),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((status IN ('resolved', 'dismissed')) = (resolved_at IS NOT NULL)),
    CHECK (status <> 'escalated' OR escalated_at IS NOT NULL)
);
CREATE UNIQUE INDEX reports_open_key ON reports (reporter_id, reported_entity_type, reported_entity_id)
    WHERE status IN ('pending', 'under_review', 'escalated');
-- The queue is read from the most severe, the oldest first.
CREATE INDEX reports_open_idx ON reports (severity_rank DESC, id) WHERE status IN ('pending', 'under_review', 'escalated');
CREATE INDEX reports_status_idx ON reports (status, severity_rank DESC, id);
CREATE INDEX reports_assigned_moderator_idx ON reports (assigned_moderator, severity_rank DESC, id);
CREATE INDEX reports_entity_idx ON reports (reported_entity_type, reported_entity_id, severity_rank DESC, id);
CREATE INDEX reports_reporter_id_idx ON reports (reporter_id, id);
CREATE INDEX reports_reported_user_id_idx ON reports (reported_user_id, severity_rank DESC, id);
CREATE INDEX reports_resolved_by_idx ON reports (resolved_by) WHERE resolved_by IS NOT NULL;
CREATE INDEX reports_escalated_to_idx ON reports (escalated_to) WHERE escalated_to IS NOT NULL;
CREATE TRIGGER reports_version BEFORE UPDATE ON reports FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER reports_updated_at BEFORE UPDATE ON reports FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE moderator_actions (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    moderator_id uuid REFERENCES users (id) ON DELETE SET NULL,
    report_id uuid REFERENCES reports (id) ON DELETE SET NULL,
    target_entity_type text NOT NULL CHECK (target_entity_type IN ('user', 'agency', 'rescue', 'pet', 'application', 'message', 'conversation',
        'listing', 'document', 'template', 'rating')),
    target_entity_id uuid NOT NULL,
    target_user_id uuid REFERENCES users (id) ON DELETE SET NULL,
    action_type text NOT NULL CHECK (action_type IN ('warning_issued', 'content_removed', 'user_suspended', 'user_banned', 'account_restricted',
        'content_flagged', 'report_dismissed', 'escalation', 'appeal_reviewed', 'no_action')),
    severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 2000),
    description text CHECK (char_length(description) <= 5000),
    metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    duration_hours integer CHECK (duration_hours BETWEEN 1 AND 87600),
    expires_at timestamptz,
    -- Whether it holds now. What only notes a decision never does.
    is_active boolean NOT NULL,
    reversed_by uuid REFERENCES users (id) ON DELETE SET NULL,
    reversed_at timestamptz,
    reversal_reason text CHECK (char_length(reversal_reason) <= 2000),
    evidence jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(evidence) = 'array'),
    -- Whether the mail that tells of it has left.
    notification_sent boolean NOT NULL DEFAULT false,
    internal_notes text CHECK (char_length(internal_notes) <= 5000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((duration_hours IS NULL) = (expires_at IS NULL)),
    CHECK (NOT is_active OR reversed_at IS NULL),
    CHECK (NOT is_active OR action_type IN ('warning_issued', 'content_removed', 'user_suspended', 'user_banned', 'account_restricted',
        'content_flagged')),
    CHECK (action_type NOT IN ('user_suspended', 'user_banned', 'account_restricted') OR target_entity_type = 'user')
);
CREATE INDEX moderator_actions_moderator_id_idx ON moderator_actions (moderator_id, id);
CREATE INDEX moderator_actions_report_id_idx ON moderator_actions (report_id, id);
CREATE INDEX moderator_actions_target_idx ON moderator_actions (target_entity_type, target_entity_id, id);
CREATE INDEX moderator_actions_target_user_id_idx ON moderator_actions (target_user_id, id);
CREATE INDEX moderator_actions_type_idx ON moderator_actions (action_type, id);
CREATE INDEX moderator_actions_expires_at_idx ON moderator_actions (expires_at) WHERE is_active AND expires_at IS NOT NULL;
CREATE INDEX moderator_actions_reversed_by_idx ON moderator_actions (reversed_by) WHERE reversed_by IS NOT NULL;
CREATE TRIGGER moderator_actions_updated_at BEFORE UPDATE ON moderator_actions FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- A moderator acts on users, an administrator on everybody; nobody on themselves. Held here too, whatever the code does.
CREATE FUNCTION may_moderate(moderator uuid, target uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    RETURN moderator IS DISTINCT FROM target AND EXISTS (
        SELECT FROM users m WHERE m.id = moderator AND (
            m.role = 'administrator'
            OR (m.role = 'moderator' AND NOT EXISTS (SELECT FROM users t WHERE t.id = target AND t.role <> 'user'))));
CREATE FUNCTION guard_moderator_action() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT may_moderate(NEW.moderator_id, NEW.target_user_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this account is beyond the moderator';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER moderator_actions_guard BEFORE INSERT ON moderator_actions FOR EACH ROW EXECUTE FUNCTION guard_moderator_action();
CREATE FUNCTION guard_reversal() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT may_moderate(NEW.reversed_by, NEW.target_user_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this account is beyond the moderator';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER moderator_actions_guard_reversal BEFORE UPDATE ON moderator_actions FOR EACH ROW
    WHEN (NEW.reversed_by IS NOT NULL AND OLD.reversed_by IS NULL) EXECUTE FUNCTION guard_reversal();

-- Whether content that other services hold is removed, counted up with every change, so that they can tell which news is the newer.
CREATE TABLE content_states (
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    is_removed boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (entity_type, entity_id)
);
CREATE TRIGGER content_states_updated_at BEFORE UPDATE ON content_states FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

ALTER TABLE reports ENABLE ROW LEVEL SECURITY;
CREATE POLICY reports_read ON reports FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator', 'moderator') OR reporter_id = (SELECT current_user_id()));
CREATE POLICY reports_file ON reports FOR INSERT
    WITH CHECK (reporter_id = (SELECT current_user_id()) AND status = 'pending');
CREATE POLICY reports_change ON reports FOR UPDATE USING ((SELECT current_app_role()) IN ('service', 'administrator', 'moderator'));
CREATE POLICY reports_erase ON reports FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE moderator_actions ENABLE ROW LEVEL SECURITY;
CREATE POLICY moderator_actions_read ON moderator_actions FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator', 'moderator'));
CREATE POLICY moderator_actions_take ON moderator_actions FOR INSERT
    WITH CHECK (
        (SELECT current_app_role()) = 'service'
        OR ((SELECT current_app_role()) IN ('administrator', 'moderator') AND moderator_id = (SELECT current_user_id()))
    );
CREATE POLICY moderator_actions_change ON moderator_actions FOR UPDATE USING ((SELECT current_app_role()) = 'service');
CREATE POLICY moderator_actions_erase ON moderator_actions FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE content_states ENABLE ROW LEVEL SECURITY;
CREATE POLICY content_states_service ON content_states USING ((SELECT current_app_role()) = 'service');

-- What somebody is shown of the actions against them: not who took them, nor what moderators note for one another. Decisions about reports are no
-- business of theirs.
CREATE FUNCTION own_moderator_actions(before uuid, most integer) RETURNS TABLE (
    id uuid, action_type text, target_entity_type text, target_entity_id uuid, severity text, reason text, description text, duration_hours integer,
    expires_at timestamptz, is_active boolean, reversed_at timestamptz, reversal_reason text, created_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT a.id, a.action_type, a.target_entity_type, a.target_entity_id, a.severity, a.reason, a.description, a.duration_hours, a.expires_at,
        a.is_active, a.reversed_at, a.reversal_reason, a.created_at
    FROM moderator_actions a
    WHERE a.target_user_id = current_user_id() AND (before IS NULL OR a.id < before)
        AND a.action_type IN ('warning_issued', 'content_removed', 'user_suspended', 'user_banned', 'account_restricted')
    ORDER BY a.id DESC LIMIT most;
END;

-- migrate:down
DROP FUNCTION own_moderator_actions(uuid, integer);
DROP TABLE content_states, moderator_actions, reports;
DROP FUNCTION guard_moderator_action(), guard_reversal();
DROP FUNCTION may_moderate(uuid, uuid);
DROP TRIGGER users_guard_moderation ON users;
DROP TRIGGER users_restricted_session ON users;
DROP TRIGGER users_restricted_version ON users;
ALTER TABLE users DROP COLUMN is_restricted, DROP COLUMN status_before_suspension;
