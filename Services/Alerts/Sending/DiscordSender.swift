import Foundation
import NIOHTTP1
import Outbound
import ServiceKit

/// Writes into channels of Discord as a bot.
struct DiscordSender: Sendable {
    /// In UTF-16 units; a limit in bytes is never above it.
    private static let longestMessage = 2000

    let client: GuardedClient
    /// `https://discord.com/api/v10`
    let baseURL: String
    /// The operator's bot, for channels that name none.
    let botToken: String?

    func send(_ delivery: ClaimedDelivery, to channelID: String, token own: String?) async throws -> SendOutcome {
        guard let token = own ?? botToken else { return .rejected("there is no bot for Discord", isGone: false) }
        guard let url = URL(string: "\(baseURL)/channels/\(channelID)/messages") else { return .rejected("the channel cannot be read", isGone: true) }
        let (title, text) = MessageText.of(delivery, limit: Self.longestMessage - 600)
        let message = Message(
            content: "**\(title.limited(toUTF8: 500))**\n\(text)", nonce: withUnsafeBytes(of: delivery.id.uuid) { Data($0) }.base64URL,
            flags: delivery.isSilent ? 1 << 12 : 0)
        let headers: HTTPHeaders = [
            "Authorization": "Bot \(token)", "Content-Type": "application/json", "User-Agent": "DiscordBot (https://hearth.example, 1.0)",
        ]
        let answer = try await client.post(url, headers: headers, body: Array(try JSONEncoder().encode(message)))
        return SendOutcome(answer, isThere: true, gone: own == nil ? [403] : [401, 403, 404])
    }

    /// Of two with one nonce Discord keeps the first.
    private struct Message: Encodable {
        struct Mentions: Encodable { var parse: [String] = [] }
        var content: String
        var nonce: String
        var enforce_nonce = true
        var allowed_mentions = Mentions()
        /// 4096 makes no sound.
        var flags: Int
    }
}
