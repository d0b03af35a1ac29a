-- What fetchers did, what they need not ask for again, and when a page that failed for a passing reason is tried once more.

CREATE TABLE fetches (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    job_id uuid NOT NULL REFERENCES scraping_jobs (id) ON DELETE CASCADE,
    url text NOT NULL CHECK (char_length(url) <= 2000),
    decision text NOT NULL CHECK (decision IN ('fetched', 'not_modified', 'redirected', 'retried', 'refused', 'failed')),
    reason text,
    detail text CHECK (char_length(detail) <= 500),
    http_status integer,
    bytes integer CHECK (bytes >= 0),
    waited_ms integer NOT NULL DEFAULT 0,
    took_ms integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX fetches_job_id_idx ON fetches (job_id, id);

-- By the address that was asked for. The bytes are those of an artifact.
CREATE TABLE page_copies (
    url text PRIMARY KEY CHECK (octet_length(url) <= 2000),
    final_url text NOT NULL CHECK (octet_length(final_url) <= 2000),
    etag text,
    last_modified text,
    content_type text,
    storage_path text NOT NULL CHECK (char_length(storage_path) <= 500),
    fetched_at timestamptz NOT NULL
);
CREATE INDEX page_copies_fetched_at_idx ON page_copies (fetched_at);

ALTER TABLE scraping_pages ADD COLUMN attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0);
ALTER TABLE scraping_pages ADD COLUMN retry_at timestamptz;

ALTER TABLE fetches ENABLE ROW LEVEL SECURITY;
CREATE POLICY fetches_read ON fetches FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR EXISTS (SELECT FROM scraping_jobs j WHERE j.id = job_id));
CREATE POLICY fetches_insert ON fetches FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY fetches_delete ON fetches FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE page_copies ENABLE ROW LEVEL SECURITY;
CREATE POLICY page_copies_all ON page_copies USING ((SELECT current_app_role()) = 'service')
    WITH CHECK ((SELECT current_app_role()) = 'service');

-- migrate:down
ALTER TABLE scraping_pages DROP COLUMN retry_at;
ALTER TABLE scraping_pages DROP COLUMN attempts;
DROP TABLE page_copies;
DROP TABLE fetches;
