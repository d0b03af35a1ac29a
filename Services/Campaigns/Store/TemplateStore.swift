import Foundation
import Postgres
import Redis
import ServiceKit

/// Templates: the rows, and `template:{template_id}` in the cache.
struct TemplateStore: Sendable {
    let postgres: Postgres
    let cache: Cache

    func list(_ filter: TemplateFilter, after: UUID?, limit: Int, as caller: Caller) async throws -> [EmailTemplate] {
        try await postgres.all(
            as: caller,
            """
            SELECT \(EmailTemplate.listColumns) FROM email_templates
            WHERE \(Self.isThere)
              AND (\(after)::uuid IS NULL OR id < \(after)::uuid)
              AND (\(filter.agencyID)::uuid IS NULL OR agency_id = \(filter.agencyID)::uuid)
              AND (\(filter.name)::text IS NULL OR name = \(filter.name)::text)
              AND (\(filter.locale)::text IS NULL OR locale = \(filter.locale)::text)
              AND (\(filter.type)::text IS NULL OR type = \(filter.type)::text)
              AND (\(filter.category)::text IS NULL OR category = \(filter.category)::text)
              AND (\(filter.status)::text IS NULL OR status = \(filter.status)::text)
            ORDER BY id DESC LIMIT \(limit)
            """)
    }

    func find(_ id: UUID, as caller: Caller) async throws -> EmailTemplate? {
        try await postgres.first(as: caller, "SELECT \(EmailTemplate.columns) FROM email_templates WHERE id = \(id) AND \(Self.isThere)")
    }

    func create(_ draft: TemplateDraft, as caller: Caller) async throws -> EmailTemplate? {
        try await postgres.first(
            as: caller,
            """
            INSERT INTO email_templates (id, agency_id, name, description, template_type, type, category, status, subject, html_content, text_content,
                variables, metadata, locale, parent_template_id, is_default, priority, tags, created_by, last_modified_by)
            VALUES (\(UUID.v7()), \(draft.agencyID ?? EmailTemplate.systemAgency), \(draft.name), NULLIF(\(draft.description), ''),
                \(draft.templateType ?? "general"), \(draft.type), \(draft.category), \(draft.status ?? .draft), \(draft.subject), \(draft.htmlContent),
                NULLIF(\(draft.textContent), ''), \(JSON(draft.variables ?? [])), \(JSON(draft.metadata ?? [:])), \(draft.locale ?? "en-US"),
                \(draft.parentTemplateID), \(draft.isDefault ?? false), \(draft.priority ?? 0), \(draft.tags ?? []), \(caller.userID), \(caller.userID))
            RETURNING \(EmailTemplate.columns)
            """)
    }

    /// `decide` sees the row as it is, locked, and gives what it becomes, or throws. The old content is kept in `versions` when the content changes.
    func update(_ id: UUID, as caller: Caller, _ decide: @Sendable (EmailTemplate) throws -> TemplateDraft) async throws -> EmailTemplate? {
        try await postgres.transaction(as: caller) { tx in
            guard let template = try await locked(id, tx) else { return nil }
            let draft = try decide(template)
            let contentChanges =
                draft.subject != template.subject || draft.htmlContent != template.htmlContent
                || (draft.textContent ?? "") != (template.textContent ?? "")
                || draft.variables != template.variables
            return try await tx.first(
                """
                UPDATE email_templates SET name = \(draft.name), description = NULLIF(\(draft.description), ''),
                    template_type = \(draft.templateType ?? template.templateType), type = \(draft.type), category = \(draft.category),
                    status = \(draft.status ?? template.status), subject = \(draft.subject), html_content = \(draft.htmlContent),
                    text_content = NULLIF(\(draft.textContent), ''), variables = \(JSON(draft.variables ?? [])),
                    metadata = \(JSON(draft.metadata ?? [:])), locale = \(draft.locale ?? template.locale),
                    is_default = \(draft.isDefault ?? false), priority = \(draft.priority ?? 0), tags = \(draft.tags ?? []),
                    last_modified_by = \(caller.userID)\(contentChanges ? Self.keepingTheOldContent(by: caller.userID) : "")
                WHERE id = \(id) RETURNING \(EmailTemplate.columns)
                """)
        }
    }

    /// Soft: mails that were sent from it still point to it.
    func delete(_ id: UUID, as caller: Caller, _ decide: @Sendable (EmailTemplate) throws -> Void) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            guard let template = try await locked(id, tx) else { return false }
            try decide(template)
            return try await tx.execute(
                "UPDATE email_templates SET deleted_at = now(), status = 'archived', last_modified_by = \(caller.userID) WHERE id = \(id)") == 1
        }
    }

    /// What to render, for the service itself. Nil when there is none; whoever shows the result checks the caller's right to it.
    func content(_ id: UUID) async throws -> TemplateContent? {
        try await cache.value("template:\(id.uuidString.lowercased())", ttl: .seconds(3_600), as: TemplateContent?.self) { [postgres] in
            try await postgres.first(
                as: ServiceCaller(), "SELECT \(TemplateContent.columns) FROM email_templates WHERE id = \(id) AND \(Self.isThere)")
        }
    }

    /// The system template of that name for a person's locale: the very locale, else its language, else the default.
    static func lookup(name: String, locale: String) -> SQL {
        """
        SELECT id, version, category FROM email_templates
        WHERE agency_id = \(EmailTemplate.systemAgency) AND name = \(name) AND status = 'active' AND \(isThere)
        ORDER BY (locale = \(locale)) DESC, (split_part(locale, '-', 1) = split_part(\(locale), '-', 1)) DESC, is_default DESC, priority DESC, id
        LIMIT 1
        """
    }

    func content(_ id: UUID, in tx: Transaction) async throws -> TemplateContent? {
        try await tx.first("SELECT \(TemplateContent.columns) FROM email_templates WHERE id = \(id)")
    }

    private func locked(_ id: UUID, _ tx: Transaction) async throws -> EmailTemplate? {
        try await tx.first("SELECT \(EmailTemplate.columns) FROM email_templates WHERE id = \(id) AND \(Self.isThere) FOR UPDATE")
    }

    /// Hides a template that moderators have removed, or shows it again, unless something newer was heard of it. The system's own stay.
    func setRemoved(_ id: UUID, _ isRemoved: Bool, version: Int64, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE email_templates SET removed_at = CASE WHEN \(isRemoved) THEN now() END, moderation_version = \(version)
            WHERE id = \(id) AND moderation_version < \(version) AND agency_id <> \(EmailTemplate.systemAgency)
            """)
    }

    /// Soft, as `delete`: mails that were sent from them still point to them.
    func deleteAll(of agency: UUID, in tx: Transaction) async throws {
        guard agency != EmailTemplate.systemAgency else { return }
        try await tx.execute(
            "UPDATE email_templates SET deleted_at = now(), status = 'archived' WHERE agency_id = \(agency) AND deleted_at IS NULL")
    }

    private static let isThere: SQL = "deleted_at IS NULL AND removed_at IS NULL"

    private static func keepingTheOldContent(by user: UUID) -> SQL {
        """
        , current_version = current_version + 1, versions = (
            SELECT COALESCE(jsonb_agg(kept.value ORDER BY kept.place), '[]') FROM (
                SELECT value, ordinality AS place FROM jsonb_array_elements(versions) WITH ORDINALITY
                ORDER BY ordinality DESC LIMIT \(TemplateVersion.limit - 1)) AS kept
            ) || jsonb_build_array(jsonb_build_object(
                'version', current_version, 'subject', subject, 'html_content', html_content, 'text_content', text_content,
                'variables', variables, 'replaced_by', \(user)::uuid,
                'replaced_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
        """
    }
}
