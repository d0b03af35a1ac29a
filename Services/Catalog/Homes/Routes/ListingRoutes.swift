import Foundation
import Hummingbird
import ServiceKit

struct ListingRoutes {
    let listings: ListingStore
    let matches: MatchStore
    let configuration: Configuration

    func add(to router: Router<APIContext>) {
        router.group("/v1/listings")
            .get("{id}", use: find)
            .get("{id}/matches", use: explain)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let listing = try await listings.find(context.parameters.id()) else { throw APIError.notFound("listing") }
        return .json(encoded: listing.json, version: listing.version, request: request)
    }

    @Sendable func explain(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesRead)
        let id = try context.parameters.id()
        guard configuration.isOn("match_explanations", for: caller, default: true) else { throw APIError.notFound("explanation") }
        guard try await listings.find(id) != nil else { throw APIError.notFound("listing") }
        return try .json(Matches(items: try await matches.matches(of: id, for: caller)), request: request)
    }

    struct Matches: Codable {
        var items: [ListingMatch]
    }
}
