-- What was read from artifacts, with the place of each field, and what is known of them besides.

CREATE TABLE content_extractions (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    artifact_id uuid NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
    -- Which job read it: another one than fetched it, when it was read again.
    job_id uuid REFERENCES scraping_jobs (id) ON DELETE SET NULL,
    extraction_type text NOT NULL CHECK (extraction_type IN ('listing', 'result_page')),
    -- `listing` or `cards`, `sources`, or the `problem` that nothing could be read for. No names and no ways to reach anybody.
    extracted_data jsonb,
    -- How directly the page states the fields, from 0 to 1; null where nothing was read.
    confidence_score numeric(3, 2) CHECK (confidence_score BETWEEN 0 AND 1),
    provider text NOT NULL CHECK (char_length(provider) BETWEEN 1 AND 50),
    provider_listing_id text CHECK (char_length(provider_listing_id) <= 255),
    -- The fields that were found, for comparing a reader with its own past.
    fields text[] NOT NULL DEFAULT '{}',
    -- When the page was as it was read.
    fetched_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX content_extractions_artifact_id_idx ON content_extractions (artifact_id, id);
CREATE INDEX content_extractions_job_id_idx ON content_extractions (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX content_extractions_extraction_type_idx ON content_extractions (extraction_type);
CREATE INDEX content_extractions_extracted_data_idx ON content_extractions USING gin (extracted_data jsonb_path_ops);
CREATE INDEX content_extractions_listing_idx ON content_extractions (provider, provider_listing_id, fetched_at DESC)
    WHERE provider_listing_id IS NOT NULL;
CREATE INDEX content_extractions_provider_idx ON content_extractions (provider, extraction_type, created_at DESC, id DESC);

CREATE TABLE metadata_tags (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    artifact_id uuid NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
    tag_type text NOT NULL CHECK (char_length(tag_type) BETWEEN 1 AND 50),
    tag_key text NOT NULL CHECK (char_length(tag_key) BETWEEN 1 AND 100),
    tag_value text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (artifact_id, tag_type, tag_key)
);
CREATE INDEX metadata_tags_artifact_id_idx ON metadata_tags (artifact_id, id);
CREATE INDEX metadata_tags_type_key_idx ON metadata_tags (tag_type, tag_key);

-- Whoever sees an artifact sees what was read from it: the policy of artifacts decides inside.
ALTER TABLE content_extractions ENABLE ROW LEVEL SECURITY;
CREATE POLICY content_extractions_read ON content_extractions FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR EXISTS (SELECT FROM artifacts a WHERE a.id = artifact_id));
CREATE POLICY content_extractions_insert ON content_extractions FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY content_extractions_update ON content_extractions FOR UPDATE USING ((SELECT current_app_role()) = 'service');
CREATE POLICY content_extractions_delete ON content_extractions FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE metadata_tags ENABLE ROW LEVEL SECURITY;
CREATE POLICY metadata_tags_read ON metadata_tags FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR EXISTS (SELECT FROM artifacts a WHERE a.id = artifact_id));
CREATE POLICY metadata_tags_insert ON metadata_tags FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');
CREATE POLICY metadata_tags_update ON metadata_tags FOR UPDATE USING ((SELECT current_app_role()) = 'service');
CREATE POLICY metadata_tags_delete ON metadata_tags FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE scraping_pages DROP CONSTRAINT scraping_pages_reason_check;
ALTER TABLE scraping_pages ADD CONSTRAINT scraping_pages_reason_check CHECK (
    reason IN ('robots_disallowed', 'bot_wall', 'http_status', 'too_large', 'timeout', 'network', 'unreadable', 'not_for_rent'));

-- migrate:down
UPDATE scraping_pages SET reason = 'unreadable' WHERE reason = 'not_for_rent';
ALTER TABLE scraping_pages DROP CONSTRAINT scraping_pages_reason_check;
ALTER TABLE scraping_pages ADD CONSTRAINT scraping_pages_reason_check CHECK (
    reason IN ('robots_disallowed', 'bot_wall', 'http_status', 'too_large', 'timeout', 'network', 'unreadable'));
DROP TABLE metadata_tags;
DROP TABLE content_extractions;
