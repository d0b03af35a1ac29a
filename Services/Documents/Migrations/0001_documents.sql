-- Files: what is stored (stored_files, by content) and what people call it (documents).

-- The same bytes are stored once, whoever uploads them. A file that no document names any more is collected a day later.
CREATE TABLE stored_files (
    file_hash text PRIMARY KEY CHECK (file_hash ~ '^[0-9a-f]{64}$'),
    storage_path text NOT NULL,
    file_size bigint NOT NULL CHECK (file_size >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Since when no document names it.
    orphaned_at timestamptz
);
CREATE INDEX stored_files_orphaned ON stored_files (orphaned_at) WHERE orphaned_at IS NOT NULL;

CREATE TABLE documents (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    -- Null for a person who acts for no agency.
    agency_id uuid,
    uploaded_by uuid NOT NULL,
    transaction_id uuid,
    filename text NOT NULL CHECK (length(filename) BETWEEN 1 AND 255),
    original_filename text NOT NULL CHECK (length(original_filename) BETWEEN 1 AND 255),
    file_extension text NOT NULL CHECK (length(file_extension) <= 10),
    mime_type text NOT NULL CHECK (length(mime_type) <= 100),
    file_size bigint NOT NULL CHECK (file_size >= 0),
    file_hash text NOT NULL REFERENCES stored_files,
    storage_path text NOT NULL,
    document_type text CHECK (document_type IN ('contract', 'disclosure', 'inspection', 'appraisal', 'title', 'insurance', 'loan', 'listing',
        'offer', 'counteroffer', 'amendment', 'addendum', 'closing', 'deed', 'other')),
    category text CHECK (length(category) <= 100),
    confidence_score numeric(5, 4) CHECK (confidence_score BETWEEN 0 AND 1),
    extracted_text text,
    extracted_data jsonb,
    visibility text NOT NULL DEFAULT 'private' CHECK (visibility IN ('private', 'team', 'agency', 'public')),
    access_permissions jsonb NOT NULL DEFAULT '{}',
    title text CHECK (length(title) <= 500),
    description text CHECK (length(description) <= 5000),
    tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 50),
    custom_fields jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'processing' CHECK (status IN ('processing', 'ready', 'error', 'archived')),
    processing_errors jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    -- A file name is taken apart at its dots, dashes and underscores, so that "rental-contract_2026.pdf" is found by "contract".
    search_vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('german', coalesce(title, '')), 'A')
        || setweight(to_tsvector('simple', regexp_replace(original_filename, '[^[:alnum:]]+', ' ', 'g')), 'B')
        || setweight(to_tsvector('german', coalesce(description, '')), 'B')
        || setweight(to_tsvector('german', coalesce(extracted_text, '')), 'C')
    ) STORED,
    CHECK (visibility NOT IN ('team', 'agency') OR agency_id IS NOT NULL)
);

CREATE INDEX documents_of_user ON documents (uploaded_by, id DESC);
CREATE INDEX documents_of_agency ON documents (agency_id, id DESC) WHERE agency_id IS NOT NULL;
CREATE INDEX documents_file_hash ON documents (file_hash);
CREATE INDEX documents_transaction_id ON documents (transaction_id) WHERE transaction_id IS NOT NULL;
CREATE INDEX documents_search_vector ON documents USING gin (search_vector);
CREATE TRIGGER documents_touch BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER documents_version BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER documents_cache AFTER UPDATE OR DELETE ON documents FOR EACH ROW EXECUTE FUNCTION notify_cache_invalidate('doc:', 'id');

-- The last document of a file gone, or the first one back: kept here, so that no way of deleting can forget it.
CREATE FUNCTION documents_track_file() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = documents, pg_temp
    AS $$ BEGIN
        UPDATE stored_files SET orphaned_at = now()
        WHERE file_hash = OLD.file_hash AND NOT EXISTS (SELECT 1 FROM documents WHERE file_hash = OLD.file_hash);
        RETURN NULL;
    END $$;
CREATE TRIGGER documents_track_file AFTER DELETE ON documents FOR EACH ROW EXECUTE FUNCTION documents_track_file();

ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
CREATE POLICY documents_read ON documents FOR SELECT USING (
    visibility = 'public'
    OR (SELECT current_app_role()) IN ('service', 'administrator')
    OR uploaded_by = (SELECT current_user_id())
    OR (visibility IN ('team', 'agency') AND agency_id = ANY ((SELECT current_agency_ids())::uuid[])));
CREATE POLICY documents_add ON documents FOR INSERT WITH CHECK (
    uploaded_by = (SELECT current_user_id())
    AND (agency_id IS NULL OR agency_id = ANY ((SELECT current_agency_ids())::uuid[])));
CREATE POLICY documents_change ON documents FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR uploaded_by = (SELECT current_user_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'administrator')
        OR (uploaded_by = (SELECT current_user_id()) AND (agency_id IS NULL OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]))));
CREATE POLICY documents_remove ON documents FOR DELETE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR uploaded_by = (SELECT current_user_id()));

-- Whether the same bytes are here already is nobody's business but the service's.
ALTER TABLE stored_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY stored_files_service ON stored_files FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

-- Takes note of stored bytes on behalf of an uploader; naming them again keeps them from being collected.
CREATE FUNCTION note_stored_file(hash text, path text, size bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = documents, pg_temp
    AS $$
        INSERT INTO documents.stored_files (file_hash, storage_path, file_size) VALUES (hash, path, size)
        ON CONFLICT (file_hash) DO UPDATE SET orphaned_at = NULL
    $$;
REVOKE ALL ON FUNCTION note_stored_file(text, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_stored_file(text, text, bigint) TO hearth_documents;

-- migrate:down
DROP TABLE documents;
DROP FUNCTION documents_track_file();
DROP FUNCTION note_stored_file(text, text, bigint);
DROP TABLE stored_files;
