import Contracts
import Foundation
import ServiceKit

extension SendEmail {
    /// The mail for a delivery. Its id is the delivery's, so that asking twice is asking once.
    init(_ due: DueDelivery, _ content: DeliveryContent, secret: DeliverySecret?, encryption: Encryption, publicURL: String) throws {
        let (template, type) = Self.template(of: due)
        var sealed: [String: String] = [:]
        if let code = secret?.code {
            sealed["code"] = Data(try encryption.seal(code, context: "campaigns.email.code")).base64EncodedString()
        }
        let single = due.isDigest ? nil : content.items.first
        self.init(
            emailID: due.id, userID: due.userID, toEmail: due.destination, toName: due.fullName, template: template, locale: due.locale,
            data: due.templateID != nil && content.mail != nil ? content.mail ?? [:] : Self.data(due, content, publicURL), type: type,
            sealedData: sealed, reference: due.isVerification ? nil : single?.notificationID ?? due.id)
    }

    private static func template(of due: DueDelivery) -> (name: String, type: String) {
        if due.isVerification { return ("channel_verification", "transactional") }
        if due.isDigest { return ("notification_digest", "notification") }
        let isSystem = due.notificationType == NotificationType.systemAlert.rawValue
        return (due.templateID ?? "notice", isSystem ? "system" : "notification")
    }

    private static func data(_ due: DueDelivery, _ content: DeliveryContent, _ publicURL: String) -> [String: TemplateValue] {
        if due.isVerification { return [:] }
        let items = content.items.map { item in
            ["title": TemplateValue.text(item.title), "message": .text(item.message), "url": .text(item.url ?? "\(publicURL)/v1/notifications")]
        }
        guard due.isDigest else { return items.first ?? [:] }
        var data: [String: TemplateValue] = ["count": .text(String(content.count)), "items": .list(items)]
        if content.count > items.count { data["more"] = .text(String(content.count - items.count)) }
        return data
    }
}
