import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Reports. Their authors and moderators ask as themselves, so that the policies hold as well.
struct ReportStore: Sendable {
    let postgres: Postgres
    let mostPerDay: LiveValue<Int>

    /// Throws `APIError`: 409 while the same person's report of it is open, 429 beyond the day's number, 422 for somebody who is not there.
    func file(_ new: NewReport, as caller: Caller) async throws -> Report {
        if let user = new.user { try await expectUser(user, of: new, caller) }
        return try await postgres.transaction(as: caller) { tx in
            _ = try await tx.rows("SELECT pg_advisory_xact_lock(hashtextextended(\("reports of " + caller.userID.uuidString), 0))")
            let today: Int? = try await tx.value(
                "SELECT count(*) FROM reports WHERE reporter_id = \(caller.userID) AND created_at > now() - interval '24 hours'")
            guard today ?? 0 < mostPerDay.current else { throw APIError.tooManyReports(limit: mostPerDay.current) }
            let report: Report? = try await tx.first(
                """
                INSERT INTO reports (id, reporter_id, reported_entity_type, reported_entity_id, reported_user_id, category, severity, title,
                    description, evidence, metadata)
                VALUES (\(UUID.v7()), \(caller.userID), \(new.reportedEntityType), \(new.reportedEntityID), \(new.user), \(new.category),
                    \(new.severity ?? new.category.severity), \(new.title), \(new.description), \(JSON(new.evidence ?? [])),
                    \(JSON(new.metadata ?? [:])))
                ON CONFLICT (reporter_id, reported_entity_type, reported_entity_id) WHERE status IN ('pending', 'under_review', 'escalated')
                DO NOTHING RETURNING \(Report.columns)
                """)
            guard let report else { throw APIError.alreadyReported }
            try await tx.publish(
                ReportFiled(
                    reportID: report.id, reporterID: caller.userID, entityType: report.reportedEntityType.rawValue,
                    entityID: report.reportedEntityID, reportedUserID: report.reportedUserID, category: report.category.rawValue,
                    severity: report.severity.rawValue))
            return report
        }
    }

    /// The caller's own, the newest first.
    func listOwn(after last: UUID?, limit: Int, as caller: Caller) async throws -> [Report] {
        let older: SQL = last.map { "AND id < \($0)" } ?? ""
        return try await postgres.all(
            as: caller, "SELECT \(Report.columns) FROM reports WHERE reporter_id = \(caller.userID) \(older) ORDER BY id DESC LIMIT \(limit + 1)")
    }

    /// The queue: the most severe first, the oldest first among those.
    func queue(_ filter: ReportFilter, after last: ReportCursor?, limit: Int, as caller: Caller) async throws -> [Report] {
        var conditions: [SQL] = [filter.status.map { "status = \($0)" } ?? "status IN ('pending', 'under_review', 'escalated')"]
        if let category = filter.category { conditions.append("category = \(category)") }
        if let severity = filter.severity { conditions.append("severity_rank = \(severity.rank)") }
        if let type = filter.entityType { conditions.append("reported_entity_type = \(type)") }
        if let id = filter.entityID { conditions.append("reported_entity_id = \(id)") }
        if let user = filter.reportedUserID { conditions.append("reported_user_id = \(user)") }
        if let moderator = filter.assignedModerator { conditions.append("assigned_moderator = \(moderator)") }
        if filter.isUnassigned { conditions.append("assigned_moderator IS NULL") }
        if let last {
            conditions.append("severity_rank <= \(last.rank) AND (severity_rank < \(last.rank) OR id > \(last.id))")
        }
        return try await postgres.all(
            as: caller,
            """
            SELECT \(Report.columns) FROM reports WHERE \(SQL.joined(conditions, by: " AND "))
            ORDER BY severity_rank DESC, id LIMIT \(limit + 1)
            """)
    }

    func find(_ id: UUID, as caller: Caller) async throws -> Report? {
        try await postgres.first(as: caller, "SELECT \(Report.columns) FROM reports WHERE id = \(id)")
    }

    /// Who handles it: a moderator or an administrator, or nobody any more. Nil when there is no such report; 422 for anybody else.
    func assign(_ id: UUID, to moderator: UUID?, version: Int64?, as caller: Caller) async throws -> Report? {
        if let moderator { try await expectRole(of: moderator, in: [.moderator, .administrator], at: "/moderator_id") }
        return try await change(
            id, "assigned", version: version,
            """
            assigned_moderator = \(moderator), assigned_at = CASE WHEN \(moderator)::uuid IS NOT NULL THEN now() END,
            status = CASE WHEN status = 'escalated' THEN status WHEN \(moderator)::uuid IS NULL THEN 'pending' ELSE 'under_review' END
            """, as: caller
        ) { _, _ in }
    }

    /// How grave it is and what it is about, by a moderator's judgement.
    func triage(_ id: UUID, category: ReportCategory?, severity: Severity?, version: Int64?, as caller: Caller) async throws -> Report? {
        try await change(
            id, "triaged", version: version, "category = COALESCE(\(category), category), severity = COALESCE(\(severity), severity)", as: caller
        ) { _, _ in }
    }

    /// Passes it on to administrators: from now on only they close it.
    func escalate(_ id: UUID, to administrator: UUID?, reason: String, version: Int64?, as caller: Caller) async throws -> Report? {
        if let administrator { try await expectRole(of: administrator, in: [.administrator], at: "/escalated_to") }
        return try await change(
            id, "escalated", version: version,
            "status = 'escalated', escalated_to = \(administrator), escalated_at = now(), escalation_reason = \(reason)", as: caller
        ) { report, tx in try await ModeratorActionStore.note(.escalation, of: report, reason: reason, as: caller, tx) }
    }

    /// Closes it. What was done about it are actions that name the report; closing it without one notes that there was none to be taken.
    func resolve(_ id: UUID, resolution: String, notes: String?, version: Int64?, as caller: Caller) async throws -> Report? {
        try await close(id, as: .resolved, resolution, notes, version: version, caller) { report, tx in
            let actions: Int? = try await tx.value("SELECT count(*) FROM moderator_actions WHERE report_id = \(id) AND action_type <> 'escalation'")
            if actions ?? 0 == 0 { try await ModeratorActionStore.note(.noAction, of: report, reason: resolution, as: caller, tx) }
        }
    }

    /// Closes it as one that there was nothing in.
    func dismiss(_ id: UUID, reason: String, notes: String?, version: Int64?, as caller: Caller) async throws -> Report? {
        try await close(id, as: .dismissed, reason, notes, version: version, caller) { report, tx in
            try await ModeratorActionStore.note(.reportDismissed, of: report, reason: reason, as: caller, tx)
        }
    }

    private func close(
        _ id: UUID, as status: ReportStatus, _ resolution: String, _ notes: String?, version: Int64?, _ caller: Caller,
        then: @Sendable @escaping (Report, Transaction) async throws -> Void
    ) async throws -> Report? {
        try await change(
            id, status.rawValue, version: version,
            """
            status = \(status), resolution = \(resolution), resolution_notes = \(notes), resolved_by = \(caller.userID), resolved_at = now(),
            assigned_moderator = COALESCE(assigned_moderator, \(caller.userID)), assigned_at = COALESCE(assigned_at, now())
            """, as: caller, then: then)
    }

    /// One statement decides whether it is still open; whoever comes second gets 409.
    private func change(
        _ id: UUID, _ change: String, version: Int64?, _ assignments: SQL, as caller: Caller,
        then: @Sendable @escaping (Report, Transaction) async throws -> Void
    ) async throws -> Report? {
        try await postgres.transaction(as: caller) { tx in
            guard let before: Report = try await tx.first("SELECT \(Report.columns) FROM reports WHERE id = \(id) FOR UPDATE") else { return nil }
            try before.expect(version)
            guard before.status.isOpen else { throw APIError.reportClosed }
            // Nobody handles what is about themselves.
            guard before.reportedUserID != caller.userID else { throw APIError.beyondModerator }
            if before.status == .escalated, ["resolved", "dismissed"].contains(change), caller.role != .administrator { throw APIError.forbidden }
            let after: Report? = try await tx.first("UPDATE reports SET \(assignments) WHERE id = \(id) RETURNING \(Report.columns)")
            guard let after else { throw APIError.forbidden }
            try await tx.publish(
                ReportUpdated(reportID: id, change: change, report: after.state, before: before.state, version: after.version))
            try await then(after, tx)
            return after
        }
    }

    private func expectUser(_ user: UUID, of new: NewReport, _ caller: Caller) async throws {
        guard user != caller.userID else { throw APIError.invalid([FieldError("/reported_entity_id", "own", "is your own account")]) }
        guard try await role(of: user) != nil else {
            throw APIError.unknown(new.reportedEntityType == .user ? "/reported_entity_id" : "/reported_user_id", "account")
        }
    }

    private func expectRole(of user: UUID, in allowed: Set<PlatformRole>, at pointer: String) async throws {
        guard let role = try await role(of: user), allowed.contains(role) else {
            throw APIError.unknown(pointer, allowed.map(\.rawValue).sorted().joined(separator: " or "))
        }
    }

    /// Nil for nobody. Asked as the service: accounts are nobody else's business.
    private func role(of user: UUID) async throws -> PlatformRole? {
        let rows = try await postgres.batch(as: ServiceCaller(), ["SELECT role FROM users WHERE id = \(user) AND deleted_at IS NULL"])
        return try rows[0].first.map { try $0["role"] }
    }
}
