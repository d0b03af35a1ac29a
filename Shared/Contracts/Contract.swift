import Messaging

/// Every message that crosses a service's border, in one list: the AsyncAPI document, the broker's topic permissions and the tests are made from it.
public enum Contract {
    public static let events: [any Event.Type] = [
        UserRegistered.self, UserUpdated.self, UserDeleted.self, SessionStarted.self, SessionRevoked.self, SigningKeyRotated.self,
        AgencyFounded.self, AgencyUpdated.self, AgencyDeleted.self, MembershipChanged.self, InvitationSent.self, InvitationAnswered.self,
        TeamChanged.self, AccountChanged.self, ConsentChanged.self, DataExportRequested.self,
        APIKeyCreated.self, APIKeyRevoked.self,
        ReportFiled.self, ReportUpdated.self, ModeratorActionTaken.self, ModeratorActionLifted.self, ContentRemoved.self, ContentRestored.self,
        SessionSteppedUp.self, SecondFactorChanged.self, SecondFactorFailed.self, OAuthConnectionChanged.self,
        ConfigurationChanged.self, FeatureFlagChanged.self, RateLimitBlocked.self, RateLimitUnblocked.self,
        SecurityNoted.self,
        ListingCreated.self, ListingUpdated.self, ListingMatched.self, SearchSaved.self, SearchDeleted.self,
        ListingPriceChanged.self, ListingStatusChanged.self, ListingRelisted.self, HomeChanged.self, FavoriteChanged.self,
        DocumentUploaded.self, DocumentUpdated.self, DocumentDeleted.self,
        EmailSent.self, EmailFailed.self, EmailUnsubscribed.self,
        NotificationCreated.self, NotificationRead.self, ChannelChanged.self, SMSSent.self, SMSFailed.self,
        ScrapingJobStarted.self, ScrapingJobEnded.self, ListingRead.self, PageFailed.self, ReaderDrifted.self,
        ContactDiscoveryStarted.self, ContactDiscoveryEnded.self, ContactFound.self, ContactResultRevealed.self,
        ContactResultDecided.self,
        ContactRecorded.self, ContactRevealed.self, ContactErased.self, ContactMergeDecided.self, ContactBlacklistChanged.self,
        ContactObjectionDecided.self, HomeApplicationSent.self,
    ]
    public static let commands: [any Command.Type] = [
        SendEmail.self, SendSMS.self, TellPerson.self, TellLead.self, ReportRateLimits.self, RecordErasure.self,
    ]
    public static let requests: [any Request.Type] = [
        ResolveSession.self, ResolveAPIKey.self, ListSigningKeys.self, ListConfiguration.self,
        ExportPersonalData<Owners.Catalog>.self, ExportPersonalData<Owners.Documents>.self, ExportPersonalData<Owners.Campaigns>.self,
        ExportPersonalData<Owners.Alerts>.self, ExportPersonalData<Owners.Scraper>.self, ExportPersonalData<Owners.Analytics>.self,
    ]
}
