import CResolver
import Foundation

/// Asks the DNS for the domain's mail exchangers (RFC 5321 § 5.1, and RFC 7505's "no mail"), and failing that for an address of its own.
struct DNSMailDomainCheck: MailDomainCheck {
    let reader: SourceReader

    func acceptsMail(_ domain: String) async -> Bool? {
        try? await reader.run {
            switch hearth_accepts_mail(domain) {
            case 1: true
            case 0: false
            default: nil
            }
        }
    }
}
