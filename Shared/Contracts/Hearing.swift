import Messaging

/// What one service hears of `hearth.events`, by the names of the messages. The broker lets a service bind its queues to nothing else (but to what it
/// says itself), and provisioning takes away what an earlier release was bound to and this one is not.
///
/// A service that begins to hear something is listed here with its handler: otherwise the broker refuses its binding, and it never becomes ready.
public struct Hearing: Sendable, Equatable {
    /// The binding of a queue that hears everything.
    public static let everything = "#"

    /// Bound to the service's queue, so that one of its copies handles each message.
    public let byOneCopy: Set<String>
    /// Bound to a queue of each copy: what all of them must know at once.
    public let byEveryCopy: Set<String>

    public init(_ service: ServiceName) {
        let (one, every) = Self.messages(service)
        byOneCopy = service == .analytics ? [Self.everything] : Set(one.map { $0.name })
        // Whoever checks tokens and API keys hears of what ends, of changed rights and of new keys.
        let ofCallers: [any Message.Type] = [
            SessionRevoked.self, SigningKeyRotated.self, MembershipChanged.self, UserUpdated.self, APIKeyCreated.self, APIKeyRevoked.self,
            // And everybody of what holds, and of who is shut out.
            ConfigurationChanged.self, FeatureFlagChanged.self, RateLimitBlocked.self, RateLimitUnblocked.self,
        ]
        byEveryCopy = Set((ofCallers + every).map { $0.name })
    }

    private static func messages(_ service: ServiceName) -> (one: [any Message.Type], every: [any Message.Type]) {
        switch service {
        case .auth: ([EmailSent.self, ReportRateLimits.self, RecordErasure.self], [])
        case .catalog:
            (
                [
                    ListingRead.self, SearchSaved.self, UserRegistered.self, UserUpdated.self, UserDeleted.self, ContentRemoved.self,
                    ContentRestored.self, EmailSent.self, EmailFailed.self, ContactFound.self,
                ], []
            )
        case .documents: ([UserDeleted.self, AgencyDeleted.self, ContentRemoved.self, ContentRestored.self], [])
        case .campaigns:
            (
                [
                    SendEmail.self, UserRegistered.self, UserUpdated.self, UserDeleted.self, AgencyDeleted.self, ContentRemoved.self,
                    ContentRestored.self,
                ], []
            )
        case .alerts:
            (
                [
                    UserRegistered.self, UserUpdated.self, UserDeleted.self, ListingMatched.self, EmailSent.self, EmailFailed.self, SendSMS.self,
                    TellPerson.self, TellLead.self, FavoriteChanged.self, ContactDiscoveryEnded.self,
                ],
                [NotificationCreated.self]
            )
        case .scraper: ([UserDeleted.self, AgencyDeleted.self, SearchDeleted.self, ContactRecorded.self, ContactErased.self], [])
        // It keeps a log of all that happens.
        case .analytics: ([], [])
        }
    }
}
