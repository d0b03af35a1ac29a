import Foundation
import NIOHTTP1
import Outbound
import ServiceKit

/// Writes into chats of Telegram as a bot.
struct TelegramSender: Sendable {
    /// In UTF-16 units; a limit in bytes is never above it.
    private static let longestMessage = 4096

    let client: GuardedClient
    /// `https://api.telegram.org`
    let baseURL: String
    /// The operator's bot, for channels that name none.
    let botToken: String?

    func send(_ delivery: ClaimedDelivery, to chatID: String, token own: String?) async throws -> SendOutcome {
        guard let token = own ?? botToken else { return .rejected("there is no bot for Telegram", isGone: false) }
        guard let url = URL(string: "\(baseURL)/bot\(token)/sendMessage") else { return .rejected("the chat cannot be read", isGone: true) }
        let (title, text) = MessageText.of(delivery, limit: Self.longestMessage - 600)
        let message = Message(chat_id: chatID, text: title.limited(toUTF8: 500) + "\n" + text, disable_notification: delivery.isSilent)
        let answer = try await client.post(url, headers: ["Content-Type": "application/json"], body: Array(try JSONEncoder().encode(message)))
        // How long to wait stands in the answer's body.
        if answer.status == 429, let reply = try? JSONDecoder().decode(Reply.self, from: Data(answer.body.utf8)) {
            return .deferred("429 too many requests", after: reply.parameters?.retry_after)
        }
        return SendOutcome(answer, isThere: true, gone: own == nil ? [403] : [401, 403, 404])
    }

    private struct Message: Encodable {
        var chat_id: String
        var text: String
        var disable_notification: Bool
    }

    private struct Reply: Decodable {
        struct Parameters: Decodable { var retry_after: Double? }
        var parameters: Parameters?
    }
}
