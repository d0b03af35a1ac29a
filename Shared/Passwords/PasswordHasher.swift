/// Hashes and compares passwords on threads of its own behind a bounded queue, so that a flood of sign-ins neither blocks the cooperative pool nor
/// grows without end: what does not fit is refused with `PasswordError.busy`.
public final class PasswordHasher: Sendable {
    /// What a comparison told.
    public struct Verification: Sendable, Equatable {
        public var matches: Bool
        /// The hash was made with a lower cost than is asked for now.
        public var isOutdated: Bool
    }

    public let cost: Int
    private let workers: Workers
    private let decoy: String

    /// - Parameters:
    ///   - threads: how many passwords are hashed at once; more than there are cores only adds waiting.
    ///   - waiting: how many may wait beyond those.
    public init(cost: Int, threads: Int, waiting: Int) throws {
        guard Bcrypt.costs.contains(cost) else { throw PasswordError.unsupportedCost(cost) }
        self.cost = cost
        self.decoy = Bcrypt.decoy(cost: cost)
        self.workers = Workers(threads: threads, waiting: waiting)
    }

    deinit { workers.close() }

    /// Throws `PasswordError.busy` when too many wait.
    public func hash(_ password: String) async throws -> String {
        let cost = cost
        return try await workers.run { try Bcrypt.hash(password, cost: cost) }
    }

    /// Compares with a stored hash. `nil` (there is no such account) takes the same time as a password that is wrong, and never matches.
    public func verify(_ password: String, against hash: String?) async throws -> Verification {
        let decoy = decoy
        let cost = cost
        return try await workers.run {
            let matches = Bcrypt.verify(password, against: hash ?? decoy)
            let stored = hash.flatMap(Bcrypt.cost) ?? cost
            guard !matches, stored < cost else { return Verification(matches: matches, isOutdated: stored < cost) }
            // Each cost is twice the one before: those in between make up for what a hash of before the cost rose saves.
            for missing in stored..<cost { _ = Bcrypt.verify(password, against: Bcrypt.decoy(cost: missing)) }
            return Verification(matches: false, isOutdated: true)
        }
    }
}
