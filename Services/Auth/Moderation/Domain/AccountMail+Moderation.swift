import Contracts
import Foundation

extension AccountMail {
    /// Tells somebody what was done about them, why, and until when.
    func actionTaken(_ action: ModeratorAction, _ user: User) -> SendEmail {
        notice(user, id: action.id, kind: action.actionType.rawValue, reason: action.reason, until: action.expiresAt, reference: action.id)
    }

    /// Tells them that it is over. What ran out needs no mail of its own but where it kept them out.
    func actionLifted(_ action: ModeratorAction, _ cause: LiftCause, _ user: User) -> SendEmail? {
        switch cause {
        case .expired where !action.actionType.isAboutAccount: return nil
        case .expired: return lifted(action, user, reason: nil)
        case .reversed(_, let reason): return lifted(action, user, reason: reason)
        }
    }

    private func lifted(_ action: ModeratorAction, _ user: User, reason: String?) -> SendEmail {
        notice(
            user, id: UUID(namespace: "auth.moderation.lifted", action.id.uuidString.lowercased()), kind: "lifted", reason: reason, until: nil,
            reference: nil)
    }

    private func notice(_ user: User, id: UUID, kind: String, reason: String?, until: Date?, reference: UUID?) -> SendEmail {
        var data: [String: TemplateValue] = ["is_\(kind)": .flag(true)]
        if let reason { data["reason"] = .text(reason) }
        if let until { data["until"] = .text(Self.text(until, for: user)) }
        return SendEmail(
            emailID: id, userID: user.id, toEmail: user.email, toName: user.firstName ?? user.fullName, template: "moderation_notice",
            locale: user.locale, data: data, type: "transactional", reference: reference)
    }

    private static func text(_ date: Date, for user: User) -> String {
        let zone = TimeZone(identifier: user.timezone) ?? .gmt
        return date.formatted(
            Date.FormatStyle(date: .long, time: .shortened, locale: Locale(identifier: user.locale), timeZone: zone))
    }
}
