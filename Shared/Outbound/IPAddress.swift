import NIOCore

/// A numeric address, and whether it belongs to the public Internet.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Four octets or sixteen.
    public let octets: [UInt8]
    public let description: String

    /// Nil for a socket of the file system.
    public init?(_ address: SocketAddress) {
        switch address {
        case .v4(let v4): octets = withUnsafeBytes(of: v4.address.sin_addr) { Array($0) }
        case .v6(let v6): octets = withUnsafeBytes(of: v6.address.sin6_addr) { Array($0) }
        case .unixDomainSocket: return nil
        }
        guard let text = address.ipAddress else { return nil }
        description = text
    }

    /// Nil for what is not written as a number.
    public init?(_ text: String) {
        guard let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        self.init(address)
    }

    /// Whether IANA has it as globally reachable.
    public var isPublic: Bool { octets.count == 4 ? Self.isPublic(v4: octets) : Self.isPublic(v6: octets) }

    /// IANA's special-purpose registry: everything that is not globally reachable.
    private static func isPublic(v4 o: [UInt8]) -> Bool {
        switch (o[0], o[1], o[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (169, 254, _), (192, 168, _): false
        case (100, 64...127, _), (172, 16...31, _), (198, 18...19, _): false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 51, 100), (203, 0, 113): false
        case (224..., _, _): false
        default: true
        }
    }

    private static func isPublic(v6 o: [UInt8]) -> Bool {
        // Addresses that carry a v4 address are judged by it: mapped, compatible, NAT64 and 6to4.
        if o[..<10].allSatisfy({ $0 == 0 }), o[10] == 0xFF, o[11] == 0xFF { return isPublic(v4: Array(o[12...])) }
        if o[..<12].allSatisfy({ $0 == 0 }) { return false }
        if o[..<12].elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) { return isPublic(v4: Array(o[12...])) }
        if o[0] == 0x20, o[1] == 0x02 { return isPublic(v4: Array(o[2..<6])) }
        // Only 2000::/3 is in use, and parts of it are not for traffic: Teredo, ORCHID, documentation.
        guard o[0] & 0xE0 == 0x20 else { return false }
        if o[0] == 0x20, o[1] == 0x01, o[2] < 0x02 { return false }
        if o[0] == 0x20, o[1] == 0x01, o[2] == 0x0D, o[3] == 0xB8 { return false }
        return !(o[0] == 0x3F && o[1] == 0xFF && o[2] < 0x10)
    }
}
