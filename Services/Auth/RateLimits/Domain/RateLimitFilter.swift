import Foundation
import Hummingbird
import ServiceKit

/// Which counts and blocks are asked for.
struct RateLimitFilter: Sendable {
    var identifier: String?
    var identifierType: IdentifierType?
    var endpoint: String?
    var isBlocked: Bool?

    init(_ request: Request) throws {
        identifier = try request.query("identifier", maximum: 255).map { RateLimitSubject.network($0.lowercased()) }
        identifierType = try request.query("identifier_type")
        endpoint = try request.query("endpoint", maximum: 255)
        isBlocked = try request.query("is_blocked")
    }
}
