-- Whoever runs jobs that look for contacts decides on what they found, where the rules have not.
CREATE POLICY contact_discovery_results_decide ON contact_discovery_results FOR UPDATE USING (EXISTS (
    SELECT FROM contact_discovery_jobs j
    WHERE j.id = job_id AND (
        (SELECT current_app_role()) = 'administrator' OR j.user_id = (SELECT current_user_id())
        OR (j.agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND may_in_agency(j.agency_id, 'scraping.run')))));

-- migrate:down
DROP POLICY contact_discovery_results_decide ON contact_discovery_results;
