import HTTPTypes
import Hummingbird

/// Refuses with 429 and `Retry-After` what is beyond a caller's limit, and tells every answer what is left.
///
/// The headers are those of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit: "default";r=50;t=30` (50 more at once, the whole quota in 30 seconds)
/// and `RateLimit-Policy: "default";q=100;w=60`. Routes that deserve a stricter limit get a second middleware with a policy of its own name; both
/// then count and both are told.
public struct RateLimitMiddleware: RouterMiddleware {
    public typealias Context = APIContext

    private let limiter: RateLimiter
    private let user: RateLimit?
    private let anonymous: RateLimit?

    /// - Parameters:
    ///   - user: For callers who are signed in, counted by user; nil for no limit.
    ///   - anonymous: For everyone else, counted by the client's address; nil for no limit.
    public init(_ limiter: RateLimiter, user: RateLimit?, anonymous: RateLimit?) {
        self.limiter = limiter
        self.user = user
        self.anonymous = anonymous
    }

    /// From `RATE_LIMIT_USER` (1200/60s by default) and `RATE_LIMIT_ANONYMOUS` (600/60s by default); `off` is no limit. Throws `SettingError`.
    public init(_ limiter: RateLimiter, settings: Settings) throws {
        self.init(
            limiter, user: try Self.limit("user", settings, "RATE_LIMIT_USER", default: "1200/60s"),
            anonymous: try Self.limit("anonymous", settings, "RATE_LIMIT_ANONYMOUS", default: "600/60s"))
    }

    public func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let limit = context.caller == nil ? anonymous : user else { return try await next(request, context) }
        let decision = await limiter.take(limit, for: RateLimitSubject(context))
        let headers = Self.headers(limit, decision)
        guard decision.isAllowed else { throw Self.refusal(decision, headers) }
        do {
            var response = try await next(request, context)
            response.headers.append(contentsOf: headers)
            return response
        } catch {
            // A refusal tells it as well; a fault of ours stays as it is, for the log.
            guard var known = APIError(error), known.status.kind == .clientError else { throw error }
            known.headers.append(contentsOf: headers)
            throw known
        }
    }

    private static func headers(_ limit: RateLimit, _ decision: RateLimitDecision) -> HTTPFields {
        [
            .rateLimit: "\"\(limit.name)\";r=\(decision.remaining);t=\(decision.reset.seconds(rounded: .up))",
            .rateLimitPolicy: "\"\(limit.name)\";q=\(limit.quota);w=\(limit.window.seconds(rounded: .up))",
        ]
    }

    private static func refusal(_ decision: RateLimitDecision, _ headers: HTTPFields) -> APIError {
        let seconds = max(1, decision.retryAfter.seconds(rounded: .up))
        var error = APIError(
            .tooManyRequests, "rate-limited", "That was too many requests.", detail: "Try again in \(seconds) s.", headers: headers)
        error.headers[.retryAfter] = String(seconds)
        return error
    }

    private static func limit(_ name: String, _ settings: Settings, _ setting: String, default value: String) throws -> RateLimit? {
        let text = settings.string(setting, default: value)
        if text == "off" { return nil }
        guard let limit = RateLimit(name, setting: text) else {
            throw SettingError(setting, "is \"\(text)\", which is neither a number per time such as 600/60s nor off")
        }
        return limit
    }
}

extension Duration {
    fileprivate func seconds(rounded rule: FloatingPointRoundingRule) -> Int { Int((self / .seconds(1)).rounded(rule)) }
}
