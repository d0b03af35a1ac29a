import Foundation
import Postgres

/// A refresh token as it lies in the database, with its session and account, all locked.
struct PresentedToken: Sendable {
    enum Standing: Sendable, Equatable {
        case fresh
        /// Used a moment ago: the other tab, or the same client whose answer was lost.
        case justUsed
        case usedBefore
        case void
    }

    var id: UUID
    var session: SessionRow
    var credentials: Credentials
    var standing: Standing
    var sessionExpiry: Date
    var proof: SessionProof
}

extension PresentedToken: RowDecodable {
    /// Columns of the query in `RefreshStore`.
    init(row: Row) throws {
        id = try row["token_id"]
        session = SessionRow(id: try row["session_id"], userID: try row["owner_id"])
        credentials = try Credentials(row: row)
        sessionExpiry = try row["session_expiry"]
        proof = try SessionProof(row: row)
        let isLive: Bool = try row["is_live"]
        let isUsed: Bool = try row["is_used"]
        let isInGrace: Bool = try row["is_in_grace"]
        standing = Self.standing(isLive: isLive && credentials.user.status.mayHoldSession, isUsed: isUsed, isInGrace: isInGrace)
    }

    /// A used token ends a living family unless it was used a moment ago; in a family that has ended nothing is left to end.
    static func standing(isLive: Bool, isUsed: Bool, isInGrace: Bool) -> Standing {
        switch (isLive, isUsed) {
        case (false, _): .void
        case (true, false): .fresh
        case (true, true): isInGrace ? .justUsed : .usedBefore
        }
    }
}
