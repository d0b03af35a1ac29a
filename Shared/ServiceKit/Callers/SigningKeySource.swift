/// Where the public keys come from: `auth`'s own database, or a question to `auth`.
public protocol SigningKeySource: Sendable {
    /// The keys that verify now. `fresh` asks past any cache, because a token names a key that is not known.
    func keys(fresh: Bool) async throws -> SigningKeySet
}
