import Foundation
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Decides at which address a host that a stranger has named may be asked. The address it gives is the one to connect to: asking the name again could get another answer.
public struct AddressGuard: Sendable {
    /// Servers on private addresses that may be asked all the same: the demo's site and those of tests.
    public let allowed: Set<HostPort>
    private let resolve: @Sendable (HostPort) async throws -> [IPAddress]

    /// `resolve` gives the addresses of a name; the system's resolver when left out.
    public init(allowed: Set<HostPort>, resolve: @escaping @Sendable (HostPort) async throws -> [IPAddress] = AddressGuard.ask) {
        self.allowed = allowed
        self.resolve = resolve
    }

    /// - Throws: ``AddressRefused`` when the name has no address or any of its addresses is not public.
    public func address(of server: HostPort) async throws -> IPAddress {
        let addresses = if let literal = IPAddress(server.host) { [literal] } else { try await resolve(server) }
        guard let first = addresses.first else { throw AddressRefused("\(server.host) has no address") }
        if allowed.contains(server) { return first }
        // One private address among public ones is a trap or a mistake: either way nothing to ask.
        if let refused = addresses.first(where: { !$0.isPublic }) {
            throw AddressRefused("\(server.host) is at \(refused), which is not a public address")
        }
        return first
    }

    /// The system's resolver, which blocks: on NIO's thread pool.
    public static func ask(_ server: HostPort) async throws -> [IPAddress] {
        try await NIOThreadPool.singleton.runIfActive {
            var hints = addrinfo()
            hints.ai_family = AF_UNSPEC
            hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
            var list: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(server.host, String(server.port), &hints, &list) == 0 else { return [] }
            defer { freeaddrinfo(list) }
            var addresses: [IPAddress] = []
            var entry = list
            while let current = entry?.pointee {
                if let address = IPAddress(current) { addresses.append(address) }
                entry = current.ai_next
            }
            return addresses
        }
    }
}

extension IPAddress {
    fileprivate init?(_ info: addrinfo) {
        switch info.ai_family {
        case AF_INET:
            guard let v4 = info.ai_addr?.withMemoryRebound(to: sockaddr_in.self, capacity: 1, { $0.pointee }) else { return nil }
            self.init(SocketAddress(v4))
        case AF_INET6:
            guard let v6 = info.ai_addr?.withMemoryRebound(to: sockaddr_in6.self, capacity: 1, { $0.pointee }) else { return nil }
            self.init(SocketAddress(v6))
        default: return nil
        }
    }
}
