import Contracts
import Foundation
import ServiceKit

/// The mails about an account. Their links travel sealed: no queue and no table shows them.
struct AccountMail: Sendable {
    let encryption: Encryption
    let publicURL: String

    func verifyEmail(_ user: User, _ token: OpaqueToken) throws -> SendEmail {
        try mail("verify_email", user, link: "/v1/auth/verify-email?token=\(token.text)")
    }

    /// To somebody who has an account already and asked for another with the same address. One an hour, however often it is asked.
    func accountExists(_ user: User, at time: Date = Date()) throws -> SendEmail {
        let hour = Int(time.timeIntervalSince1970) / 3600
        var mail = try mail("account_exists", user, link: "/")
        mail.emailID = UUID(namespace: "auth.account_exists", "\(user.id.uuidString.lowercased()) \(hour)")
        return mail
    }

    func resetPassword(_ user: User, _ token: OpaqueToken) throws -> SendEmail {
        try mail("password_reset", user, link: "/v1/auth/password/reset?token=\(token.text)")
    }

    private func mail(_ template: String, _ user: User, link: String) throws -> SendEmail {
        let sealed = Data(try encryption.seal(publicURL + link, context: "campaigns.email.link"))
        return SendEmail(
            emailID: UUID.v7(), userID: user.id, toEmail: user.email, toName: user.firstName ?? user.fullName, template: template,
            locale: user.locale, data: [:], type: "transactional", sealedData: ["link": sealed.base64EncodedString()])
    }
}
