-- What holds everywhere: the platform's settings and feature flags.

CREATE TABLE system_configuration (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    key text COLLATE "C" NOT NULL UNIQUE CHECK (char_length(key) <= 255 AND key ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$'),
    -- Of a sensitive setting {"sealed": base64}, sealed for this column.
    value jsonb NOT NULL,
    data_type text NOT NULL CHECK (data_type IN ('string', 'number', 'boolean', 'object', 'array')),
    description text CHECK (char_length(description) <= 2000),
    category text NOT NULL DEFAULT 'general' CHECK (category ~ '^[a-z][a-z0-9_]{0,99}$'),
    is_sensitive boolean NOT NULL DEFAULT false,
    is_public boolean NOT NULL DEFAULT false,
    -- A setting of the system itself: administrators only.
    is_system boolean NOT NULL DEFAULT true,
    validation_rules jsonb CHECK (jsonb_typeof(validation_rules) = 'object'),
    -- One that is not active is as good as none: the default holds.
    is_active boolean NOT NULL DEFAULT true,
    requires_restart boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by uuid REFERENCES users (id) ON DELETE SET NULL,
    CHECK (NOT (is_sensitive AND is_public)),
    CHECK (is_sensitive = (jsonb_typeof(value) = 'object' AND value ? 'sealed')),
    CHECK (is_sensitive OR jsonb_typeof(value) = data_type)
);
CREATE INDEX system_configuration_category_idx ON system_configuration (category, key);
CREATE INDEX system_configuration_updated_by_idx ON system_configuration (updated_by) WHERE updated_by IS NOT NULL;
CREATE TRIGGER system_configuration_version BEFORE UPDATE ON system_configuration FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER system_configuration_updated_at BEFORE UPDATE ON system_configuration FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- A moderator sets what is no setting of the system, and never makes one public, sensitive, of another kind or free of its rules.
CREATE FUNCTION guard_setting() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF current_app_role() NOT IN ('administrator', 'service') THEN
        RAISE insufficient_privilege USING MESSAGE = 'this part of a setting is changed by an administrator alone';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER system_configuration_guard BEFORE UPDATE ON system_configuration FOR EACH ROW WHEN (
    (OLD.id, OLD.key, OLD.data_type, OLD.is_sensitive, OLD.is_public, OLD.is_system, OLD.validation_rules, OLD.requires_restart)
    IS DISTINCT FROM
    (NEW.id, NEW.key, NEW.data_type, NEW.is_sensitive, NEW.is_public, NEW.is_system, NEW.validation_rules, NEW.requires_restart)
) EXECUTE FUNCTION guard_setting();

ALTER TABLE system_configuration ENABLE ROW LEVEL SECURITY;
CREATE POLICY system_configuration_read ON system_configuration FOR SELECT
    USING (
        (SELECT current_app_role()) IN ('service', 'administrator') OR (is_public AND is_active)
        OR ((SELECT current_app_role()) = 'moderator' AND NOT is_system)
    );
CREATE POLICY system_configuration_make ON system_configuration FOR INSERT
    WITH CHECK ((SELECT current_app_role()) = 'administrator');
CREATE POLICY system_configuration_change ON system_configuration FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR ((SELECT current_app_role()) = 'moderator' AND NOT is_system));
CREATE POLICY system_configuration_delete ON system_configuration FOR DELETE USING ((SELECT current_app_role()) = 'administrator');

CREATE TABLE feature_flags (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    name text COLLATE "C" NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9_.-]{1,99}$'),
    description text CHECK (char_length(description) <= 2000),
    enabled boolean NOT NULL DEFAULT false,
    config jsonb NOT NULL DEFAULT '{"rules": []}' CHECK (jsonb_typeof(config) = 'object'),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX feature_flags_enabled_idx ON feature_flags (enabled, name);
CREATE TRIGGER feature_flags_version BEFORE UPDATE ON feature_flags FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER feature_flags_updated_at BEFORE UPDATE ON feature_flags FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

ALTER TABLE feature_flags ENABLE ROW LEVEL SECURITY;
CREATE POLICY feature_flags_read ON feature_flags FOR SELECT USING ((SELECT current_app_role()) IN ('service', 'administrator'));
CREATE POLICY feature_flags_write ON feature_flags USING ((SELECT current_app_role()) = 'administrator');

-- What the services read. Those that are not active stand here with what they would be, for whoever wants to set one; until then the
-- environment's values hold.
INSERT INTO system_configuration (key, value, data_type, category, description, validation_rules, is_public, is_system, is_active) VALUES
    ('site.name', '"Hearth"', 'string', 'general', 'What the site calls itself.', '{"minLength": 1, "maxLength": 100}', true, true, true),
    ('site.support_email', '"support@hearth.example"', 'string', 'general', 'Where people ask for help.',
        '{"format": "email", "maxLength": 254}', true, true, false),
    ('site.notice', '""', 'string', 'general', 'A notice for everybody, such as of work on the system.', '{"maxLength": 500}', true, false, false),
    ('rate_limits.user', '"1200/60s"', 'string', 'rate_limits', 'Requests of one person: a number per time, or off. Instead of RATE_LIMIT_USER.',
        '{"format": "rate"}', false, true, false),
    ('rate_limits.anonymous', '"600/60s"', 'string', 'rate_limits',
        'Requests of one address without a token: a number per time, or off. Instead of RATE_LIMIT_ANONYMOUS.', '{"format": "rate"}', false, true, false),
    ('catalog.match_threshold', '0.6', 'number', 'catalog', 'The relevance from which a match is told. Instead of MATCH_THRESHOLD.',
        '{"minimum": 0, "maximum": 1}', false, true, false),
    ('moderation.reports_per_day', '20', 'number', 'moderation', 'How many reports one person may file in 24 hours.',
        '{"type": "integer", "minimum": 1, "maximum": 1000}', false, false, false);

-- migrate:down
DROP TABLE feature_flags, system_configuration;
DROP FUNCTION guard_setting();
