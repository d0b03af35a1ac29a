import Foundation
import Messaging

/// A scraping job began to fetch.
public struct ScrapingJobStarted: Event {
    public static let name = "scraper.job.started.v1"
    public var jobID: UUID
    public var userID: UUID?
    public var jobType: String
    public var subject: UUID { jobID }
    public init(jobID: UUID, userID: UUID?, jobType: String) {
        self.jobID = jobID
        self.userID = userID
        self.jobType = jobType
    }
    enum CodingKeys: String, CodingKey {
        case jobID = "job_id"
        case userID = "user_id"
        case jobType = "job_type"
    }
}

/// A scraping job ended: `completed`, `failed` or `cancelled`, with its counts.
public struct ScrapingJobEnded: Event {
    public static let name = "scraper.job.ended.v1"
    public var jobID: UUID
    public var userID: UUID?
    public var status: String
    public var totalItems: Int
    public var processedItems: Int
    public var failedItems: Int
    public var errorMessage: String?
    public var subject: UUID { jobID }
    public init(jobID: UUID, userID: UUID?, status: String, totalItems: Int, processedItems: Int, failedItems: Int, errorMessage: String?) {
        self.jobID = jobID
        self.userID = userID
        self.status = status
        self.totalItems = totalItems
        self.processedItems = processedItems
        self.failedItems = failedItems
        self.errorMessage = errorMessage
    }
    enum CodingKeys: String, CodingKey {
        case jobID = "job_id"
        case userID = "user_id"
        case status
        case totalItems = "total_items"
        case processedItems = "processed_items"
        case failedItems = "failed_items"
        case errorMessage = "error_message"
    }
}

/// A listing was read from a provider's page. Sent at each sighting, changed or not.
public struct ListingRead: Event {
    public static let name = "scraper.listing.read.v1"
    public var jobID: UUID
    public var artifactID: UUID
    public var listing: ReadListing
    /// When the page was fetched: a stored one that is read again was seen then, and not now.
    public var fetchedAt: Date?
    /// Of (provider, provider_listing_id), so that sightings of one listing keep their order.
    public var subject: UUID { UUID(namespace: "listing", listing.provider + "/" + listing.providerListingID) }
    public init(jobID: UUID, artifactID: UUID, listing: ReadListing, fetchedAt: Date? = nil) {
        self.jobID = jobID
        self.artifactID = artifactID
        self.listing = listing
        self.fetchedAt = fetchedAt
    }
    enum CodingKeys: String, CodingKey {
        case jobID = "job_id"
        case artifactID = "artifact_id"
        case listing
        case fetchedAt = "fetched_at"
    }
}

/// A page could not be read: refused by robots.txt or the site, not found, broken, or of an unknown shape.
public struct PageFailed: Event {
    public static let name = "scraper.page.failed.v1"
    public var jobID: UUID
    public var url: String
    /// `robots_disallowed`, `bot_wall`, `http_status`, `too_large`, `timeout`, `network`, `unreadable`, `not_for_rent`.
    public var reason: String
    public var detail: String?
    public var subject: UUID { jobID }
    public init(jobID: UUID, url: String, reason: String, detail: String?) {
        self.jobID = jobID
        self.url = url
        self.reason = reason
        self.detail = detail
    }
    enum CodingKeys: String, CodingKey {
        case jobID = "job_id"
        case url, reason, detail
    }
}

/// A reader finds a field on far fewer pages than it used to: its site has changed, or it has. Sent once until the field is found as often again.
public struct ReaderDrifted: Event {
    public static let name = "scraper.reader.drifted.v1"
    public var driftID: UUID
    public var provider: String
    public var field: String
    /// Shares of pages, from 0 to 1.
    public var pastShare: Decimal
    public var recentShare: Decimal
    /// The recent pages.
    public var pages: Int
    public var subject: UUID { driftID }
    public init(driftID: UUID, provider: String, field: String, pastShare: Decimal, recentShare: Decimal, pages: Int) {
        self.driftID = driftID
        self.provider = provider
        self.field = field
        self.pastShare = pastShare
        self.recentShare = recentShare
        self.pages = pages
    }
    enum CodingKeys: String, CodingKey {
        case driftID = "drift_id"
        case provider, field
        case pastShare = "past_share"
        case recentShare = "recent_share"
        case pages
    }
}
