import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Turns a `SendEmail` into a row of the queue, rendered, or into a refusal that says why.
///
/// A mail is rendered here, so that a template changed an hour later does not change a mail asked for now. The exception is a mail with sealed values: it is
/// only tried here, and rendered again while it is being sent, so that no table ever shows a reset link.
struct MailIntake: Sendable {
    let queue: EmailQueueStore
    let templates: TemplateStore
    let compiled: CompiledTemplates
    let encryption: Encryption
    let from: Mailbox
    /// Where links in mails point, without a slash at the end.
    let publicURL: String
    let maximumRetries: Int

    func accept(_ command: SendEmail, in tx: Transaction) async throws {
        guard let type = EmailType(rawValue: command.type) else { throw Unprocessable("\(command.type) is not a type of mail") }
        var mail = NewEmail(
            id: command.emailID, templateName: command.template, from: from, toEmail: command.toEmail.lowercased().limited(to: 255),
            toName: command.toName, content: RenderedMail(subject: "", html: "", text: ""), data: command.data, sealed: command.sealedData,
            type: type,
            category: command.template, maximumRetries: maximumRetries, reference: command.reference, userID: command.userID)
        do {
            try await write(&mail, command, tx)
        } catch let refusal as DeliveryFailure {
            mail.refusal = refusal
        } catch let error as TemplateError {
            mail.refusal = DeliveryFailure(reason: .template, detail: error.reason)
        }
        guard try await queue.add(mail, in: tx), let refusal = mail.refusal else { return }
        try await tx.publish(EmailFailed(emailID: mail.id, userID: mail.userID, reason: refusal.reason.rawValue, reference: mail.reference))
    }

    private func write(_ mail: inout NewEmail, _ command: SendEmail, _ tx: Transaction) async throws {
        guard let mailbox = try? Mailbox(address: command.toEmail) else {
            throw DeliveryFailure(reason: .rejected, detail: "the address cannot be written to")
        }
        mail.toEmail = mailbox.address.lowercased()
        let circumstances = try await queue.circumstances(of: command, to: mail.toEmail, in: tx)
        let template = try await template(circumstances, command.template, tx)
        mail.templateID = template.content.id
        mail.category = template.content.category.rawValue
        mail.toName = (mail.toName ?? circumstances.recipientName).map { $0.limited(to: 255) }
        if let refusal = circumstances.refusal(of: mail.type) { throw refusal }
        if command.repliesToUser == true {
            guard let address = circumstances.recipientEmail else {
                throw DeliveryFailure(reason: .rejected, detail: "it is not known where answers would go")
            }
            mail.replyTo = address
        }

        if let name = mail.toName, mail.data["recipient_name"] == nil { mail.data["recipient_name"] = .text(name) }
        if mail.type.canBeUnsubscribed {
            let token = try UnsubscribeToken(emailID: mail.id, userID: mail.userID, category: mail.category).sealed(by: encryption)
            mail.unsubscribeToken = token
            mail.data["unsubscribe_url"] = .text("\(publicURL)/v1/unsubscribe/\(token)")
        }
        let placeholders = mail.sealed.mapValues { _ in TemplateValue.text("sealed") }
        mail.content = try template.render(mail.data.merging(placeholders) { $1 })
    }

    private func template(_ circumstances: MailCircumstances, _ name: String, _ tx: Transaction) async throws -> CompiledTemplate {
        guard let id = circumstances.templateID, let version = circumstances.templateVersion else { throw TemplateError.unknown(name: name) }
        if let known = compiled.find(id, version: version) { return known }
        guard let content = try await templates.content(id, in: tx) else { throw TemplateError.unknown(name: name) }
        return try compiled.compile(content)
    }
}
