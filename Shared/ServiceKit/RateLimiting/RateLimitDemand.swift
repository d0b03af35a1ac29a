/// One of the limits that a request must be within.
struct RateLimitDemand: Sendable, Hashable {
    var limit: RateLimit
    var subject: RateLimitSubject
}
