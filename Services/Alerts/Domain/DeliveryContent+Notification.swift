import Contracts

extension DeliveryContent {
    /// One notification told by itself.
    init(_ notification: Notification, locale: String, mail: [String: TemplateValue]? = nil) {
        let item = Item(
            notificationID: notification.id, type: notification.type.rawValue, title: notification.title, message: notification.message,
            url: notification.actionURL)
        self.init(items: [item], count: 1, locale: locale, mail: mail)
    }
}
