import Foundation

/// Whether a delivery that is due may go out now.
enum Clearance: Sendable, Equatable {
    case send
    case hold(HoldReason, until: Date)
    case expired
    /// Nobody is reached here: another channel may be.
    case unusable(String)

    /// How much a channel has sent.
    struct Usage: Sendable {
        var lastHour = 0
        var lastDay = 0
        /// The oldest of the last hour and of the last day: when they leave the window there is room again.
        var oldestOfHour: Date?
        var oldestOfDay: Date?
    }

    static func of(_ due: DueDelivery, _ usage: Usage, now: Date) -> Clearance {
        if let expiry = due.expiresAt, expiry <= now { return .expired }
        // A code is asked for and waited for.
        guard !due.isVerification else { return .send }
        guard ["active", "pending_verification"].contains(due.recipientStatus) else { return .unusable("the account is \(due.recipientStatus)") }
        guard due.isActive else { return .unusable("the channel is switched off") }
        guard due.isVerified else { return .unusable("the channel is not verified") }
        guard due.limits.perHour > 0, due.limits.perDay > 0 else { return .unusable("the channel takes nothing") }
        if let end = due.preferences.quietEnd(at: now, isUrgent: due.isUrgent) { return .hold(.quietHours, until: end) }
        if due.attempts == 0 {
            if usage.lastHour >= due.limits.perHour {
                return .hold(.rateLimit, until: (usage.oldestOfHour ?? now).addingTimeInterval(3600))
            }
            if usage.lastDay >= due.limits.perDay {
                return .hold(.rateLimit, until: (usage.oldestOfDay ?? now).addingTimeInterval(86_400))
            }
        }
        return .send
    }
}
