-- What moderators remove is hidden from everybody but administrators, and kept: it may be restored.

ALTER TABLE documents
    ADD COLUMN removed_at timestamptz,
    -- Of the last news about it that was heard; older ones change nothing.
    ADD COLUMN moderation_version bigint NOT NULL DEFAULT 0;

DROP POLICY documents_read ON documents;
CREATE POLICY documents_read ON documents FOR SELECT USING (
    (SELECT current_app_role()) IN ('service', 'administrator')
    OR (removed_at IS NULL AND (
        visibility = 'public'
        OR uploaded_by = (SELECT current_user_id())
        OR (visibility IN ('team', 'agency') AND agency_id = ANY ((SELECT current_agency_ids())::uuid[])))));
DROP POLICY documents_change ON documents;
CREATE POLICY documents_change ON documents FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR (removed_at IS NULL AND uploaded_by = (SELECT current_user_id())))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'administrator')
        OR (removed_at IS NULL AND uploaded_by = (SELECT current_user_id())
            AND (agency_id IS NULL OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]))));
DROP POLICY documents_remove ON documents;
CREATE POLICY documents_remove ON documents FOR DELETE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR (removed_at IS NULL AND uploaded_by = (SELECT current_user_id())));

-- migrate:down
DROP POLICY documents_remove ON documents;
CREATE POLICY documents_remove ON documents FOR DELETE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR uploaded_by = (SELECT current_user_id()));
DROP POLICY documents_change ON documents;
CREATE POLICY documents_change ON documents FOR UPDATE
    USING ((SELECT current_app_role()) IN ('service', 'administrator') OR uploaded_by = (SELECT current_user_id()))
    WITH CHECK ((SELECT current_app_role()) IN ('service', 'administrator')
        OR (uploaded_by = (SELECT current_user_id()) AND (agency_id IS NULL OR agency_id = ANY ((SELECT current_agency_ids())::uuid[]))));
DROP POLICY documents_read ON documents;
CREATE POLICY documents_read ON documents FOR SELECT USING (
    visibility = 'public'
    OR (SELECT current_app_role()) IN ('service', 'administrator')
    OR uploaded_by = (SELECT current_user_id())
    OR (visibility IN ('team', 'agency') AND agency_id = ANY ((SELECT current_agency_ids())::uuid[])));
ALTER TABLE documents DROP COLUMN moderation_version, DROP COLUMN removed_at;
