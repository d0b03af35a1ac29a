import Foundation
import Outbound
import ServiceKit

/// Where a channel leads, whole: what is sealed in `notification_channels.address_sealed`. Of mail there is nothing to hide from its owner.
enum ChannelAddress: Codable, Sendable {
    case email(String)
    /// In E.164.
    case sms(String)
    case push(PushSubscription)
    /// Without a token the operator's bot speaks.
    case discord(channelID: String, botToken: String?)
    case telegram(chatID: String, botToken: String?)
    /// The secret as Standard Webhooks has it: `whsec_` and base64.
    case webhook(url: String, secret: String)

    static let sealingContext = "alerts.notification_channels.address"

    var type: ChannelType {
        switch self {
        case .email: .email
        case .sms: .sms
        case .push: .push
        case .discord: .discord
        case .telegram: .telegram
        case .webhook: .webhook
        }
    }

    /// What makes it another one than the others.
    var identity: String {
        switch self {
        case .email(let address): address
        case .sms(let number): number
        case .push(let subscription): subscription.endpoint
        case .discord(let channelID, _): channelID
        case .telegram(let chatID, _): chatID
        case .webhook(let url, _): url
        }
    }

    /// What may be shown of it.
    var shown: String {
        switch self {
        case .email(let address): address
        case .sms(let number): "\(number.prefix(3))…\(number.suffix(3))"
        case .push(let subscription): URL(string: subscription.endpoint)?.host() ?? "push"
        case .discord(let channelID, _): channelID
        case .telegram(let chatID, _): chatID
        case .webhook(let url, _): URL(string: url).flatMap { url in HostPort(url).map { "\(url.scheme ?? "https")://\($0)/…" } } ?? "webhook"
        }
    }

    func sealed(by encryption: Encryption) throws -> Data? {
        if case .email = self { return nil }
        return Data(try encryption.seal(Array(JSONEncoder.hearth.encode(self)), context: Self.sealingContext))
    }

    static func open(_ sealed: Data, by encryption: Encryption) throws -> ChannelAddress {
        try JSONDecoder.hearth.decode(ChannelAddress.self, from: Data(encryption.open(Array(sealed), context: sealingContext)))
    }
}
