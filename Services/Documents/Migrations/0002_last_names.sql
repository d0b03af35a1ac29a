-- Two who delete the last two documents of a file at the same time each saw the other's still there, and nobody marked the file. The row's
-- lock makes them look one after the other.
CREATE OR REPLACE FUNCTION documents_track_file() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = documents, pg_temp
    AS $$ BEGIN
        PERFORM FROM stored_files WHERE file_hash = OLD.file_hash FOR NO KEY UPDATE;
        UPDATE stored_files SET orphaned_at = now()
        WHERE file_hash = OLD.file_hash AND NOT EXISTS (SELECT 1 FROM documents WHERE file_hash = OLD.file_hash);
        RETURN NULL;
    END $$;

-- migrate:down
CREATE OR REPLACE FUNCTION documents_track_file() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = documents, pg_temp
    AS $$ BEGIN
        UPDATE stored_files SET orphaned_at = now()
        WHERE file_hash = OLD.file_hash AND NOT EXISTS (SELECT 1 FROM documents WHERE file_hash = OLD.file_hash);
        RETURN NULL;
    END $$;
