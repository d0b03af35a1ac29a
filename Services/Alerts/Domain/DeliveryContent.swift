import Contracts
import Foundation

/// What a delivery says.
struct DeliveryContent: Codable, Sendable, Hashable {
    /// How many of a digest are told one by one; the rest is a number.
    static let mostItems = 50

    struct Item: Codable, Sendable, Hashable {
        var notificationID: UUID
        var type: String
        var title: String
        var message: String
        var url: String?

        enum CodingKeys: String, CodingKey {
            case notificationID = "notification_id"
            case type, title, message, url
        }
    }

    var items: [Item] = []
    /// How many there are in all.
    var count = 0
    var locale = "de-DE"
    /// What a mail's template wants beyond that.
    var mail: [String: TemplateValue]?

    var isGerman: Bool { locale.lowercased().hasPrefix("de") }

    /// Of one thing its own title, of a digest how many there are.
    var title: String {
        if items.count == 1, count <= 1 { return items[0].title }
        return isGerman ? "\(count) neue Nachrichten von Hearth" : "\(count) new messages from Hearth"
    }

    /// One line an entry.
    func text(limit: Int) -> String {
        let lines =
            items.count == 1 && count <= 1
            ? [items[0].message, items[0].url].compactMap { $0 }
            : items.map { item in [item.title, item.message, item.url].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · ") }
        var text = ""
        for (index, line) in lines.enumerated() {
            let rest = count - index
            let more = isGerman ? "… und \(rest) weitere" : "… and \(rest) more"
            guard text.utf8.count + line.utf8.count + more.utf8.count + 2 <= limit else {
                return text.isEmpty ? line.limited(toUTF8: limit) : text + "\n" + more
            }
            text += (text.isEmpty ? "" : "\n") + line
        }
        return text
    }
}

extension String {
    /// At most so many bytes, whole characters.
    func limited(toUTF8 limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var text = ""
        for character in self {
            guard text.utf8.count + String(character).utf8.count <= limit - 3 else { break }
            text.append(character)
        }
        return text + "…"
    }
}
