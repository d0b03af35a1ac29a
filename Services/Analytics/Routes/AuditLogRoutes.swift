import Foundation
import Hummingbird
import ServiceKit

struct AuditLogRoutes {
    let audit: AuditLogStore

    func add(to router: Router<APIContext>) {
        router.get("/v1/audit-logs", use: list)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.auditRead)
        return try .json(
            try await audit.list(
                isArchived: request.query("archived") ?? false, entityType: request.query("entity_type", maximum: 100),
                entityID: request.query("entity_id", maximum: 255).map(Self.stored),
                riskLevel: request.query("risk_level", as: RiskLevel.self), user: request.query("user_id", as: UUID.self),
                page: PageRequest(request), as: caller),
            request: request)
    }

    /// Ids of any case find what is kept in lower case.
    private static func stored(_ id: String) -> String { UUID(uuidString: id)?.uuidString.lowercased() ?? id }
}
