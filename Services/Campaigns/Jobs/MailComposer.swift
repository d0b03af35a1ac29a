import Contracts
import Foundation
import ServiceKit

/// Makes the bytes of a leased mail.
struct MailComposer: Sendable {
    let templates: TemplateStore
    let compiled: CompiledTemplates
    let encryption: Encryption
    let publicURL: String

    /// Throws `DeliveryFailure` when the mail can never be written; anything else (a database that is away) may pass.
    func compose(_ mail: ClaimedEmail) async throws -> (envelope: SMTPEnvelope, message: [UInt8]) {
        let content = try await content(of: mail)
        do {
            let message = MailMessage(
                id: mail.id, date: mail.createdAt, from: try Mailbox(name: mail.fromName, address: mail.fromEmail),
                to: [try Mailbox(name: mail.toName.map(Self.singleLine), address: try address(of: mail))],
                cc: try mail.cc.map { try Mailbox(address: $0) }, bcc: try mail.bcc.map { try Mailbox(address: $0) },
                replyTo: try mail.replyTo.map { try Mailbox(address: $0) }, subject: content.subject,
                html: content.html.isEmpty ? nil : content.html, text: content.text.isEmpty ? nil : content.text,
                attachments: mail.attachments.compactMap { attachment in
                    Data(base64Encoded: attachment.content).map {
                        MailAttachment(filename: attachment.filename, contentType: attachment.contentType, content: Array($0))
                    }
                },
                unsubscribeURL: mail.unsubscribeToken.map { "\(publicURL)/v1/unsubscribe/\($0)" })
            return (SMTPEnvelope(sender: message.from.address, recipients: message.recipients.map(\.address)), try message.encoded())
        } catch let error as MailError {
            throw DeliveryFailure(reason: .rejected, detail: "\(error)")
        }
    }

    /// The address, which is sealed when it is somebody's who has no account.
    private func address(of mail: ClaimedEmail) throws -> String {
        guard let sealed = mail.sealed?["to_email"] else { return mail.toEmail }
        guard let bytes = Data(base64Encoded: sealed), let address = try? encryption.openString(Array(bytes), context: "campaigns.email.to_email")
        else {
            throw DeliveryFailure(reason: .template, detail: "the sealed address cannot be opened")
        }
        return address
    }

    /// As it was rendered when asked for, unless it has secrets: those are put in now.
    private func content(of mail: ClaimedEmail) async throws -> RenderedMail {
        guard let sealed = mail.sealed else { return RenderedMail(subject: mail.subject, html: mail.html, text: mail.text ?? "") }
        var values = mail.data ?? [:]
        for (name, secret) in sealed {
            guard let bytes = Data(base64Encoded: secret), let value = try? encryption.openString(Array(bytes), context: "campaigns.email.\(name)")
            else {
                throw DeliveryFailure(reason: .template, detail: "the sealed value \(name) cannot be opened")
            }
            values[name] = .text(value)
        }
        guard let id = mail.templateID, let content = try await templates.content(id) else {
            throw DeliveryFailure(reason: .template, detail: "the template is gone")
        }
        do {
            return try compiled.compile(content).render(values)
        } catch {
            throw DeliveryFailure(reason: .template, detail: error.reason)
        }
    }

    /// A name is for people: one that brings control characters along loses them, and the mail still goes out.
    private static func singleLine(_ name: String) -> String {
        String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}" ? " " : scalar
                }))
    }
}
