/// The limiter's answer to one request.
public struct RateLimitDecision: Sendable, Equatable {
    public var isAllowed: Bool
    /// The policy's quota.
    public var limit: Int
    /// Requests that may follow at once.
    public var remaining: Int
    /// How long to wait before the next request has a chance; zero when it was allowed.
    public var retryAfter: Duration
    /// When the whole quota is there again.
    public var reset: Duration
}
