-- Files that nothing names any more go from the store a day later, however their last name went.

CREATE TABLE file_orphans (
    -- Whatever may have been its last name is gone; whether it was, the collector looks.
    storage_path text PRIMARY KEY CHECK (char_length(storage_path) <= 500),
    orphaned_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX file_orphans_orphaned_at_idx ON file_orphans (orphaned_at);
CREATE INDEX artifacts_storage_path_idx ON artifacts (storage_path);
CREATE INDEX page_copies_storage_path_idx ON page_copies (storage_path);
CREATE INDEX contact_discovery_items_storage_path_idx ON contact_discovery_items (storage_path) WHERE storage_path IS NOT NULL;
-- What is kept for a while goes by when it ended.
CREATE INDEX scraping_jobs_completed_at_idx ON scraping_jobs (completed_at) WHERE next_run_at IS NULL;
CREATE INDEX contact_discovery_results_untaken_idx ON contact_discovery_results (created_at) WHERE contact_id IS NULL;
CREATE INDEX contact_discovery_jobs_output_files_idx ON contact_discovery_jobs USING gin (output_files);

ALTER TABLE file_orphans ENABLE ROW LEVEL SECURITY;
CREATE POLICY file_orphans_all ON file_orphans USING ((SELECT current_app_role()) = 'service')
    WITH CHECK ((SELECT current_app_role()) = 'service');

CREATE FUNCTION orphan_file() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN
        INSERT INTO file_orphans (storage_path) VALUES (OLD.storage_path) ON CONFLICT (storage_path) DO UPDATE SET orphaned_at = now();
        RETURN NULL;
    END $$;
CREATE FUNCTION orphan_output_files() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN
        INSERT INTO file_orphans (storage_path) SELECT DISTINCT unnest(OLD.output_files)
        ON CONFLICT (storage_path) DO UPDATE SET orphaned_at = now();
        RETURN NULL;
    END $$;
CREATE TRIGGER artifacts_orphan_file AFTER DELETE ON artifacts FOR EACH ROW EXECUTE FUNCTION orphan_file();
CREATE TRIGGER page_copies_orphan_file AFTER DELETE ON page_copies FOR EACH ROW EXECUTE FUNCTION orphan_file();
CREATE TRIGGER page_copies_replace_file AFTER UPDATE OF storage_path ON page_copies FOR EACH ROW
    WHEN (OLD.storage_path <> NEW.storage_path) EXECUTE FUNCTION orphan_file();
CREATE TRIGGER contact_discovery_items_orphan_file AFTER DELETE ON contact_discovery_items FOR EACH ROW
    WHEN (OLD.storage_path IS NOT NULL) EXECUTE FUNCTION orphan_file();
CREATE TRIGGER contact_discovery_jobs_orphan_files AFTER DELETE ON contact_discovery_jobs FOR EACH ROW EXECUTE FUNCTION orphan_output_files();

-- migrate:down
DROP TRIGGER contact_discovery_jobs_orphan_files ON contact_discovery_jobs;
DROP TRIGGER contact_discovery_items_orphan_file ON contact_discovery_items;
DROP TRIGGER page_copies_replace_file ON page_copies;
DROP TRIGGER page_copies_orphan_file ON page_copies;
DROP TRIGGER artifacts_orphan_file ON artifacts;
DROP FUNCTION orphan_output_files();
DROP FUNCTION orphan_file();
DROP TABLE file_orphans;
DROP INDEX contact_discovery_jobs_output_files_idx;
DROP INDEX contact_discovery_results_untaken_idx;
DROP INDEX scraping_jobs_completed_at_idx;
DROP INDEX contact_discovery_items_storage_path_idx;
DROP INDEX page_copies_storage_path_idx;
DROP INDEX artifacts_storage_path_idx;
