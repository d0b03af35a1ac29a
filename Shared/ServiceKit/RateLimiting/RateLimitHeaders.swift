import HTTPTypes

/// What an answer tells of limits, after draft-ietf-httpapi-ratelimit-headers-10: `RateLimit: "user";r=50;t=30` (50 more at once, the whole quota in 30
/// seconds) and `RateLimit-Policy: "user";q=100;w=60`; several limits stand in one list.
enum RateLimitHeaders {
    static func fields(_ decisions: [(limit: RateLimit, decision: RateLimitDecision)]) -> HTTPFields {
        guard !decisions.isEmpty else { return [:] }
        let limits = decisions.map { "\"\($0.limit.name)\";r=\($0.decision.remaining);t=\($0.decision.reset.seconds(rounded: .up))" }
        let policies = decisions.map(\.limit.policy)
        return [.rateLimit: limits.joined(separator: ", "), .rateLimitPolicy: policies.joined(separator: ", ")]
    }

    /// 429 with the longest of the waits.
    static func refusal(_ decisions: [(limit: RateLimit, decision: RateLimitDecision)]) -> APIError {
        let seconds = max(1, decisions.map { $0.decision.retryAfter.seconds(rounded: .up) }.max() ?? 1)
        var error = APIError(
            .tooManyRequests, "rate-limited", "That was too many requests.", detail: "Try again in \(seconds) s.", headers: fields(decisions))
        error.headers[.retryAfter] = String(seconds)
        return error
    }

    /// 429 for whoever is shut out.
    static func blocked(for wait: Duration) -> APIError {
        let seconds = max(1, wait.seconds(rounded: .up))
        return APIError(
            .tooManyRequests, "blocked", "You are shut out for a while.", detail: "Try again in \(seconds) s.",
            headers: [.retryAfter: String(seconds)])
    }
}

extension Duration {
    func seconds(rounded rule: FloatingPointRoundingRule) -> Int { Int((self / .seconds(1)).rounded(rule)) }
}
