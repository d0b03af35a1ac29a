import Foundation
import Hummingbird
import ServiceKit

/// What people report, and how moderators go through it.
struct ReportRoutes: Sendable {
    let reports: ReportStore

    func add(to router: some RouterMethods<APIContext>) {
        router.post("/v1/moderation/reports", use: file)
        router.get("/v1/users/me/reports", use: listOwn)
        router.get("/v1/moderation/reports", use: queue)
        router.get("/v1/moderation/reports/{id}", use: show)
        router.patch("/v1/moderation/reports/{id}", use: triage)
        router.post("/v1/moderation/reports/{id}/assign", use: assign)
        router.post("/v1/moderation/reports/{id}/escalate", use: escalate)
        router.post("/v1/moderation/reports/{id}/resolve", use: resolve)
        router.post("/v1/moderation/reports/{id}/dismiss", use: dismiss)
    }

    struct TriageBody: Decodable {
        var category: ReportCategory?
        var severity: Severity?
    }

    struct AssignBody: Decodable {
        /// Absent: whoever asks. Null: nobody.
        var moderatorID: Change<UUID>

        enum CodingKeys: String, CodingKey { case moderatorID = "moderator_id" }

        init(from decoder: any Decoder) throws {
            moderatorID = try decoder.container(keyedBy: CodingKeys.self).change(.moderatorID)
        }
    }

    struct EscalateBody: Decodable, Validated {
        var reason: String
        var escalatedTo: UUID?

        enum CodingKeys: String, CodingKey {
            case reason
            case escalatedTo = "escalated_to"
        }

        func validate(_ check: inout Validation) { check.text(reason, "/reason", maximum: 2000, multiline: true) }
    }

    struct ResolveBody: Decodable, Validated {
        /// What the reporter is shown.
        var resolution: String
        var resolutionNotes: String?

        enum CodingKeys: String, CodingKey {
            case resolution
            case resolutionNotes = "resolution_notes"
        }

        func validate(_ check: inout Validation) {
            check.text(resolution, "/resolution", maximum: 2000, multiline: true)
            check.text(resolutionNotes, "/resolution_notes", maximum: 5000, multiline: true)
        }
    }

    struct DismissBody: Decodable, Validated {
        var reason: String
        var resolutionNotes: String?

        enum CodingKeys: String, CodingKey {
            case reason
            case resolutionNotes = "resolution_notes"
        }

        func validate(_ check: inout Validation) {
            check.text(reason, "/reason", maximum: 2000, multiline: true)
            check.text(resolutionNotes, "/resolution_notes", maximum: 5000, multiline: true)
        }
    }

    @Sendable func file(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.reportsWrite)
        let body = try await request.decode(as: NewReport.self, context: context)
        return try .json(OwnReport(try await reports.file(body, as: caller)), status: .created, request: request)
    }

    @Sendable func listOwn(_ request: Request, _ context: APIContext) async throws -> Page<OwnReport> {
        let caller = try context.require(.accountRead)
        let page = try PageRequest<UUID>(request)
        let rows = try await reports.listOwn(after: page.after, limit: page.limit, as: caller)
        return Page(rows.map(OwnReport.init), limit: page.limit, key: \.id)
    }

    @Sendable func queue(_ request: Request, _ context: APIContext) async throws -> Page<Report> {
        let caller = try context.require(.moderationManage)
        let page = try PageRequest<ReportCursor>(request)
        let rows = try await reports.queue(ReportFilter(request), after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: ReportCursor.init)
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.moderationManage)
        return try answer(try await reports.find(context.parameters.id(), as: caller), request)
    }

    @Sendable func triage(_ request: Request, _ context: APIContext) async throws -> Response {
        let (caller, id, version) = try moderator(request, context)
        let body = try await request.decode(as: TriageBody.self, context: context)
        return try answer(
            try await reports.triage(id, category: body.category, severity: body.severity, version: version, as: caller), request)
    }

    @Sendable func assign(_ request: Request, _ context: APIContext) async throws -> Response {
        let (caller, id, version) = try moderator(request, context)
        let moderator: UUID?
        switch try await request.decode(as: AssignBody.self, context: context).moderatorID {
        case .absent: moderator = caller.userID
        case .clear: moderator = nil
        case .set(let chosen): moderator = chosen
        }
        return try answer(try await reports.assign(id, to: moderator, version: version, as: caller), request)
    }

    @Sendable func escalate(_ request: Request, _ context: APIContext) async throws -> Response {
        let (caller, id, version) = try moderator(request, context)
        let body = try await request.decode(as: EscalateBody.self, context: context)
        return try answer(
            try await reports.escalate(id, to: body.escalatedTo, reason: body.reason, version: version, as: caller), request)
    }

    @Sendable func resolve(_ request: Request, _ context: APIContext) async throws -> Response {
        let (caller, id, version) = try moderator(request, context)
        let body = try await request.decode(as: ResolveBody.self, context: context)
        return try answer(
            try await reports.resolve(id, resolution: body.resolution, notes: body.resolutionNotes, version: version, as: caller), request)
    }

    @Sendable func dismiss(_ request: Request, _ context: APIContext) async throws -> Response {
        let (caller, id, version) = try moderator(request, context)
        let body = try await request.decode(as: DismissBody.self, context: context)
        return try answer(try await reports.dismiss(id, reason: body.reason, notes: body.resolutionNotes, version: version, as: caller), request)
    }

    private func moderator(_ request: Request, _ context: APIContext) throws -> (Caller, UUID, Int64?) {
        (try context.require(.moderationManage), try context.parameters.id(), try request.ifMatch())
    }

    private func answer(_ report: Report?, _ request: Request) throws -> Response {
        guard let report else { throw APIError.notFound("report") }
        return try .json(report, request: request)
    }
}
