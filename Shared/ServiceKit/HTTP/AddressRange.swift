import NIOCore

/// A network in CIDR form, or one address. IPv4 that comes mapped into IPv6 is IPv4.
struct AddressRange: Sendable {
    private let network: [UInt8]
    private let prefix: Int

    /// Nil for what is not `address` or `address/length`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(of: String(parts[0])) else { return nil }
        network = bytes
        guard parts.count == 2 else {
            prefix = bytes.count * 8
            return
        }
        guard let length = Int(parts[1]), (0...bytes.count * 8).contains(length) else { return nil }
        prefix = length
    }

    func contains(_ address: [UInt8]) -> Bool {
        guard address.count == network.count else { return false }
        let whole = prefix / 8
        guard address[..<whole] == network[..<whole] else { return false }
        let rest = prefix % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xff << (8 - rest))
        return address[whole] & mask == network[whole] & mask
    }

    /// Four or sixteen bytes; nil for a text that is no address.
    static func bytes(of text: String) -> [UInt8]? {
        (try? SocketAddress(ipAddress: text, port: 0)).flatMap(bytes(of:))
    }

    /// Nil for a unix socket.
    static func bytes(of address: SocketAddress) -> [UInt8]? {
        switch address {
        case .v4(let v4):
            return withUnsafeBytes(of: v4.address.sin_addr) { Array($0) }
        case .v6(let v6):
            let bytes = withUnsafeBytes(of: v6.address.sin6_addr) { Array($0) }
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
            return isMapped ? Array(bytes[12...]) : bytes
        case .unixDomainSocket:
            return nil
        }
    }
}
