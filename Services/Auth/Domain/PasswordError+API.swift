import Passwords
import ServiceKit

extension PasswordHasher {
    /// `hash`, with a queue that is full told as 503.
    func hashed(_ password: String) async throws -> String {
        try await Self.telling { try await hash(password) }
    }

    /// `verify`, with a queue that is full told as 503.
    func verified(_ password: String, against hash: String?) async throws -> Verification {
        try await Self.telling { try await verify(password, against: hash) }
    }

    private static func telling<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch PasswordError.busy, PasswordError.closed {
            throw APIError.unavailable("Too many people are signing in at this moment.")
        }
    }
}
