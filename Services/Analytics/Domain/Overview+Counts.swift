import Contracts
import Foundation
import Messaging

extension Overview {
    init(_ counts: [Count], at time: Date, ttl: Int) {
        let totals = Dictionary(counts.map { ($0.eventType, $0.total) }, uniquingKeysWith: +)
        func total(_ event: any Event.Type) -> Int64 { totals[event.name] ?? 0 }
        self.init(
            usersRegistered: total(UserRegistered.self), sessionsStarted: total(SessionStarted.self), searchesSaved: total(SearchSaved.self),
            jobsEnded: total(ScrapingJobEnded.self), listingsRead: total(ListingRead.self), listingsCreated: total(ListingCreated.self),
            listingsMatched: total(ListingMatched.self), pagesFailed: total(PageFailed.self),
            notificationsCreated: total(NotificationCreated.self), emailsSent: total(EmailSent.self), emailsFailed: total(EmailFailed.self),
            documentsUploaded: total(DocumentUploaded.self), events: counts, lastUpdatedAt: time, cacheTTLSeconds: ttl)
    }
}
