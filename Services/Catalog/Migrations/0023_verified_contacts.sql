-- A listing has a verified contact when one that it names, and that is nobody's own, is verified, in use and not shut out: what `require_verified_contact` asks for.

CREATE FUNCTION names_verified_contact(listing uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    RETURN EXISTS (
        SELECT FROM contact_listings named JOIN contacts c ON c.id = named.contact_id
        WHERE named.listing_id = listing AND c.user_id IS NULL AND c.is_verified AND c.is_active AND NOT c.is_blacklisted);

CREATE FUNCTION note_verified_contacts(changed uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE listing_search SET has_verified_contact = NOT has_verified_contact, changed_at = now()
    WHERE listing_id = ANY (changed) AND has_verified_contact <> names_verified_contact(listing_id);
END
$$;

CREATE FUNCTION keep_verified_contact() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_TABLE_NAME = 'listing_search' THEN
        NEW.has_verified_contact := names_verified_contact(NEW.listing_id);
        RETURN NEW;
    END IF;
    IF TG_TABLE_NAME = 'contacts' THEN
        PERFORM note_verified_contacts(ARRAY(SELECT listing_id FROM contact_listings WHERE contact_id = NEW.id ORDER BY listing_id));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM note_verified_contacts(ARRAY[OLD.listing_id]);
    ELSE
        PERFORM note_verified_contacts(ARRAY[NEW.listing_id]);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER listing_search_verified BEFORE INSERT ON listing_search FOR EACH ROW EXECUTE FUNCTION keep_verified_contact();
CREATE TRIGGER contact_listings_verified AFTER INSERT OR DELETE ON contact_listings FOR EACH ROW EXECUTE FUNCTION keep_verified_contact();
CREATE TRIGGER contacts_verified AFTER UPDATE OF is_verified, is_active, is_blacklisted ON contacts FOR EACH ROW
    WHEN ((OLD.is_verified, OLD.is_active, OLD.is_blacklisted) IS DISTINCT FROM (NEW.is_verified, NEW.is_active, NEW.is_blacklisted))
    EXECUTE FUNCTION keep_verified_contact();
SELECT note_verified_contacts(ARRAY(SELECT DISTINCT listing_id FROM contact_listings));

-- migrate:down
DROP TRIGGER contacts_verified ON contacts;
DROP TRIGGER contact_listings_verified ON contact_listings;
DROP TRIGGER listing_search_verified ON listing_search;
DROP FUNCTION keep_verified_contact();
DROP FUNCTION note_verified_contacts(uuid[]);
DROP FUNCTION names_verified_contact(uuid);
