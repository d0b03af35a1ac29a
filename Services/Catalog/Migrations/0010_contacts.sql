-- Contacts: whom to turn to for a home. Values lie sealed; what has to be compared is compared by keyed hashes.

-- The key of those hashes, sealed as everything else is. It is made by the service when it first starts, and never changes.
CREATE TABLE matching_keys (
    id smallint PRIMARY KEY CHECK (id = 1),
    key_sealed bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE matching_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY matching_keys_all ON matching_keys FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

-- Values and domains that no contact may have: hashes alone, so that the list cannot be read backwards.
CREATE TABLE contact_blacklist (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    kind text NOT NULL CHECK (kind IN ('phone', 'email', 'address', 'website', 'domain')),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500),
    source text NOT NULL CHECK (source IN ('moderator', 'objection')),
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (hash, kind)
);
CREATE INDEX contact_blacklist_created_by_idx ON contact_blacklist (created_by) WHERE created_by IS NOT NULL;

CREATE TABLE contacts (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    -- Whose address book it is in; null for what pages state for everybody.
    user_id uuid,
    -- Null where a page states a number and nobody's name: never guessed.
    name text CHECK (char_length(name) BETWEEN 1 AND 255),
    name_variations text[] NOT NULL DEFAULT '{}' CHECK (cardinality(name_variations) <= 20),
    phone_encrypted bytea,
    -- The same number as +4930901820.
    phone_e164_encrypted bytea,
    email_encrypted bytea,
    address_encrypted bytea,
    website_encrypted bytea,
    contact_type text NOT NULL CHECK (contact_type IN ('landlord', 'agent', 'owner', 'contact_person')),
    -- immoscout, wg_gesucht, …; `manual` for what a person wrote.
    source_provider text NOT NULL CHECK (char_length(source_provider) BETWEEN 1 AND 50),
    confidence_score numeric(3, 2) NOT NULL DEFAULT 0 CHECK (confidence_score BETWEEN 0 AND 1),
    -- {"email": 0.9, …}
    field_confidence jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(field_confidence) = 'object'),
    is_verified boolean NOT NULL DEFAULT false,
    verification_method text CHECK (verification_method IN ('manual', 'automated', 'cross_reference')),
    verification_date timestamptz,
    verification_notes text CHECK (char_length(verification_notes) <= 2000),
    quality_score numeric(3, 2) NOT NULL DEFAULT 0 CHECK (quality_score BETWEEN 0 AND 1),
    last_contacted timestamptz,
    times_contacted integer NOT NULL DEFAULT 0 CHECK (times_contacted >= 0),
    contact_frequency text NOT NULL DEFAULT 'never' CHECK (contact_frequency IN ('never', 'rare', 'regular', 'frequent')),
    tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 50),
    category text NOT NULL DEFAULT 'unverified' CHECK (category IN ('premium', 'standard', 'unverified')),
    notes text CHECK (char_length(notes) <= 5000),
    is_active boolean NOT NULL DEFAULT true,
    is_blacklisted boolean NOT NULL DEFAULT false,
    blacklisted_reason text CHECK (char_length(blacklisted_reason) <= 500),
    -- The entry of the blacklist that did it, where one did; when the entry goes, so does what it did.
    blacklist_id uuid REFERENCES contact_blacklist (id) ON DELETE SET NULL,
    -- Why it may be kept (GDPR, article 6), and until when; a sighting extends that. Null as long as the owner keeps it.
    lawful_basis text NOT NULL DEFAULT 'legitimate_interests' CHECK (lawful_basis IN (
        'consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests')),
    retain_until timestamptz,
    -- The contact that this one was found to be; it waits here, so that the merge can be undone.
    merged_into uuid REFERENCES contacts (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid,
    extraction_method text CHECK (extraction_method IN ('ocr', 'pdf', 'manual', 'api', 'web_scraping')),
    extraction_confidence numeric(3, 2) CHECK (extraction_confidence BETWEEN 0 AND 1),
    source_listing_id uuid REFERENCES listings (id) ON DELETE SET NULL,
    extraction_date timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CHECK (num_nonnulls(name, phone_encrypted, email_encrypted, address_encrypted, website_encrypted) > 0),
    CHECK ((phone_e164_encrypted IS NULL) = (phone_encrypted IS NULL)),
    CHECK ((blacklisted_reason IS NOT NULL) = is_blacklisted),
    CHECK ((verification_method IS NOT NULL AND verification_date IS NOT NULL) = is_verified),
    CHECK (merged_into IS NULL OR NOT is_active),
    CHECK (merged_into <> id)
);

CREATE INDEX contacts_user_id_idx ON contacts (user_id, id DESC);
CREATE INDEX contacts_shared_idx ON contacts (id DESC) WHERE user_id IS NULL;
CREATE INDEX contacts_user_active_idx ON contacts (user_id, is_active) WHERE is_active;
CREATE INDEX contacts_name_idx ON contacts USING gin (to_tsvector('german', coalesce(name, '')));
CREATE INDEX contacts_source_provider_idx ON contacts (source_provider);
CREATE INDEX contacts_contact_type_idx ON contacts (contact_type);
CREATE INDEX contacts_confidence_score_idx ON contacts (confidence_score);
CREATE INDEX contacts_quality_score_idx ON contacts (quality_score);
CREATE INDEX contacts_high_quality_idx ON contacts (id) WHERE quality_score >= 0.8;
CREATE INDEX contacts_tags_idx ON contacts USING gin (tags);
CREATE INDEX contacts_created_at_idx ON contacts (created_at);
CREATE INDEX contacts_extraction_method_idx ON contacts (extraction_method);
CREATE INDEX contacts_source_listing_id_idx ON contacts (source_listing_id) WHERE source_listing_id IS NOT NULL;
CREATE INDEX contacts_merged_into_idx ON contacts (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contacts_retain_until_idx ON contacts (retain_until) WHERE retain_until IS NOT NULL;
CREATE INDEX contacts_blacklist_id_idx ON contacts (blacklist_id) WHERE blacklist_id IS NOT NULL;
CREATE INDEX contacts_created_by_idx ON contacts (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX contacts_updated_by_idx ON contacts (updated_by) WHERE updated_by IS NOT NULL;

CREATE TRIGGER contacts_touch BEFORE UPDATE ON contacts FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
-- Being seen once more is no change that anybody sees.
CREATE TRIGGER contacts_version BEFORE UPDATE OF
    name, name_variations, phone_encrypted, email_encrypted, address_encrypted, website_encrypted, contact_type, confidence_score, is_verified,
    verification_method, verification_notes, last_contacted, tags, notes, is_active, is_blacklisted, blacklisted_reason, lawful_basis, merged_into
    ON contacts FOR EACH ROW EXECUTE FUNCTION bump_version();

-- A tenth for each of five facts, and up to three more for how many of them there are.
CREATE FUNCTION contact_quality_score(contact contacts) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN least(1.0, 0.16 * num_nonnulls(
        contact.name, contact.phone_encrypted, contact.email_encrypted, contact.address_encrypted, contact.website_encrypted));

-- What follows from other columns: the score, the category, how often.
CREATE FUNCTION rate_contact() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.quality_score := contact_quality_score(NEW);
    NEW.category := CASE
        WHEN NOT NEW.is_verified THEN 'unverified'
        WHEN NEW.quality_score >= 0.64 THEN 'premium'
        ELSE 'standard'
    END;
    NEW.contact_frequency := CASE
        WHEN NEW.times_contacted = 0 THEN 'never'
        WHEN NEW.times_contacted < 3 THEN 'rare'
        WHEN NEW.times_contacted < 10 THEN 'regular'
        ELSE 'frequent'
    END;
    RETURN NEW;
END
$$;
CREATE TRIGGER contacts_rating BEFORE INSERT OR UPDATE ON contacts FOR EACH ROW EXECUTE FUNCTION rate_contact();

-- The listings that name a contact.
CREATE TABLE contact_listings (
    contact_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    listing_id uuid NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    -- The contact's.
    user_id uuid,
    -- A keyed hash of all that the listing states of the contact: the same once more changes nothing.
    stated_hash bytea CHECK (octet_length(stated_hash) = 32),
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (contact_id, listing_id)
);
CREATE INDEX contact_listings_listing_id_idx ON contact_listings (listing_id);
CREATE INDEX contact_listings_user_id_idx ON contact_listings (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE contact_fingerprints (
    contact_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('phone', 'email', 'address', 'website', 'domain')),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (contact_id, kind, hash)
);
CREATE INDEX contact_fingerprints_hash_idx ON contact_fingerprints (hash, kind);

-- That two contacts are one: proposed, and decided by people.
CREATE TABLE contact_merges (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    contact_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    duplicate_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    -- Whose both are; null for everybody's.
    user_id uuid,
    probability numeric(3, 2) NOT NULL CHECK (probability BETWEEN 0 AND 1),
    -- {"phone": 0.8, "name": 0.5}
    reasons jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(reasons) = 'object'),
    status text NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'accepted', 'rejected', 'undone')),
    -- What the merge put into the contact that stays; of sealed values the name alone.
    undo jsonb CHECK ((undo IS NOT NULL) = (status = 'accepted')),
    decided_by uuid,
    decided_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (contact_id <> duplicate_id)
);
-- Two contacts are proposed once, whichever way round; what was rejected is not proposed again.
CREATE UNIQUE INDEX contact_merges_pair_idx ON contact_merges (least(contact_id, duplicate_id), greatest(contact_id, duplicate_id));
CREATE INDEX contact_merges_contact_id_idx ON contact_merges (contact_id);
CREATE INDEX contact_merges_duplicate_id_idx ON contact_merges (duplicate_id);
CREATE INDEX contact_merges_user_id_idx ON contact_merges (user_id, id DESC);
CREATE INDEX contact_merges_status_idx ON contact_merges (status, id DESC);
CREATE INDEX contact_merges_decided_by_idx ON contact_merges (decided_by) WHERE decided_by IS NOT NULL;
CREATE TRIGGER contact_merges_touch BEFORE UPDATE ON contact_merges FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER contact_merges_version BEFORE UPDATE ON contact_merges FOR EACH ROW EXECUTE FUNCTION bump_version();

-- What people ask of the contacts that are them.
CREATE TABLE contact_objections (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    kind text NOT NULL CHECK (kind IN ('email', 'phone')),
    -- `erasure` ends with the deletion; an `objection` keeps the value away from then on as well.
    request text NOT NULL CHECK (request IN ('erasure', 'objection')),
    -- Until it is decided.
    value_sealed bytea,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    statement text CHECK (char_length(statement) <= 2000),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'rejected')),
    contacts_erased integer NOT NULL DEFAULT 0 CHECK (contacts_erased >= 0),
    decided_by uuid,
    decided_at timestamptz,
    decision_note text CHECK (char_length(decision_note) <= 2000),
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((status = 'pending') = (value_sealed IS NOT NULL)),
    CHECK ((status = 'pending') = (decided_at IS NULL))
);
-- Asking twice is asking once.
CREATE UNIQUE INDEX contact_objections_pending_idx ON contact_objections (hash, kind, request) WHERE status = 'pending';
CREATE INDEX contact_objections_status_idx ON contact_objections (status, id DESC);
CREATE INDEX contact_objections_decided_at_idx ON contact_objections (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX contact_objections_decided_by_idx ON contact_objections (decided_by) WHERE decided_by IS NOT NULL;

-- People see their own contacts, and of everybody's those that a listing names which fits a saved search of theirs; moderators see all.
ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
CREATE POLICY contacts_read ON contacts FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'moderator', 'administrator') OR user_id = (SELECT current_user_id())
    OR (user_id IS NULL AND is_active AND NOT is_blacklisted AND EXISTS (
        SELECT FROM contact_listings l JOIN listing_matches m ON m.listing_id = l.listing_id
        WHERE l.contact_id = contacts.id AND m.user_id = (SELECT current_user_id()) AND m.matched_at IS NOT NULL)));
CREATE POLICY contacts_insert ON contacts FOR INSERT WITH CHECK (
    (SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));
CREATE POLICY contacts_update ON contacts FOR UPDATE USING (
    (SELECT current_app_role()) IN ('service', 'moderator', 'administrator') OR user_id = (SELECT current_user_id()));
CREATE POLICY contacts_delete ON contacts FOR DELETE USING (
    (SELECT current_app_role()) IN ('service', 'moderator', 'administrator') OR user_id = (SELECT current_user_id()));

ALTER TABLE contact_listings ENABLE ROW LEVEL SECURITY;
CREATE POLICY contact_listings_read ON contact_listings FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'moderator', 'administrator') OR user_id = (SELECT current_user_id())
    OR (user_id IS NULL AND EXISTS (
        SELECT FROM listing_matches m
        WHERE m.listing_id = contact_listings.listing_id AND m.user_id = (SELECT current_user_id()) AND m.matched_at IS NOT NULL)));
CREATE POLICY contact_listings_write ON contact_listings FOR ALL USING (
    (SELECT current_app_role()) IN ('service', 'moderator', 'administrator') OR user_id = (SELECT current_user_id()));

ALTER TABLE contact_fingerprints ENABLE ROW LEVEL SECURITY;
CREATE POLICY contact_fingerprints_own ON contact_fingerprints FOR ALL USING (
    (SELECT current_app_role()) IN ('service', 'moderator', 'administrator')
    OR EXISTS (SELECT FROM contacts c WHERE c.id = contact_id AND c.user_id = (SELECT current_user_id())));

ALTER TABLE contact_merges ENABLE ROW LEVEL SECURITY;
CREATE POLICY contact_merges_own ON contact_merges FOR ALL USING (
    (SELECT current_app_role()) IN ('service', 'moderator', 'administrator') OR user_id = (SELECT current_user_id()));

-- Whoever writes a contact has to know what is on it; the hashes tell nothing without the key.
ALTER TABLE contact_blacklist ENABLE ROW LEVEL SECURITY;
CREATE POLICY contact_blacklist_read ON contact_blacklist FOR SELECT USING (true);
CREATE POLICY contact_blacklist_write ON contact_blacklist FOR ALL
    USING ((SELECT current_app_role()) IN ('service', 'moderator', 'administrator'))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'moderator', 'administrator'));

ALTER TABLE contact_objections ENABLE ROW LEVEL SECURITY;
CREATE POLICY contact_objections_all ON contact_objections FOR ALL
    USING ((SELECT current_app_role()) IN ('service', 'moderator', 'administrator'))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'moderator', 'administrator'));

-- migrate:down
DROP TABLE contact_objections;
DROP TABLE contact_merges;
DROP TABLE contact_fingerprints;
DROP TABLE contact_listings CASCADE;
DROP FUNCTION contact_quality_score(contacts);
DROP TABLE contacts;
DROP TABLE contact_blacklist;
DROP FUNCTION rate_contact();
DROP TABLE matching_keys;
