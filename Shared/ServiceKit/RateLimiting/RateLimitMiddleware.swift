import HTTPTypes
import Hummingbird

/// Refuses with 429 and `Retry-After` whoever is shut out and what is beyond a limit, and tells every answer what is left (see `RateLimitHeaders`).
///
/// A request counts against the limit of whoever asks (their API key, their account, or the client's address without a token) and, where its endpoint is of a
/// class of its own (`EndpointLimits`), against that too: all in one atomic step, or not at all.
public struct RateLimitMiddleware: RouterMiddleware {
    public typealias Context = APIContext

    private let limiter: RateLimiter
    private let user: LiveValue<RateLimit?>
    private let apiKey: LiveValue<RateLimit?>
    private let anonymous: LiveValue<RateLimit?>
    private let endpoints: EndpointLimits?
    private let blocks: RateLimitBlocks?

    /// - Parameters:
    ///   - user: For callers who are signed in, counted by user; nil for no limit.
    ///   - apiKey: For API keys, each counted by itself; nil for no limit.
    ///   - anonymous: For everyone else, counted by the client's address; nil for no limit.
    public init(_ limiter: RateLimiter, user: RateLimit?, apiKey: RateLimit? = nil, anonymous: RateLimit?) {
        self.limiter = limiter
        self.user = LiveValue(user)
        self.apiKey = LiveValue(apiKey)
        self.anonymous = LiveValue(anonymous)
        endpoints = nil
        blocks = nil
    }

    /// From `rate_limits.user`, `rate_limits.api_key` and `rate_limits.anonymous` of the configuration while they are active, else from
    /// `RATE_LIMIT_USER` (1200/60s by default), `RATE_LIMIT_API_KEY` (as users) and `RATE_LIMIT_ANONYMOUS` (600/60s by default); `off` is no limit. Throws
    /// `SettingError`.
    public init(_ limiter: RateLimiter, settings: Settings, configuration: Configuration? = nil) throws {
        try self.init(limiter, settings: settings, configuration: configuration, endpoints: nil, blocks: nil)
    }

    init(
        _ limiter: RateLimiter, settings: Settings, configuration: Configuration?, endpoints: EndpointLimits?, blocks: RateLimitBlocks?
    ) throws {
        func live(_ name: String, _ setting: String, default value: String) throws -> LiveValue<RateLimit?> {
            let standard = try Self.limit(name, settings, setting, default: value)
            return configuration?.live(.rateLimit("rate_limits.\(name)", named: name), default: standard) ?? LiveValue(standard)
        }
        self.limiter = limiter
        self.endpoints = endpoints
        self.blocks = blocks
        user = try live("user", "RATE_LIMIT_USER", default: "1200/60s")
        apiKey = try live("api_key", "RATE_LIMIT_API_KEY", default: settings.string("RATE_LIMIT_USER", default: "1200/60s"))
        anonymous = try live("anonymous", "RATE_LIMIT_ANONYMOUS", default: "600/60s")
    }

    public func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let subject = RateLimitSubject(context)
        if let wait = blocks?.wait(of: blockable(subject, context)) { throw RateLimitHeaders.blocked(for: wait) }
        let demands = demands(request, context, subject)
        guard !demands.isEmpty else { return try await next(request, context) }
        let decisions = zip(demands.map(\.limit), await limiter.take(all: demands)).map { (limit: $0, decision: $1) }
        guard decisions.allSatisfy(\.decision.isAllowed) else { throw RateLimitHeaders.refusal(decisions) }
        let headers = RateLimitHeaders.fields(decisions)
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

    private func demands(_ request: Request, _ context: APIContext, _ subject: RateLimitSubject) -> [RateLimitDemand] {
        var demands: [RateLimitDemand] = []
        if let limit = limit(of: subject) { demands.append(RateLimitDemand(limit: limit, subject: subject)) }
        if let endpoints, let path = context.endpointPath, let limit = endpoints.limit(of: "\(request.method.rawValue) \(path)") {
            demands.append(RateLimitDemand(limit: limit, subject: subject))
        }
        return demands
    }

    private func limit(of subject: RateLimitSubject) -> RateLimit? {
        switch subject {
        case .user: user.current
        case .apiKey: apiKey.current
        case .client, .account: anonymous.current
        }
    }

    /// Whoever asks, by all that they are known by.
    private func blockable(_ subject: RateLimitSubject, _ context: APIContext) -> [RateLimitSubject] {
        guard let caller = context.caller else { return [subject] }
        return [subject, .user(caller.userID), .address(of: context)]
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
