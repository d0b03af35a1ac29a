import ContactValues
import Foundation
import Hummingbird
import ServiceKit

/// People whose contact it is: anybody may ask, and whoever looks after contacts decides.
struct ContactObjectionRoutes: Sendable {
    let objections: ContactObjectionStore
    let limits: EndpointLimits

    func add(to router: Router<APIContext>) {
        limits.add(
            "contact_objections", ["POST /v1/contact-objections"], caller: RateLimit("contact_objections", quota: 20, per: .seconds(3600)))
        router.group("/v1/contact-objections")
            .post(use: file)
            .get(use: list)
            .post("{id}/accept", use: accept)
            .post("{id}/reject", use: reject)
    }

    struct FilingBody: Decodable, Validated {
        var email: String?
        var phone: String?
        var request: ObjectionRequest
        var statement: String?

        func validate(_ check: inout Validation) {
            check((email == nil) != (phone == nil), "/email", "exactly_one", "give an email or a phone, and not both")
            check.contactValue(email, .email)
            check.contactValue(phone, .phone)
            check.text(statement, "/statement", maximum: 2000, multiline: true)
        }
    }

    struct Receipt: Encodable {
        var status = "received"
    }

    /// The answer is the same whether Hearth knows the value or not.
    @Sendable func file(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(as: FilingBody.self, context: context)
        let kind: ObjectionKind = body.email == nil ? .phone : .email
        guard let text = body.email ?? body.phone, let value = ContactValue(kind == .email ? .email : .phone, text) else {
            throw APIError.invalid([FieldError("/\(kind.rawValue)", "format", "cannot be read")])
        }
        try await objections.file(value, kind, body.request, statement: body.statement)
        return try .json(Receipt(), status: .accepted, request: request)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsManage)
        let status = try request.query("status", as: ObjectionStatus.self)
        return try .json(try await objections.list(status: status, page: PageRequest(request), as: caller), request: request)
    }

    struct DecisionBody: Decodable, Validated {
        var note: String?

        func validate(_ check: inout Validation) { check.text(note, "/note", maximum: 2000, multiline: true) }
    }

    @Sendable func accept(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsManage)
        let id = try context.parameters.id()
        let body = try await request.decode(as: DecisionBody.self, context: context)
        return try answer(try await objections.accept(id, note: body.note, as: caller), request)
    }

    @Sendable func reject(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsManage)
        let id = try context.parameters.id()
        let body = try await request.decode(as: DecisionBody.self, context: context)
        return try answer(try await objections.reject(id, note: body.note, as: caller), request)
    }

    private func answer(_ decision: ContactObjectionStore.Decision, _ request: Request) throws -> Response {
        switch decision {
        case .decided(let objection): return try .json(objection, request: request)
        case .notOpen: throw APIError.conflict("objection-decided", "It has been decided already.")
        case .notFound: throw APIError.notFound("objection")
        }
    }
}
