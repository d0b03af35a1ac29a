-- What somebody gets who asks for all that Hearth holds of them, and the receipts of what was erased when they had gone.

-- One at a time per person. The archive is put together out of the chunks when it is fetched; with the row everything of it goes.
CREATE TABLE data_exports (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    status text NOT NULL DEFAULT 'collecting' CHECK (status IN ('collecting', 'ready')),
    requested_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    -- When it is deleted, ready or not.
    expires_at timestamptz NOT NULL,
    CHECK ((status = 'ready') = (completed_at IS NOT NULL))
);
CREATE UNIQUE INDEX data_exports_open_key ON data_exports (user_id) WHERE status = 'collecting';
CREATE INDEX data_exports_user_id_idx ON data_exports (user_id, id DESC);
CREATE INDEX data_exports_expires_at_idx ON data_exports (expires_at);

CREATE TABLE data_export_parts (
    export_id uuid NOT NULL REFERENCES data_exports (id) ON DELETE CASCADE,
    service text NOT NULL CHECK (char_length(service) <= 50),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'collected')),
    -- Where the service is asked to go on.
    next_cursor text,
    rows integer NOT NULL DEFAULT 0,
    files integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    -- When somebody has to act next; while a copy is at work, when the others may take over.
    due_at timestamptz NOT NULL DEFAULT now(),
    claim_id uuid,
    collected_at timestamptz,
    PRIMARY KEY (export_id, service),
    CHECK ((status = 'collected') = (collected_at IS NOT NULL))
);
CREATE INDEX data_export_parts_due_idx ON data_export_parts (due_at) WHERE status = 'pending';

CREATE TABLE data_export_entries (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    export_id uuid NOT NULL REFERENCES data_exports (id) ON DELETE CASCADE,
    service text NOT NULL,
    -- Nil UUID for the service's own document.
    file_id uuid NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    size bigint NOT NULL DEFAULT 0 CHECK (size >= 0),
    chunks integer NOT NULL DEFAULT 0,
    -- CRC-32 of what is there so far, as a ZIP archive has it.
    crc32 bigint NOT NULL DEFAULT 0 CHECK (crc32 BETWEEN 0 AND 4294967295),
    UNIQUE (export_id, service, file_id)
);

CREATE TABLE data_export_chunks (
    entry_id uuid NOT NULL REFERENCES data_export_entries (id) ON DELETE CASCADE,
    position integer NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (entry_id, position)
);

-- Somebody has gone: which services have forgotten them, and what is left and why. Whoever holds the token may look; it says nothing of who it was.
CREATE TABLE erasures (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    token_hash bytea UNIQUE,
    requested_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz
);
CREATE INDEX erasures_completed_at_idx ON erasures (completed_at) WHERE token_hash IS NOT NULL;
CREATE TABLE erasure_receipts (
    erasure_id uuid NOT NULL REFERENCES erasures (id) ON DELETE CASCADE,
    service text NOT NULL CHECK (char_length(service) <= 50),
    received_at timestamptz,
    tables jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(tables) = 'array'),
    PRIMARY KEY (erasure_id, service)
);

ALTER TABLE data_exports ENABLE ROW LEVEL SECURITY;
CREATE POLICY data_exports_own ON data_exports FOR SELECT
    USING ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));
CREATE POLICY data_exports_service ON data_exports USING ((SELECT current_app_role()) = 'service');
-- An administrator looks after accounts; what stands in somebody's archive is nobody's business but theirs.
ALTER TABLE data_export_parts ENABLE ROW LEVEL SECURITY;
CREATE POLICY data_export_parts_own ON data_export_parts FOR SELECT
    USING ((SELECT current_app_role()) = 'service' OR EXISTS (SELECT FROM data_exports e WHERE e.id = export_id));
CREATE POLICY data_export_parts_service ON data_export_parts USING ((SELECT current_app_role()) = 'service');
ALTER TABLE data_export_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY data_export_entries_own ON data_export_entries FOR SELECT
    USING ((SELECT current_app_role()) = 'service' OR EXISTS (SELECT FROM data_exports e WHERE e.id = export_id));
CREATE POLICY data_export_entries_service ON data_export_entries USING ((SELECT current_app_role()) = 'service');
ALTER TABLE data_export_chunks ENABLE ROW LEVEL SECURITY;
CREATE POLICY data_export_chunks_own ON data_export_chunks FOR SELECT
    USING ((SELECT current_app_role()) = 'service' OR EXISTS (SELECT FROM data_export_entries e WHERE e.id = entry_id));
CREATE POLICY data_export_chunks_service ON data_export_chunks USING ((SELECT current_app_role()) = 'service');
ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
CREATE POLICY erasures_service ON erasures USING ((SELECT current_app_role()) = 'service');
ALTER TABLE erasure_receipts ENABLE ROW LEVEL SECURITY;
CREATE POLICY erasure_receipts_service ON erasure_receipts USING ((SELECT current_app_role()) = 'service');

-- Every column that names a person is searched when one goes.
CREATE INDEX teams_lead_idx ON teams (lead_user_id) WHERE lead_user_id IS NOT NULL;

-- migrate:down
DROP INDEX teams_lead_idx;
DROP TABLE erasure_receipts, erasures, data_export_chunks, data_export_entries, data_export_parts, data_exports;
