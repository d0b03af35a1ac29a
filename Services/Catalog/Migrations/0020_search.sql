-- Search: a narrow copy of the listings that are on offer, with the indexes that a search needs and the table of listings is better off without;
-- synonyms, applied to the question; the places that there are.

CREATE TEXT SEARCH CONFIGURATION german_homes (COPY = pg_catalog.german);
-- "Café" is "Cafe"; the stemmer alone knows umlauts only.
ALTER TEXT SEARCH CONFIGURATION german_homes
    ALTER MAPPING FOR word, hword, hword_part WITH extensions.unaccent, pg_catalog.german_stem;

-- "EG", "3. OG", "2. Etage von 5", "Hochparterre": the floor as a number, null where the text names none.
CREATE FUNCTION floor_number(floor text) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN CASE
        WHEN floor ~* '^\s*(eg|erdgeschoss|erdgeschoß|parterre|hochparterre|ground floor)\M' THEN 0
        WHEN floor ~* '^\s*(ug|untergeschoss|untergeschoß|souterrain|tiefparterre|keller|basement)\M' THEN -1
        WHEN floor ~ '^\s*-?[0-9]{1,2}(\D|$)' THEN substring(floor FROM '^\s*(-?[0-9]{1,2})')::smallint
        WHEN floor ~* '^\s*(og|etage|stock|obergeschoss)\.?\s*[0-9]{1,2}(\D|$)' THEN substring(floor FROM '([0-9]{1,2})')::smallint
    END;

-- Words that mean the same: those with one meaning stand for one another.
CREATE TABLE search_synonyms (
    term text PRIMARY KEY CHECK (length(term) BETWEEN 1 AND 60),
    meaning text NOT NULL CHECK (length(meaning) BETWEEN 1 AND 60)
);
-- The same as a search applies them, kept by the trigger below: first a word becomes its meaning, a lexeme that no text has, and then the meaning becomes
-- all of its words. In one step the words would be replaced in what has replaced them.
CREATE TABLE search_meanings (
    target tsquery PRIMARY KEY,
    substitute tsquery NOT NULL,
    is_word boolean NOT NULL
);

CREATE FUNCTION rewrite_synonyms() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM search_meanings;
    INSERT INTO search_meanings (target, substitute, is_word)
    SELECT DISTINCT ON (query) query, quote_literal('$' || meaning)::tsquery, true
    FROM (SELECT meaning, phraseto_tsquery('german_homes', term) AS query FROM search_synonyms) AS words
    WHERE numnode(query) > 0 ORDER BY query, meaning;
    INSERT INTO search_meanings (target, substitute, is_word)
    SELECT substitute, string_agg('(' || target::text || ')', ' | ' ORDER BY target)::tsquery, false
    FROM search_meanings GROUP BY substitute;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_synonyms_rewrite AFTER INSERT OR UPDATE OR DELETE ON search_synonyms FOR EACH STATEMENT EXECUTE FUNCTION rewrite_synonyms();

INSERT INTO search_synonyms (meaning, term)
SELECT meaning, unnest(terms) FROM (VALUES
    ('wohnung', '{Wohnung,Apartment,Appartement,Whg,Etagenwohnung,flat}'::text[]),
    ('haus', '{Haus,Einfamilienhaus,EFH}'),
    ('doppelhaushälfte', '{Doppelhaushälfte,DHH}'),
    ('reihenhaus', '{Reihenhaus,RH,Reihenmittelhaus,Reihenendhaus}'),
    ('wohngemeinschaft', '{Wohngemeinschaft,WG}'),
    ('zimmer', '{Zimmer,Zi}'),
    ('einzimmerwohnung', '{Einzimmerwohnung,Einraumwohnung,Studio}'),
    ('einbauküche', '{Einbauküche,EBK}'),
    ('badezimmer', '{Badezimmer,Bad}'),
    ('gäste-wc', '{Gästetoilette,Gäste-WC}'),
    ('erdgeschoss', '{Erdgeschoss,EG,Parterre}'),
    ('obergeschoss', '{Obergeschoss,OG}'),
    ('dachgeschoss', '{Dachgeschoss,DG}'),
    ('stellplatz', '{Stellplatz,Parkplatz,Tiefgaragenstellplatz,TG}'),
    ('aufzug', '{Aufzug,Fahrstuhl,Lift}'),
    ('möbliert', '{möbliert,eingerichtet,furnished}'),
    ('nebenkosten', '{Nebenkosten,NK,Betriebskosten}'),
    ('warmmiete', '{Warmmiete,Bruttomiete}'),
    ('kaltmiete', '{Kaltmiete,Nettomiete}'),
    ('kaution', '{Kaution,Mietkaution}'),
    ('quadratmeter', '{Quadratmeter,qm,m²}'),
    ('hauptbahnhof', '{Hauptbahnhof,Hbf}'),
    ('zwischenmiete', '{Zwischenmiete,Untermiete}'),
    ('barrierefrei', '{barrierefrei,rollstuhlgerecht}'),
    ('spülmaschine', '{Spülmaschine,Geschirrspüler}'),
    ('waschmaschine', '{Waschmaschine,WaMa}'),
    ('fußbodenheizung', '{Fußbodenheizung,FBH}'),
    ('wohnberechtigungsschein', '{Wohnberechtigungsschein,WBS}'),
    ('haustiere', '{Haustiere,Tierhaltung}'),
    ('balkon', '{Balkon,Südbalkon,Westbalkon}')
) AS groups (meaning, terms);

-- What somebody typed, as a query: each word stands for its synonyms too.
CREATE FUNCTION expanded_query(words text) RETURNS tsquery
    LANGUAGE sql STABLE STRICT
    RETURN ts_rewrite(
        ts_rewrite(websearch_to_tsquery('german_homes', words), 'SELECT target, substitute FROM catalog.search_meanings WHERE is_word'),
        'SELECT target, substitute FROM catalog.search_meanings WHERE NOT is_word');

-- A city (district_key '') or a district of one. They come with the listings that name them; the large cities are there from the start.
CREATE TABLE places (
    city_key text NOT NULL CHECK (length(city_key) BETWEEN 1 AND 200),
    district_key text NOT NULL DEFAULT '' CHECK (length(district_key) <= 200),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    city_name text NOT NULL CHECK (length(city_name) BETWEEN 1 AND 100),
    -- Its centre: of a large city from the start, else the middle of its listings, the first one's to begin with.
    location extensions.geography(Point, 4326),
    is_surveyed boolean NOT NULL DEFAULT false,
    -- On offer when they were last counted.
    listings integer NOT NULL DEFAULT 0 CHECK (listings >= 0),
    -- The farthest that any saved search looks around it, so that a listing need not ask places that nobody looks around.
    reach_km integer NOT NULL DEFAULT 0 CHECK (reach_km BETWEEN 0 AND 1000),
    own_key text NOT NULL GENERATED ALWAYS AS (CASE district_key WHEN '' THEN city_key ELSE district_key END) STORED,
    PRIMARY KEY (city_key, district_key)
);
CREATE INDEX places_typed ON places (own_key text_pattern_ops, listings DESC);
CREATE INDEX places_misspelled ON places USING gin (own_key gin_trgm_ops);
CREATE INDEX places_looked_around ON places (reach_km) WHERE reach_km > 0 AND district_key = '';

INSERT INTO places (city_key, name, city_name, location, is_surveyed)
SELECT place_key(name), name, name, ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)::geography, true FROM (VALUES
    ('Berlin', 52.520, 13.405), ('Hamburg', 53.551, 9.994), ('München', 48.137, 11.575), ('Köln', 50.938, 6.960),
    ('Frankfurt am Main', 50.111, 8.682), ('Stuttgart', 48.776, 9.183), ('Düsseldorf', 51.227, 6.773), ('Leipzig', 51.340, 12.375),
    ('Dortmund', 51.514, 7.465), ('Essen', 51.456, 7.012), ('Bremen', 53.079, 8.802), ('Dresden', 51.050, 13.738),
    ('Hannover', 52.376, 9.732), ('Nürnberg', 49.452, 11.077), ('Duisburg', 51.435, 6.763), ('Bochum', 51.482, 7.216),
    ('Wuppertal', 51.256, 7.150), ('Bielefeld', 52.030, 8.532), ('Bonn', 50.737, 7.098), ('Münster', 51.961, 7.626),
    ('Mannheim', 49.487, 8.466), ('Karlsruhe', 49.007, 8.404), ('Augsburg', 48.371, 10.898), ('Wiesbaden', 50.083, 8.240),
    ('Mönchengladbach', 51.195, 6.442), ('Gelsenkirchen', 51.518, 7.086), ('Aachen', 50.776, 6.084), ('Braunschweig', 52.269, 10.527),
    ('Chemnitz', 50.828, 12.921), ('Kiel', 54.323, 10.123), ('Halle', 51.483, 11.970), ('Magdeburg', 52.121, 11.628),
    ('Freiburg im Breisgau', 47.999, 7.842), ('Krefeld', 51.339, 6.585), ('Mainz', 49.993, 8.247), ('Lübeck', 53.866, 10.687),
    ('Erfurt', 50.985, 11.030), ('Rostock', 54.092, 12.099), ('Kassel', 51.313, 9.498), ('Potsdam', 52.391, 13.064),
    ('Saarbrücken', 49.240, 6.997), ('Oldenburg', 53.144, 8.214), ('Heidelberg', 49.399, 8.672), ('Darmstadt', 49.873, 8.651),
    ('Regensburg', 49.013, 12.102), ('Würzburg', 49.791, 9.953), ('Göttingen', 51.534, 9.935), ('Jena', 50.927, 11.589),
    ('Tübingen', 48.520, 9.056), ('Konstanz', 47.678, 9.173)
) AS city (name, latitude, longitude);

-- One row per listing that is on offer: active, not archived, not removed. Sightings do not touch it.
CREATE TABLE listing_search (
    listing_id uuid PRIMARY KEY REFERENCES listings ON DELETE CASCADE,
    provider text NOT NULL,
    property_type text,
    furnishing_level text,
    city_key text,
    district_key text,
    -- The listing's own, or the centre of its city, for what is said in kilometres.
    location extensions.geography(Point, 4326),
    -- The net rent; where a page states only the gross one, that less the stated extra costs.
    rent numeric(10, 2),
    additional_costs numeric(10, 2),
    deposit numeric(10, 2),
    rooms numeric(3, 1),
    area numeric(8, 2),
    floor smallint,
    available_from date,
    available_until date,
    lease_duration_min integer,
    lease_duration_max integer,
    quality numeric(3, 2) NOT NULL,
    has_verified_contact boolean NOT NULL DEFAULT false,
    -- False when it cannot be matched, as when its page states no city.
    is_processed boolean NOT NULL,
    words tsvector NOT NULL,
    -- When what is said here last changed: scheduled searches look at what came since their last run.
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- An order of results is walked along its index, everywhere or within a city.
CREATE INDEX listing_search_newest_in_city ON listing_search (city_key, listing_id DESC);
CREATE INDEX listing_search_rent ON listing_search (rent, listing_id) WHERE rent IS NOT NULL;
CREATE INDEX listing_search_rent_in_city ON listing_search (city_key, rent, listing_id) WHERE rent IS NOT NULL;
CREATE INDEX listing_search_district ON listing_search (district_key, city_key);
CREATE INDEX listing_search_location ON listing_search USING gist (location);
CREATE INDEX listing_search_words ON listing_search USING gin (words);
CREATE INDEX listing_search_changed ON listing_search (changed_at, listing_id);
CREATE INDEX listing_search_changed_in_city ON listing_search (city_key, changed_at, listing_id);

CREATE FUNCTION copy_listing_for_search(listing listings) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
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

-- The comparison stands here and not in the trigger's definition, which would tie the columns to it.
CREATE FUNCTION keep_listing_search() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.title, NEW.description, NEW.property_type, NEW.furnishing_level, NEW.street, NEW.postal_code, NEW.city, NEW.district,
                NEW.location::text, NEW.rent_netto, NEW.rent_brutto, NEW.additional_costs, NEW.deposit, NEW.rooms, NEW.living_area,
                NEW.total_area, NEW.floor, NEW.available_from, NEW.available_until, NEW.lease_duration_min, NEW.lease_duration_max,
                NEW.listing_quality_score, NEW.is_processed, NEW.is_active, NEW.is_archived, NEW.removed_at)
            IS NOT DISTINCT FROM
            (OLD.title, OLD.description, OLD.property_type, OLD.furnishing_level, OLD.street, OLD.postal_code, OLD.city, OLD.district,
                OLD.location::text, OLD.rent_netto, OLD.rent_brutto, OLD.additional_costs, OLD.deposit, OLD.rooms, OLD.living_area,
                OLD.total_area, OLD.floor, OLD.available_from, OLD.available_until, OLD.lease_duration_min, OLD.lease_duration_max,
                OLD.listing_quality_score, OLD.is_processed, OLD.is_active, OLD.is_archived, OLD.removed_at)
        THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM copy_listing_for_search(NEW);
    RETURN NULL;
END
$$;
CREATE TRIGGER listings_search AFTER INSERT OR UPDATE ON listings FOR EACH ROW EXECUTE FUNCTION keep_listing_search();
SELECT count(copy_listing_for_search(l)) FROM listings l WHERE is_active;

-- Searches read the copy now: a sighting need no longer be written into these. The column `search_vector` stays for a previous release that still runs.
DROP INDEX listings_search_vector, listings_newest, listings_newest_in_city, listings_rent_in_city;

-- Counts the listings of each place, and finds the middle of those that nobody surveyed.
CREATE FUNCTION survey_places() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
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

ALTER TABLE listing_search ENABLE ROW LEVEL SECURITY;
CREATE POLICY listing_search_read ON listing_search FOR SELECT USING (true);
ALTER TABLE places ENABLE ROW LEVEL SECURITY;
CREATE POLICY places_read ON places FOR SELECT USING (true);
ALTER TABLE search_synonyms ENABLE ROW LEVEL SECURITY;
CREATE POLICY search_synonyms_read ON search_synonyms FOR SELECT USING (true);
ALTER TABLE search_meanings ENABLE ROW LEVEL SECURITY;
CREATE POLICY search_meanings_read ON search_meanings FOR SELECT USING (true);

-- migrate:down
CREATE INDEX listings_newest ON listings (id DESC) WHERE is_active;
CREATE INDEX listings_newest_in_city ON listings (city_key, id DESC) WHERE is_active;
CREATE INDEX listings_rent_in_city ON listings (city_key, rent_netto) WHERE is_active;
CREATE INDEX listings_search_vector ON listings USING gin (search_vector);
DROP FUNCTION survey_places();
DROP TRIGGER listings_search ON listings;
DROP FUNCTION keep_listing_search();
DROP FUNCTION copy_listing_for_search(listings);
DROP TABLE listing_search;
DROP TABLE places;
DROP FUNCTION expanded_query(text);
DROP TABLE search_synonyms;
DROP FUNCTION rewrite_synonyms();
DROP TABLE search_meanings;
DROP FUNCTION floor_number(text);
DROP TEXT SEARCH CONFIGURATION german_homes;
