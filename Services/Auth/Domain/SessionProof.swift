import Foundation
import Postgres

/// How the holder of a session has proven who they are.
struct SessionProof: Sendable, Hashable, RowDecodable {
    /// `amr`, RFC 8176.
    var methods: [String]
    var authenticatedAt: Date
    var secondFactorAt: Date?

    /// Columns of `user_sessions`.
    static let columns: SQL = "auth_methods, authenticated_at, second_factor_at"

    init(methods: [String], authenticatedAt: Date = Date(), secondFactorAt: Date? = nil) {
        self.methods = methods
        self.authenticatedAt = authenticatedAt
        self.secondFactorAt = secondFactorAt
    }

    init(row: Row) throws {
        methods = try row["auth_methods"]
        authenticatedAt = try row["authenticated_at"]
        secondFactorAt = try row["second_factor_at"]
    }

    /// A first step, with a second factor shown just now.
    static func strong(_ first: String, _ second: FactorMethod) -> SessionProof {
        let now = Date()
        return SessionProof(methods: [first, second.reference, "mfa"], authenticatedAt: now, secondFactorAt: now)
    }
}
