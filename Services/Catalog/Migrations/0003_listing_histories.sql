-- What became of listings: prices, statuses and re-listings; and the home that listings of one flat have in common.

-- Every listing has a home: its own, until others turn out to be the same flat. The home's id is that of one of its listings.
ALTER TABLE listings ADD COLUMN home_id uuid;
CREATE FUNCTION give_listing_home() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.home_id := coalesce(NEW.home_id, NEW.id);
    RETURN NEW;
END
$$;
CREATE TRIGGER listings_home BEFORE INSERT ON listings FOR EACH ROW EXECUTE FUNCTION give_listing_home();
UPDATE listings SET home_id = id;
ALTER TABLE listings ALTER COLUMN home_id SET NOT NULL;
CREATE INDEX listings_of_home ON listings (home_id);
CREATE TRIGGER listings_home_cache AFTER UPDATE OF home_id ON listings
    FOR EACH ROW WHEN (OLD.home_id IS DISTINCT FROM NEW.home_id) EXECUTE FUNCTION notify_cache_invalidate('listing:', 'id');

CREATE FUNCTION listing_status(is_active boolean, is_archived boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN is_archived THEN 'archived' WHEN is_active THEN 'active' ELSE 'inactive' END;

-- Ids are UUIDv7, and a listing's sightings are taken in the order of their times: the order of the ids is the order of what happened.
CREATE TABLE listing_history (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    listing_id uuid NOT NULL REFERENCES listings ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('price_changed', 'status_changed', 'relisted')),
    happened_at timestamptz NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    -- Amounts with their currency: rent_netto, rent_brutto, additional_costs, deposit, currency.
    price_before jsonb,
    price_after jsonb,
    status_before text CHECK (status_before IN ('active', 'inactive', 'archived')),
    status_after text CHECK (status_after IN ('active', 'inactive', 'archived')),
    reason text CHECK (reason IN ('unseen', 'seen_again')),
    -- What was gone: another listing of the same home, or (null) the listing itself.
    previous_listing_id uuid REFERENCES listings ON DELETE SET NULL,
    gone_since timestamptz,
    CHECK ((kind = 'price_changed') = (price_before IS NOT NULL AND price_after IS NOT NULL)),
    CHECK ((kind = 'status_changed') = (status_before IS NOT NULL AND status_after IS NOT NULL AND reason IS NOT NULL)),
    CHECK ((kind = 'relisted') = (gone_since IS NOT NULL)),
    CHECK (status_before <> status_after),
    CHECK (price_before <> price_after)
);
CREATE INDEX listing_history_of_listing ON listing_history (listing_id, id DESC);
CREATE INDEX listing_history_of_listing_by_kind ON listing_history (listing_id, kind, id DESC);
CREATE INDEX listing_history_of_previous ON listing_history (previous_listing_id) WHERE previous_listing_id IS NOT NULL;

-- As public as the listings are. What happened is written and never rewritten.
ALTER TABLE listing_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY listing_history_read ON listing_history FOR SELECT USING (true);
CREATE POLICY listing_history_write ON listing_history FOR INSERT WITH CHECK ((SELECT current_app_role()) = 'service');

-- Those that grow old: active ones go by `listings_last_seen_at`.
CREATE INDEX listings_to_archive ON listings (last_seen_at) WHERE NOT is_active AND NOT is_archived;

-- migrate:down
DROP INDEX listings_to_archive;
DROP TABLE listing_history;
DROP FUNCTION listing_status(boolean, boolean);
DROP TRIGGER listings_home_cache ON listings;
DROP TRIGGER listings_home ON listings;
DROP FUNCTION give_listing_home();
ALTER TABLE listings DROP COLUMN home_id;
