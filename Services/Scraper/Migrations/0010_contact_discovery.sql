-- Finding contacts: jobs, the sources that they go through, and what each source gave.

CREATE TABLE contact_discovery_jobs (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL,
    agency_id uuid,
    -- A saved search of the catalog, for which somebody is wanted.
    search_criteria_id uuid,
    job_type text NOT NULL CHECK (job_type IN ('listing_scrape', 'contact_extraction', 'validation')),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    -- What it goes through: {"scraping_job_id": …}, {"artifact_ids": […]}, {"urls": […]}, {"source_job_id": …}; {"shared": true} for everybody's contacts.
    parameters jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(parameters) = 'object'),
    -- How sources are read: {"fields": […], "min_confidence": 0.5, "recognise": true, "contact_type": "agent"}.
    provider_config jsonb CHECK (jsonb_typeof(provider_config) = 'object'),
    total_items integer NOT NULL DEFAULT 0 CHECK (total_items >= 0),
    listings_processed integer NOT NULL DEFAULT 0 CHECK (listings_processed >= 0),
    contacts_extracted integer NOT NULL DEFAULT 0 CHECK (contacts_extracted >= 0),
    contacts_validated integer NOT NULL DEFAULT 0 CHECK (contacts_validated >= 0),
    errors_count integer NOT NULL DEFAULT 0 CHECK (errors_count >= 0),
    started_at timestamptz,
    completed_at timestamptz,
    -- By what such sources took before.
    estimated_duration interval,
    actual_duration interval,
    progress_percentage integer NOT NULL DEFAULT 0 CHECK (progress_percentage BETWEEN 0 AND 100),
    current_stage text NOT NULL DEFAULT 'queued'
        CHECK (current_stage IN ('queued', 'scraping', 'collecting', 'extracting', 'validating', 'done')),
    error_messages text[] NOT NULL DEFAULT '{}' CHECK (cardinality(error_messages) <= 100),
    retry_count integer NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
    max_retries integer NOT NULL DEFAULT 3 CHECK (max_retries BETWEEN 0 AND 10),
    -- Before then nobody takes it up.
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    result_data jsonb CHECK (jsonb_typeof(result_data) = 'object'),
    output_files text[] NOT NULL DEFAULT '{}',
    claimed_by uuid,
    claimed_until timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    CHECK (retry_count <= max_retries),
    CHECK ((completed_at IS NOT NULL) = (status IN ('completed', 'failed', 'cancelled')))
);
CREATE INDEX contact_discovery_jobs_user_id_idx ON contact_discovery_jobs (user_id, id DESC);
CREATE INDEX contact_discovery_jobs_agency_id_idx ON contact_discovery_jobs (agency_id, id DESC) WHERE agency_id IS NOT NULL;
CREATE INDEX contact_discovery_jobs_search_criteria_id_idx ON contact_discovery_jobs (search_criteria_id) WHERE search_criteria_id IS NOT NULL;
CREATE INDEX contact_discovery_jobs_open_idx ON contact_discovery_jobs (next_attempt_at) WHERE status IN ('pending', 'running');
CREATE INDEX contact_discovery_jobs_status_idx ON contact_discovery_jobs (status, created_at);
CREATE INDEX contact_discovery_jobs_job_type_idx ON contact_discovery_jobs (job_type);
CREATE INDEX contact_discovery_jobs_started_at_idx ON contact_discovery_jobs (started_at);
CREATE INDEX contact_discovery_jobs_created_at_idx ON contact_discovery_jobs (created_at);
CREATE INDEX contact_discovery_jobs_created_by_idx ON contact_discovery_jobs (created_by) WHERE created_by IS NOT NULL;
CREATE TRIGGER contact_discovery_jobs_touch BEFORE UPDATE ON contact_discovery_jobs FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER contact_discovery_jobs_version BEFORE UPDATE OF
    status, listings_processed, contacts_extracted, contacts_validated, errors_count, progress_percentage, current_stage, error_messages, retry_count,
    result_data, output_files
    ON contact_discovery_jobs FOR EACH ROW EXECUTE FUNCTION bump_version();

CREATE TABLE contact_discovery_results (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    job_id uuid NOT NULL REFERENCES contact_discovery_jobs (id) ON DELETE CASCADE,
    -- The catalog's, as it answers.
    listing_id uuid,
    contact_id uuid,
    -- The listing as its portal names it.
    provider text CHECK (char_length(provider) <= 50),
    provider_listing_id text CHECK (char_length(provider_listing_id) <= 255),
    source_url text CHECK (char_length(source_url) <= 2000),
    contact_type text NOT NULL DEFAULT 'contact_person' CHECK (contact_type IN ('landlord', 'agent', 'owner', 'contact_person')),
    extraction_method text NOT NULL CHECK (extraction_method IN ('ocr', 'pdf', 'api', 'web_scraping')),
    confidence_score numeric(3, 2) NOT NULL CHECK (confidence_score BETWEEN 0 AND 1),
    -- The text around what was found, and the values by field; each sealed.
    raw_data jsonb NOT NULL CHECK (jsonb_typeof(raw_data) = 'object'),
    extracted_fields jsonb NOT NULL CHECK (jsonb_typeof(extracted_fields) = 'object'),
    -- By field, how sure and in which manner: {"email": 0.8}, {"email": "obfuscated"}.
    field_confidence jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(field_confidence) = 'object'),
    field_methods jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(field_methods) = 'object'),
    validation_status text NOT NULL DEFAULT 'pending' CHECK (validation_status IN ('pending', 'valid', 'invalid', 'uncertain')),
    validation_errors text[] NOT NULL DEFAULT '{}',
    data_completeness numeric(3, 2) CHECK (data_completeness BETWEEN 0 AND 1),
    extraction_accuracy numeric(3, 2) CHECK (extraction_accuracy BETWEEN 0 AND 1),
    duplicate_probability numeric(3, 2) CHECK (duplicate_probability BETWEEN 0 AND 1),
    processing_time_ms integer CHECK (processing_time_ms >= 0),
    processing_timestamp timestamptz NOT NULL DEFAULT now(),
    -- The catalog has answered, or nothing was sent to it.
    is_final boolean NOT NULL DEFAULT false,
    is_accepted boolean NOT NULL DEFAULT false,
    rejection_reason text CHECK (char_length(rejection_reason) <= 500),
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (NOT (is_accepted AND rejection_reason IS NOT NULL))
);
CREATE INDEX contact_discovery_results_job_id_idx ON contact_discovery_results (job_id, id DESC);
CREATE INDEX contact_discovery_results_listing_id_idx ON contact_discovery_results (listing_id) WHERE listing_id IS NOT NULL;
CREATE INDEX contact_discovery_results_contact_id_idx ON contact_discovery_results (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX contact_discovery_results_extraction_method_idx ON contact_discovery_results (extraction_method, processing_timestamp DESC);
CREATE INDEX contact_discovery_results_confidence_score_idx ON contact_discovery_results (confidence_score);
CREATE INDEX contact_discovery_results_validation_status_idx ON contact_discovery_results (validation_status);
CREATE INDEX contact_discovery_results_processing_timestamp_idx ON contact_discovery_results (processing_timestamp);

-- What a job has yet to go through and what came of it: a job that another copy takes over goes on where this table says.
CREATE TABLE contact_discovery_items (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    job_id uuid NOT NULL REFERENCES contact_discovery_jobs (id) ON DELETE CASCADE,
    position integer NOT NULL,
    artifact_id uuid REFERENCES artifacts (id) ON DELETE CASCADE,
    url text CHECK (char_length(url) <= 2000),
    result_id uuid REFERENCES contact_discovery_results (id) ON DELETE CASCADE,
    provider text CHECK (char_length(provider) <= 50),
    provider_listing_id text CHECK (char_length(provider_listing_id) <= 255),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    reason text CHECK (reason IN
        ('gone', 'unreadable', 'timeout', 'refused', 'network', 'too_large', 'nothing_found', 'retries_exhausted')),
    detail text CHECK (char_length(detail) <= 500),
    UNIQUE (job_id, position),
    CHECK (num_nonnulls(artifact_id, url, result_id) = 1)
);
CREATE INDEX contact_discovery_items_open_idx ON contact_discovery_items (job_id, position) WHERE status = 'pending';
CREATE INDEX contact_discovery_items_artifact_id_idx ON contact_discovery_items (artifact_id) WHERE artifact_id IS NOT NULL;
CREATE INDEX contact_discovery_items_result_id_idx ON contact_discovery_items (result_id) WHERE result_id IS NOT NULL;

-- As with other jobs of the scraper: one's own and those of one's agencies.
ALTER TABLE contact_discovery_jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY contact_discovery_jobs_read ON contact_discovery_jobs FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id())
    OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]));
CREATE POLICY contact_discovery_jobs_insert ON contact_discovery_jobs FOR INSERT WITH CHECK (
    (SELECT current_app_role()) = 'service' OR (user_id = (SELECT current_user_id())
    AND (agency_id IS NULL
        OR (agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND may_in_agency(agency_id, 'scraping.run')))));
CREATE POLICY contact_discovery_jobs_update ON contact_discovery_jobs FOR UPDATE USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id())
    OR (agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND may_in_agency(agency_id, 'scraping.run')));
CREATE POLICY contact_discovery_jobs_delete ON contact_discovery_jobs FOR DELETE USING ((SELECT current_app_role()) = 'service');

ALTER TABLE contact_discovery_results ENABLE ROW LEVEL SECURITY;
CREATE POLICY contact_discovery_results_read ON contact_discovery_results FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR EXISTS (SELECT FROM contact_discovery_jobs j WHERE j.id = job_id));
CREATE POLICY contact_discovery_results_write ON contact_discovery_results FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

ALTER TABLE contact_discovery_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY contact_discovery_items_read ON contact_discovery_items FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR EXISTS (SELECT FROM contact_discovery_jobs j WHERE j.id = job_id));
CREATE POLICY contact_discovery_items_write ON contact_discovery_items FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP TABLE contact_discovery_items;
DROP TABLE contact_discovery_results;
DROP TABLE contact_discovery_jobs;
