import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// `/v1/templates`: what mails say. Everybody signed in reads the system's and their agencies' templates; see `EmailTemplate.mayEdit` for who
/// writes.
struct TemplateRoutes: Sendable {
    let templates: TemplateStore

    func add(to router: Router<APIContext>) {
        let group = router.group("/v1/templates")
        group.get(use: list)
        group.post(use: create)
        group.get(":id", use: get)
        group.patch(":id", use: update)
        group.delete(":id", use: delete)
        group.post(":id/preview", use: preview)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<EmailTemplate> {
        let caller = try context.require(.templatesRead)
        let page = try PageRequest<UUID>(request)
        let filter = TemplateFilter(
            agencyID: try request.query("agency_id"), name: try request.query("name", maximum: 255), locale: try request.query("locale", maximum: 35),
            type: try request.query("type"), category: try request.query("category"), status: try request.query("status"))
        let rows = try await templates.list(filter, after: page.after, limit: page.limit + 1, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.templatesManage)
        let draft = try await request.decode(as: TemplateDraft.self, context: context)
        guard EmailTemplate.mayEdit(caller, agency: draft.agencyID ?? EmailTemplate.systemAgency) else { throw APIError.forbidden }
        let template = try await namingConflicts { try await templates.create(draft, as: caller) }
        guard let template else { throw APIError.forbidden }
        return try .json(template, status: .created, request: request, headers: [.location: "/v1/templates/\(template.id.uuidString.lowercased())"])
    }

    @Sendable func get(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.templatesRead)
        guard let template = try await templates.find(try context.parameters.id(), as: caller) else { throw APIError.notFound("template") }
        return try .json(template, request: request)
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.templatesManage)
        let id = try context.parameters.id()
        let expected = try request.ifMatch()
        try await requireEditor(of: id, caller)
        let patch = try await request.decode(as: TemplatePatch.self, context: context)
        let template = try await namingConflicts {
            try await templates.update(id, as: caller) { template in
                try template.expect(expected)
                let draft = patch.applied(to: template)
                try Validation.check(draft)
                return draft
            }
        }
        guard let template else { throw APIError.notFound("template") }
        return try .json(template, request: request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.templatesManage)
        let id = try context.parameters.id()
        let expected = try request.ifMatch()
        try await requireEditor(of: id, caller)
        guard try await templates.delete(id, as: caller, { try $0.expect(expected) }) else { throw APIError.notFound("template") }
        return Response(status: .noContent)
    }

    /// What a mail from it would say with the given values. Nothing is stored or sent.
    @Sendable func preview(_ request: Request, _ context: APIContext) async throws -> RenderedMail {
        let caller = try context.require(.templatesRead)
        let id = try context.parameters.id()
        let body = try await request.decode(as: PreviewBody.self, context: context)
        guard let content = try await templates.content(id), content.isReadable(by: caller) else { throw APIError.notFound("template") }
        do {
            return try CompiledTemplate(content).render(body.data ?? [:])
        } catch TemplateError.missing(let variable) {
            throw APIError.invalid([FieldError("/data/\(variable)", "required", "is required")])
        } catch {
            throw APIError.invalid([FieldError("/data", "template", error.reason)])
        }
    }

    /// Whoever may not see a template learns nothing of it (404); whoever sees it and may not edit it is told so (403).
    private func requireEditor(of id: UUID, _ caller: Caller) async throws {
        guard let template = try await templates.find(id, as: caller) else { throw APIError.notFound("template") }
        guard EmailTemplate.mayEdit(caller, agency: template.agencyID) else { throw APIError.forbidden }
    }

    private func namingConflicts<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as PostgresError where error.sqlState == .uniqueViolation {
            throw APIError.conflict("template-exists", "The agency has a template of that name and locale already.")
        } catch let error as PostgresError where error.sqlState == .foreignKeyViolation {
            throw APIError.invalid([FieldError("/parent_template_id", "unknown", "is no template")])
        }
    }
}
