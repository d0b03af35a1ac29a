-- What happened (user_events), who did it (audit_logs), and how it looks (dashboard_metrics).

-- Both logs are cut by month. A partition is made ahead by `ensure_month_partitions`; what falls outside all of them (a replay of something
-- old) goes to the default one, so that nothing is ever refused.
CREATE TABLE user_events (
    id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    user_id uuid,
    agency_id uuid,
    event_type text NOT NULL CHECK (length(event_type) <= 200),
    event_data jsonb NOT NULL DEFAULT '{}',
    session_id text CHECK (length(session_id) <= 255),
    ip_address inet,
    user_agent text CHECK (length(user_agent) <= 1000),
    subject_id uuid,
    -- The event's own id and time: the same event is the same row.
    PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);

CREATE INDEX user_events_of_user ON user_events (user_id, occurred_at DESC, id DESC);
CREATE INDEX user_events_of_agency ON user_events (agency_id, occurred_at DESC);
CREATE INDEX user_events_of_type ON user_events (event_type, occurred_at DESC, id DESC);
CREATE INDEX user_events_newest ON user_events (occurred_at DESC, id DESC);
CREATE TABLE user_events_default PARTITION OF user_events DEFAULT;
ALTER TABLE user_events_default ENABLE ROW LEVEL SECURITY;

CREATE TABLE audit_logs (
    id uuid NOT NULL DEFAULT uuid_v7(),
    user_id uuid,
    agency_id uuid,
    session_id text CHECK (length(session_id) <= 255),
    ip_address inet,
    user_agent text CHECK (length(user_agent) <= 1000),
    location jsonb,
    action text NOT NULL CHECK (length(action) <= 255),
    category text NOT NULL CHECK (length(category) <= 100),
    level text NOT NULL DEFAULT 'info' CHECK (level IN ('info', 'warning', 'error')),
    entity_type text NOT NULL CHECK (length(entity_type) <= 100),
    entity_id text CHECK (length(entity_id) <= 255),
    old_values jsonb,
    new_values jsonb,
    changed_fields text[],
    request_id text CHECK (length(request_id) <= 255),
    request_method text CHECK (length(request_method) <= 10),
    request_path text CHECK (length(request_path) <= 2048),
    service_name text NOT NULL CHECK (length(service_name) <= 100),
    service_version text CHECK (length(service_version) <= 50),
    server_name text CHECK (length(server_name) <= 255),
    duration_ms integer CHECK (duration_ms >= 0),
    success boolean NOT NULL DEFAULT true,
    error_message text,
    error_code text CHECK (length(error_code) <= 50),
    risk_level text NOT NULL DEFAULT 'low' CHECK (risk_level IN ('low', 'medium', 'high', 'critical')),
    risk_score numeric(5, 2) CHECK (risk_score BETWEEN 0 AND 100),
    anomaly_detected boolean NOT NULL DEFAULT false,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

CREATE INDEX audit_logs_newest ON audit_logs (created_at DESC, id DESC);
CREATE INDEX audit_logs_of_user ON audit_logs (user_id, created_at DESC, id DESC);
CREATE INDEX audit_logs_of_agency ON audit_logs (agency_id, created_at DESC, id DESC);
CREATE INDEX audit_logs_of_entity ON audit_logs (entity_type, entity_id, created_at DESC, id DESC);
CREATE INDEX audit_logs_of_request ON audit_logs (request_id);
CREATE INDEX audit_logs_risky ON audit_logs (created_at DESC, id DESC) WHERE risk_level IN ('high', 'critical');
CREATE TABLE audit_logs_default PARTITION OF audit_logs DEFAULT;
ALTER TABLE audit_logs_default ENABLE ROW LEVEL SECURITY;

-- Makes the partitions of this month, the one before and `months_ahead` more. Its rows are reached through the parent only: without a policy of
-- its own, a partition shows nobody anything.
CREATE FUNCTION ensure_month_partitions(parent text, months_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = analytics, pg_temp
    AS $$
    DECLARE
        month date;
        made integer := 0;
    BEGIN
        IF parent NOT IN ('user_events', 'audit_logs') THEN
            RAISE EXCEPTION 'no such log: %', parent USING ERRCODE = 'invalid_parameter_value';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtext('ensure_month_partitions'), hashtext(parent));
        FOR step IN -1 .. least(months_ahead, 24) LOOP
            month := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => step);
            IF to_regclass(format('analytics.%I', parent || to_char(month, '"_"YYYY"_"MM'))) IS NULL THEN
                -- Rows of the month that have come before it, to the default partition, move: they would forbid it otherwise.
                EXECUTE format('CREATE TABLE analytics.%1$I (LIKE analytics.%2$I INCLUDING ALL)', parent || to_char(month, '"_"YYYY"_"MM'), parent);
                EXECUTE format('LOCK TABLE analytics.%I IN ACCESS EXCLUSIVE MODE', parent || '_default');
                EXECUTE format('ALTER TABLE analytics.%I DISABLE TRIGGER USER', parent || '_default');
                EXECUTE format('WITH moved AS (DELETE FROM analytics.%1$I WHERE %2$I >= %3$L AND %2$I < %4$L RETURNING *) INSERT INTO analytics.%5$I SELECT * FROM moved',
                    parent || '_default', CASE parent WHEN 'user_events' THEN 'occurred_at' ELSE 'created_at' END, month || ' 00:00:00+00',
                    (month + interval '1 month')::date || ' 00:00:00+00', parent || to_char(month, '"_"YYYY"_"MM'));
                EXECUTE format('ALTER TABLE analytics.%I ENABLE TRIGGER USER', parent || '_default');
                EXECUTE format('ALTER TABLE analytics.%2$I ATTACH PARTITION analytics.%1$I FOR VALUES FROM (%3$L) TO (%4$L)',
                    parent || to_char(month, '"_"YYYY"_"MM'), parent, month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
                EXECUTE format('ALTER TABLE analytics.%I ENABLE ROW LEVEL SECURITY', parent || to_char(month, '"_"YYYY"_"MM'));
                made := made + 1;
            END IF;
        END LOOP;
        RETURN made;
    END $$;
REVOKE ALL ON FUNCTION ensure_month_partitions(text, integer) FROM PUBLIC;

-- Takes partitions off that are older than `months_kept`; they stay as tables of their own until an operator has archived and dropped them.
CREATE FUNCTION detach_month_partitions(parent text, months_kept integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = analytics, pg_temp
    AS $$
    DECLARE
        partition text;
        oldest text := to_char(date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => greatest(months_kept, 1)), 'YYYY"_"MM');
        taken integer := 0;
    BEGIN
        IF parent NOT IN ('user_events', 'audit_logs') THEN
            RAISE EXCEPTION 'no such log: %', parent USING ERRCODE = 'invalid_parameter_value';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtext('ensure_month_partitions'), hashtext(parent));
        FOR partition IN
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = format('analytics.%I', parent)::regclass AND c.relname ~ ('^' || parent || '_[0-9]{4}_[0-9]{2}$')
                AND right(c.relname, 7) < oldest
        LOOP
            EXECUTE format('ALTER TABLE analytics.%I DETACH PARTITION analytics.%I', parent, partition);
            taken := taken + 1;
        END LOOP;
        RETURN taken;
    END $$;
REVOKE ALL ON FUNCTION detach_month_partitions(text, integer) FROM PUBLIC;

DO $$ BEGIN
    PERFORM ensure_month_partitions('user_events', 3);
    PERFORM ensure_month_partitions('audit_logs', 3);
    EXECUTE 'GRANT EXECUTE ON FUNCTION ensure_month_partitions(text, integer), detach_month_partitions(text, integer) TO hearth_analytics';
END $$;

-- How many events of a type there were on a day (UTC). Sixteen rows share each count, so that consumers do not wait for one another.
CREATE TABLE event_counts (
    day date NOT NULL,
    event_type text NOT NULL,
    shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 15),
    events bigint NOT NULL,
    PRIMARY KEY (day, event_type, shard)
);

CREATE TABLE dashboard_metrics (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    metric_name text NOT NULL UNIQUE CHECK (length(metric_name) <= 255),
    metric_value jsonb,
    last_updated_at timestamptz NOT NULL DEFAULT '-infinity',
    cache_ttl_seconds integer NOT NULL DEFAULT 300 CHECK (cache_ttl_seconds BETWEEN 0 AND 86400),
    source text NOT NULL CHECK (length(source) <= 100)
);
CREATE INDEX dashboard_metrics_source ON dashboard_metrics (source);

INSERT INTO dashboard_metrics (metric_name, cache_ttl_seconds, source) VALUES ('overview', 5, 'event_counts');

ALTER TABLE user_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_events_read ON user_events FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY user_events_service ON user_events FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

-- A trail that can be changed is none: rows are added and read, and only erasure takes a person's address and device out of them.
ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_logs_read ON audit_logs FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY audit_logs_add ON audit_logs FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY audit_logs_erase ON audit_logs FOR UPDATE
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

CREATE FUNCTION audit_logs_immutable() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'audit_logs rows are not deleted' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.location := NULL;
        IF (to_jsonb(NEW) - '{ip_address,user_agent,location}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{ip_address,user_agent,location}'::text[])
                OR NEW.ip_address IS NOT NULL OR NEW.user_agent IS NOT NULL THEN
            RAISE EXCEPTION 'audit_logs rows do not change' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;
CREATE TRIGGER audit_logs_immutable BEFORE UPDATE OR DELETE ON audit_logs FOR EACH ROW EXECUTE FUNCTION audit_logs_immutable();

ALTER TABLE event_counts ENABLE ROW LEVEL SECURITY;
CREATE POLICY event_counts_read ON event_counts FOR SELECT USING ((SELECT current_app_role()) IN ('service', 'administrator', 'moderator'));
CREATE POLICY event_counts_service ON event_counts FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

ALTER TABLE dashboard_metrics ENABLE ROW LEVEL SECURITY;
CREATE POLICY dashboard_metrics_all ON dashboard_metrics FOR ALL
    USING ((SELECT current_app_role()) IN ('service', 'administrator', 'moderator'))
    WITH CHECK ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP TABLE dashboard_metrics;
DROP TABLE event_counts;
DROP TABLE audit_logs;
DROP FUNCTION audit_logs_immutable();
DROP TABLE user_events;
DROP FUNCTION detach_month_partitions(text, integer);
DROP FUNCTION ensure_month_partitions(text, integer);
