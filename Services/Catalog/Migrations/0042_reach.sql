-- What many listings of one place do at once they do beside one another, and the places from which a search looks as far as a listing are found by where
-- they reach, not by measuring all of them.

-- A listing of a place that is on offer has nothing to say of it: it must not hold its row, for which the next listing there would wait until all who look
-- there have been told of the first.
CREATE FUNCTION pass_offered_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM places WHERE city_key = NEW.city_key AND district_key = NEW.district_key AND is_offered) THEN RETURN NULL; END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER places_offered BEFORE INSERT ON places FOR EACH ROW WHEN (NEW.is_offered AND NEW.reach_km = 0) EXECUTE FUNCTION pass_offered_place();

-- What lies around a place so far, with a little more: a degree is no shorter than 110 km along a meridian, and shrinks towards the poles along a parallel.
CREATE FUNCTION reach_box(location geography, reach_km integer) RETURNS geometry
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path FROM CURRENT AS $$
DECLARE
    x float8 := ST_X(location::geometry);
    y float8 := ST_Y(location::geometry);
    north float8 := reach_km / 110.0;
    east float8 := north / greatest(cos(radians(least(abs(y) + north, 90))), 1e-6);
BEGIN
    IF x - east < -180 OR x + east > 180 THEN RETURN ST_MakeEnvelope(-180, y - north, 180, y + north, 4326); END IF;
    RETURN ST_MakeEnvelope(x - east, y - north, x + east, y + north, 4326);
END
$$;
CREATE INDEX places_reach ON places USING gist (reach_box(location, reach_km)) WHERE reach_km > 0 AND district_key = '';
DROP INDEX places_looked_around;

-- migrate:down
CREATE INDEX places_looked_around ON places (reach_km) WHERE reach_km > 0 AND district_key = '';
DROP INDEX places_reach;
DROP FUNCTION reach_box(geography, integer);
DROP TRIGGER places_offered ON places;
DROP FUNCTION pass_offered_place();
