-- Jobs, their settings, the pages they visit, and what those pages were.

CREATE TABLE scraping_jobs (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL,
    -- Null for a person who acts for no agency.
    agency_id uuid,
    job_type text NOT NULL CHECK (char_length(job_type) BETWEEN 1 AND 50),
    keywords text[] NOT NULL DEFAULT '{}',
    expanded_keywords text[],
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
    description text,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    -- Percent of the items that are done, well or not.
    progress integer NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    total_items integer NOT NULL DEFAULT 0 CHECK (total_items >= 0),
    processed_items integer NOT NULL DEFAULT 0 CHECK (processed_items >= 0),
    failed_items integer NOT NULL DEFAULT 0 CHECK (failed_items >= 0),
    error_message text,
    -- The job whose schedule started this one.
    parent_id uuid REFERENCES scraping_jobs (id) ON DELETE SET NULL,
    -- When the clock starts the next run; null without a schedule.
    next_run_at timestamptz,
    -- The copy that works on it, and until when the others leave it alone.
    claimed_by uuid,
    claimed_until timestamptz,
    version bigint NOT NULL DEFAULT 1,
    started_at timestamptz,
    completed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (processed_items + failed_items <= total_items),
    CHECK ((completed_at IS NOT NULL) = (status IN ('completed', 'failed', 'cancelled')))
);
CREATE INDEX scraping_jobs_user_id_idx ON scraping_jobs (user_id, created_at DESC, id DESC);
CREATE INDEX scraping_jobs_agency_id_idx ON scraping_jobs (agency_id, created_at DESC, id DESC) WHERE agency_id IS NOT NULL;
CREATE INDEX scraping_jobs_created_at_idx ON scraping_jobs (created_at DESC, id DESC);
CREATE INDEX scraping_jobs_open_idx ON scraping_jobs (created_at) WHERE status IN ('pending', 'running');
CREATE INDEX scraping_jobs_next_run_at_idx ON scraping_jobs (next_run_at) WHERE next_run_at IS NOT NULL;
CREATE INDEX scraping_jobs_parent_id_idx ON scraping_jobs (parent_id) WHERE parent_id IS NOT NULL;

-- The version is that of what people see: renewing a claim is no change.
CREATE TRIGGER scraping_jobs_version BEFORE UPDATE OF
    title, description, keywords, expanded_keywords, status, progress, total_items, processed_items, failed_items, error_message, next_run_at,
    started_at, completed_at
    ON scraping_jobs FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER scraping_jobs_updated_at BEFORE UPDATE ON scraping_jobs FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE job_configurations (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    job_id uuid NOT NULL REFERENCES scraping_jobs (id) ON DELETE CASCADE,
    config_key text NOT NULL CHECK (char_length(config_key) BETWEEN 1 AND 100),
    config_value text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (job_id, config_key)
);
CREATE INDEX job_configurations_config_key_idx ON job_configurations (config_key);

CREATE TABLE artifacts (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    job_id uuid NOT NULL REFERENCES scraping_jobs (id) ON DELETE CASCADE,
    user_id uuid NOT NULL,
    agency_id uuid,
    artifact_type text NOT NULL
        CHECK (artifact_type IN ('web_page', 'paper', 'government_doc', 'social_media', 'pdf', 'image', 'video', 'audio')),
    source_url text,
    title text CHECK (char_length(title) <= 500),
    description text,
    content_hash text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    file_size bigint CHECK (file_size >= 0),
    mime_type text CHECK (char_length(mime_type) <= 100),
    -- A path in the folder, or a key in the bucket.
    storage_path text NOT NULL CHECK (char_length(storage_path) <= 500),
    content_text text,
    keywords text[] NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    is_public boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (job_id, content_hash)
);
CREATE INDEX artifacts_job_id_idx ON artifacts (job_id, created_at DESC, id DESC);
CREATE INDEX artifacts_user_id_idx ON artifacts (user_id, created_at DESC, id DESC);
CREATE INDEX artifacts_agency_id_idx ON artifacts (agency_id, created_at DESC, id DESC) WHERE agency_id IS NOT NULL;
CREATE INDEX artifacts_artifact_type_idx ON artifacts (artifact_type);
CREATE INDEX artifacts_content_hash_idx ON artifacts (content_hash);
CREATE INDEX artifacts_created_at_idx ON artifacts (created_at DESC, id DESC);
CREATE INDEX artifacts_keywords_idx ON artifacts USING gin (keywords);
CREATE INDEX artifacts_tags_idx ON artifacts USING gin (tags);
CREATE TRIGGER artifacts_updated_at BEFORE UPDATE ON artifacts FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- What a job has yet to visit and what came of it: a job that another copy takes over goes on where this table says.
CREATE TABLE scraping_pages (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    job_id uuid NOT NULL REFERENCES scraping_jobs (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('result', 'listing')),
    -- In the order in which the site shows them; result pages by their own count.
    position integer NOT NULL,
    url text NOT NULL CHECK (char_length(url) <= 2000),
    -- `fetched` has its artifact and is yet to be read.
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'fetched', 'read', 'failed')),
    reason text CHECK (reason IN ('robots_disallowed', 'bot_wall', 'http_status', 'too_large', 'timeout', 'network', 'unreadable')),
    detail text CHECK (char_length(detail) <= 500),
    http_status integer,
    content_type text CHECK (char_length(content_type) <= 255),
    final_url text CHECK (char_length(final_url) <= 2000),
    artifact_id uuid REFERENCES artifacts (id) ON DELETE SET NULL,
    provider_listing_id text,
    fetched_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (job_id, url),
    CHECK ((reason IS NOT NULL) = (status = 'failed'))
);
CREATE INDEX scraping_pages_order_idx ON scraping_pages (job_id, id);
CREATE INDEX scraping_pages_open_idx ON scraping_pages (job_id, kind, position) WHERE status IN ('pending', 'fetched');
CREATE INDEX scraping_pages_artifact_id_idx ON scraping_pages (artifact_id);
CREATE TRIGGER scraping_pages_updated_at BEFORE UPDATE ON scraping_pages FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- People see their own jobs and those of their agencies; only their own can be started. Jobs and consumers see all.
ALTER TABLE scraping_jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY scraping_jobs_read ON scraping_jobs FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id())
    OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]));
CREATE POLICY scraping_jobs_insert ON scraping_jobs FOR INSERT WITH CHECK (
    (SELECT current_app_role()) = 'service' OR (user_id = (SELECT current_user_id())
    AND (agency_id IS NULL OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]))));
CREATE POLICY scraping_jobs_update ON scraping_jobs FOR UPDATE USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id())
    OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]));
CREATE POLICY scraping_jobs_delete ON scraping_jobs FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE job_configurations ENABLE ROW LEVEL SECURITY;
CREATE POLICY job_configurations_read ON job_configurations FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR EXISTS (SELECT FROM scraping_jobs j WHERE j.id = job_id));
CREATE POLICY job_configurations_insert ON job_configurations FOR INSERT WITH CHECK (
    (SELECT current_app_role()) = 'service'
    OR EXISTS (SELECT FROM scraping_jobs j WHERE j.id = job_id AND j.user_id = (SELECT current_user_id())));
CREATE POLICY job_configurations_update ON job_configurations FOR UPDATE USING ((SELECT current_app_role()) = 'service');
CREATE POLICY job_configurations_delete ON job_configurations FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE scraping_pages ENABLE ROW LEVEL SECURITY;
CREATE POLICY scraping_pages_read ON scraping_pages FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR EXISTS (SELECT FROM scraping_jobs j WHERE j.id = job_id));
CREATE POLICY scraping_pages_insert ON scraping_pages FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY scraping_pages_update ON scraping_pages FOR UPDATE USING ((SELECT current_app_role()) = 'service');
CREATE POLICY scraping_pages_delete ON scraping_pages FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE artifacts ENABLE ROW LEVEL SECURITY;
CREATE POLICY artifacts_read ON artifacts FOR SELECT USING (
    is_public OR (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id())
    OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]));
CREATE POLICY artifacts_insert ON artifacts FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY artifacts_update ON artifacts FOR UPDATE USING ((SELECT current_app_role()) = 'service');
CREATE POLICY artifacts_delete ON artifacts FOR DELETE USING ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP TABLE scraping_pages;
DROP TABLE artifacts;
DROP TABLE job_configurations;
DROP TABLE scraping_jobs;
