import Foundation

/// What came of presenting a refresh token.
enum RefreshOutcome: Sendable {
    /// Here is the next one. `token` is the same for everybody who presents the old one in its last moments.
    case granted(Credentials, session: UUID, SessionProof, token: OpaqueToken)
    /// Unknown, expired, or of a session that has ended.
    case refused
    /// It had been used before: somebody has a copy, so the whole family has ended.
    case reused(SessionRow)
}
