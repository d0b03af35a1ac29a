-- Homes: what is offered (listings), who looks for what (search_criteria), and how well the two fit (listing_matches).

-- "Düsseldorf", "Duesseldorf" and "düsseldorf " are one place.
CREATE FUNCTION place_key(place text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN nullif(regexp_replace(
        replace(replace(replace(replace(lower(place), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss'),
        '[^[:alnum:]]+', '', 'g'), '');

CREATE FUNCTION place_keys(places text[]) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$ BEGIN
        RETURN coalesce((SELECT array_agg(DISTINCT catalog.place_key(place)) FROM unnest(places) AS place
                         WHERE catalog.place_key(place) IS NOT NULL), '{}');
    END $$;

CREATE TABLE listings (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    provider text NOT NULL CHECK (length(provider) BETWEEN 1 AND 50),
    provider_listing_id text NOT NULL CHECK (length(provider_listing_id) BETWEEN 1 AND 255),
    provider_url text CHECK (length(provider_url) <= 2048),
    provider_created_at timestamptz,
    provider_updated_at timestamptz,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    description text CHECK (length(description) <= 50000),
    property_type text CHECK (property_type IN ('apartment', 'house', 'room', 'studio')),
    furnishing_level text CHECK (furnishing_level IN ('furnished', 'partially_furnished', 'unfurnished')),
    street text CHECK (length(street) <= 255),
    house_number text CHECK (length(house_number) <= 20),
    postal_code text CHECK (length(postal_code) <= 10),
    city text CHECK (length(city) <= 100),
    district text CHECK (length(district) <= 100),
    location extensions.geography(Point, 4326),
    rent_netto numeric(10, 2) CHECK (rent_netto >= 0),
    rent_brutto numeric(10, 2) CHECK (rent_brutto >= 0),
    additional_costs numeric(10, 2) CHECK (additional_costs >= 0),
    deposit numeric(10, 2) CHECK (deposit >= 0),
    currency text NOT NULL DEFAULT 'EUR' CHECK (currency ~ '^[A-Z]{3}$'),
    rooms numeric(3, 1) CHECK (rooms >= 0),
    bedroom_count integer CHECK (bedroom_count >= 0),
    bathroom_count integer CHECK (bathroom_count >= 0),
    living_area numeric(8, 2) CHECK (living_area >= 0),
    total_area numeric(8, 2) CHECK (total_area >= 0),
    floor text CHECK (length(floor) <= 50),
    total_floors integer,
    year_built integer,
    condition text CHECK (condition IN ('new', 'renovated', 'good', 'needs_renovation')),
    available_from date,
    available_until date,
    lease_duration_min integer CHECK (lease_duration_min >= 0),
    lease_duration_max integer CHECK (lease_duration_max >= 0),
    images text[] NOT NULL DEFAULT '{}' CHECK (cardinality(images) <= 100),
    virtual_tour_url text CHECK (length(virtual_tour_url) <= 2048),
    floor_plan_url text CHECK (length(floor_plan_url) <= 2048),
    contact_name text CHECK (length(contact_name) <= 255),
    contact_phone_encrypted bytea,
    contact_email_encrypted bytea,
    is_processed boolean NOT NULL DEFAULT false,
    processing_errors text[] NOT NULL DEFAULT '{}',
    last_processed_at timestamptz,
    -- The share of ten facts a seeker asks for that the page states, a tenth each.
    listing_quality_score numeric(3, 2) NOT NULL GENERATED ALWAYS AS (0.1 * (
          (coalesce(rent_netto, rent_brutto) IS NOT NULL)::integer
        + (coalesce(living_area, total_area) IS NOT NULL)::integer
        + (rooms IS NOT NULL)::integer
        + (city IS NOT NULL)::integer
        + (postal_code IS NOT NULL)::integer
        + (street IS NOT NULL)::integer
        + (available_from IS NOT NULL)::integer
        + (description IS NOT NULL)::integer
        + (cardinality(images) > 0)::integer
        + (coalesce(contact_phone_encrypted, contact_email_encrypted) IS NOT NULL OR contact_name IS NOT NULL)::integer
    )) STORED,
    -- The best relevance of any saved search.
    relevance_score numeric(3, 2) NOT NULL DEFAULT 0 CHECK (relevance_score BETWEEN 0 AND 1),
    is_active boolean NOT NULL DEFAULT true,
    is_archived boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    city_key text GENERATED ALWAYS AS (place_key(city)) STORED,
    district_key text GENERATED ALWAYS AS (place_key(district)) STORED,
    search_vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('german', title), 'A')
        || setweight(to_tsvector('german', coalesce(city, '') || ' ' || coalesce(district, '')), 'B')
        || setweight(to_tsvector('german', coalesce(description, '')), 'C')
    ) STORED,
    UNIQUE (provider, provider_listing_id)
);

-- A page of results is read from the newest down, within a city or everywhere.
-- (Ids are UUIDv7: their order is the order of the first sighting.)
CREATE INDEX listings_newest ON listings (id DESC) WHERE is_active;
CREATE INDEX listings_newest_in_city ON listings (city_key, id DESC) WHERE is_active;
CREATE INDEX listings_rent_in_city ON listings (city_key, rent_netto) WHERE is_active;
CREATE INDEX listings_last_seen_at ON listings (last_seen_at) WHERE is_active;
CREATE INDEX listings_unprocessed ON listings (created_at) WHERE NOT is_processed;
CREATE INDEX listings_location ON listings USING gist (location);
CREATE INDEX listings_search_vector ON listings USING gin (search_vector);

CREATE TRIGGER listings_touch BEFORE UPDATE ON listings FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
-- The facts and the state. Sightings and scores come too often to drop the cached answer each time: `last_seen_at` and `relevance_score` in it may
-- be an hour old.
CREATE TRIGGER listings_cache AFTER UPDATE OF version, provider_url, title, description, property_type, furnishing_level, street, house_number,
        postal_code, city, district, location, rent_netto, rent_brutto, additional_costs, deposit, currency, rooms, living_area, total_area, floor,
        condition, available_from, available_until, images, contact_name, is_active, is_archived OR DELETE ON listings
    FOR EACH ROW EXECUTE FUNCTION notify_cache_invalidate('listing:', 'id');

CREATE TABLE search_criteria (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    description text CHECK (length(description) <= 2000),
    preferred_cities text[] NOT NULL DEFAULT '{}',
    preferred_districts text[] NOT NULL DEFAULT '{}',
    excluded_cities text[] NOT NULL DEFAULT '{}',
    excluded_districts text[] NOT NULL DEFAULT '{}',
    max_distance_km integer NOT NULL DEFAULT 50 CHECK (max_distance_km BETWEEN 0 AND 1000),
    property_types text[] NOT NULL DEFAULT '{apartment,house}'
        CHECK (property_types <@ '{apartment,house,room,studio}'::text[]),
    min_rooms numeric(3, 1) CHECK (min_rooms >= 0),
    max_rooms numeric(3, 1),
    min_area numeric(8, 2) CHECK (min_area >= 0),
    max_area numeric(8, 2),
    min_floor integer,
    max_floor integer,
    min_rent_netto numeric(10, 2) CHECK (min_rent_netto >= 0),
    max_rent_netto numeric(10, 2),
    max_additional_costs numeric(10, 2) CHECK (max_additional_costs >= 0),
    max_deposit numeric(10, 2) CHECK (max_deposit >= 0),
    available_from date,
    available_until date,
    min_lease_duration integer CHECK (min_lease_duration >= 0),
    max_lease_duration integer,
    min_quality_score numeric(3, 2) NOT NULL DEFAULT 0.5 CHECK (min_quality_score BETWEEN 0 AND 1),
    require_verified_contact boolean NOT NULL DEFAULT false,
    search_frequency text NOT NULL DEFAULT 'daily' CHECK (search_frequency IN ('immediate', 'hourly', 'daily', 'weekly')),
    last_run_at timestamptz,
    next_run_at timestamptz,
    is_active boolean NOT NULL DEFAULT true,
    auto_apply boolean NOT NULL DEFAULT false,
    tags text[] NOT NULL DEFAULT '{}',
    notes text CHECK (length(notes) <= 5000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid,
    version bigint NOT NULL DEFAULT 1,
    city_keys text[] NOT NULL GENERATED ALWAYS AS (place_keys(preferred_cities)) STORED,
    excluded_city_keys text[] NOT NULL GENERATED ALWAYS AS (place_keys(excluded_cities)) STORED,
    excluded_district_keys text[] NOT NULL GENERATED ALWAYS AS (place_keys(excluded_districts)) STORED,
    CHECK (max_rooms >= min_rooms),
    CHECK (max_area >= min_area),
    CHECK (max_floor >= min_floor),
    CHECK (max_rent_netto >= min_rent_netto),
    CHECK (available_until >= available_from),
    CHECK (max_lease_duration >= min_lease_duration),
    CHECK (cardinality(preferred_cities) <= 50 AND cardinality(preferred_districts) <= 100
        AND cardinality(excluded_cities) <= 50 AND cardinality(excluded_districts) <= 100 AND cardinality(tags) <= 50)
);

CREATE INDEX search_criteria_of_user ON search_criteria (user_id, id DESC);
CREATE INDEX search_criteria_due ON search_criteria (next_run_at) WHERE is_active;
-- A listing finds the searches that may want it by these two, never by reading all: those that name its city (or none), and
-- those whose rent range holds its rent.
CREATE INDEX search_criteria_cities ON search_criteria USING gin (city_keys) WHERE is_active;
CREATE INDEX search_criteria_anywhere ON search_criteria (id) WHERE is_active AND city_keys = '{}';
CREATE INDEX search_criteria_rent ON search_criteria USING gist (numrange(min_rent_netto, max_rent_netto, '[]')) WHERE is_active;

CREATE TRIGGER search_criteria_touch BEFORE UPDATE ON search_criteria FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER search_criteria_version BEFORE UPDATE ON search_criteria FOR EACH ROW EXECUTE FUNCTION bump_version();

-- How well a listing fits a saved search, and what each criterion added. The weights are the seeds': city 0.4, type 0.2, rent 0.25
-- (0.15 up to a tenth above the most), rooms 0.15. A criterion that is not set asks for nothing and so gives its full share; one
-- that is set and that the page does not state gives nothing.
CREATE TABLE listing_matches (
    listing_id uuid NOT NULL REFERENCES listings ON DELETE CASCADE,
    search_id uuid NOT NULL REFERENCES search_criteria ON DELETE CASCADE,
    user_id uuid NOT NULL,
    city_share numeric(3, 2) NOT NULL,
    type_share numeric(3, 2) NOT NULL,
    rent_share numeric(3, 2) NOT NULL,
    rooms_share numeric(3, 2) NOT NULL,
    relevance_score numeric(3, 2) NOT NULL GENERATED ALWAYS AS (city_share + type_share + rent_share + rooms_share) STORED,
    scored_at timestamptz NOT NULL DEFAULT now(),
    -- When the match was published; null while it has not reached the threshold.
    matched_at timestamptz,
    PRIMARY KEY (listing_id, search_id)
);

CREATE INDEX listing_matches_of_search ON listing_matches (search_id, relevance_score DESC, listing_id DESC);
CREATE INDEX listing_matches_of_user ON listing_matches (user_id, listing_id);

-- The shares of one pair. A rent is the net one; where a page states only the gross one, that less the stated extra costs.
CREATE FUNCTION relevance_shares(listing listings, search search_criteria,
        OUT city_share numeric, OUT type_share numeric, OUT rent_share numeric, OUT rooms_share numeric)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT
            CASE WHEN search.city_keys = '{}' OR listing.city_key = ANY (search.city_keys) THEN 0.40 ELSE 0 END,
            CASE WHEN search.property_types = '{}' OR listing.property_type = ANY (search.property_types) THEN 0.20 ELSE 0 END,
            CASE
                WHEN search.min_rent_netto IS NULL AND search.max_rent_netto IS NULL THEN 0.25
                WHEN rent.amount IS NULL OR rent.amount < coalesce(search.min_rent_netto, 0) THEN 0
                WHEN search.max_rent_netto IS NULL OR rent.amount <= search.max_rent_netto THEN 0.25
                WHEN rent.amount <= search.max_rent_netto * 1.1 THEN 0.15
                ELSE 0
            END,
            CASE
                WHEN search.min_rooms IS NULL AND search.max_rooms IS NULL THEN 0.15
                WHEN listing.rooms BETWEEN coalesce(search.min_rooms, 0) AND coalesce(search.max_rooms, 'infinity') THEN 0.15
                ELSE 0
            END
        FROM (SELECT coalesce(listing.rent_netto, listing.rent_brutto - coalesce(listing.additional_costs, 0)) AS amount) AS rent
    $$;

ALTER TABLE listings ENABLE ROW LEVEL SECURITY;
CREATE POLICY listings_read ON listings FOR SELECT USING (true);
CREATE POLICY listings_write ON listings FOR ALL
    USING ((SELECT current_app_role()) IN ('service', 'administrator'))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'administrator'));

ALTER TABLE search_criteria ENABLE ROW LEVEL SECURITY;
CREATE POLICY search_criteria_own ON search_criteria FOR ALL
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));

ALTER TABLE listing_matches ENABLE ROW LEVEL SECURITY;
CREATE POLICY listing_matches_read ON listing_matches FOR SELECT
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY listing_matches_write ON listing_matches FOR ALL
    USING ((SELECT current_app_role()) = 'service')
    WITH CHECK ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP FUNCTION relevance_shares(listings, search_criteria);
DROP TABLE listing_matches;
DROP TABLE search_criteria;
DROP TABLE listings;
DROP FUNCTION place_keys(text[]);
DROP FUNCTION place_key(text);
