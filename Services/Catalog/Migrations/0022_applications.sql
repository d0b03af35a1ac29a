-- Applying by oneself: a person's letter, and what goes out of it: once per home, to a known e-mail contact, after a while in which it can be taken back.

CREATE TABLE application_letters (
    user_id uuid PRIMARY KEY,
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 5000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1
);
CREATE TRIGGER application_letters_touch BEFORE UPDATE ON application_letters FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER application_letters_version BEFORE UPDATE ON application_letters FOR EACH ROW EXECUTE FUNCTION bump_version();

CREATE TABLE home_applications (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    user_id uuid NOT NULL,
    search_id uuid REFERENCES search_criteria ON DELETE SET NULL,
    listing_id uuid NOT NULL REFERENCES listings ON DELETE CASCADE,
    -- The home when it was prepared; listings that turn out to be one home later are looked at by their own column.
    home_id uuid NOT NULL,
    -- The letter as it was then: what is shown is what goes out.
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 5000),
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'taken_back', 'dropped', 'sent', 'delivered', 'failed')),
    -- Why it was dropped or failed.
    reason text CHECK (length(reason) <= 200),
    send_at timestamptz NOT NULL,
    sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (user_id, home_id)
);
CREATE INDEX home_applications_of_user ON home_applications (user_id, id DESC);
CREATE INDEX home_applications_of_listing ON home_applications (listing_id);
CREATE INDEX home_applications_of_search ON home_applications (search_id) WHERE search_id IS NOT NULL;
CREATE INDEX home_applications_due ON home_applications (send_at) WHERE status = 'waiting';
CREATE TRIGGER home_applications_touch BEFORE UPDATE ON home_applications FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER home_applications_version BEFORE UPDATE ON home_applications FOR EACH ROW EXECUTE FUNCTION bump_version();

-- Letters go out for active accounts with an address that is theirs.
ALTER TABLE seekers
    ADD COLUMN full_name text CHECK (length(full_name) <= 255),
    ADD COLUMN may_write boolean NOT NULL DEFAULT false;

ALTER TABLE application_letters ENABLE ROW LEVEL SECURITY;
CREATE POLICY application_letters_own ON application_letters FOR ALL
    USING ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()))
    WITH CHECK ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));
ALTER TABLE home_applications ENABLE ROW LEVEL SECURITY;
CREATE POLICY home_applications_read ON home_applications FOR SELECT
    USING ((SELECT current_app_role()) = 'service' OR user_id = (SELECT current_user_id()));
CREATE POLICY home_applications_take_back ON home_applications FOR UPDATE
    USING (user_id = (SELECT current_user_id())) WITH CHECK (user_id = (SELECT current_user_id()));
CREATE POLICY home_applications_write ON home_applications FOR ALL
    USING ((SELECT current_app_role()) = 'service') WITH CHECK ((SELECT current_app_role()) = 'service');

-- migrate:down
DROP TABLE home_applications;
DROP TABLE application_letters;
ALTER TABLE seekers DROP COLUMN full_name, DROP COLUMN may_write;
