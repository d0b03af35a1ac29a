import Foundation
import Postgres

/// What a service keeps for a while and no longer.
public struct RetentionRule: Sendable {
    /// What it is, for the log.
    public var name: String
    /// A statement that lets one batch of at most `limit` rows go that are due at `now`, and passes over rows that others hold
    /// (`FOR UPDATE SKIP LOCKED`), so that copies share the work.
    public var batch: @Sendable (_ now: Date, _ limit: Int) -> SQL

    public init(_ name: String, batch: @escaping @Sendable (_ now: Date, _ limit: Int) -> SQL) {
        self.name = name
        self.batch = batch
    }
}
