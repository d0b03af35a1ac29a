-- The same flat on two portals is one home: what finds candidates, what decides, and what moderators have ruled.

ALTER TABLE listings
    -- 64-bit difference hashes of its pictures, sixteen hexadecimal digits each.
    ADD COLUMN image_hashes text[] NOT NULL DEFAULT '{}' CHECK (cardinality(image_hashes) <= 100),
    -- A moderator has said which home it belongs to: nothing moves it by itself any more.
    ADD COLUMN home_pinned boolean NOT NULL DEFAULT false;

-- Where candidates are looked for: the first word of the city, so that "Frankfurt am Main", "Frankfurt (Main)" and "Frankfurt" meet.
CREATE FUNCTION home_place(city text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN catalog.place_key(substring(city FROM '^[[:space:]]*([[:alnum:].ßäöüÄÖÜ]+)'));

-- Candidates share the place, an area to within a few square metres, and a rent to within some percent; never more than some hundred are read.
CREATE INDEX listings_home_by_area ON listings (home_place(city), (floor(living_area / 5)::integer), (coalesce(rent_netto, rent_brutto)))
    WHERE city IS NOT NULL AND removed_at IS NULL;
CREATE INDEX listings_home_by_rent ON listings (home_place(city), (coalesce(rent_netto, rent_brutto)))
    WHERE city IS NOT NULL AND removed_at IS NULL;

-- How much each thing that two listings agree or differ in says of them: the logarithm (base 2) of how much more often it is so between listings of
-- one flat than between candidates that are two (Fellegi and Sunter). `prior` is where the sum begins, `threshold` from where on two are one. Learnt from
-- labelled pairs by `make eval-homes`, which prints what it would set.
CREATE TABLE home_weights (
    feature text NOT NULL,
    level text NOT NULL,
    weight double precision NOT NULL,
    PRIMARY KEY (feature, level)
);
INSERT INTO home_weights (feature, level, weight) VALUES
    ('decision', 'prior', -6.85),
    ('decision', 'threshold', 0),
    ('decision', 'relisting_threshold', 4),
    ('place', 'address', 4.7),
    ('place', 'street', 4),
    ('place', 'house', 1),
    ('place', 'block', 1.4),
    ('place', 'quarter', 0),
    ('place', 'near', -4),
    ('place', 'far', -7),
    ('place', 'other_number', -8),
    ('place', 'other_street', -8),
    ('place', 'code', 1),
    ('place', 'other_code', -4),
    ('place', 'district', 1),
    ('place', 'other_district', -5),
    ('area', 'same', 2.9),
    ('area', 'rounded', 1.8),
    ('area', 'close', -3),
    ('area', 'near', -5),
    ('area', 'other', -8),
    ('rooms', 'same', 0.8),
    ('rooms', 'half', -2.8),
    ('rooms', 'other', -7),
    ('rent', 'same', 4.6),
    ('rent', 'rounded', 2),
    ('rent', 'close', -1.2),
    ('rent', 'near', -6),
    ('rent', 'other', -8),
    ('rent', 'net_and_gross', 0.5),
    ('deposit', 'same', 3),
    ('deposit', 'other', -2),
    ('kind', 'same', 0),
    ('kind', 'alike', -0.5),
    ('kind', 'other', -3),
    ('floor', 'same', 1.5),
    ('floor', 'other', -4),
    ('title', 'same', 4.5),
    ('title', 'alike', 3),
    ('title', 'some', 0.6),
    ('title', 'other', -2.5),
    ('description', 'same', 7),
    ('description', 'alike', 3),
    ('description', 'some', 0),
    ('description', 'other', -2),
    ('pictures', 'same', 9),
    ('pictures', 'some', 3),
    ('pictures', 'other', -1.5);
ALTER TABLE home_weights ENABLE ROW LEVEL SECURITY;
CREATE POLICY home_weights_read ON home_weights FOR SELECT USING (true);
CREATE POLICY home_weights_write ON home_weights FOR ALL
    USING ((SELECT current_app_role()) = 'administrator') WITH CHECK ((SELECT current_app_role()) = 'administrator');

-- What moderators ruled: which listings are one home, or are not. Each can be undone, which gives the listings the homes they had before. Who ruled
-- stands in the audit log.
CREATE TABLE home_rulings (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    ruling text NOT NULL CHECK (ruling IN ('joined', 'split')),
    home_id uuid NOT NULL,
    listing_ids uuid[] NOT NULL CHECK (cardinality(listing_ids) BETWEEN 1 AND 50),
    homes_before uuid[] NOT NULL,
    pins_before boolean[] NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    ruled_at timestamptz NOT NULL DEFAULT now(),
    undone_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CHECK (cardinality(listing_ids) = cardinality(homes_before) AND cardinality(listing_ids) = cardinality(pins_before))
);
CREATE INDEX home_rulings_of_home ON home_rulings (home_id, id DESC);
CREATE TRIGGER home_rulings_version BEFORE UPDATE ON home_rulings FOR EACH ROW EXECUTE FUNCTION bump_version();
ALTER TABLE home_rulings ENABLE ROW LEVEL SECURITY;
CREATE POLICY home_rulings_moderators ON home_rulings FOR ALL
    USING ((SELECT current_app_role()) IN ('moderator', 'administrator'))
    WITH CHECK ((SELECT current_app_role()) IN ('moderator', 'administrator'));

-- Moderators move listings between homes.
ALTER POLICY listings_write ON listings
    USING ((SELECT current_app_role()) IN ('service', 'moderator', 'administrator'))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'moderator', 'administrator'));

-- Held until the end of the transaction by whoever tells of a home, so that two listings of one home are not told at once.
CREATE FUNCTION hold_home(home uuid) RETURNS void
    LANGUAGE sql VOLATILE
    AS $$ SELECT pg_advisory_xact_lock(hashtextextended('home:' || home, 0)) $$;

-- Whether a person has not yet been told of this home by another of its listings.
CREATE FUNCTION home_untold(home uuid, listing uuid, person uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT NOT EXISTS (
            SELECT 1 FROM listings other JOIN listing_matches told ON told.listing_id = other.id
            WHERE other.home_id = home AND other.id <> listing AND told.user_id = person AND told.matched_at IS NOT NULL)
    $$;

-- migrate:down
DROP FUNCTION home_untold(uuid, uuid, uuid);
DROP FUNCTION hold_home(uuid);
ALTER POLICY listings_write ON listings
    USING ((SELECT current_app_role()) IN ('service', 'administrator'))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'administrator'));
DROP TABLE home_rulings;
DROP TABLE home_weights;
DROP INDEX listings_home_by_rent;
DROP INDEX listings_home_by_area;
DROP FUNCTION home_place(text);
ALTER TABLE listings DROP COLUMN home_pinned, DROP COLUMN image_hashes;
