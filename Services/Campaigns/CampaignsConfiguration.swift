import Foundation
import ServiceKit

/// Every setting that campaigns reads.
struct CampaignsConfiguration: Sendable {
    var smtp: SMTPConfiguration
    /// Whom mails come from, such as `Hearth <post@hearth.example>`; its domain makes their Message-IDs.
    var from: Mailbox
    /// The gateway's address as people see it, without a slash at the end.
    var publicURL: String
    var sender: MailSender.Settings

    init(_ settings: Settings) throws {
        let connections = try settings.int("SMTP_CONNECTIONS", default: 4)
        let timeout = try settings.duration("SMTP_TIMEOUT", default: .seconds(60))
        guard (1...64).contains(connections) else { throw SettingError("SMTP_CONNECTIONS", "must be between 1 and 64") }
        do {
            smtp = try SMTPConfiguration(url: settings.secret("SMTP_URL"), connections: connections, timeout: timeout)
        } catch SMTPConfiguration.Invalid.url(let problem) {
            throw SettingError("SMTP_URL", problem)
        }
        do {
            from = try Mailbox(parsing: settings.string("MAIL_FROM"))
        } catch let error as MailError {
            throw SettingError("MAIL_FROM", "is not an address: \(error)")
        }
        publicURL = try settings.publicURL()
        sender = MailSender.Settings(
            workers: connections, batch: try settings.int("MAIL_BATCH", default: 8),
            poll: try settings.duration("MAIL_POLL", default: .seconds(5)),
            schedule: RetrySchedule(
                base: try settings.duration("MAIL_RETRY_BASE", default: .seconds(60)), maximumRetries: try settings.int("MAIL_RETRIES", default: 4)))
    }
}
