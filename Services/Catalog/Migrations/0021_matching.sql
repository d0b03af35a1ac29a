-- Matching: what relevance is made of, as data; the saved searches that look around each place, by index; searches that run by the clock.

-- The criteria of relevance. A share is `weight` when the criterion is fulfilled and when the search does not set it, `partial` when it is nearly
-- fulfilled, and nothing when the page does not state what is asked for. Weights count in proportion to their sum, which is 1 as delivered: the optional
-- criteria weigh nothing until somebody gives them a weight.
CREATE TABLE relevance_criteria (
    criterion text PRIMARY KEY CHECK (criterion IN
        ('city', 'distance', 'type', 'rent', 'rooms', 'area', 'floor', 'additional_costs', 'deposit', 'availability', 'lease')),
    weight numeric(4, 3) NOT NULL CHECK (weight BETWEEN 0 AND 1),
    partial numeric(4, 3) NOT NULL DEFAULT 0 CHECK (partial BETWEEN 0 AND 1),
    -- How much more than the most is still nearly: 0.1 is a tenth.
    tolerance numeric(4, 3) NOT NULL DEFAULT 0 CHECK (tolerance BETWEEN 0 AND 1),
    -- What a page states otherwise is no match at all, whatever else fits.
    is_limit boolean NOT NULL DEFAULT false,
    note text NOT NULL
);
INSERT INTO relevance_criteria (criterion, weight, partial, tolerance, is_limit, note) VALUES
    ('city', 0.40, 0.30, 0, false, 'In a preferred city; partial: in it, and in none of the preferred districts.'),
    ('distance', 0, 0.20, 0, true,
        'Partial: in place of the city''s share, at the centre of a preferred city, falling to nothing at max_distance_km. What is farther is no match.'),
    ('type', 0.20, 0, 0, false, 'One of the kinds.'),
    ('rent', 0.25, 0.15, 0.10, false, 'Within the range; partial: up to a tenth above.'),
    ('rooms', 0.15, 0, 0, false, 'Within the range.'),
    ('area', 0, 0, 0, true, 'Within the range.'),
    ('floor', 0, 0, 0, true, 'Within the range.'),
    ('additional_costs', 0, 0, 0, true, 'At most so much.'),
    ('deposit', 0, 0, 0, true, 'At most so much.'),
    ('availability', 0, 0, 0, true, 'Free at some time between the two days.'),
    ('lease', 0, 0, 0, true, 'Let for so many months.');

-- The same in one row, each weight in proportion.
CREATE VIEW relevance_rules WITH (security_invoker = true) AS
SELECT
    max(weight / total) FILTER (WHERE criterion = 'city') AS city, max(partial / total) FILTER (WHERE criterion = 'city') AS other_district,
    max(partial / total) FILTER (WHERE criterion = 'distance') AS nearby,
    max(weight / total) FILTER (WHERE criterion = 'type') AS type, bool_or(is_limit) FILTER (WHERE criterion = 'type') AS type_limit,
    max(weight / total) FILTER (WHERE criterion = 'rent') AS rent, max(partial / total) FILTER (WHERE criterion = 'rent') AS rent_partial,
    max(tolerance) FILTER (WHERE criterion = 'rent') AS rent_tolerance, bool_or(is_limit) FILTER (WHERE criterion = 'rent') AS rent_limit,
    max(weight / total) FILTER (WHERE criterion = 'rooms') AS rooms, max(partial / total) FILTER (WHERE criterion = 'rooms') AS rooms_partial,
    max(tolerance) FILTER (WHERE criterion = 'rooms') AS rooms_tolerance, bool_or(is_limit) FILTER (WHERE criterion = 'rooms') AS rooms_limit,
    max(weight / total) FILTER (WHERE criterion = 'area') AS area, max(partial / total) FILTER (WHERE criterion = 'area') AS area_partial,
    max(tolerance) FILTER (WHERE criterion = 'area') AS area_tolerance, bool_or(is_limit) FILTER (WHERE criterion = 'area') AS area_limit,
    max(weight / total) FILTER (WHERE criterion = 'floor') AS floor, bool_or(is_limit) FILTER (WHERE criterion = 'floor') AS floor_limit,
    max(weight / total) FILTER (WHERE criterion = 'additional_costs') AS costs,
    max(partial / total) FILTER (WHERE criterion = 'additional_costs') AS costs_partial,
    max(tolerance) FILTER (WHERE criterion = 'additional_costs') AS costs_tolerance,
    bool_or(is_limit) FILTER (WHERE criterion = 'additional_costs') AS costs_limit,
    max(weight / total) FILTER (WHERE criterion = 'deposit') AS deposit, max(partial / total) FILTER (WHERE criterion = 'deposit') AS deposit_partial,
    max(tolerance) FILTER (WHERE criterion = 'deposit') AS deposit_tolerance,
    bool_or(is_limit) FILTER (WHERE criterion = 'deposit') AS deposit_limit,
    max(weight / total) FILTER (WHERE criterion = 'availability') AS availability,
    bool_or(is_limit) FILTER (WHERE criterion = 'availability') AS availability_limit,
    max(weight / total) FILTER (WHERE criterion = 'lease') AS lease, bool_or(is_limit) FILTER (WHERE criterion = 'lease') AS lease_limit,
    coalesce(sum(weight) FILTER (WHERE criterion NOT IN ('city', 'distance', 'type', 'rent', 'rooms')), 0) > 0 AS has_optional
FROM relevance_criteria, (SELECT greatest(sum(weight), 0.001) AS total FROM relevance_criteria WHERE criterion <> 'distance') AS sums;

-- The share of a criterion that asks for a range.
CREATE FUNCTION range_share(value numeric, minimum numeric, maximum numeric, weight numeric, partial numeric, tolerance numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN minimum IS NULL AND maximum IS NULL THEN weight
        WHEN value IS NULL OR value < minimum THEN 0
        WHEN maximum IS NULL OR value <= maximum THEN weight
        WHEN value <= maximum * (1 + tolerance) THEN partial
        ELSE 0
    END;

-- Whether what is stated lies beyond it.
CREATE FUNCTION is_beyond(value numeric, minimum numeric, maximum numeric, tolerance numeric) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(value < minimum, false) OR coalesce(value > maximum * (1 + tolerance), false);

ALTER TABLE search_criteria
    ADD COLUMN district_keys text[] NOT NULL GENERATED ALWAYS AS (place_keys(preferred_districts)) STORED;

-- A run notes when it was and is no change of the search.
DROP TRIGGER search_criteria_touch ON search_criteria;
DROP TRIGGER search_criteria_version ON search_criteria;
CREATE TRIGGER search_criteria_touch BEFORE UPDATE OF name, description, preferred_cities, preferred_districts, excluded_cities, excluded_districts,
        max_distance_km, property_types, min_rooms, max_rooms, min_area, max_area, min_floor, max_floor, min_rent_netto, max_rent_netto,
        max_additional_costs, max_deposit, available_from, available_until, min_lease_duration, max_lease_duration, min_quality_score,
        require_verified_contact, search_frequency, is_active, auto_apply, tags, notes ON search_criteria
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER search_criteria_version BEFORE UPDATE OF name, description, preferred_cities, preferred_districts, excluded_cities, excluded_districts,
        max_distance_km, property_types, min_rooms, max_rooms, min_area, max_area, min_floor, max_floor, min_rent_netto, max_rent_netto,
        max_additional_costs, max_deposit, available_from, available_until, min_lease_duration, max_lease_duration, min_quality_score,
        require_verified_contact, search_frequency, is_active, auto_apply, tags, notes ON search_criteria
    FOR EACH ROW EXECUTE FUNCTION bump_version();

-- How a pair scores. `km` is the distance from the nearest preferred city, null when it is not known.
CREATE FUNCTION relevance_of(listing listing_search, search search_criteria, km float8, rules relevance_rules)
    RETURNS TABLE (city_share numeric, type_share numeric, rent_share numeric, rooms_share numeric, other_shares jsonb, is_ruled_out boolean)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
    AS $$
        SELECT
            round(CASE
                WHEN search.city_keys <> '{}' AND coalesce(listing.city_key <> ALL (search.city_keys), true) THEN
                    CASE WHEN km < search.max_distance_km THEN rules.nearby * (1 - km / search.max_distance_km)::numeric ELSE 0 END
                WHEN search.district_keys = '{}' OR listing.district_key = ANY (search.district_keys) THEN rules.city
                ELSE rules.other_district
            END, 2),
            round(CASE WHEN search.property_types = '{}' OR listing.property_type = ANY (search.property_types) THEN rules.type ELSE 0 END, 2),
            round(range_share(listing.rent, search.min_rent_netto, search.max_rent_netto, rules.rent, rules.rent_partial, rules.rent_tolerance), 2),
            round(range_share(listing.rooms, search.min_rooms, search.max_rooms, rules.rooms, rules.rooms_partial, rules.rooms_tolerance), 2),
            CASE WHEN rules.has_optional THEN jsonb_strip_nulls(jsonb_build_object(
                'area', nullif(rules.area, 0) * 0 + round(range_share(
                    listing.area, search.min_area, search.max_area, rules.area, rules.area_partial, rules.area_tolerance), 2),
                'floor', nullif(rules.floor, 0) * 0 + round(range_share(
                    listing.floor::numeric, search.min_floor::numeric, search.max_floor::numeric, rules.floor, 0, 0), 2),
                'additional_costs', nullif(rules.costs, 0) * 0 + round(range_share(
                    listing.additional_costs, NULL, search.max_additional_costs, rules.costs, rules.costs_partial, rules.costs_tolerance), 2),
                'deposit', nullif(rules.deposit, 0) * 0 + round(range_share(
                    listing.deposit, NULL, search.max_deposit, rules.deposit, rules.deposit_partial, rules.deposit_tolerance), 2),
                'availability', nullif(rules.availability, 0) * 0 + round(CASE
                    WHEN search.available_from IS NULL AND search.available_until IS NULL THEN rules.availability
                    WHEN coalesce(listing.available_until >= search.available_from, true)
                        AND coalesce(listing.available_from <= search.available_until, search.available_until IS NULL) THEN rules.availability
                    ELSE 0
                END, 2),
                'lease', nullif(rules.lease, 0) * 0 + round(CASE
                    WHEN coalesce(listing.lease_duration_max >= search.min_lease_duration, search.min_lease_duration IS NULL)
                        AND coalesce(listing.lease_duration_min <= search.max_lease_duration, search.max_lease_duration IS NULL) THEN rules.lease
                    ELSE 0
                END, 2)
            )) ELSE '{}' END,
            coalesce(listing.city_key = ANY (search.excluded_city_keys), false)
            OR coalesce(listing.district_key = ANY (search.excluded_district_keys), false)
            OR (search.city_keys <> '{}' AND coalesce(listing.city_key <> ALL (search.city_keys), true)
                AND coalesce(km >= search.max_distance_km, true))
            OR (rules.type_limit AND search.property_types <> '{}' AND coalesce(listing.property_type <> ALL (search.property_types), false))
            OR (rules.rent_limit AND is_beyond(listing.rent, search.min_rent_netto, search.max_rent_netto, rules.rent_tolerance))
            OR (rules.rooms_limit AND is_beyond(listing.rooms, search.min_rooms, search.max_rooms, rules.rooms_tolerance))
            OR (rules.area_limit AND is_beyond(listing.area, search.min_area, search.max_area, rules.area_tolerance))
            OR (rules.floor_limit AND is_beyond(listing.floor::numeric, search.min_floor::numeric, search.max_floor::numeric, 0))
            OR (rules.costs_limit AND is_beyond(listing.additional_costs, NULL, search.max_additional_costs, rules.costs_tolerance))
            OR (rules.deposit_limit AND is_beyond(listing.deposit, NULL, search.max_deposit, rules.deposit_tolerance))
            OR (rules.availability_limit AND (coalesce(listing.available_until < search.available_from, false)
                OR coalesce(listing.available_from > search.available_until, false)))
            OR (rules.lease_limit AND (coalesce(listing.lease_duration_max < search.min_lease_duration, false)
                OR coalesce(listing.lease_duration_min > search.max_lease_duration, false)))
    $$;

CREATE FUNCTION sum_of_shares(shares jsonb) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ BEGIN RETURN (SELECT coalesce(sum(value::numeric), 0) FROM jsonb_each_text(shares)); END $$;

ALTER TABLE listing_matches DROP COLUMN relevance_score;
ALTER TABLE listing_matches
    -- By name, of those optional criteria that have a weight.
    ADD COLUMN other_shares jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN relevance_score numeric(3, 2) NOT NULL GENERATED ALWAYS AS (least(
        city_share + type_share + rent_share + rooms_share
            + CASE other_shares WHEN '{}' THEN 0 ELSE sum_of_shares(other_shares) END, 1)) STORED;
CREATE INDEX listing_matches_best_of_search ON listing_matches (search_id, relevance_score DESC, listing_id DESC);

-- Which searches look at what comes at once: by city, '' for those that look everywhere. A listing asks this and never all searches.
CREATE TABLE search_targets (
    search_id uuid NOT NULL REFERENCES search_criteria ON DELETE CASCADE,
    city_key text NOT NULL,
    reach_km integer NOT NULL,
    PRIMARY KEY (city_key, search_id)
);
CREATE INDEX search_targets_of_search ON search_targets (search_id);
CREATE INDEX search_targets_in_reach ON search_targets (city_key, reach_km);

CREATE FUNCTION aim_search(search search_criteria) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    city text;
BEGIN
    DELETE FROM search_targets WHERE search_id = search.id;
    IF NOT search.is_active THEN RETURN; END IF;
    IF search.search_frequency = 'immediate' THEN
        INSERT INTO search_targets (search_id, city_key, reach_km)
        SELECT search.id, key, search.max_distance_km FROM unnest(CASE search.city_keys WHEN '{}' THEN ARRAY[''] ELSE search.city_keys END) AS key;
    END IF;
    FOR city IN SELECT DISTINCT ON (place_key(p)) p FROM unnest(search.preferred_cities) AS p WHERE place_key(p) IS NOT NULL
        ORDER BY place_key(p), p LOOP
        INSERT INTO places AS known (city_key, name, city_name, reach_km) VALUES (place_key(city), city, city, search.max_distance_km)
        ON CONFLICT (city_key, district_key) DO UPDATE SET reach_km = excluded.reach_km WHERE known.reach_km < excluded.reach_km;
    END LOOP;
END
$$;
CREATE FUNCTION keep_search_targets() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.preferred_cities, NEW.max_distance_km, NEW.is_active, NEW.search_frequency)
            IS NOT DISTINCT FROM (OLD.preferred_cities, OLD.max_distance_km, OLD.is_active, OLD.search_frequency)
        THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM aim_search(NEW);
    RETURN NULL;
END
$$;
CREATE TRIGGER search_criteria_targets AFTER INSERT OR UPDATE ON search_criteria FOR EACH ROW EXECUTE FUNCTION keep_search_targets();
SELECT count(aim_search(s)) FROM search_criteria s;

-- Policies make these useless, as their operators are not leakproof; the table above has taken their place.
DROP INDEX search_criteria_cities, search_criteria_anywhere, search_criteria_rent;

-- The seekers' time zones, by which searches run. A copy of what auth knows.
CREATE TABLE seekers (
    user_id uuid PRIMARY KEY,
    timezone text CHECK (length(timezone) <= 100),
    source_version bigint NOT NULL DEFAULT 0,
    is_deleted boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE seekers ENABLE ROW LEVEL SECURITY;
CREATE POLICY seekers_own ON seekers FOR SELECT USING ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));
CREATE POLICY seekers_write ON seekers FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

-- Homes that somebody keeps, and animals later: one of the two.
CREATE TABLE user_favorites (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL,
    listing_id uuid REFERENCES listings ON DELETE CASCADE,
    pet_id uuid,
    notes text CHECK (length(notes) <= 5000),
    tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 50),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CHECK (num_nonnulls(listing_id, pet_id) = 1)
);
CREATE UNIQUE INDEX user_favorites_listing ON user_favorites (user_id, listing_id) WHERE listing_id IS NOT NULL;
CREATE UNIQUE INDEX user_favorites_pet ON user_favorites (user_id, pet_id) WHERE pet_id IS NOT NULL;
CREATE INDEX user_favorites_of_user ON user_favorites (user_id, id DESC);
CREATE INDEX user_favorites_of_listing ON user_favorites (listing_id) WHERE listing_id IS NOT NULL;
CREATE TRIGGER user_favorites_touch BEFORE UPDATE ON user_favorites FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER user_favorites_version BEFORE UPDATE ON user_favorites FOR EACH ROW EXECUTE FUNCTION bump_version();
ALTER TABLE user_favorites ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_favorites_own ON user_favorites FOR ALL
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id()));

ALTER TABLE relevance_criteria ENABLE ROW LEVEL SECURITY;
CREATE POLICY relevance_criteria_read ON relevance_criteria FOR SELECT USING (true);
CREATE POLICY relevance_criteria_write ON relevance_criteria FOR ALL
    USING ((SELECT current_app_role()) IN ('service', 'administrator'))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'administrator'));
ALTER TABLE search_targets ENABLE ROW LEVEL SECURITY;
CREATE POLICY search_targets_read ON search_targets FOR SELECT USING ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP TABLE user_favorites;
DROP TABLE seekers;
DROP TRIGGER search_criteria_targets ON search_criteria;
DROP FUNCTION keep_search_targets();
DROP FUNCTION aim_search(search_criteria);
DROP TABLE search_targets;
ALTER TABLE listing_matches DROP COLUMN relevance_score;
ALTER TABLE listing_matches DROP COLUMN other_shares,
    ADD COLUMN relevance_score numeric(3, 2) NOT NULL GENERATED ALWAYS AS (city_share + type_share + rent_share + rooms_share) STORED;
CREATE INDEX listing_matches_of_search ON listing_matches (search_id, relevance_score DESC, listing_id DESC);
DROP FUNCTION sum_of_shares(jsonb);
DROP FUNCTION relevance_of(listing_search, search_criteria, float8, relevance_rules);
DROP TRIGGER search_criteria_touch ON search_criteria;
DROP TRIGGER search_criteria_version ON search_criteria;
CREATE TRIGGER search_criteria_touch BEFORE UPDATE ON search_criteria FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER search_criteria_version BEFORE UPDATE ON search_criteria FOR EACH ROW EXECUTE FUNCTION bump_version();
ALTER TABLE search_criteria DROP COLUMN district_keys;
CREATE INDEX search_criteria_cities ON search_criteria USING gin (city_keys) WHERE is_active;
CREATE INDEX search_criteria_anywhere ON search_criteria (id) WHERE is_active AND city_keys = '{}';
CREATE INDEX search_criteria_rent ON search_criteria USING gist (numrange(min_rent_netto, max_rent_netto, '[]')) WHERE is_active;
DROP FUNCTION is_beyond(numeric, numeric, numeric, numeric);
DROP FUNCTION range_share(numeric, numeric, numeric, numeric, numeric, numeric);
DROP VIEW relevance_rules;
DROP TABLE relevance_criteria;
