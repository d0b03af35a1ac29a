/// Header lines in the making. Every value is checked here, so none can begin a header of its own.
struct MailHeaders {
    private(set) var lines = ""

    /// A structured value that is ASCII already. It is not folded: its parts may not be torn apart.
    mutating func add(_ name: String, _ value: String) throws(MailError) {
        try check(value, header: name)
        guard value.utf8.allSatisfy({ $0 < 0x80 }), name.utf8.count + value.utf8.count < 990 else { throw .controlCharacter(header: name) }
        lines += "\(name): \(value)\r\n"
    }

    /// Free text, such as a subject: encoded words (RFC 2047) where it is not plain ASCII.
    mutating func add(_ name: String, text: String) throws(MailError) {
        try check(text, header: name)
        lines += "\(name): \(HeaderText.unstructured(text, column: name.utf8.count + 2))\r\n"
    }

    /// Addresses, one to a line.
    mutating func add(_ name: String, mailboxes: [Mailbox]) throws(MailError) {
        var written: [String] = []
        for mailbox in mailboxes {
            if let display = mailbox.name { try check(display, header: name) }
            written.append(HeaderText.mailbox(mailbox, column: written.isEmpty ? name.utf8.count + 2 : 1))
        }
        lines += "\(name): \(written.joined(separator: ",\r\n "))\r\n"
    }

    private func check(_ value: String, header: String) throws(MailError) {
        let clean = value.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control && scalar != "\u{2028}" && scalar != "\u{2029}"
        }
        guard clean else { throw .controlCharacter(header: header) }
    }
}
