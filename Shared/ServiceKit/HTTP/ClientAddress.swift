import HTTPTypes
import NIOCore

/// Who the client is, behind proxies that may be believed. `TRUSTED_PROXIES` lists networks (`10.0.0.0/8`, `::1/128`); by default loopback
/// and the private ranges. `CLIENT_COUNTRY_HEADER` names the header in which they say in which country the client is, such as `CF-IPCountry`, where one of
/// them knows; nobody guesses it.
struct ClientAddress: Sendable {
    static let standardProxies = [
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10",
    ]

    private let trusted: [AddressRange]
    private let countryHeader: HTTPField.Name?

    init(trustedProxies: [String] = standardProxies, countryHeader: String = "") throws {
        self.countryHeader = HTTPField.Name(countryHeader)
        guard countryHeader.isEmpty || self.countryHeader != nil else {
            throw SettingError("CLIENT_COUNTRY_HEADER", "is \"\(countryHeader)\", which is no header's name")
        }
        trusted = try trustedProxies.map { text in
            guard let range = AddressRange(text) else {
                throw SettingError("TRUSTED_PROXIES", "holds \"\(text)\", which is not a network such as 10.0.0.0/8")
            }
            return range
        }
    }

    /// `X-Real-IP`, else the last address of `X-Forwarded-For` that is not itself a trusted proxy, when the peer is trusted; else the peer.
    func of(_ headers: HTTPFields, peer: SocketAddress?) -> String? {
        guard let peer else { return nil }
        // A unix socket has no address and can only be the gateway on this machine.
        guard let bytes = AddressRange.bytes(of: peer) else { return forwarded(headers) }
        guard isTrusted(bytes) else { return peer.ipAddress }
        return forwarded(headers) ?? peer.ipAddress
    }

    /// The country of the client (ISO 3166-1, two letters), when a trusted proxy tells it.
    func country(of headers: HTTPFields, peer: SocketAddress?) -> String? {
        guard let countryHeader, let peer, AddressRange.bytes(of: peer).map(isTrusted) ?? true else { return nil }
        guard let code = headers[countryHeader], code.wholeMatch(of: /[A-Z]{2}/) != nil, code != "XX" else { return nil }
        return code
    }

    private func forwarded(_ headers: HTTPFields) -> String? {
        if let real = headers[.realIP], AddressRange.bytes(of: real) != nil { return real }
        guard let chain = headers[.forwardedFor] else { return nil }
        let hops = chain.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }.map { String($0.prefix { !$0.isWhitespace }) }
        return hops.last { hop in AddressRange.bytes(of: hop).map { !isTrusted($0) } ?? false }
    }

    private func isTrusted(_ address: [UInt8]) -> Bool { trusted.contains { $0.contains(address) } }
}
