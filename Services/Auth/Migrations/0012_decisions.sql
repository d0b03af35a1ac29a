-- What an administrator decides of an account stands beside what moderators did, and the limit of what takes the password once more.

-- Whoever reinstates an account ends what keeps it out.
DROP POLICY moderator_actions_change ON moderator_actions;
CREATE POLICY moderator_actions_change ON moderator_actions FOR UPDATE USING ((SELECT current_app_role()) IN ('service', 'administrator'));

-- As the others of its kind: not active, so what the service says itself holds.
INSERT INTO system_configuration (key, value, data_type, category, description, validation_rules, is_active) VALUES
    ('rate_limits.endpoints.credentials', '"20/3600s"', 'string', 'rate_limits', 'Acts of one person that take the password once more.',
        '{"format": "rate"}', false);

-- migrate:down
DELETE FROM system_configuration WHERE key = 'rate_limits.endpoints.credentials';
DROP POLICY moderator_actions_change ON moderator_actions;
CREATE POLICY moderator_actions_change ON moderator_actions FOR UPDATE USING ((SELECT current_app_role()) = 'service');
