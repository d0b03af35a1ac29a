import Contracts
import Foundation

extension SendEmail {
    /// The mail to a lead, who has no account.
    init(_ due: LeadDelivery, to address: String, name: String?, publicURL: String) {
        let item = due.content.items.first
        let notice: [String: TemplateValue] = ["title": .text(item?.title ?? ""), "message": .text(item?.message ?? ""), "url": .text(publicURL)]
        self.init(
            emailID: due.id, userID: nil, toEmail: address, toName: name, template: due.templateID ?? "notice", locale: due.content.locale,
            data: due.content.mail ?? notice, type: "notification", reference: due.id)
    }
}
