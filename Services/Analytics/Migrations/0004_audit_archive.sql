-- The trail's old months lie apart: a month that is older than a year moves into the archive as a whole, and one that is older than two years goes.

CREATE TABLE audit_logs_archive (LIKE audit_logs INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES) PARTITION BY RANGE (created_at);
CREATE TABLE audit_logs_archive_default PARTITION OF audit_logs_archive DEFAULT;
ALTER TABLE audit_logs_archive_default ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit_logs_archive ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_logs_archive_read ON audit_logs_archive FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY audit_logs_archive_erase ON audit_logs_archive FOR UPDATE
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE TRIGGER audit_logs_archive_immutable BEFORE UPDATE OR DELETE ON audit_logs_archive
    FOR EACH ROW EXECUTE FUNCTION audit_logs_immutable();

-- Moves months that began more than `months_kept` months before this one into the archive, and lets those of the archive go that began more than
-- `months_archived` months before; tells how many months moved or went. What lies in no month, as it came late, follows by at most 500 rows a call.
CREATE FUNCTION archive_audit_months(months_kept integer, months_archived integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = analytics, pg_temp SET lock_timeout = '5s'
    AS $$
    DECLARE
        this_month date := date_trunc('month', now() AT TIME ZONE 'UTC');
        kept_from date := this_month - make_interval(months => greatest(months_kept, 1));
        archived_from date := this_month - make_interval(months => greatest(months_archived, months_kept, 1));
        month record;
        done integer := 0;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('ensure_month_partitions'), hashtext('audit_logs'));
        FOR month IN
            SELECT c.relname AS name, to_date(right(c.relname, 7), 'YYYY_MM') AS begins FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'analytics.audit_logs'::regclass AND c.relname ~ '^audit_logs_[0-9]{4}_[0-9]{2}$' ORDER BY 2
        LOOP
            CONTINUE WHEN month.begins >= kept_from;
            EXECUTE format('ALTER TABLE analytics.audit_logs DETACH PARTITION analytics.%I', month.name);
            EXECUTE format('ALTER TABLE analytics.audit_logs_archive ATTACH PARTITION analytics.%I FOR VALUES FROM (%L) TO (%L)', month.name,
                month.begins || ' 00:00:00+00', (month.begins + interval '1 month')::date || ' 00:00:00+00');
            done := done + 1;
        END LOOP;
        FOR month IN
            SELECT c.relname AS name, to_date(right(c.relname, 7), 'YYYY_MM') AS begins FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'analytics.audit_logs_archive'::regclass AND c.relname ~ '^audit_logs_[0-9]{4}_[0-9]{2}$'
        LOOP
            CONTINUE WHEN month.begins >= archived_from;
            EXECUTE format('DROP TABLE analytics.%I', month.name);
            done := done + 1;
        END LOOP;
        WITH late AS (
            DELETE FROM audit_logs_default WHERE (id, created_at) IN (
                SELECT id, created_at FROM audit_logs_default
                WHERE created_at < kept_from::timestamp AT TIME ZONE 'UTC' ORDER BY created_at LIMIT 500)
            RETURNING *)
        INSERT INTO audit_logs_archive SELECT * FROM late ON CONFLICT DO NOTHING;
        DELETE FROM audit_logs_archive_default WHERE (id, created_at) IN (
            SELECT id, created_at FROM audit_logs_archive_default
            WHERE created_at < archived_from::timestamp AT TIME ZONE 'UTC' ORDER BY created_at LIMIT 500);
        RETURN done;
    END $$;
REVOKE ALL ON FUNCTION archive_audit_months(integer, integer) FROM PUBLIC;

DO $$ BEGIN
    EXECUTE 'GRANT EXECUTE ON FUNCTION archive_audit_months(integer, integer) TO hearth_analytics';
END $$;

-- migrate:down
DO $$
DECLARE month record;
BEGIN
    FOR month IN
        SELECT c.relname AS name, to_date(right(c.relname, 7), 'YYYY_MM') AS begins FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'analytics.audit_logs_archive'::regclass AND c.relname ~ '^audit_logs_[0-9]{4}_[0-9]{2}$'
    LOOP
        EXECUTE format('ALTER TABLE analytics.audit_logs_archive DETACH PARTITION analytics.%I', month.name);
        EXECUTE format('ALTER TABLE analytics.audit_logs ATTACH PARTITION analytics.%I FOR VALUES FROM (%L) TO (%L)', month.name,
            month.begins || ' 00:00:00+00', (month.begins + interval '1 month')::date || ' 00:00:00+00');
    END LOOP;
    INSERT INTO analytics.audit_logs SELECT * FROM analytics.audit_logs_archive ON CONFLICT DO NOTHING;
END $$;
DROP FUNCTION archive_audit_months(integer, integer);
DROP TABLE audit_logs_archive;
