-- Not every member of an agency starts jobs for it, or ends them.

-- What the caller may do in an agency beyond belonging to it, as the service says for the transaction. A version of the service that does not say
-- it yet is held by the agency alone, as before.
CREATE FUNCTION may_in_agency(agency uuid, wanted text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE(
        agency::text || ':' || wanted
            = ANY (pg_catalog.string_to_array(NULLIF(pg_catalog.current_setting('app.agency_grants', true), ''), ',')),
        true
    );

DROP POLICY scraping_jobs_insert ON scraping_jobs;
CREATE POLICY scraping_jobs_insert ON scraping_jobs FOR INSERT WITH CHECK (
    (SELECT current_app_role()) = 'service' OR (user_id = (SELECT current_user_id())
    AND (agency_id IS NULL
        OR (agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND may_in_agency(agency_id, 'scraping.run')))));
DROP POLICY scraping_jobs_update ON scraping_jobs;
CREATE POLICY scraping_jobs_update ON scraping_jobs FOR UPDATE USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id())
    OR (agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND may_in_agency(agency_id, 'scraping.run')));

-- migrate:down
DROP POLICY scraping_jobs_insert ON scraping_jobs;
CREATE POLICY scraping_jobs_insert ON scraping_jobs FOR INSERT WITH CHECK (
    (SELECT current_app_role()) = 'service' OR (user_id = (SELECT current_user_id())
    AND (agency_id IS NULL OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]))));
DROP POLICY scraping_jobs_update ON scraping_jobs;
CREATE POLICY scraping_jobs_update ON scraping_jobs FOR UPDATE USING (
    (SELECT current_app_role()) IN ('service', 'administrator') OR user_id = (SELECT current_user_id())
    OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]));
DROP FUNCTION may_in_agency(uuid, text);
