import Foundation
import ServiceKit

/// What an API key is to be.
struct NewAPIKey: Decodable, Sendable, Validated {
    var keyName: String
    var permissions: [Permission]
    var agencyID: UUID?
    var expiresAt: Date?

    enum CodingKeys: String, CodingKey {
        case permissions
        case keyName = "key_name"
        case agencyID = "agency_id"
        case expiresAt = "expires_at"
    }

    /// When it ends: a year from now unless it says so itself.
    var expiry: Date { expiresAt ?? Date(timeIntervalSinceNow: Double(Lifetimes.apiKey)) }

    func validate(_ check: inout Validation) {
        check.text(keyName, "/key_name", maximum: 100)
        check(!permissions.isEmpty, "/permissions", "required", "must hold one scope at least")
        check(Set(permissions).count == permissions.count, "/permissions", "repeated", "must hold each once")
        let allowed = Permission.scopes.sorted().map(\.rawValue).joined(separator: ", ")
        for (index, permission) in permissions.enumerated() {
            check(Permission.scopes.contains(permission), "/permissions/\(index)", "unknown_value", "must be one of: \(allowed)")
        }
        let isSoon = expiry > Date() && expiry <= Date(timeIntervalSinceNow: Double(Lifetimes.longestAPIKey))
        check(isSoon, "/expires_at", "range", "must be a time within the next two years")
    }
}
