import Foundation

/// The figures of the whole system at a glance. `total` since the beginning, `today` since midnight UTC.
struct Overview: Codable, Sendable {
    struct Count: Codable, Sendable {
        var eventType: String
        var total: Int64
        var today: Int64
        enum CodingKeys: String, CodingKey {
            case eventType = "event_type"
            case total, today
        }
    }

    var usersRegistered: Int64
    var sessionsStarted: Int64
    var searchesSaved: Int64
    var jobsEnded: Int64
    var listingsRead: Int64
    var listingsCreated: Int64
    var listingsMatched: Int64
    var pagesFailed: Int64
    var notificationsCreated: Int64
    var emailsSent: Int64
    var emailsFailed: Int64
    var documentsUploaded: Int64
    /// Every type that has occurred, by name.
    var events: [Count]
    /// When the figures were computed; they are kept for `cache_ttl_seconds`.
    var lastUpdatedAt: Date
    var cacheTTLSeconds: Int

    enum CodingKeys: String, CodingKey {
        case usersRegistered = "users_registered"
        case sessionsStarted = "sessions_started"
        case searchesSaved = "searches_saved"
        case jobsEnded = "jobs_ended"
        case listingsRead = "listings_read"
        case listingsCreated = "listings_created"
        case listingsMatched = "listings_matched"
        case pagesFailed = "pages_failed"
        case notificationsCreated = "notifications_created"
        case emailsSent = "emails_sent"
        case emailsFailed = "emails_failed"
        case documentsUploaded = "documents_uploaded"
        case events
        case lastUpdatedAt = "last_updated_at"
        case cacheTTLSeconds = "cache_ttl_seconds"
    }
}
