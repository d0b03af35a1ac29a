-- Not every member of an agency writes its templates.

-- What the caller may do in an agency beyond belonging to it, as the service says for the transaction. A version of the service that does not say
-- it yet is held by the agency alone, as before.
CREATE FUNCTION may_in_agency(agency uuid, wanted text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE(
        agency::text || ':' || wanted
            = ANY (pg_catalog.string_to_array(NULLIF(pg_catalog.current_setting('app.agency_grants', true), ''), ',')),
        true
    );

DROP POLICY email_templates_insert ON email_templates;
CREATE POLICY email_templates_insert ON email_templates FOR INSERT WITH CHECK (
    (agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND agency_id <> '00000000-0000-0000-0000-000000000000'
        AND may_in_agency(agency_id, 'templates.manage'))
    OR (SELECT current_app_role()) IN ('service', 'administrator'));
DROP POLICY email_templates_update ON email_templates;
CREATE POLICY email_templates_update ON email_templates FOR UPDATE USING (
    (agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND agency_id <> '00000000-0000-0000-0000-000000000000'
        AND may_in_agency(agency_id, 'templates.manage'))
    OR (SELECT current_app_role()) IN ('service', 'administrator'));

-- migrate:down
DROP POLICY email_templates_insert ON email_templates;
CREATE POLICY email_templates_insert ON email_templates FOR INSERT WITH CHECK (
    agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND agency_id <> '00000000-0000-0000-0000-000000000000'
    OR (SELECT current_app_role()) IN ('service', 'administrator'));
DROP POLICY email_templates_update ON email_templates;
CREATE POLICY email_templates_update ON email_templates FOR UPDATE USING (
    agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND agency_id <> '00000000-0000-0000-0000-000000000000'
    OR (SELECT current_app_role()) IN ('service', 'administrator'));
DROP FUNCTION may_in_agency(uuid, text);
