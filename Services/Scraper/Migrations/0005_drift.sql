-- Readers measured against their own past, and jobs that read again what others fetched.

-- A field that a reader finds more seldom than it used to: raised once, open until it is found as often again.
CREATE TABLE reader_drifts (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    provider text NOT NULL CHECK (char_length(provider) BETWEEN 1 AND 50),
    field text NOT NULL CHECK (char_length(field) BETWEEN 1 AND 100),
    -- Shares of pages on which the field was found.
    past_share numeric(4, 3) NOT NULL CHECK (past_share BETWEEN 0 AND 1),
    recent_share numeric(4, 3) NOT NULL CHECK (recent_share BETWEEN 0 AND 1),
    past_pages integer NOT NULL,
    recent_pages integer NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz
);
CREATE UNIQUE INDEX reader_drifts_open_idx ON reader_drifts (provider, field) WHERE resolved_at IS NULL;
CREATE INDEX reader_drifts_raised_at_idx ON reader_drifts (raised_at DESC, id DESC);
CREATE INDEX reader_drifts_provider_idx ON reader_drifts (provider, raised_at DESC, id DESC);

-- Nobody's own: every reader is the platform's.
ALTER TABLE reader_drifts ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader_drifts_read ON reader_drifts FOR SELECT USING (true);
CREATE POLICY reader_drifts_insert ON reader_drifts FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY reader_drifts_update ON reader_drifts FOR UPDATE USING ((SELECT current_app_role()) = 'service');
CREATE POLICY reader_drifts_delete ON reader_drifts FOR DELETE USING ((SELECT current_app_role()) = 'service');

-- What people may see of a reader's figures does not depend on whose pages they come from: shares alone, no pages.
CREATE FUNCTION reader_shares(recent_count integer, past_count integer)
    RETURNS TABLE (provider text, field text, recent_pages integer, recent_found integer, past_pages integer, past_found integer)
    LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    WITH readers AS (
        SELECT DISTINCT e.provider FROM content_extractions e WHERE e.extraction_type = 'listing'
    ), numbered AS (
        SELECT r.provider, l.fields, l.number FROM readers r CROSS JOIN LATERAL (
            SELECT e.fields, row_number() OVER (ORDER BY e.created_at DESC, e.id DESC) AS number FROM content_extractions e
            WHERE e.provider = r.provider AND e.extraction_type = 'listing'
              -- Reading an old page again says nothing of the site as it is.
              AND e.created_at - e.fetched_at < interval '1 day'
            ORDER BY e.created_at DESC, e.id DESC LIMIT recent_count + past_count
        ) l
    ), pages AS (
        SELECT n.provider, count(*) FILTER (WHERE n.number <= recent_count)::integer AS recent,
               count(*) FILTER (WHERE n.number > recent_count)::integer AS past FROM numbered n GROUP BY n.provider
    )
    SELECT n.provider, f.field, p.recent, count(*) FILTER (WHERE n.number <= recent_count)::integer, p.past,
           count(*) FILTER (WHERE n.number > recent_count)::integer
    FROM numbered n CROSS JOIN LATERAL unnest(n.fields) AS f (field) JOIN pages p ON p.provider = n.provider
    GROUP BY n.provider, f.field, p.recent, p.past;
END;

-- migrate:down
DROP FUNCTION reader_shares(integer, integer);
DROP TABLE reader_drifts;
