import Foundation
import ServiceKit

/// Whom an administrator shuts out.
struct NewBlock: Decodable, Sendable, Validated {
    /// A month.
    static let longest = 43_200

    /// As requests are counted: of an IPv6 address the network.
    var identifier: String
    var identifierType: IdentifierType
    var durationMinutes: Int
    var reason: String

    enum CodingKeys: String, CodingKey {
        case identifier, reason
        case identifierType = "identifier_type"
        case durationMinutes = "duration_minutes"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        identifierType = try container.decode(IdentifierType.self, forKey: .identifierType)
        let text = try container.decode(String.self, forKey: .identifier)
        identifier = identifierType == .ip ? RateLimitSubject.network(text.lowercased()) : text.lowercased()
        durationMinutes = try container.decode(Int.self, forKey: .durationMinutes)
        reason = try container.decode(String.self, forKey: .reason)
    }

    func validate(_ check: inout Validation) {
        switch identifierType {
        case .ip: check(Self.isAddress(identifier), "/identifier", "format", "must be an IP address, or an IPv6 network of 64 bits")
        case .user, .apiKey: check(UUID(uuidString: identifier) != nil, "/identifier", "format", "must be a UUID")
        case .account:
            check(
                false, "/identifier_type", "unknown_value",
                "must be one of: ip, user, api_key: an account that requests name is not shut out for its owner")
        }
        check.range(durationMinutes, "/duration_minutes", 1...Self.longest)
        check.text(reason, "/reason", maximum: 2000, multiline: true)
    }

    private static func isAddress(_ text: String) -> Bool {
        var (four, six) = (in_addr(), in6_addr())
        if text.hasSuffix("::/64") { return inet_pton(AF_INET6, String(text.dropLast(3)), &six) == 1 }
        return inet_pton(AF_INET, text, &four) == 1
    }
}
