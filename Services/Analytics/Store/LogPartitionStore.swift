import Postgres
import ServiceKit

/// The months of the logs.
struct LogPartitionStore {
    let postgres: Postgres

    /// Makes this month and three ahead, and takes events off that are older than `eventMonths`; acts go to the archive, and later from there.
    func keep(eventMonths: Int, auditMonths: Int, archiveMonths: Int) async throws {
        for change in [
            "SELECT ensure_month_partitions('user_events', 3)", "SELECT ensure_month_partitions('audit_logs', 3)",
            "SELECT detach_month_partitions('user_events', \(eventMonths)::integer)",
            "SELECT archive_audit_months(\(auditMonths)::integer, \(archiveMonths)::integer)",
        ] as [SQL] {
            _ = try await postgres.transaction(as: ServiceCaller()) { tx in try await tx.rows(change) }
        }
    }
}
