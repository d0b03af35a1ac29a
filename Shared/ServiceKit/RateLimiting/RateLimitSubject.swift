import Crypto
import Foundation

/// Whose requests are counted.
public enum RateLimitSubject: Sendable, Hashable {
    case user(UUID)
    case apiKey(UUID)
    /// A client's address; of an IPv6 address only the network counts, as everyone has a whole one.
    case client(String)
    /// What somebody says they are, such as an address to sign in with, as a hash: it need not be anybody.
    case account(String)

    /// Whoever asks: by their key, their account, or their address without a token.
    init(_ context: APIContext) {
        if let caller = context.caller {
            self = caller.scopes == nil ? .user(caller.userID) : .apiKey(caller.sessionID)
        } else {
            self = .address(of: context)
        }
    }

    static func address(of context: APIContext) -> RateLimitSubject { .client(network(context.clientIP ?? "unknown")) }

    /// The text itself stays here.
    static func account(named text: String) -> RateLimitSubject {
        .account(Data(SHA256.hash(data: Data(text.lowercased().utf8)).prefix(16)).base64URL)
    }

    var key: String {
        switch self {
        case .user(let id): "user:\(id.uuidString.lowercased())"
        case .apiKey(let id): "key:\(id.uuidString.lowercased())"
        case .client(let address): "client:\(address)"
        case .account(let hash): "account:\(hash)"
        }
    }

    /// As `auth.api_rate_limits` names it.
    public var identifier: String {
        switch self {
        case .user(let id), .apiKey(let id): id.uuidString.lowercased()
        case .client(let text), .account(let text): text
        }
    }

    /// ip, user, api_key, account
    public var identifierType: String {
        switch self {
        case .user: "user"
        case .apiKey: "api_key"
        case .client: "ip"
        case .account: "account"
        }
    }

    /// The network of an IPv6 address (`2001:db8:1:2::/64`), an IPv4 address as it is.
    public static func network(_ address: String) -> String {
        var bytes = in6_addr()
        guard address.contains(":"), inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        return withUnsafeBytes(of: &bytes) { bytes in
            stride(from: 0, to: 8, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }.joined(separator: ":") + "::/64"
        }
    }
}
