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

    /// To the new address.
    func confirmEmailChange(_ user: User, to email: String, _ token: OpaqueToken) throws -> SendEmail {
        var mail = try mail("email_change_confirm", user, link: "/v1/auth/email-change?token=\(token.text)")
        mail.toEmail = email
        return mail
    }

    /// To the old address, while nothing has changed yet.
    func emailChangeAsked(_ user: User) throws -> SendEmail { try mail("email_change_asked", user) }

    /// To either address, once it has changed; the old one gets a link to take it back.
    func emailChanged(_ user: User, at email: String, takeBack token: OpaqueToken?) throws -> SendEmail {
        var mail =
            if let token {
                try mail("email_changed", user, link: "/v1/auth/email-change/take-back?token=\(token.text)")
            } else {
                try mail("email_changed", user)
            }
        mail.toEmail = email
        return mail
    }

    /// The link leads to the archive, which takes somebody who is signed in.
    func exportReady(_ user: User, export: UUID) throws -> SendEmail {
        try mail("data_export_ready", user, link: "/v1/users/me/exports/\(export.uuidString.lowercased())/archive")
    }

    /// To somebody whom an agency asks to join it; who has no account yet is told to open one first.
    func invitation(_ invitation: Invitation, to addressee: Addressee, agency: String, _ token: OpaqueToken) throws -> SendEmail {
        let link = try sealed("/v1/invitations?token=\(token.text)")
        return SendEmail(
            emailID: UUID.v7(), userID: addressee.userID, toEmail: addressee.email, toName: addressee.firstName,
            template: addressee.userID == nil ? "agency_invitation_register" : "agency_invitation", locale: addressee.locale,
            data: [
                "agency_name": .text(agency), "inviter_name": .text(addressee.inviter ?? agency), "role": .text(invitation.role.rawValue),
            ], type: "transactional", sealedData: ["link": link])
    }

    /// Six digits, which travel sealed as links do.
    func securityCode(_ user: User, _ code: SentCode) throws -> SendEmail {
        var mail = try mail("security_code", user)
        mail.sealedData = ["code": Data(try encryption.seal(code.text, context: "campaigns.email.code")).base64EncodedString()]
        return mail
    }

    /// What became of a second factor: `change` is as `auth.second_factor.changed.v1` says it.
    func factorChanged(_ user: User, _ factor: String, _ change: String) throws -> SendEmail {
        var mail = try mail("second_factor_changed", user)
        mail.data = ["is_\(change)": .flag(true), "is_\(factor)": .flag(true)]
        return mail
    }

    /// That an account elsewhere signs them in from now on, or no longer.
    func connectionChanged(_ user: User, _ provider: String, _ change: String) throws -> SendEmail {
        var mail = try mail("connection_changed", user)
        mail.data = ["is_\(change)": .flag(true), "provider": .text(provider)]
        return mail
    }

    private func mail(_ template: String, _ user: User) throws -> SendEmail {
        SendEmail(
            emailID: UUID.v7(), userID: user.id, toEmail: user.email, toName: user.firstName ?? user.fullName, template: template,
            locale: user.locale, data: [:], type: "transactional")
    }

    private func mail(_ template: String, _ user: User, link: String) throws -> SendEmail {
        SendEmail(
            emailID: UUID.v7(), userID: user.id, toEmail: user.email, toName: user.firstName ?? user.fullName, template: template,
            locale: user.locale, data: [:], type: "transactional", sealedData: ["link": try sealed(link)])
    }

    private func sealed(_ link: String) throws -> String {
        Data(try encryption.seal(publicURL + link, context: "campaigns.email.link")).base64EncodedString()
    }
}
