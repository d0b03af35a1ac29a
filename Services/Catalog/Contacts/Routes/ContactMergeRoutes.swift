import Foundation
import Hummingbird
import ServiceKit

/// Two contacts that may be one.
struct ContactMergeRoutes: Sendable {
    let merges: ContactMergeStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/contact-merges")
            .post(use: propose)
            .get(use: list)
            .get("{id}", use: find)
            .post("{id}/accept", use: accept)
            .post("{id}/reject", use: reject)
            .post("{id}/undo", use: undo)
    }

    struct ProposalBody: Decodable, Validated {
        var contactID: UUID
        var duplicateID: UUID

        enum CodingKeys: String, CodingKey {
            case contactID = "contact_id"
            case duplicateID = "duplicate_id"
        }

        func validate(_ check: inout Validation) {
            check(contactID != duplicateID, "/duplicate_id", "same", "must be another contact")
        }
    }

    @Sendable func propose(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsWrite)
        let body = try await request.decode(as: ProposalBody.self, context: context)
        switch try await merges.propose(body.contactID, body.duplicateID, as: caller) {
        case .proposed(let merge):
            return try .json(
                merge, status: .created, request: request, headers: [.location: "/v1/contact-merges/\(merge.id.uuidString.lowercased())"])
        case .noSuchContact: throw APIError.notFound("contact")
        case .ofDifferentOwners: throw APIError.conflict("different-owners", "The two contacts are not in one address book.")
        case .isMerged: throw APIError.conflict("contact-merged", "One of the contacts is merged into another already.")
        }
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let scope = try request.query("scope", as: ContactScope.self) ?? .own
        let caller = try context.require(scope == .shared ? .contactsManage : .contactsRead)
        let status = try request.query("status", as: MergeStatus.self)
        return try .json(try await merges.list(status: status, scope: scope, page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsRead)
        guard let merge = try await merges.find(context.parameters.id(), as: caller) else { throw APIError.notFound("merge") }
        return try .json(merge, request: request)
    }

    @Sendable func accept(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsWrite)
        return try answer(try await merges.accept(context.parameters.id(), ifMatch: request.ifMatch(), as: caller), request)
    }

    @Sendable func reject(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsWrite)
        return try answer(try await merges.reject(context.parameters.id(), ifMatch: request.ifMatch(), as: caller), request)
    }

    @Sendable func undo(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsWrite)
        return try answer(try await merges.undo(context.parameters.id(), ifMatch: request.ifMatch(), as: caller), request)
    }

    private func answer(_ decision: ContactMergeStore.Decision, _ request: Request) throws -> Response {
        switch decision {
        case .decided(let merge): return try .json(merge, request: request)
        case .notOpen:
            throw APIError.conflict(
                "merge-not-open", "This cannot be decided so: it was decided already, or one of the contacts is part of another merge.")
        case .stale: throw APIError.versionMismatch
        case .notFound: throw APIError.notFound("merge")
        }
    }
}
