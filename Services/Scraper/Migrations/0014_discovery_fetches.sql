-- What jobs that look for contacts have fetched is stored before it is read, as scraping jobs do it: nothing is asked for twice.

ALTER TABLE contact_discovery_items ADD COLUMN storage_path text CHECK (char_length(storage_path) <= 500);
ALTER TABLE contact_discovery_items ADD COLUMN content_type text CHECK (char_length(content_type) <= 255);
ALTER TABLE contact_discovery_items ADD COLUMN final_url text CHECK (char_length(final_url) <= 2000);

-- A fetch is one kind of job's or the other's.
ALTER TABLE fetches ALTER COLUMN job_id DROP NOT NULL;
ALTER TABLE fetches ADD COLUMN discovery_job_id uuid REFERENCES contact_discovery_jobs (id) ON DELETE CASCADE;
ALTER TABLE fetches ADD CHECK (num_nonnulls(job_id, discovery_job_id) = 1);
CREATE INDEX fetches_discovery_job_id_idx ON fetches (discovery_job_id, id) WHERE discovery_job_id IS NOT NULL;
CREATE INDEX fetches_created_at_idx ON fetches (created_at);
DROP POLICY fetches_read ON fetches;
CREATE POLICY fetches_read ON fetches FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR EXISTS (SELECT FROM scraping_jobs j WHERE j.id = job_id)
    OR EXISTS (SELECT FROM contact_discovery_jobs j WHERE j.id = discovery_job_id));

-- migrate:down
DROP POLICY fetches_read ON fetches;
CREATE POLICY fetches_read ON fetches FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR EXISTS (SELECT FROM scraping_jobs j WHERE j.id = job_id));
DROP INDEX fetches_created_at_idx;
DELETE FROM fetches WHERE job_id IS NULL;
ALTER TABLE fetches DROP COLUMN discovery_job_id;
ALTER TABLE fetches ALTER COLUMN job_id SET NOT NULL;
ALTER TABLE contact_discovery_items DROP COLUMN final_url;
ALTER TABLE contact_discovery_items DROP COLUMN content_type;
ALTER TABLE contact_discovery_items DROP COLUMN storage_path;
