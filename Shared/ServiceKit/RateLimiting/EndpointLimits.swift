import Synchronization

/// Classes of endpoints with limits of their own, tighter than those of all requests: per client (or per account of whoever has signed in), and per
/// account that a request names.
///
/// Limits come from the configuration while their settings are active (`rate_limits.endpoints.<class>`, `rate_limits.accounts.<class>`: a number per time, or
/// off), else they are what the service says. `RATE_LIMIT_ENDPOINTS=off` is for a system that only its makers can reach: there are none then.
public final class EndpointLimits: Sendable {
    private struct Class: Sendable {
        var name: String
        var caller: LiveValue<RateLimit?>
        var account: LiveValue<RateLimit?>
    }

    private struct State {
        var byEndpoint: [String: Class] = [:]
        var byName: [String: Class] = [:]
    }

    private let limiter: RateLimiter
    private let configuration: Configuration?
    private let isOff: Bool
    private let state = Mutex(State())

    init(_ limiter: RateLimiter, settings: Settings, configuration: Configuration?) throws {
        self.limiter = limiter
        self.configuration = configuration
        let text = settings.string("RATE_LIMIT_ENDPOINTS", default: "on")
        guard text == "on" || text == "off" else { throw SettingError("RATE_LIMIT_ENDPOINTS", "is \"\(text)\", which is neither on nor off") }
        isOff = text == "off"
    }

    /// Adds a class. Call it in `build`.
    /// - Parameters:
    ///   - endpoints: Method and path as the router has it: `POST /v1/auth/login`.
    ///   - caller: What one client may do, or one account that has signed in; nil for nothing beyond the general limit.
    ///   - account: What may be done about one account that requests name, whoever they come from; nil for no limit.
    public func add(_ name: String, _ endpoints: [String], caller: RateLimit?, account: RateLimit? = nil) {
        let added = Class(
            name: name, caller: live("rate_limits.endpoints.\(name)", name, caller),
            account: live("rate_limits.accounts.\(name)", name + "_account", account))
        state.withLock { state in
            state.byName[name] = added
            for endpoint in endpoints { state.byEndpoint[endpoint] = added }
        }
    }

    /// The names of the classes that were added.
    public var classes: Set<String> { state.withLock { Set($0.byName.keys) } }

    /// Counts a request about an account that it names, once its body is read. Throws 429.
    public func expect(_ name: String, account: String) async throws {
        guard !isOff, let limit = state.withLock({ $0.byName[name] })?.account.current else { return }
        let demand = RateLimitDemand(limit: limit, subject: .account(named: account))
        let decision = await limiter.take(demand.limit, for: demand.subject)
        guard decision.isAllowed else { throw RateLimitHeaders.refusal([(limit, decision)]) }
    }

    /// The limit of an endpoint for one caller; nil when it has none of its own.
    func limit(of endpoint: String) -> RateLimit? {
        isOff ? nil : state.withLock { $0.byEndpoint[endpoint] }?.caller.current
    }

    private func live(_ key: String, _ name: String, _ standard: RateLimit?) -> LiveValue<RateLimit?> {
        configuration?.live(.rateLimit(key, named: name), default: standard) ?? LiveValue(standard)
    }
}

extension ConfigurationKey where Value == RateLimit? {
    /// `600/60s`, or `off` for no limit.
    static func rateLimit(_ key: String, named name: String) -> ConfigurationKey {
        ConfigurationKey(key) { text in text == "off" ? .some(nil) : RateLimit(name, setting: text).map(Optional.some) }
    }
}
