import Foundation
import Hummingbird
import Logging
import NIOCore
import Postgres

/// The context of one request, and who makes it.
public struct APIContext: RequestContext, RemoteAddressRequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The peer of the connection: the gateway, as a rule.
    public var remoteAddress: SocketAddress?
    /// The client's `X-Request-Id` when it is well formed, else a new UUIDv7. Answered in `X-Request-Id`.
    public var requestID: String
    /// The client's address as the gateway saw it; the peer's own when it is not a trusted proxy.
    public var clientIP: String?
    public var userAgent: String?
    /// The client's country (two letters), where a trusted proxy tells it.
    public var clientCountry: String?
    /// Nil for an anonymous request. A token that is present but not valid never gets this far (401).
    public var caller: Caller?
    /// Bytes of a body that `Request.decode` takes.
    public var maxUploadSize: Int { 1024 * 1024 }

    public var requestDecoder: JSONDecoder { .hearth }
    public var responseEncoder: JSONEncoder { .hearth }

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
        requestID = ""
    }
}
