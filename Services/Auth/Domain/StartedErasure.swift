import Foundation

/// The answer to whoever has deleted their account: how to follow what becomes of the rest. The token is told this once.
struct StartedErasure: Codable, Sendable {
    var erasureID: UUID
    var token: String
    /// Where to look, with the token in it.
    var statusURL: String

    enum CodingKeys: String, CodingKey {
        case erasureID = "erasure_id"
        case token
        case statusURL = "status_url"
    }
}
