-- Matching loses nothing: what changes by itself is scored anew, a run goes on where it stopped, and a search is saved with all that it asks for.

-- Listings of which something changed that no page states, such as that their contact is verified now: they are scored anew soon.
CREATE TABLE listings_to_score (
    listing_id uuid PRIMARY KEY REFERENCES listings ON DELETE CASCADE,
    noted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX listings_to_score_waiting ON listings_to_score (noted_at);
ALTER TABLE listings_to_score ENABLE ROW LEVEL SECURITY;
CREATE POLICY listings_to_score_service ON listings_to_score FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

CREATE OR REPLACE FUNCTION note_verified_contacts(changed uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    WITH turned AS (
        UPDATE listing_search SET has_verified_contact = NOT has_verified_contact, changed_at = now()
        WHERE listing_id = ANY (changed) AND has_verified_contact <> names_verified_contact(listing_id) RETURNING listing_id
    )
    INSERT INTO listings_to_score (listing_id) SELECT listing_id FROM turned ORDER BY listing_id ON CONFLICT DO NOTHING;
END
$$;

ALTER TABLE search_criteria
    -- Where a run by the clock that is not over goes on: behind this change of this listing.
    ADD COLUMN run_changed_at timestamptz,
    ADD COLUMN run_listing_id uuid,
    -- What a search can ask for besides: words, how it is furnished, the site it is on.
    ADD COLUMN q text CHECK (length(q) BETWEEN 1 AND 200),
    ADD COLUMN furnishing_levels text[] NOT NULL DEFAULT '{}'
        CHECK (furnishing_levels <@ '{furnished,unfurnished,partially_furnished}'::text[]),
    ADD COLUMN provider text CHECK (length(provider) BETWEEN 1 AND 50),
    -- The words as they are looked for, with their synonyms when they were saved; null when they ask for nothing.
    ADD COLUMN words tsquery;

CREATE FUNCTION read_search_words() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.words := expanded_query(NEW.q);
    IF numnode(NEW.words) = 0 THEN NEW.words := NULL; END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER search_criteria_words BEFORE INSERT OR UPDATE OF q ON search_criteria FOR EACH ROW EXECUTE FUNCTION read_search_words();

CREATE OR REPLACE FUNCTION relevance_of(listing listing_search, search search_criteria, km float8, rules relevance_rules)
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
            OR (search.words IS NOT NULL AND NOT listing.words @@ search.words)
            OR (search.furnishing_levels <> '{}' AND coalesce(listing.furnishing_level <> ALL (search.furnishing_levels), true))
            OR coalesce(listing.provider <> search.provider, false)
    $$;

-- migrate:down
CREATE OR REPLACE FUNCTION relevance_of(listing listing_search, search search_criteria, km float8, rules relevance_rules)
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
DROP TRIGGER search_criteria_words ON search_criteria;
DROP FUNCTION read_search_words();
ALTER TABLE search_criteria DROP COLUMN words, DROP COLUMN provider, DROP COLUMN furnishing_levels, DROP COLUMN q, DROP COLUMN run_listing_id,
    DROP COLUMN run_changed_at;
CREATE OR REPLACE FUNCTION note_verified_contacts(changed uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE listing_search SET has_verified_contact = NOT has_verified_contact, changed_at = now()
    WHERE listing_id = ANY (changed) AND has_verified_contact <> names_verified_contact(listing_id);
END
$$;
DROP TABLE listings_to_score;
