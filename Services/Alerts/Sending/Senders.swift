import AsyncHTTPClient
import Foundation
import NIOPosix
import Outbound
import ServiceKit

/// Everybody who carries a message out of Hearth, but for mail, which campaigns does.
struct Senders: Sendable {
    var sms: SMSProvider?
    var push: PushSender?
    var discord: DiscordSender
    var telegram: TelegramSender
    var webhooks: WebhookSender

    /// The types of channel that people can have here.
    var types: [ChannelType] {
        ChannelType.allCases.filter { type in
            switch type {
            case .sms: sms != nil
            case .push: push != nil
            default: true
            }
        }
    }

    /// Whether there is a bot for it, where one is wanted.
    func canReach(_ address: ChannelAddress) -> Bool {
        switch address {
        case .discord(_, let token): token != nil || discord.botToken != nil
        case .telegram(_, let token): token != nil || telegram.botToken != nil
        default: true
        }
    }

    /// Never throws but for cancellation: what goes wrong on the way is an outcome, without what is secret in it.
    func send(_ delivery: ClaimedDelivery, to address: ChannelAddress) async throws -> SendOutcome {
        do {
            switch address {
            case .email: return .rejected("mail is not sent from here", isGone: false)
            case .sms(let number): return await text(delivery, to: number)
            case .push(let subscription):
                guard let push else { return .rejected("there is no key for push messages", isGone: false) }
                return try await push.send(delivery, to: subscription)
            case .discord(let channelID, let token): return try await discord.send(delivery, to: channelID, token: token)
            case .telegram(let chatID, let token): return try await telegram.send(delivery, to: chatID, token: token)
            case .webhook(let url, let secret): return try await webhooks.send(delivery, to: url, secret: secret)
            }
        } catch let refused as AddressRefused {
            return .rejected(refused.description, isGone: false)
        } catch let late as OutOfTime where delivery.channel.knowsRepeats {
            return .deferred(late.description, after: nil)
        } catch {
            try Task.checkCancellation()
            guard delivery.channel.knowsRepeats || Self.isUnreached(error) else {
                return .rejected("it may have been sent, and is not sent twice", isGone: false)
            }
            return .deferred("not reached: \(type(of: error))", after: nil)
        }
    }

    /// Whether the other side has certainly not heard of it.
    private static func isUnreached(_ error: any Error) -> Bool {
        if error is NIOConnectionError { return true }
        return [HTTPClientError.connectTimeout, .tlsHandshakeTimeout].contains { $0 == error as? HTTPClientError }
    }

    private func text(_ delivery: ClaimedDelivery, to number: String) async -> SendOutcome {
        guard let sms else { return .rejected("there is no provider of text messages", isGone: false) }
        let (title, text) = MessageText.of(delivery, limit: 320)
        switch await sms.send(delivery.id, to: number, text: delivery.secret?.code == nil ? "\(title.limited(toUTF8: 120))\n\(text)" : text) {
        case .taken(let reply): return .taken(reply, isThere: false)
        case .rejected(let reply): return .rejected(reply, isGone: false)
        case .deferred(let reply): return .deferred(reply, after: nil)
        }
    }
}
