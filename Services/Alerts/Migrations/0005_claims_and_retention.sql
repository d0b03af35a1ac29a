-- What is due is taken by priority and time out of one range of an index for each kind of channel and each priority, however much waits.
CREATE INDEX notification_queue_claims ON notification_queue (channel, priority_rank, scheduled_at) WHERE status IN ('pending', 'held', 'sending');
DROP INDEX notification_queue_due;
-- What a removed channel has left.
CREATE INDEX notification_queue_orphans ON notification_queue (scheduled_at)
    WHERE channel_id IS NULL AND lead_id IS NULL AND status IN ('pending', 'held', 'sending');
-- Text messages that are over go after a while.
CREATE INDEX sms_queue_over ON sms_queue (created_at) WHERE status <> 'queued';

-- As before, but the notifications are locked in one order, in a statement of its own: two deliveries with several of them in common must not wait for each
-- other, and the second sees what the first has made of them.
CREATE OR REPLACE FUNCTION refresh_notifications(deliveries uuid[]) RETURNS void LANGUAGE sql AS $$
    SELECT 1 FROM notifications WHERE id IN (SELECT notification_id FROM delivery_items WHERE delivery_id = ANY (deliveries))
    ORDER BY id FOR NO KEY UPDATE;
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

-- migrate:down
CREATE OR REPLACE FUNCTION refresh_notifications(deliveries uuid[]) RETURNS void LANGUAGE sql AS $$
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
DROP INDEX sms_queue_over;
DROP INDEX notification_queue_orphans;
CREATE INDEX notification_queue_due ON notification_queue (scheduled_at) WHERE status IN ('pending', 'held', 'sending');
DROP INDEX notification_queue_claims;
