/// Who a mail is from and to, as the server hears it.
struct SMTPEnvelope: Sendable {
    var sender: String
    var recipients: [String]
}
