-- What somebody types into a search is no place to suggest; places are counted once for all copies, holding only what changes; homes without a place of their
-- own get their city's when that is found; figures that narrow a search have an index.

ALTER TABLE places ADD COLUMN is_offered boolean NOT NULL DEFAULT true;
UPDATE places p SET is_offered = false
WHERE NOT is_surveyed AND listings = 0 AND district_key = '' AND NOT EXISTS (SELECT FROM listing_search l WHERE l.city_key = p.city_key);

-- When the places were counted last: whoever sets it counts.
CREATE TABLE place_surveys (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    surveyed_at timestamptz NOT NULL
);
INSERT INTO place_surveys (surveyed_at) VALUES ('-infinity');
ALTER TABLE place_surveys ENABLE ROW LEVEL SECURITY;
CREATE POLICY place_surveys_service ON place_surveys FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

CREATE INDEX listing_search_unplaced ON listing_search (city_key) WHERE location IS NULL;
CREATE INDEX listing_search_rooms ON listing_search (rooms) WHERE rooms IS NOT NULL;
CREATE INDEX listing_search_area ON listing_search (area) WHERE area IS NOT NULL;
CREATE INDEX search_criteria_cities ON search_criteria USING gin (city_keys) WHERE is_active;

-- How many rows an index is thought to find, by what is common: asked by the owner, as policies keep those statistics from everybody else.
CREATE FUNCTION expected_listings(criterion text, arguments text[]) RETURNS float8
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM listing_search WHERE ' || CASE criterion
        WHEN 'words' THEN format('words @@ %L::tsquery', arguments[1])
        WHEN 'city' THEN format('city_key = ANY (%L::text[])', arguments)
        WHEN 'district' THEN format('district_key = ANY (%L::text[])', arguments)
        WHEN 'near' THEN format('ST_DWithin(location, ST_SetSRID(ST_MakePoint(%L::float8, %L::float8), 4326)::geography, %L::float8)',
            arguments[1], arguments[2], arguments[3])
        WHEN 'rent' THEN format('rent BETWEEN %L::numeric AND %L::numeric', coalesce(arguments[1], '-infinity'), coalesce(arguments[2], 'infinity'))
        WHEN 'rooms' THEN format('rooms BETWEEN %L::numeric AND %L::numeric', coalesce(arguments[1], '-infinity'), coalesce(arguments[2], 'infinity'))
        WHEN 'area' THEN format('area BETWEEN %L::numeric AND %L::numeric', coalesce(arguments[1], '-infinity'), coalesce(arguments[2], 'infinity'))
    END INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END
$$;

CREATE OR REPLACE FUNCTION copy_listing_for_search(listing listings) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    place geography := listing.location;
BEGIN
    IF NOT listing.is_active OR listing.is_archived OR listing.removed_at IS NOT NULL THEN
        DELETE FROM listing_search WHERE listing_id = listing.id;
        RETURN;
    END IF;
    IF listing.city_key IS NOT NULL THEN
        IF place IS NULL THEN
            SELECT p.location INTO place FROM places p WHERE p.city_key = listing.city_key AND p.district_key = '';
        END IF;
        -- What only a search has named takes its spelling from the first listing.
        INSERT INTO places AS known (city_key, name, city_name, location) VALUES (listing.city_key, listing.city, listing.city, listing.location)
        ON CONFLICT (city_key, district_key) DO UPDATE SET name = excluded.name, city_name = excluded.city_name, is_offered = true,
            location = coalesce(known.location, excluded.location)
        WHERE NOT known.is_offered;
        IF listing.district_key IS NOT NULL THEN
            INSERT INTO places (city_key, district_key, name, city_name, location)
            VALUES (listing.city_key, listing.district_key, listing.district, listing.city, listing.location)
            ON CONFLICT DO NOTHING;
        END IF;
    END IF;
    INSERT INTO listing_search AS known (listing_id, provider, property_type, furnishing_level, city_key, district_key, location, rent,
        additional_costs, deposit, rooms, area, floor, available_from, available_until, lease_duration_min, lease_duration_max, quality,
        is_processed, words)
    VALUES (listing.id, listing.provider, listing.property_type, listing.furnishing_level, listing.city_key, listing.district_key, place,
        coalesce(listing.rent_netto, greatest(listing.rent_brutto - coalesce(listing.additional_costs, 0), listing.rent_brutto * 0)), listing.additional_costs,
        listing.deposit, listing.rooms, coalesce(listing.living_area, listing.total_area), floor_number(listing.floor), listing.available_from,
        listing.available_until, listing.lease_duration_min, listing.lease_duration_max, listing.listing_quality_score, listing.is_processed,
        setweight(to_tsvector('german_homes', listing.title), 'A')
        || setweight(to_tsvector('german_homes', concat_ws(' ', listing.city, listing.district, listing.street, listing.postal_code)), 'B')
        -- "Duesseldorf" finds what says "Düsseldorf".
        || setweight(to_tsvector('simple', concat_ws(' ', listing.city_key, listing.district_key)), 'B')
        || setweight(to_tsvector('german_homes', coalesce(listing.description, '')), 'C'))
    ON CONFLICT (listing_id) DO UPDATE SET
        property_type = excluded.property_type, furnishing_level = excluded.furnishing_level, city_key = excluded.city_key,
        district_key = excluded.district_key, location = excluded.location, rent = excluded.rent, additional_costs = excluded.additional_costs,
        deposit = excluded.deposit, rooms = excluded.rooms, area = excluded.area, floor = excluded.floor,
        available_from = excluded.available_from, available_until = excluded.available_until,
        lease_duration_min = excluded.lease_duration_min, lease_duration_max = excluded.lease_duration_max, quality = excluded.quality,
        is_processed = excluded.is_processed, words = excluded.words, changed_at = now();
END
$$;

CREATE OR REPLACE FUNCTION aim_search(search search_criteria) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
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
        INSERT INTO places AS known (city_key, name, city_name, reach_km, is_offered)
        VALUES (place_key(city), city, city, search.max_distance_km, false)
        ON CONFLICT (city_key, district_key) DO UPDATE SET reach_km = excluded.reach_km WHERE known.reach_km < excluded.reach_km;
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION survey_places() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    changed integer;
BEGIN
    -- One copy at a time; the others have nothing left to do.
    IF NOT pg_try_advisory_xact_lock(hashtextextended('catalog.survey_places', 0)) THEN RETURN 0; END IF;
    -- Everything is counted before anything is held, and only what changes is held, in the order in which those who save a search do.
    WITH counted AS MATERIALIZED (
        SELECT city_key, coalesce(district_key, '') AS district_key, count(*)::integer AS listings FROM listing_search WHERE city_key IS NOT NULL
        GROUP BY GROUPING SETS ((city_key), (city_key, district_key)) HAVING GROUPING(district_key) = 1 OR district_key IS NOT NULL
    ), middle AS MATERIALIZED (
        SELECT p.city_key, ST_Centroid(ST_Collect(l.location::geometry))::geography AS point
        FROM places p CROSS JOIN LATERAL (
            SELECT l.location FROM listing_search s JOIN listings l ON l.id = s.listing_id
            WHERE s.city_key = p.city_key AND l.location IS NOT NULL ORDER BY s.listing_id DESC LIMIT 200
        ) AS l
        WHERE NOT p.is_surveyed AND p.district_key = ''
        GROUP BY p.city_key
    ), news AS MATERIALIZED (
        SELECT p.city_key, p.district_key, coalesce(c.listings, 0) AS listings,
            CASE WHEN p.location IS NULL OR ST_Distance(p.location, m.point) > 500 THEN coalesce(m.point, p.location) ELSE p.location END AS location
        FROM places p LEFT JOIN counted c USING (city_key, district_key) LEFT JOIN middle m ON m.city_key = p.city_key AND p.district_key = ''
    ), held AS MATERIALIZED (
        SELECT p.city_key, p.district_key, news.listings, news.location
        FROM places p JOIN news USING (city_key, district_key)
        WHERE p.listings <> news.listings OR p.location::text IS DISTINCT FROM news.location::text
        ORDER BY p.city_key, p.district_key FOR NO KEY UPDATE OF p
    )
    UPDATE places p SET listings = held.listings, location = held.location
    FROM held WHERE (p.city_key, p.district_key) = (held.city_key, held.district_key);
    GET DIAGNOSTICS changed = ROW_COUNT;
    -- Places around which nobody looks as far any more. Whoever saves a search meanwhile holds the place, or waits for it here.
    PERFORM 1 FROM places WHERE reach_km > 0 AND district_key = '' AND reach_km > (
            SELECT coalesce(max(s.max_distance_km), 0) FROM search_criteria s WHERE s.is_active AND s.city_keys @> ARRAY[places.city_key])
        ORDER BY city_key FOR NO KEY UPDATE;
    UPDATE places p SET reach_km = now.km
    FROM (
        SELECT far.city_key, (
            SELECT coalesce(max(s.max_distance_km), 0) FROM search_criteria s WHERE s.is_active AND s.city_keys @> ARRAY[far.city_key]) AS km
        FROM places far WHERE far.reach_km > 0 AND far.district_key = ''
    ) AS now
    WHERE p.city_key = now.city_key AND p.district_key = '' AND p.reach_km > now.km;
    -- Homes without a place of their own are where their city is, once that is known.
    WITH placed AS (
        UPDATE listing_search l SET location = p.location, changed_at = now() FROM places p
        WHERE l.location IS NULL AND p.city_key = l.city_key AND p.district_key = '' AND p.location IS NOT NULL RETURNING l.listing_id
    )
    INSERT INTO listings_to_score (listing_id) SELECT listing_id FROM placed ORDER BY listing_id ON CONFLICT DO NOTHING;
    -- What nobody offers, knows or looks around any more is no place to suggest.
    DELETE FROM places WHERE listings = 0 AND NOT is_surveyed AND reach_km = 0;
    RETURN changed;
END
$$;

-- migrate:down
CREATE OR REPLACE FUNCTION survey_places() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    changed integer;
BEGIN
    -- One copy at a time; the others have nothing left to do.
    IF NOT pg_try_advisory_xact_lock(hashtextextended('catalog.survey_places', 0)) THEN RETURN 0; END IF;
    -- In the order in which those who save a search hold them.
    PERFORM 1 FROM places ORDER BY city_key, district_key FOR NO KEY UPDATE;
    WITH counted AS (
        SELECT city_key, '' AS district_key, count(*)::integer AS listings FROM listing_search WHERE city_key IS NOT NULL GROUP BY city_key
        UNION ALL
        SELECT city_key, district_key, count(*)::integer FROM listing_search
        WHERE city_key IS NOT NULL AND district_key IS NOT NULL GROUP BY city_key, district_key
    )
    UPDATE places p SET listings = now.listings
    FROM (SELECT city_key, district_key, coalesce(c.listings, 0) AS listings FROM places LEFT JOIN counted c USING (city_key, district_key)) AS now
    WHERE (p.city_key, p.district_key) = (now.city_key, now.district_key) AND p.listings <> now.listings;
    GET DIAGNOSTICS changed = ROW_COUNT;
    UPDATE places p SET location = middle.point
    FROM (
        SELECT p.city_key, ST_Centroid(ST_Collect(l.location::geometry))::geography AS point
        FROM places p CROSS JOIN LATERAL (
            SELECT l.location FROM listing_search s JOIN listings l ON l.id = s.listing_id
            WHERE s.city_key = p.city_key AND l.location IS NOT NULL ORDER BY s.listing_id DESC LIMIT 200
        ) AS l
        WHERE NOT p.is_surveyed AND p.district_key = '' AND p.listings > 0
        GROUP BY p.city_key
    ) AS middle
    WHERE p.city_key = middle.city_key AND p.district_key = '' AND (p.location IS NULL OR ST_Distance(p.location, middle.point) > 500);
    -- What nobody offers, knows or looks around any more is no place to suggest.
    DELETE FROM places WHERE listings = 0 AND NOT is_surveyed AND reach_km = 0;
    RETURN changed;
END
$$;
CREATE OR REPLACE FUNCTION aim_search(search search_criteria) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
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
CREATE OR REPLACE FUNCTION copy_listing_for_search(listing listings) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    place geography := listing.location;
BEGIN
    IF NOT listing.is_active OR listing.is_archived OR listing.removed_at IS NOT NULL THEN
        DELETE FROM listing_search WHERE listing_id = listing.id;
        RETURN;
    END IF;
    IF listing.city_key IS NOT NULL THEN
        IF place IS NULL THEN
            SELECT p.location INTO place FROM places p WHERE p.city_key = listing.city_key AND p.district_key = '';
        END IF;
        INSERT INTO places (city_key, name, city_name, location) VALUES (listing.city_key, listing.city, listing.city, listing.location)
        ON CONFLICT DO NOTHING;
        IF listing.district_key IS NOT NULL THEN
            INSERT INTO places (city_key, district_key, name, city_name, location)
            VALUES (listing.city_key, listing.district_key, listing.district, listing.city, listing.location)
            ON CONFLICT DO NOTHING;
        END IF;
    END IF;
    INSERT INTO listing_search AS known (listing_id, provider, property_type, furnishing_level, city_key, district_key, location, rent,
        additional_costs, deposit, rooms, area, floor, available_from, available_until, lease_duration_min, lease_duration_max, quality,
        is_processed, words)
    VALUES (listing.id, listing.provider, listing.property_type, listing.furnishing_level, listing.city_key, listing.district_key, place,
        coalesce(listing.rent_netto, greatest(listing.rent_brutto - coalesce(listing.additional_costs, 0), listing.rent_brutto * 0)), listing.additional_costs,
        listing.deposit, listing.rooms, coalesce(listing.living_area, listing.total_area), floor_number(listing.floor), listing.available_from,
        listing.available_until, listing.lease_duration_min, listing.lease_duration_max, listing.listing_quality_score, listing.is_processed,
        setweight(to_tsvector('german_homes', listing.title), 'A')
        || setweight(to_tsvector('german_homes', concat_ws(' ', listing.city, listing.district, listing.street, listing.postal_code)), 'B')
        -- "Duesseldorf" finds what says "Düsseldorf".
        || setweight(to_tsvector('simple', concat_ws(' ', listing.city_key, listing.district_key)), 'B')
        || setweight(to_tsvector('german_homes', coalesce(listing.description, '')), 'C'))
    ON CONFLICT (listing_id) DO UPDATE SET
        property_type = excluded.property_type, furnishing_level = excluded.furnishing_level, city_key = excluded.city_key,
        district_key = excluded.district_key, location = excluded.location, rent = excluded.rent, additional_costs = excluded.additional_costs,
        deposit = excluded.deposit, rooms = excluded.rooms, area = excluded.area, floor = excluded.floor,
        available_from = excluded.available_from, available_until = excluded.available_until,
        lease_duration_min = excluded.lease_duration_min, lease_duration_max = excluded.lease_duration_max, quality = excluded.quality,
        is_processed = excluded.is_processed, words = excluded.words, changed_at = now();
END
$$;
DROP INDEX search_criteria_cities, listing_search_area, listing_search_rooms, listing_search_unplaced;
DROP FUNCTION expected_listings(text, text[]);
DROP TABLE place_surveys;
ALTER TABLE places DROP COLUMN is_offered;
