import Foundation
import Postgres
import ServiceKit

/// Who did what.
struct AuditLogStore {
    let postgres: Postgres

    /// An audit row has the id and time of its event, so that the same event is the same row.
    static func insertion(of entry: AuditEntry, for event: UserEvent, requestID: String?) -> SQL {
        """
        INSERT INTO audit_logs (id, created_at, user_id, agency_id, session_id, ip_address, user_agent, action, category, level, entity_type,
            entity_id, old_values, new_values, changed_fields, request_id, service_name, success, error_message, error_code, risk_level, metadata)
        VALUES (\(event.id), \(event.occurredAt), \(event.userID), \(event.agencyID), \(event.sessionID), \(event.ipAddress)::inet,
            \(event.userAgent), \(entry.action), \(entry.category), \(entry.level), \(entry.entityType), \(entry.entityID),
            \(entry.oldValues.map(JSON.init)), \(JSON(entry.newValues)), \(entry.changedFields), \(requestID), \(entry.serviceName), \(entry.success), \(entry.errorMessage),
            \(entry.errorCode), \(entry.riskLevel), jsonb_build_object('event_type', \(event.eventType)::text))
        ON CONFLICT DO NOTHING
        """
    }

    /// One page, newest first: the caller's own acts, or everybody's for an administrator; those of the last year, or those before them.
    func list(
        isArchived: Bool, entityType: String?, entityID: String?, riskLevel: RiskLevel?, user: UUID?, page: PageRequest<LogCursor>, as caller: Caller
    ) async throws -> Page<AuditLog> {
        var conditions = [LogCursor.scope(caller, user)]
        if let entityType { conditions.append("entity_type = \(entityType)") }
        if let entityID { conditions.append("entity_id = \(entityID)") }
        if let riskLevel { conditions.append("risk_level = \(riskLevel)") }
        if let after = page.after { conditions.append("(created_at, id) < (\(after.at), \(after.id))") }
        let rows: [AuditLog] = try await postgres.all(
            as: caller,
            """
            SELECT \(AuditLog.columns) FROM \(isArchived ? "audit_logs_archive" : "audit_logs" as SQL) WHERE \(SQL.joined(conditions, by: " AND "))
            ORDER BY created_at DESC, id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { LogCursor(at: $0.createdAt, id: $0.id) }
    }

    /// The trail stays; what it tells of a deleted person goes: where they were, with what device, and the values of what they or others did to their
    /// account.
    func anonymise(_ user: UUID, in tx: Transaction) async throws {
        for log in ["audit_logs", "audit_logs_archive"] { try await anonymise(user, of: log, in: tx) }
    }

    private func anonymise(_ user: UUID, of log: String, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE \(identifier: log) SET ip_address = NULL, user_agent = NULL, old_values = NULL, new_values = NULL, error_message = NULL
            WHERE user_id = \(user) OR (entity_type IN ('user', 'account', 'consent', 'session', 'membership')
                AND entity_id = \(user.uuidString.lowercased()))
            """)
    }
}
