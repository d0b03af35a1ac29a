-- Telling people: whom (recipients), where (notification_channels), what (notifications).

-- The service's own small copy of a user, fed by auth's events; the version guards against late ones. A deleted user stays as a bare
-- tombstone, so that a late match finds nobody instead of waiting for someone.
CREATE TABLE recipients (
    user_id uuid PRIMARY KEY,
    email text CHECK (length(email) <= 320),
    full_name text,
    locale text NOT NULL DEFAULT 'de-DE',
    timezone text NOT NULL DEFAULT 'Europe/Berlin',
    status text NOT NULL DEFAULT 'active',
    version bigint NOT NULL,
    -- The sequence of the newest notification. The row's lock makes the order of sequences the order of commits.
    last_sequence bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER recipients_touch BEFORE UPDATE ON recipients FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE notifications (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES recipients ON DELETE CASCADE,
    sequence bigint NOT NULL,
    -- What it is about: one notification per person and thing, however often it is asked for.
    subject_key text NOT NULL CHECK (length(subject_key) <= 200),
    type text NOT NULL CHECK (type IN ('new_listing', 'contact_found', 'system_alert', 'reminder')),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    message text NOT NULL,
    data jsonb NOT NULL DEFAULT '{}',
    action_url text CHECK (length(action_url) <= 2048),
    delivery_method text NOT NULL DEFAULT 'app' CHECK (delivery_method IN ('app', 'email', 'sms', 'push', 'discord', 'telegram')),
    delivery_status text NOT NULL DEFAULT 'pending' CHECK (delivery_status IN ('pending', 'sent', 'delivered', 'failed')),
    delivery_attempts integer NOT NULL DEFAULT 0,
    max_delivery_attempts integer NOT NULL DEFAULT 3,
    priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    is_urgent boolean NOT NULL DEFAULT false,
    is_read boolean NOT NULL DEFAULT false,
    read_at timestamptz,
    is_archived boolean NOT NULL DEFAULT false,
    scheduled_for timestamptz,
    expires_at timestamptz,
    category text NOT NULL DEFAULT 'system' CHECK (category IN ('search_results', 'system', 'billing', 'account')),
    tags text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (delivery_attempts <= max_delivery_attempts),
    CHECK (is_read = (read_at IS NOT NULL)),
    UNIQUE (user_id, subject_key),
    UNIQUE (user_id, sequence)
);

CREATE INDEX notifications_unread ON notifications (user_id, sequence DESC) WHERE NOT is_read AND NOT is_archived;
CREATE TRIGGER notifications_touch BEFORE UPDATE ON notifications FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE notification_channels (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES recipients ON DELETE CASCADE,
    channel_type text NOT NULL CHECK (channel_type IN ('email', 'sms', 'push', 'discord', 'telegram')),
    channel_name text NOT NULL CHECK (length(channel_name) BETWEEN 1 AND 50),
    destination text NOT NULL CHECK (length(destination) BETWEEN 1 AND 255),
    is_verified boolean NOT NULL DEFAULT false,
    verification_code_hash text,
    verification_expires timestamptz,
    verified_at timestamptz,
    is_active boolean NOT NULL DEFAULT true,
    is_primary boolean NOT NULL DEFAULT false,
    enabled_notification_types text[] NOT NULL DEFAULT '{new_listing,contact_found}'
        CHECK (enabled_notification_types <@ '{new_listing,contact_found,system_alert,reminder}'::text[]),
    rate_limit_per_hour integer NOT NULL DEFAULT 10 CHECK (rate_limit_per_hour BETWEEN 0 AND 1000),
    rate_limit_per_day integer NOT NULL DEFAULT 100 CHECK (rate_limit_per_day BETWEEN 0 AND 10000),
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (user_id, channel_type, destination)
);

CREATE UNIQUE INDEX notification_channels_one_primary ON notification_channels (user_id) WHERE is_primary;
CREATE TRIGGER notification_channels_touch BEFORE UPDATE ON notification_channels FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER notification_channels_version BEFORE UPDATE ON notification_channels FOR EACH ROW EXECUTE FUNCTION bump_version();

-- A browser's EventSource cannot send a header, so it opens the live stream with one of these: once, within half a minute.
CREATE TABLE stream_tickets (
    ticket_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES recipients ON DELETE CASCADE,
    session_id uuid NOT NULL,
    -- The stream ends when the access token that asked for the ticket does.
    token_expires_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX stream_tickets_user_id ON stream_tickets (user_id);
CREATE INDEX stream_tickets_expires_at ON stream_tickets (expires_at);

ALTER TABLE recipients ENABLE ROW LEVEL SECURITY;
CREATE POLICY recipients_own ON recipients FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY recipients_service ON recipients FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
CREATE POLICY notifications_read ON notifications FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY notifications_mark ON notifications FOR UPDATE
    USING (user_id = (SELECT current_user_id())) WITH CHECK (user_id = (SELECT current_user_id()));
CREATE POLICY notifications_service ON notifications FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

ALTER TABLE notification_channels ENABLE ROW LEVEL SECURITY;
CREATE POLICY notification_channels_own ON notification_channels FOR ALL
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));

ALTER TABLE stream_tickets ENABLE ROW LEVEL SECURITY;
CREATE POLICY stream_tickets_own ON stream_tickets FOR INSERT WITH CHECK (user_id = (SELECT current_user_id()));
CREATE POLICY stream_tickets_service ON stream_tickets FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP TABLE stream_tickets;
DROP TABLE notification_channels;
DROP TABLE notifications;
DROP TABLE recipients;
