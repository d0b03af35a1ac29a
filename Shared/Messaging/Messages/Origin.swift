import Foundation
import Tracing

/// Where a chain of work began; CloudEvents extension attributes (`actorid`, `agencyid`, `sessionid`, `requestid`, `clientip`, `useragent`),
/// carried through every service. Kept in `ServiceContext`, so it needs no parameter.
public struct Origin: Sendable, Hashable, Codable {
    public var actorID: UUID?
    public var agencyID: UUID?
    public var sessionID: UUID?
    public var requestID: String?
    public var clientIP: String?
    public var userAgent: String?
    /// Two letters. For the service that answers the request: messages do not carry it.
    public var clientCountry: String?

    public init(
        actorID: UUID? = nil, agencyID: UUID? = nil, sessionID: UUID? = nil, requestID: String? = nil, clientIP: String? = nil,
        userAgent: String? = nil, clientCountry: String? = nil
    ) {
        self.actorID = actorID
        self.agencyID = agencyID
        self.sessionID = sessionID
        self.requestID = requestID
        self.clientIP = clientIP
        self.userAgent = userAgent
        self.clientCountry = clientCountry
    }

    /// The origin of the work now running (`ServiceContext.current`); empty when there is none.
    public static var current: Origin { ServiceContext.current?[OriginKey.self] ?? Origin() }

    /// Runs `body` as work that began here.
    public func run<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> Result {
        try await ServiceContext.$current.withValue(added(to: ServiceContext.current ?? .topLevel)) { try await body() }
    }

    func added(to context: ServiceContext) -> ServiceContext {
        var context = context
        context[OriginKey.self] = self
        return context
    }
}

private enum OriginKey: ServiceContextKey {
    typealias Value = Origin
    static let nameOverride: String? = "hearth.origin"
}
