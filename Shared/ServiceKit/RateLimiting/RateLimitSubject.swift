import Foundation

/// Whose requests are counted.
public enum RateLimitSubject: Sendable, Hashable {
    case user(UUID)
    /// A client's address; of an IPv6 address only the network counts, as everyone has a whole one.
    case client(String)

    init(_ context: APIContext) {
        if let caller = context.caller {
            self = .user(caller.userID)
        } else {
            self = .client(Self.network(context.clientIP ?? "unknown"))
        }
    }

    var key: String {
        switch self {
        case .user(let id): "user:\(id.uuidString.lowercased())"
        case .client(let address): "client:\(address)"
        }
    }

    /// The first 64 bits of an IPv6 address, an IPv4 address as it is.
    static func network(_ address: String) -> String {
        var bytes = in6_addr()
        guard address.contains(":"), inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        return withUnsafeBytes(of: &bytes) { $0.prefix(8).map { String($0, radix: 16) }.joined(separator: "-") }
    }
}
