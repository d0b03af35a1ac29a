-- What the pictures of listings look like, by their addresses: a picture is asked for once, whoever shows it and however often.

CREATE TABLE picture_hashes (
    url text PRIMARY KEY CHECK (octet_length(url) <= 2000),
    -- A 64-bit difference hash, sixteen hexadecimal digits; or why there is none.
    hash text CHECK (hash ~ '^[0-9a-f]{16}$'),
    reason text CHECK (reason IN (
        'robots_disallowed', 'bot_wall', 'http_status', 'too_large', 'timeout', 'network', 'unreadable')),
    fetched_at timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(hash, reason) = 1)
);
CREATE INDEX picture_hashes_fetched_at_idx ON picture_hashes (fetched_at);

ALTER TABLE picture_hashes ENABLE ROW LEVEL SECURITY;
CREATE POLICY picture_hashes_all ON picture_hashes USING ((SELECT current_app_role()) = 'service')
    WITH CHECK ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP TABLE picture_hashes;
