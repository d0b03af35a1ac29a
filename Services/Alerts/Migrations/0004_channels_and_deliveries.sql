-- Telling people on every channel, when they want it, and once.

-- What is told. Nothing of a person's arrives twice for one listing or one home and kind.
ALTER TABLE notifications ADD COLUMN listing_id uuid, ADD COLUMN home_id uuid;
UPDATE notifications SET listing_id = (data ->> 'listing_id')::uuid
WHERE subject_key LIKE 'listing:%' AND data ->> 'listing_id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
ALTER TABLE notifications ADD CONSTRAINT notifications_once_a_listing UNIQUE (user_id, type, listing_id);
ALTER TABLE notifications ADD CONSTRAINT notifications_once_a_home UNIQUE (user_id, type, home_id);
-- What is for later has no place in the inbox before its time.
ALTER TABLE notifications ALTER COLUMN sequence DROP NOT NULL;
ALTER TABLE notifications ADD CONSTRAINT notifications_placed CHECK (sequence IS NOT NULL OR scheduled_for IS NOT NULL);
ALTER TABLE notifications ADD CONSTRAINT notifications_urgent CHECK (is_urgent = (priority = 'urgent'));
ALTER TABLE notifications ADD CONSTRAINT notifications_few_tags CHECK (cardinality(tags) <= 20);
ALTER TABLE notifications DROP CONSTRAINT notifications_delivery_method_check;
ALTER TABLE notifications ADD CONSTRAINT notifications_delivery_method_check CHECK (delivery_method IN ('app', 'email', 'sms', 'push', 'discord', 'telegram', 'webhook'));
CREATE INDEX notifications_scheduled ON notifications (scheduled_for) WHERE sequence IS NULL;
CREATE INDEX notifications_expires_at ON notifications (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX notifications_of_type ON notifications (user_id, type, sequence DESC);
CREATE INDEX notifications_of_category ON notifications (user_id, category, sequence DESC);
CREATE INDEX notifications_tags ON notifications USING gin (tags);
-- What was read half a year ago goes.
CREATE INDEX notifications_read_at ON notifications (read_at) WHERE is_read;

-- How a person wants to be told. Whoever has no row wants what the defaults say.
CREATE TABLE notification_preferences (
    user_id uuid PRIMARY KEY REFERENCES recipients ON DELETE CASCADE,
    -- Minutes after midnight on the person's clock; from the later to the earlier means over midnight.
    quiet_from smallint CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_until smallint CHECK (quiet_until BETWEEN 0 AND 1439),
    urgent_breaks_quiet boolean NOT NULL DEFAULT true,
    digest_at smallint NOT NULL DEFAULT 480 CHECK (digest_at BETWEEN 0 AND 1439),
    -- 1 is Monday.
    digest_weekday smallint NOT NULL DEFAULT 1 CHECK (digest_weekday BETWEEN 1 AND 7),
    reach text NOT NULL DEFAULT 'primary' CHECK (reach IN ('primary', 'all')),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)),
    CHECK (quiet_from <> quiet_until)
);
CREATE TRIGGER notification_preferences_touch BEFORE UPDATE ON notification_preferences FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER notification_preferences_version BEFORE UPDATE ON notification_preferences FOR EACH ROW EXECUTE FUNCTION bump_version();

-- Where. What a channel needs and nobody may see (numbers, tokens, keys, secrets) is sealed; the destination is what may be shown of it.
ALTER TABLE notification_channels
    ADD COLUMN frequency text NOT NULL DEFAULT 'immediate' CHECK (frequency IN ('immediate', 'hourly', 'daily', 'weekly')),
    ADD COLUMN address_sealed bytea,
    ADD COLUMN address_fingerprint text CHECK (length(address_fingerprint) = 64),
    ADD COLUMN verification_attempts smallint NOT NULL DEFAULT 0 CHECK (verification_attempts BETWEEN 0 AND 5),
    ADD COLUMN codes_sent integer NOT NULL DEFAULT 0,
    ADD COLUMN code_sent_at timestamptz,
    -- Why the service switched it off: the other side said that there is nobody any more.
    ADD COLUMN disabled_reason text CHECK (length(disabled_reason) <= 200),
    DROP CONSTRAINT notification_channels_rate_limit_per_hour_check,
    DROP CONSTRAINT notification_channels_rate_limit_per_day_check,
    ADD CONSTRAINT notification_channels_limits CHECK (least(rate_limit_per_hour, rate_limit_per_day) >= 0),
    DROP CONSTRAINT notification_channels_channel_type_check,
    DROP CONSTRAINT notification_channels_user_id_channel_type_destination_key,
    ADD CONSTRAINT notification_channels_channel_type_check CHECK (channel_type IN ('email', 'sms', 'push', 'discord', 'telegram', 'webhook')),
    ADD CONSTRAINT notification_channels_verified CHECK (is_verified = (verified_at IS NOT NULL)),
    ADD CONSTRAINT notification_channels_code CHECK (
        verification_code_hash IS NULL OR (verification_expires IS NOT NULL AND length(verification_code_hash) <= 64)),
    ADD CONSTRAINT notification_channels_small_metadata CHECK (pg_column_size(metadata) <= 4096);
CREATE UNIQUE INDEX notification_channels_one_email ON notification_channels (user_id, destination) WHERE channel_type = 'email';
CREATE UNIQUE INDEX notification_channels_one_address ON notification_channels (user_id, channel_type, address_fingerprint);

-- Whoever has channels has one that is the primary one: an index allows no second, this no none.
UPDATE notification_channels SET is_primary = true WHERE id IN (
    SELECT DISTINCT ON (user_id) id FROM notification_channels c
    WHERE NOT EXISTS (SELECT 1 FROM notification_channels other WHERE other.user_id = c.user_id AND other.is_primary) ORDER BY user_id, id);
CREATE FUNCTION expect_primary_channel() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM notification_channels WHERE user_id = coalesce(NEW.user_id, OLD.user_id))
        AND NOT EXISTS (SELECT 1 FROM notification_channels WHERE user_id = coalesce(NEW.user_id, OLD.user_id) AND is_primary) THEN
        RAISE check_violation USING MESSAGE = 'a person with channels has a primary one', CONSTRAINT = 'notification_channels_a_primary';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER notification_channels_a_primary AFTER INSERT OR DELETE OR UPDATE OF is_primary ON notification_channels
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION expect_primary_channel();

-- One row per delivery by a channel: one notification at once, a digest of many, a code, or a message to a lead.
CREATE TABLE notification_queue (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    lead_id uuid,
    notification_type text NOT NULL CHECK (length(notification_type) BETWEEN 1 AND 50),
    channel text NOT NULL CHECK (channel IN ('email', 'sms', 'push', 'discord', 'telegram', 'webhook')),
    priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    -- What is said. Of a digest it is written when it is first sent, and the same at every further try.
    content jsonb NOT NULL DEFAULT '{}',
    template_id text CHECK (length(template_id) <= 100),
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'held', 'sending', 'handed_over', 'sent', 'delivered', 'failed', 'expired', 'cancelled')),
    -- When it is next looked at; of one that is being sent, the end of the sender's lease.
    scheduled_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    delivered_at timestamptz,
    read_at timestamptz,
    error_message text CHECK (length(error_message) <= 500),
    retry_count integer NOT NULL DEFAULT 0,
    max_retries integer NOT NULL DEFAULT 3,
    created_at timestamptz NOT NULL DEFAULT now(),
    user_id uuid REFERENCES recipients ON DELETE CASCADE,
    channel_id uuid REFERENCES notification_channels ON DELETE SET NULL,
    -- The same delivery asked for twice is one.
    delivery_key text NOT NULL UNIQUE CHECK (length(delivery_key) <= 200),
    is_digest boolean NOT NULL DEFAULT false,
    -- A digest that still takes in what comes.
    is_open boolean NOT NULL DEFAULT false,
    hold_reason text CHECK (hold_reason IN ('digest', 'quiet_hours', 'rate_limit', 'retry')),
    started_at timestamptz,
    expires_at timestamptz,
    -- A code, or where a lead is reached; gone once nothing is to be sent any more.
    content_sealed bytea,
    failed_over_from uuid REFERENCES notification_queue ON DELETE SET NULL,
    priority_rank smallint NOT NULL GENERATED ALWAYS AS (CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END) STORED,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (retry_count <= max_retries),
    CHECK ((status = 'held') = (hold_reason IS NOT NULL)),
    CHECK (NOT is_open OR (is_digest AND status = 'held')),
    CHECK ((user_id IS NULL) <> (lead_id IS NULL)),
    CHECK (content_sealed IS NULL OR status IN ('pending', 'held', 'sending'))
);
-- What comes goes into the one digest of a channel that is open.
CREATE UNIQUE INDEX notification_queue_open_digest ON notification_queue (channel_id) WHERE is_open;
CREATE INDEX notification_queue_due ON notification_queue (scheduled_at) WHERE status IN ('pending', 'held', 'sending');
CREATE INDEX notification_queue_started ON notification_queue (channel_id, started_at);
CREATE INDEX notification_queue_user_id ON notification_queue (user_id, id);
CREATE INDEX notification_queue_lead_id ON notification_queue (lead_id, id) WHERE lead_id IS NOT NULL;
CREATE INDEX notification_queue_failed_over_from ON notification_queue (failed_over_from) WHERE failed_over_from IS NOT NULL;
CREATE TRIGGER notification_queue_touch BEFORE UPDATE ON notification_queue FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Which notifications a delivery tells: each once by each channel, whatever digest it is in.
CREATE TABLE delivery_items (
    notification_id uuid NOT NULL REFERENCES notifications ON DELETE CASCADE,
    delivery_id uuid NOT NULL REFERENCES notification_queue ON DELETE CASCADE,
    channel_id uuid NOT NULL,
    user_id uuid NOT NULL,
    PRIMARY KEY (notification_id, channel_id)
);
CREATE INDEX delivery_items_delivery_id ON delivery_items (delivery_id, notification_id);
CREATE INDEX delivery_items_user_id ON delivery_items (user_id);

-- A receipt of every attempt.
CREATE TABLE delivery_attempts (
    delivery_id uuid NOT NULL REFERENCES notification_queue ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 1),
    user_id uuid,
    channel text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    outcome text NOT NULL DEFAULT 'started' CHECK (outcome IN ('started', 'handed_over', 'taken', 'deferred', 'rejected', 'unknown')),
    reason text CHECK (length(reason) <= 500),
    PRIMARY KEY (delivery_id, number),
    CHECK ((outcome = 'started') = (ended_at IS NULL))
);
CREATE INDEX delivery_attempts_user_id ON delivery_attempts (user_id);

-- A notification shows what became of its deliveries.
CREATE FUNCTION refresh_notifications(deliveries uuid[]) RETURNS void LANGUAGE sql AS $$
    UPDATE notifications n SET delivery_method = told.method, delivery_status = told.status, scheduled_for = told.held_until,
        delivery_attempts = told.attempts, max_delivery_attempts = told.most
    FROM (
        SELECT i.notification_id,
            (array_agg(q.channel ORDER BY q.status IN ('sent', 'delivered') DESC, q.status IN ('pending', 'held', 'sending', 'handed_over') DESC, q.id))[1]
                AS method,
            CASE WHEN bool_or(q.status = 'delivered') THEN 'delivered' WHEN bool_or(q.status = 'sent') THEN 'sent'
                WHEN bool_or(q.status IN ('pending', 'held', 'sending', 'handed_over')) THEN 'pending' ELSE 'failed' END AS status,
            min(q.scheduled_at) FILTER (WHERE q.status = 'held') AS held_until,
            sum(a.attempts)::integer AS attempts, sum(greatest(q.max_retries + 1, a.attempts))::integer AS most
        FROM delivery_items i JOIN notification_queue q ON q.id = i.delivery_id
            CROSS JOIN LATERAL (SELECT count(*) AS attempts FROM delivery_attempts WHERE delivery_id = q.id) a
        WHERE i.notification_id IN (SELECT notification_id FROM delivery_items WHERE delivery_id = ANY (deliveries))
        GROUP BY i.notification_id
    ) told
    WHERE n.id = told.notification_id AND n.sequence IS NOT NULL
        AND (n.delivery_method, n.delivery_status, n.scheduled_for, n.delivery_attempts, n.max_delivery_attempts)
            IS DISTINCT FROM (told.method, told.status, told.held_until, told.attempts, told.most)
$$;

ALTER TABLE notification_preferences ENABLE ROW LEVEL SECURITY;
CREATE POLICY notification_preferences_own ON notification_preferences FOR ALL
    USING ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()))
    WITH CHECK ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));

ALTER TABLE notification_queue ENABLE ROW LEVEL SECURITY;
CREATE POLICY notification_queue_read ON notification_queue FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY notification_queue_mark ON notification_queue FOR UPDATE
    USING (user_id = (SELECT current_user_id())) WITH CHECK (user_id = (SELECT current_user_id()));
CREATE POLICY notification_queue_service ON notification_queue FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

ALTER TABLE delivery_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY delivery_items_read ON delivery_items FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY delivery_items_service ON delivery_items FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

ALTER TABLE delivery_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY delivery_attempts_read ON delivery_attempts FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY delivery_attempts_service ON delivery_attempts FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP FUNCTION refresh_notifications(uuid[]);
DROP TABLE delivery_attempts;
DROP TABLE delivery_items;
DROP TABLE notification_queue;
DROP TRIGGER notification_channels_a_primary ON notification_channels;
DROP FUNCTION expect_primary_channel();
DELETE FROM notification_channels WHERE channel_type = 'webhook' OR address_sealed IS NOT NULL;
DROP INDEX notification_channels_one_email;
ALTER TABLE notification_channels
    DROP COLUMN frequency, DROP COLUMN address_sealed, DROP COLUMN address_fingerprint, DROP COLUMN verification_attempts, DROP COLUMN codes_sent,
    DROP COLUMN code_sent_at, DROP COLUMN disabled_reason, DROP CONSTRAINT notification_channels_channel_type_check,
    DROP CONSTRAINT notification_channels_verified, DROP CONSTRAINT notification_channels_code,
    DROP CONSTRAINT notification_channels_limits,
    ADD CONSTRAINT notification_channels_rate_limit_per_hour_check CHECK (rate_limit_per_hour BETWEEN 0 AND 1000) NOT VALID,
    ADD CONSTRAINT notification_channels_rate_limit_per_day_check CHECK (rate_limit_per_day BETWEEN 0 AND 10000) NOT VALID,
    DROP CONSTRAINT notification_channels_small_metadata,
    ADD CHECK (channel_type IN ('email', 'sms', 'push', 'discord', 'telegram')),
    ADD UNIQUE (user_id, channel_type, destination);
DROP TABLE notification_preferences;
DELETE FROM notifications WHERE sequence IS NULL;
UPDATE notifications SET delivery_method = 'app' WHERE delivery_method = 'webhook';
DROP INDEX notifications_read_at, notifications_tags, notifications_of_category, notifications_of_type, notifications_expires_at, notifications_scheduled;
ALTER TABLE notifications DROP CONSTRAINT notifications_delivery_method_check,
    DROP CONSTRAINT notifications_placed, DROP CONSTRAINT notifications_urgent, DROP CONSTRAINT notifications_few_tags,
    DROP COLUMN home_id, DROP COLUMN listing_id, ALTER COLUMN sequence SET NOT NULL,
    ADD CHECK (delivery_method IN ('app', 'email', 'sms', 'push', 'discord', 'telegram'));
