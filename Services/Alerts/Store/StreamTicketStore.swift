import Crypto
import Foundation
import Postgres
import ServiceKit

/// One-time tickets that open a live stream.
struct StreamTicketStore {
    /// How long a ticket waits to be used.
    static let lifetime: Duration = .seconds(30)

    let postgres: Postgres

    func issue(as caller: Caller, until tokenExpiresAt: Date) async throws -> String {
        let ticket = Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64URL
        _ = try await postgres.transaction(as: caller) { tx in
            try await tx.execute(
                """
                INSERT INTO stream_tickets (ticket_hash, user_id, session_id, token_expires_at, expires_at)
                VALUES (\(Self.hash(ticket)), \(caller.userID), \(caller.sessionID), \(tokenExpiresAt),
                    now() + \(Self.lifetime.components.seconds) * interval '1 second')
                """)
        }
        return ticket
    }

    /// Whom a ticket lets in; nil when it was used, has run out or never was.
    func redeem(_ ticket: String) async throws -> Admission? {
        try await postgres.first(
            as: ServiceCaller(),
            """
            DELETE FROM stream_tickets WHERE ticket_hash = \(Self.hash(ticket)) AND expires_at > now()
            RETURNING user_id, session_id, token_expires_at
            """)
    }

    /// Unused tickets go once they have run out.
    func sweep() async throws {
        _ = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute("DELETE FROM stream_tickets WHERE expires_at < now() - interval '1 minute'")
        }
    }

    private static func hash(_ ticket: String) -> Data { Data(SHA256.hash(data: Data(ticket.utf8))) }
}

/// Who may hold a stream, and until when.
struct Admission: Sendable, RowDecodable {
    var userID: UUID
    var sessionID: UUID
    var expiresAt: Date

    init(userID: UUID, sessionID: UUID, expiresAt: Date) {
        self.userID = userID
        self.sessionID = sessionID
        self.expiresAt = expiresAt
    }

    init(row: Row) throws {
        userID = try row["user_id"]
        sessionID = try row["session_id"]
        expiresAt = try row["token_expires_at"]
    }
}
