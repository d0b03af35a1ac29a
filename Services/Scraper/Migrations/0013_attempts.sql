-- What never ends is not begun for ever: a page that makes whoever reads it stumble, and a job that comes no further.

-- How often a job was claimed since it last came any further.
ALTER TABLE scraping_jobs ADD COLUMN claims integer NOT NULL DEFAULT 0 CHECK (claims >= 0);
ALTER TABLE contact_discovery_jobs ADD COLUMN claims integer NOT NULL DEFAULT 0 CHECK (claims >= 0);
-- How often its reading was begun.
ALTER TABLE scraping_pages ADD COLUMN readings integer NOT NULL DEFAULT 0 CHECK (readings >= 0);
ALTER TABLE contact_discovery_items ADD COLUMN readings integer NOT NULL DEFAULT 0 CHECK (readings >= 0);

-- migrate:down
ALTER TABLE contact_discovery_items DROP COLUMN readings;
ALTER TABLE scraping_pages DROP COLUMN readings;
ALTER TABLE contact_discovery_jobs DROP COLUMN claims;
ALTER TABLE scraping_jobs DROP COLUMN claims;
