import Contracts
import Foundation
import Messaging

extension NewNotification {
    /// What another service wants told. Throws `Unprocessable` for what could be put into no inbox.
    init(_ command: TellPerson) throws {
        guard let type = NotificationType(rawValue: command.type), let category = NotificationCategory(rawValue: command.category),
            let priority = Priority(rawValue: command.priority)
        else { throw Unprocessable("\(command.type), \(command.category) or \(command.priority) is not known") }
        guard (1...255).contains(command.title.unicodeScalars.count), (1...150).contains(command.key.unicodeScalars.count),
            command.message.utf8.count <= 10_000, command.tags.count <= 20, command.actionURL?.unicodeScalars.count ?? 0 <= 2048
        else { throw Unprocessable("the title, the key, the message, the tags or the address is too long") }
        self.init(
            userID: command.userID, subjectKey: "told:\(command.key)", type: type, title: command.title, message: command.message, data: command.data,
            actionURL: command.actionURL, category: category, listingID: command.listingID, homeID: command.homeID, priority: priority,
            tags: command.tags, scheduledFor: command.scheduledFor, expiresAt: command.expiresAt)
    }
}
