import Foundation

extension MailMessage {
    /// What a server may be asked to take: most refuse more than 25 MB.
    static let maximumBytes = 25_000_000

    /// The mail as RFC 5322 bytes with CRLF line ends; no line is longer than 998 bytes.
    func encoded() throws(MailError) -> [UInt8] {
        guard !recipients.isEmpty else { throw .noRecipient }
        var headers = MailHeaders()
        try headers.add("Date", HeaderText.date(date))
        try headers.add("From", mailboxes: [from])
        try headers.add("To", mailboxes: to)
        if !cc.isEmpty { try headers.add("Cc", mailboxes: cc) }
        if let replyTo { try headers.add("Reply-To", mailboxes: [replyTo]) }
        try headers.add("Subject", text: subject)
        try headers.add("Message-ID", messageID)
        if let unsubscribeURL {
            try headers.add("List-Unsubscribe", "<\(unsubscribeURL)>")
            try headers.add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
        }
        try headers.add("MIME-Version", "1.0")

        let body = try self.body()
        let bytes = Array(headers.lines.utf8) + body.bytes
        guard bytes.count <= Self.maximumBytes else { throw .tooLarge(bytes: bytes.count) }
        return bytes
    }

    private func body() throws(MailError) -> MIMEPart {
        let plain = MIMEPart(text: text ?? html.map(PlainText.from(html:)) ?? "", type: "text/plain")
        var content = plain
        if let html {
            content = MIMEPart(multipart: "alternative", boundary: boundary(1), parts: [plain, MIMEPart(text: html, type: "text/html")])
        }
        if attachments.isEmpty { return content }
        var parts = [content]
        for attachment in attachments { parts.append(try MIMEPart(attachment: attachment)) }
        return MIMEPart(multipart: "mixed", boundary: boundary(2), parts: parts)
    }

    /// `=_` occurs in no quoted-printable and no base64 text, so the boundary cannot stand in a part.
    private func boundary(_ number: Int) -> String {
        "=_hearth_\(id.uuidString.lowercased().replacing("-", with: ""))_\(number)"
    }
}
