import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// Whom to turn to.
struct ContactRoutes: Sendable {
    let contacts: ContactStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/contacts")
            .post(use: create)
            .get(use: list)
            .get("{id}", use: find)
            .patch("{id}", use: update)
            .delete("{id}", use: delete)
            .post("{id}/reveal", use: reveal)
            .post("{id}/verify", use: verify)
            .post("{id}/contacted", use: contacted)
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsWrite)
        let draft = try await request.decode(as: ContactDraft.self, context: context)
        switch try await contacts.create(draft, as: caller) {
        case .created(let contact):
            let location = "/v1/contacts/\(contact.id.uuidString.lowercased())"
            return try .json(contact, status: .created, request: request, headers: [.location: location])
        case .blacklisted: throw APIError.contactBlacklisted
        case .tooMany: throw APIError.conflict("too-many-contacts", "You have \(ContactStore.maximumPerUser) contacts already.")
        case .noSuchListing: throw APIError.invalid([FieldError("/listing_id", "unknown", "is no listing")])
        }
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let scope = try request.query("scope", as: ContactScope.self) ?? .own
        let listing = try request.query("listing_id", as: UUID.self)
        // Everybody's are for those who look after them; those of a listing for whom the listing matches.
        let caller = try context.require(scope == .shared && listing == nil ? .contactsManage : .contactsRead)
        let filter = try ContactStore.Filter(
            scope: scope, listing: listing, type: request.query("contact_type"), tag: request.query("tag", maximum: 50),
            words: request.query("q", maximum: 200), isActive: request.query("is_active"))
        return try .json(try await contacts.list(filter, page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsRead)
        guard let contact = try await contacts.find(context.parameters.id(), as: caller) else { throw APIError.notFound("contact") }
        return try .json(contact, request: request)
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsWrite)
        let id = try context.parameters.id()
        let version = try request.ifMatch()
        let patch = try await request.decode(as: ContactPatch.self, context: context)
        switch try await contacts.update(id, patch, ifMatch: version, as: caller) {
        case .changed(let contact): return try .json(contact, request: request)
        case .blacklisted: throw APIError.contactBlacklisted
        case .nothingLeft:
            throw APIError.invalid([FieldError("", "required", "a contact has a name, a phone, an email, an address or a website")])
        case .notFound: throw APIError.notFound("contact")
        }
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsWrite)
        guard try await contacts.delete(context.parameters.id(), ifMatch: request.ifMatch(), as: caller) else { throw APIError.notFound("contact") }
        return Response(status: .noContent)
    }

    struct RevealBody: Decodable, Validated {
        var purpose: String

        func validate(_ check: inout Validation) { check.text(purpose, "/purpose", maximum: 200) }
    }

    @Sendable func reveal(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsReveal)
        let id = try context.parameters.id()
        let body = try await request.decode(as: RevealBody.self, context: context)
        switch try await contacts.reveal(id, purpose: body.purpose, as: caller) {
        case .values(let values): return try .json(values, request: request, headers: [.cacheControl: "no-store"])
        case .blacklisted: throw APIError.contactBlacklisted
        case .notFound: throw APIError.notFound("contact")
        }
    }

    struct VerifyBody: Decodable, Validated {
        var notes: String?

        func validate(_ check: inout Validation) { check.text(notes, "/notes", maximum: 2000, multiline: true) }
    }

    @Sendable func verify(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsWrite)
        let id = try context.parameters.id()
        let version = try request.ifMatch()
        let body = try await request.decode(as: VerifyBody.self, context: context)
        guard let contact = try await contacts.verify(id, notes: body.notes, ifMatch: version, as: caller) else { throw APIError.notFound("contact") }
        return try .json(contact, request: request)
    }

    @Sendable func contacted(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsWrite)
        guard let contact = try await contacts.contacted(context.parameters.id(), as: caller) else { throw APIError.notFound("contact") }
        return try .json(contact, request: request)
    }
}

extension APIError {
    static let contactBlacklisted = conflict("contact-blacklisted", "The contact, or a value of it, is on the blacklist.")
}
