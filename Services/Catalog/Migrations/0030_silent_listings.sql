-- Listings that still say whom to turn to, by when they were last seen: those that nobody sees any more fall silent.
CREATE INDEX listings_with_contact_idx ON listings (last_seen_at)
    WHERE num_nonnulls(contact_name, contact_phone_encrypted, contact_email_encrypted) > 0;

-- migrate:down
DROP INDEX listings_with_contact_idx;
