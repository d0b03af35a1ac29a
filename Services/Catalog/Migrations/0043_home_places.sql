-- "Bad Homburg" and "Bad Nauheim" are two places: after a beginning that many cities share the next word counts too, and a title counts for nothing.
DROP INDEX listings_home_by_area, listings_home_by_rent;
CREATE OR REPLACE FUNCTION home_place(city text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    words text[] := regexp_match(city, '^[[:space:]]*([[:alnum:].ßäöüÄÖÜ]+)(?:[[:space:]-]+([[:alnum:].ßäöüÄÖÜ]+))?');
    beginning text := catalog.place_key(words[1]);
    rest text := catalog.place_key(words[2]);
BEGIN
    RETURN CASE
        WHEN rest IS NULL THEN beginning
        WHEN beginning IN ('lutherstadt', 'hansestadt') THEN rest
        WHEN beginning IN ('sankt', 'st') THEN 'st' || rest
        WHEN beginning IN ('bad', 'neu', 'gross', 'klein', 'alt', 'ober', 'unter', 'hohen', 'markt', 'schwaebisch', 'koenigs')
            THEN beginning || rest
        ELSE beginning
    END;
END
$$;
CREATE INDEX listings_home_by_area ON listings (home_place(city), (floor(living_area / 5)::integer), (coalesce(rent_netto, rent_brutto)))
    WHERE city IS NOT NULL AND removed_at IS NULL;
CREATE INDEX listings_home_by_rent ON listings (home_place(city), (coalesce(rent_netto, rent_brutto)))
    WHERE city IS NOT NULL AND removed_at IS NULL;

-- migrate:down
DROP INDEX listings_home_by_area, listings_home_by_rent;
CREATE OR REPLACE FUNCTION home_place(city text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN catalog.place_key(substring(city FROM '^[[:space:]]*([[:alnum:].ßäöüÄÖÜ]+)'));
CREATE INDEX listings_home_by_area ON listings (home_place(city), (floor(living_area / 5)::integer), (coalesce(rent_netto, rent_brutto)))
    WHERE city IS NOT NULL AND removed_at IS NULL;
CREATE INDEX listings_home_by_rent ON listings (home_place(city), (coalesce(rent_netto, rent_brutto)))
    WHERE city IS NOT NULL AND removed_at IS NULL;
