import Foundation
import Testing

@testable import Campaigns

struct MIMETests {
    private func message(subject: String = "Hello", html: String? = "<p>Hi</p>", text: String? = "Hi\n") throws -> MailMessage {
        MailMessage(
            id: try #require(UUID(uuidString: "01938E0A-0000-7000-8000-000000000001")), date: Date(timeIntervalSince1970: 1_795_253_400),
            from: try Mailbox(name: "Hearth", address: "post@hearth.example"), to: [try Mailbox(name: "Ada", address: "ada@example.org")],
            subject: subject, html: html, text: text)
    }

    private func raw(_ message: MailMessage) throws -> String { String(decoding: try message.encoded(), as: UTF8.self) }

    @Test func `a mail has both parts, its id, its date and the one-click headers, byte for byte`() throws {
        var message = try message()
        message.unsubscribeURL = "https://hearth.example/v1/unsubscribe/abc"
        let expected = """
            Date: Sat, 21 Nov 2026 09:30:00 +0000
            From: Hearth <post@hearth.example>
            To: Ada <ada@example.org>
            Subject: Hello
            Message-ID: <01938e0a-0000-7000-8000-000000000001@hearth.example>
            List-Unsubscribe: <https://hearth.example/v1/unsubscribe/abc>
            List-Unsubscribe-Post: List-Unsubscribe=One-Click
            MIME-Version: 1.0
            Content-Type: multipart/alternative;
             boundary="=_hearth_01938e0a000070008000000000000001_1"

            --=_hearth_01938e0a000070008000000000000001_1
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 7bit

            Hi

            --=_hearth_01938e0a000070008000000000000001_1
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: 7bit

            <p>Hi</p>
            --=_hearth_01938e0a000070008000000000000001_1--

            """
        #expect(try raw(message) == expected.replacing("\n", with: "\r\n"))
    }

    @Test(arguments: [
        "Wohnung in Köln-Mülheim", "🏡 New home 👨‍👩‍👧‍👦", "=?UTF-8?Q?forged?=", " leading space", "two  spaces", String(repeating: "ä", count: 400),
        String(repeating: "word ", count: 60) + "end", String(repeating: "x", count: 300), "日本語の件名はとても長いので何行にも分けて書かなければなりません。日本語の件名はとても長い",
    ])
    func `any subject comes back as it was, on lines of 78 at most, in encoded words of 75 at most`(subject: String) throws {
        let raw = try raw(message(subject: subject))
        let read = try #require(ReadMail(raw)["Subject"])
        #expect(
            ReadMail.decoded(read).split(separator: " ", omittingEmptySubsequences: false)
                == subject.split(separator: " ", omittingEmptySubsequences: false))
        let head = raw.split(separator: "\r\n\r\n")[0]
        #expect(head.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 78 })
        #expect(read.split(separator: " ").filter { $0.hasPrefix("=?") }.allSatisfy { $0.utf8.count <= 75 })
        #expect(raw.utf8.prefix(1_000).allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: ["Hi\r\nBcc: eve@example.org", "Hi\nX: y", "Hi\rX: y", "Hi\u{0}", "Hi\u{85}X: y", "Hi\u{2028}X: y"])
    func `a header value with a line break or a control character is refused`(value: String) throws {
        #expect(throws: MailError.controlCharacter(header: "Subject")) { try message(subject: value).encoded() }
        var named = try message()
        named.to = [try Mailbox(name: value, address: "ada@example.org")]
        #expect(throws: MailError.controlCharacter(header: "To")) { try named.encoded() }
        var listed = try message()
        listed.unsubscribeURL = "https://hearth.example/\(value)"
        #expect(throws: MailError.controlCharacter(header: "List-Unsubscribe")) { try listed.encoded() }
    }

    @Test func `mostly ASCII text is quoted-printable, mostly other text base64, and both come back as they were`() throws {
        let german = "Schöne Wohnung = warm\nFrom here on\n.\n\(String(repeating: "lang ", count: 60))\nEnde mit Leerzeichen \n"
        let japanese = String(repeating: "新しい物件がありました。", count: 30)
        let mail = ReadMail(try raw(message(html: japanese, text: german)))
        #expect(mail.parts.map { $0["Content-Transfer-Encoding"] } == ["quoted-printable", "base64"])
        #expect(mail.parts[0].content.replacing("\r\n", with: "\n") == german + "\n")
        #expect(mail.parts[1].content == japanese)
        let lines = try raw(message(html: japanese, text: german)).split(separator: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 78 && !$0.hasPrefix(".") && !$0.hasPrefix("From ") })
    }

    @Test func `a mail without a text part gets one made from its HTML`() throws {
        let html =
            "<html><head><title>x</title><style>p{}</style></head><body><h1>Titel</h1><p>Miete: 700&nbsp;&euro;</p><ul><li>Balkon</li></ul><a href=\"https://a.example/?a=1&amp;b=2\">Ansehen</a></body></html>"
        let mail = ReadMail(try raw(message(html: html, text: nil)))
        let text = mail.parts[0].content.replacing("\r\n", with: "\n")
        #expect(text.trimmingCharacters(in: .newlines) == "Titel\n\nMiete: 700 €\n- Balkon\nAnsehen (https://a.example/?a=1&b=2)")
    }

    @Test func `an attachment makes the mail multipart/mixed and keeps its name and bytes`() throws {
        var message = try message()
        message.attachments = [MailAttachment(filename: "Exposé 1.pdf", contentType: "application/pdf", content: Array("%PDF-1.7".utf8))]
        let mail = ReadMail(try raw(message))
        #expect(mail["Content-Type"]?.hasPrefix("multipart/mixed") == true)
        #expect(mail.parts.count == 2 && mail.parts[0].parts.count == 2)
        #expect(mail.parts[1]["Content-Disposition"] == "attachment; filename*=UTF-8''Expos%C3%A9%201.pdf")
        #expect(mail.parts[1].content == "%PDF-1.7")
        message.attachments[0].contentType = "text/html\r\nX: y"
        #expect(throws: MailError.self) { try message.encoded() }
    }

    @Test func `blind copies stand in the envelope alone`() throws {
        var message = try message()
        message.bcc = [try Mailbox(address: "secret@example.org")]
        #expect(!(try raw(message).contains("secret")))
        #expect(message.recipients.map(\.address) == ["ada@example.org", "secret@example.org"])
    }

    @Test func `a domain outside ASCII becomes its A-label, a local part outside ASCII is refused`() throws {
        #expect(try Mailbox(address: "ada@Müller.de").address == "ada@xn--mller-kva.de")
        for address in [
            "ädä@example.org", "a b@example.org", "ada@", "@example.org", "ada", "a..b@example.org", "ada@exa mple.org", "ada@-x.org",
            "a\r\n@example.org", "<ada>@example.org",
        ] {
            #expect(throws: MailError.invalidAddress(address)) { try Mailbox(address: address) }
        }
    }

    @Test func `names are quoted or encoded as they need`() throws {
        #expect(HeaderText.mailbox(try Mailbox(name: "Doe, \"J\"", address: "j@x.de"), column: 4) == #""Doe, \"J\"" <j@x.de>"#)
        #expect(ReadMail.decoded(HeaderText.mailbox(try Mailbox(name: "Jörg", address: "j@x.de"), column: 4)) == "Jörg <j@x.de>")
        #expect(try Mailbox(parsing: "Hearth Post <post@hearth.example>").name == "Hearth Post")
        #expect(try Mailbox(parsing: "post@hearth.example").name == nil)
    }
}
