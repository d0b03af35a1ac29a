import Contracts
import Crypto
import Foundation

extension FeatureFlagSnapshot {
    /// How many buckets users are divided into: a hundredth of a per cent each.
    static let buckets = 10_000

    /// Whether it is on for somebody; for a visitor no rule about users, agencies or shares of them fits.
    public func isOn(for caller: Caller?) -> Bool {
        guard enabled else { return false }
        for rule in config.rules where fits(rule, caller) { return rule.value ?? true }
        return config.fallback ?? config.rules.isEmpty
    }

    /// The bucket of a user, 0 to 9,999, the same in every process and version: the first eight bytes of SHA-256 over `<flag's name>:<user's id in lower
    /// case>` as a big-endian number, modulo 10,000. The name is part of it, so that not the same users are the first to meet every novelty. A share of p per cent are
    /// the buckets below p × 100: as it grows, whoever is in stays in.
    public static func bucket(of user: UUID, in flag: String) -> Int {
        let digest = SHA256.hash(data: Data("\(flag):\(user.uuidString.lowercased())".utf8))
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(number % UInt64(buckets))
    }

    private func fits(_ rule: FeatureFlagRules.Rule, _ caller: Caller?) -> Bool {
        guard let caller else { return false }
        if rule.users?.contains(caller.userID) == true { return true }
        if let agencies = rule.agencies, caller.agencies.contains(where: { agencies.contains($0.agencyID) }) { return true }
        guard let percentage = rule.percentage else { return false }
        return Double(Self.bucket(of: caller.userID, in: name)) < percentage * 100
    }
}
