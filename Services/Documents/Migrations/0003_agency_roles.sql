-- Not every member of an agency puts documents into it.

-- What the caller may do in an agency beyond belonging to it, as the service says for the transaction. A version of the service that does not say
-- it yet is held by the agency alone, as before.
CREATE FUNCTION may_in_agency(agency uuid, wanted text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE(
        agency::text || ':' || wanted
            = ANY (pg_catalog.string_to_array(NULLIF(pg_catalog.current_setting('app.agency_grants', true), ''), ',')),
        true
    );

DROP POLICY documents_add ON documents;
CREATE POLICY documents_add ON documents FOR INSERT WITH CHECK (
    uploaded_by = (SELECT current_user_id())
    AND (agency_id IS NULL
        OR (agency_id = ANY ((SELECT current_agency_ids())::uuid[]) AND may_in_agency(agency_id, 'documents.write'))));

-- migrate:down
DROP POLICY documents_add ON documents;
CREATE POLICY documents_add ON documents FOR INSERT WITH CHECK (
    uploaded_by = (SELECT current_user_id())
    AND (agency_id IS NULL OR agency_id = ANY ((SELECT current_agency_ids())::uuid[])));
DROP FUNCTION may_in_agency(uuid, text);
