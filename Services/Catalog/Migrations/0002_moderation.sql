-- What moderators remove is hidden, and kept: it may be restored.

ALTER TABLE listings
    ADD COLUMN removed_at timestamptz,
    -- Of the last news about it that was heard; older ones change nothing.
    ADD COLUMN moderation_version bigint NOT NULL DEFAULT 0;
CREATE TRIGGER listings_removed_cache AFTER UPDATE OF removed_at ON listings
    FOR EACH ROW WHEN (OLD.removed_at IS DISTINCT FROM NEW.removed_at) EXECUTE FUNCTION notify_cache_invalidate('listing:', 'id');

-- Cached pages of a search are found under the epoch of their making: one that begins leaves all of them behind, in every copy.
CREATE TABLE search_epochs (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    epoch bigint NOT NULL DEFAULT 0
);
INSERT INTO search_epochs DEFAULT VALUES;
ALTER TABLE search_epochs ENABLE ROW LEVEL SECURITY;
CREATE POLICY search_epochs_read ON search_epochs FOR SELECT USING (true);

CREATE FUNCTION begin_search_epoch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    begun bigint;
BEGIN
    UPDATE search_epochs SET epoch = epoch + 1 RETURNING epoch INTO begun;
    PERFORM pg_notify('cache_invalidate', 'search-epoch:' || begun);
    RETURN NULL;
END
$$;
CREATE TRIGGER listings_removed_epoch AFTER UPDATE OF removed_at ON listings
    FOR EACH ROW WHEN (OLD.removed_at IS DISTINCT FROM NEW.removed_at) EXECUTE FUNCTION begin_search_epoch();

-- migrate:down
DROP TRIGGER listings_removed_epoch ON listings;
DROP FUNCTION begin_search_epoch();
DROP TABLE search_epochs;
DROP TRIGGER listings_removed_cache ON listings;
ALTER TABLE listings DROP COLUMN moderation_version, DROP COLUMN removed_at;
