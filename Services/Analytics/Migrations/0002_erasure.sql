-- Who was erased: events of theirs that come late are kept without them.
CREATE TABLE erased_users (
    user_id uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE erased_users ENABLE ROW LEVEL SECURITY;
CREATE POLICY erased_users_service ON erased_users FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

-- A month that already has rows in the default partition takes them along: after a long stop, or a clock that went wrong, it could not be made.
CREATE OR REPLACE FUNCTION ensure_month_partitions(parent text, months_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = analytics, pg_temp SET lock_timeout = '5s'
    AS $$
    DECLARE
        month date;
        partition text;
        at_column text := CASE parent WHEN 'user_events' THEN 'occurred_at' WHEN 'audit_logs' THEN 'created_at' END;
        begins text;
        ends text;
        made integer := 0;
    BEGIN
        IF at_column IS NULL THEN
            RAISE EXCEPTION 'no such log: %', parent USING ERRCODE = 'invalid_parameter_value';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtext('ensure_month_partitions'), hashtext(parent));
        FOR step IN -1 .. least(months_ahead, 24) LOOP
            month := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => step);
            partition := parent || to_char(month, '"_"YYYY"_"MM');
            CONTINUE WHEN to_regclass(format('analytics.%I', partition)) IS NOT NULL;
            begins := month || ' 00:00:00+00';
            ends := (month + interval '1 month')::date || ' 00:00:00+00';
            EXECUTE format('CREATE TABLE analytics.%I (LIKE analytics.%I INCLUDING ALL)', partition, parent);
            EXECUTE format('ALTER TABLE analytics.%I ENABLE ROW LEVEL SECURITY', partition);
            EXECUTE format('LOCK TABLE analytics.%I IN ACCESS EXCLUSIVE MODE', parent || '_default');
            EXECUTE format(
                'WITH moved AS (DELETE FROM analytics.%1$I WHERE %2$I >= %3$L AND %2$I < %4$L RETURNING *) INSERT INTO analytics.%5$I SELECT * FROM moved',
                parent || '_default', at_column, begins, ends, partition);
            EXECUTE format('ALTER TABLE analytics.%I ATTACH PARTITION analytics.%I FOR VALUES FROM (%L) TO (%L)', parent, partition, begins, ends);
            made := made + 1;
        END LOOP;
        RETURN made;
    END $$;

-- Only that function may take rows out of the trail, to put them into their month.
CREATE OR REPLACE FUNCTION audit_logs_immutable() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN
            IF current_user = 'hearth_analytics_owner' THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'audit_logs rows are not deleted' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.location := NULL;
        IF (to_jsonb(NEW) - '{ip_address,user_agent,location}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{ip_address,user_agent,location}'::text[])
                OR NEW.ip_address IS NOT NULL OR NEW.user_agent IS NOT NULL THEN
            RAISE EXCEPTION 'audit_logs rows do not change' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;

-- migrate:down
CREATE OR REPLACE FUNCTION audit_logs_immutable() RETURNS trigger LANGUAGE plpgsql
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

CREATE OR REPLACE FUNCTION ensure_month_partitions(parent text, months_ahead integer) RETURNS integer
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
                EXECUTE format('CREATE TABLE analytics.%1$I PARTITION OF analytics.%2$I FOR VALUES FROM (%3$L) TO (%4$L)',
                    parent || to_char(month, '"_"YYYY"_"MM'), parent, month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
                EXECUTE format('ALTER TABLE analytics.%I ENABLE ROW LEVEL SECURITY', parent || to_char(month, '"_"YYYY"_"MM'));
                made := made + 1;
            END IF;
        END LOOP;
        RETURN made;
    END $$;
DROP TABLE erased_users;
