-- What many listings of one place do at once they do beside one another; the places from which a search looks as far as a listing are found by where they
-- reach, not by measuring all of them; a search in a city reads what its figures let through; and the nearest come without measuring all that is there.

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

-- What lies in a city is most often narrowed by these figures: the order within it is walked without reading what they rule out.
DROP INDEX listing_search_newest_in_city, listing_search_rent_in_city;
CREATE INDEX listing_search_newest_in_city ON listing_search (city_key, listing_id DESC) INCLUDE (rent, rooms, area);
CREATE INDEX listing_search_rent_in_city ON listing_search (city_key, rent, listing_id) INCLUDE (rooms, area) WHERE rent IS NOT NULL;

-- The nearest first. Listings that state no place of their own all lie in the middle of their city: an index of geographies measures all of those before it
-- gives the first, as it knows distances only about, and they have no order among themselves. One of points in space knows distances; a fourth dimension, of at
-- most six metres, tells those of one place from one another. In radii of the earth.
CREATE FUNCTION earth_point(location geography, beside float8) RETURNS cube LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path FROM CURRENT AS $$
DECLARE
    east float8 := radians(ST_X(location::geometry));
    north float8 := radians(ST_Y(location::geometry));
BEGIN
    RETURN cube(ARRAY[cos(north) * cos(east), cos(north) * sin(east), sin(north), beside]);
END
$$;
CREATE FUNCTION beside(listing uuid) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN ('x' || right(listing::text, 8))::bit(32)::bigint / 4294967296.0::float8 * 1e-6::float8;
CREATE INDEX listing_search_nearest ON listing_search USING gist (earth_point(location, beside(listing_id))) WHERE location IS NOT NULL;

-- migrate:down
DROP INDEX listing_search_nearest;
DROP FUNCTION beside(uuid);
DROP FUNCTION earth_point(geography, float8);
DROP INDEX listing_search_newest_in_city, listing_search_rent_in_city;
CREATE INDEX listing_search_newest_in_city ON listing_search (city_key, listing_id DESC);
CREATE INDEX listing_search_rent_in_city ON listing_search (city_key, rent, listing_id) WHERE rent IS NOT NULL;
CREATE INDEX places_looked_around ON places (reach_km) WHERE reach_km > 0 AND district_key = '';
DROP INDEX places_reach;
DROP FUNCTION reach_box(geography, integer);
DROP TRIGGER places_offered ON places;
DROP FUNCTION pass_offered_place();
