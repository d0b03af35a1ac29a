import Postgres
import ServiceKit

/// The months of the logs.
struct LogPartitionStore {
    let postgres: Postgres

    /// Makes this month and three ahead, and takes those off that are older than `monthsKept`.
    func keep(_ log: String, monthsKept: Int) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            _ = try await tx.batch([
                "SELECT ensure_month_partitions(\(log), 3)",
                "SELECT detach_month_partitions(\(log), \(monthsKept)::integer)",
            ])
        }
    }
}
