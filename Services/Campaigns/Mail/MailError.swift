/// Why a mail cannot be written. None of these gets better by trying again.
enum MailError: Error, Equatable {
    /// A header value with a line break or another control character: it could smuggle in headers of its own.
    case controlCharacter(header: String)
    /// Not an address, or one that plain SMTP cannot carry (a local part outside ASCII).
    case invalidAddress(String)
    case noRecipient
    case tooLarge(bytes: Int)
}
