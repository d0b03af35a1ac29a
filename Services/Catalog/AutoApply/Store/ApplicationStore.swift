import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Letters on their way.
struct ApplicationStore {
    enum TakingBack: Equatable {
        case done, noSuch, tooLate
    }

    let postgres: Postgres

    func list(page: PageRequest<UUID>, as caller: Caller) async throws -> Page<HomeApplication> {
        let after: SQL = page.after.map { "AND id < \($0)" } ?? ""
        let rows: [HomeApplication] = try await postgres.all(
            as: caller,
            """
            SELECT \(HomeApplication.columns) FROM home_applications WHERE user_id = \(caller.userID) \(after)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { $0.id }
    }

    func find(_ id: UUID, as caller: Caller) async throws -> HomeApplication? {
        try await postgres.first(
            as: caller, "SELECT \(HomeApplication.columns) FROM home_applications WHERE id = \(id) AND user_id = \(caller.userID)")
    }

    /// Either this or the sending happens: one statement decides. Taking back what is taken back changes nothing.
    func takeBack(_ id: UUID, as caller: Caller) async throws -> TakingBack {
        let answers = try await postgres.batch(
            as: caller,
            [
                """
                UPDATE home_applications SET status = 'taken_back'
                WHERE id = \(id) AND user_id = \(caller.userID) AND status = 'waiting' RETURNING id
                """,
                "SELECT status FROM home_applications WHERE id = \(id) AND user_id = \(caller.userID)",
            ])
        guard let row = answers[1].first else { return .noSuch }
        let status: HomeApplication.Status = try row["status"]
        return status == .takenBack ? .done : .tooLate
    }

    static func deleteAll(of user: UUID, in tx: Transaction) async throws {
        _ = try await tx.batch([
            "DELETE FROM home_applications WHERE user_id = \(user)", "DELETE FROM application_letters WHERE user_id = \(user)",
        ])
    }

    /// What became of a letter that was handed over.
    func note(_ id: UUID, _ status: HomeApplication.Status, reason: String?, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE home_applications SET status = \(status), reason = \(reason.map { String($0.prefix(200)) })
            WHERE id = \(id) AND status IN ('sent', 'delivered', 'failed') AND status <> \(status)
            """)
    }
}
