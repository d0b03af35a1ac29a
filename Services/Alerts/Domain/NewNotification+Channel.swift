import Foundation

extension NewNotification {
    /// A channel was switched off, because the other side says that there is nobody any more.
    init(disabled channel: Channel, locale: String) {
        let isGerman = locale.lowercased().hasPrefix("de")
        self.init(
            userID: channel.userID,
            // Once each time: whoever switches it on again wants to know when it goes off again.
            subjectKey: "channel:\(channel.id.uuidString.lowercased()):\(channel.version)", type: .systemAlert,
            title: isGerman ? "„\(channel.channelName)“ wurde abgeschaltet" : "“\(channel.channelName)” was switched off",
            message: isGerman
                ? "Die Gegenseite nimmt dort keine Nachrichten mehr an (\(channel.channelType.rawValue), \(channel.destination))."
                : "The other side takes no messages there any more (\(channel.channelType.rawValue), \(channel.destination)).",
            data: ["channel_id": channel.id.uuidString.lowercased(), "channel_type": channel.channelType.rawValue], category: .system)
        priority = .high
    }
}
