-- What every schema has before its own tables: who is asking (row-level security), ids, small triggers, the outbox, the
-- inbox and the answers kept for Idempotency-Key. Run as the schema's owner with the schema first in search_path.

-- The caller, as transaction(as:) sets it. A setting made local reverts to '' and not to NULL, hence NULLIF. These three name
-- everything in full instead of pinning search_path, so that the planner may inline them.
CREATE FUNCTION current_user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(pg_catalog.current_setting('app.current_user_id', true), '')::uuid;

CREATE FUNCTION current_agency_ids() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE(
        pg_catalog.string_to_array(NULLIF(pg_catalog.current_setting('app.current_agency_ids', true), ''), ',')::uuid[],
        '{}'::uuid[]
    );

CREATE FUNCTION current_app_role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE(pg_catalog.current_setting('app.role', true), '');

-- UUIDv7 (RFC 9562): a random UUIDv4 whose first 48 bits become Unix milliseconds and whose version bits 0100 become 0111.
CREATE FUNCTION uuid_v7() RETURNS uuid
    LANGUAGE sql VOLATILE PARALLEL SAFE
    RETURN pg_catalog.encode(
        pg_catalog.set_bit(
            pg_catalog.set_bit(
                pg_catalog.overlay(
                    pg_catalog.uuid_send(pg_catalog.gen_random_uuid()),
                    pg_catalog.substring(
                        pg_catalog.int8send((EXTRACT(epoch FROM pg_catalog.clock_timestamp()) * 1000)::bigint), 3, 6),
                    1, 6),
                52, 1),
            53, 1),
        'hex')::uuid;

CREATE FUNCTION touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE FUNCTION bump_version() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;

-- AFTER ROW trigger: notify_cache_invalidate('doc:', 'id') sends NOTIFY cache_invalidate, 'doc:<id>'. An update that moves the row
-- to another key drops both.
CREATE FUNCTION notify_cache_invalidate() RETURNS trigger
    LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
DECLARE
    before text;
    after text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := to_jsonb(OLD) ->> TG_ARGV[1];
    END IF;
    IF TG_OP <> 'DELETE' THEN
        after := to_jsonb(NEW) ->> TG_ARGV[1];
    END IF;
    IF before IS NOT NULL THEN
        PERFORM pg_notify('cache_invalidate', TG_ARGV[0] || before);
    END IF;
    IF after IS NOT NULL AND after IS DISTINCT FROM before THEN
        PERFORM pg_notify('cache_invalidate', TG_ARGV[0] || after);
    END IF;
    RETURN NULL;
END
$$;

-- Messages that a committed change has yet to send. A row goes once the broker has confirmed it.
--
-- Order per aggregate: whoever changes an aggregate holds its row lock until the commit and writes here while holding it, so
-- the ids of one aggregate grow in the order of its commits, and a later one is never visible before an earlier one. The
-- relay sends a lane, which is a hash of the aggregate, under one lock and in the order of ids. Events use the lanes 0 to 15, commands 16
-- to 31: a command waits here until its receiver's queue exists, and must not hold up events meanwhile.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane smallint NOT NULL CHECK (lane BETWEEN 0 AND 31),
    message_id uuid NOT NULL,
    subject uuid NOT NULL,
    type text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1);
CREATE INDEX outbox_lane_id ON outbox (lane, id);

-- Messages whose effect is committed. The row is written in the transaction of the effect.
--
-- Why the day may be part of the key: it is the UTC day of the message's own `time`, which is in the message and never changes, so
-- every delivery of one message meets the same (message_id, day), however late it comes. The day of arrival would not do:
-- a redelivery after midnight would meet another key. A day without a partition goes to the default one, under the same key.
CREATE TABLE inbox (
    message_id uuid NOT NULL,
    day date NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (message_id, day)
) PARTITION BY RANGE (day);
CREATE TABLE inbox_default PARTITION OF inbox DEFAULT;

-- Makes the partitions from yesterday to `days_ahead` days from now that are missing. A day that already has rows in the default
-- partition takes them along. Attaching locks only the default partition, which is empty as a rule.
CREATE FUNCTION ensure_inbox_partitions(days_ahead integer DEFAULT 7) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '2s'
AS $$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
    partition_day date;
    partition_name text;
    made integer := 0;
BEGIN
    PERFORM set_config('search_path', current_schema() || ', pg_temp', true); -- a temporary table must not stand in for ours
    IF NOT pg_try_advisory_xact_lock(hashtext('inbox partitions'), 'inbox'::regclass::oid::integer) THEN
        RETURN 0;
    END IF;
    FOR offset_days IN -1 .. LEAST(GREATEST(days_ahead, 0), 60) LOOP
        partition_day := today + offset_days;
        partition_name := 'inbox_' || to_char(partition_day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass(quote_ident(partition_name)) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE inbox INCLUDING ALL)', partition_name);
        LOCK TABLE inbox_default IN ACCESS EXCLUSIVE MODE;
        EXECUTE format(
            'WITH moved AS (DELETE FROM inbox_default WHERE day = %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
            partition_day, partition_name);
        EXECUTE format(
            'ALTER TABLE inbox ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition_name, partition_day, partition_day + 1);
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;

-- Drops partitions in which nothing has arrived for `keep_days` days (never fewer than 14, longer than any message is retried), and
-- as old rows of the default partition. What counts is the arrival, not the message's day: a message replayed from the dead letters
-- after a week must still be known after that.
CREATE FUNCTION drop_old_inbox_partitions(keep_days integer DEFAULT 14) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '2s'
AS $$
DECLARE
    keep interval := make_interval(days => GREATEST(keep_days, 14));
    oldest_day date := ((now() - keep) AT TIME ZONE 'UTC')::date;
    partition regclass;
    is_used boolean;
    dropped integer := 0;
BEGIN
    PERFORM set_config('search_path', current_schema() || ', pg_temp', true); -- a temporary table must not stand in for ours
    IF NOT pg_try_advisory_xact_lock(hashtext('inbox partitions'), 'inbox'::regclass::oid::integer) THEN
        RETURN 0;
    END IF;
    FOR partition IN
        SELECT c.oid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'inbox'::regclass AND c.relname ~ '^inbox_\d{8}$' AND c.relname < 'inbox_' || to_char(oldest_day, 'YYYYMMDD')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE received_at > now() - $1)', partition) INTO is_used USING keep;
        CONTINUE WHEN is_used;
        EXECUTE format('DROP TABLE %s', partition);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM inbox_default WHERE received_at < now() - keep;
    RETURN dropped;
END
$$;

SELECT ensure_inbox_partitions(7);

-- The first answer to a POST with an Idempotency-Key, per caller. `status` is null while the first request is running;
-- `locked_until` tells when it may be given up for dead. `fingerprint` is a hash of method, path and body: the same key with another request is refused.
CREATE TABLE idempotency_keys (
    scope text NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint text NOT NULL,
    status smallint,
    headers jsonb,
    body bytea,
    locked_until timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at);

-- migrate:down
DROP TABLE idempotency_keys;
DROP FUNCTION drop_old_inbox_partitions(integer);
DROP FUNCTION ensure_inbox_partitions(integer);
DROP TABLE inbox;
DROP TABLE outbox;
DROP FUNCTION notify_cache_invalidate();
DROP FUNCTION bump_version();
DROP FUNCTION touch_updated_at();
DROP FUNCTION uuid_v7();
DROP FUNCTION current_app_role();
DROP FUNCTION current_agency_ids();
DROP FUNCTION current_user_id();
