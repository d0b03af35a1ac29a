import Postgres
import ServiceKit

enum DiscoveryJobType: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case listingScrape = "listing_scrape"
    case contactExtraction = "contact_extraction"
    case validation
}

/// Where a job is.
enum DiscoveryStage: String, PostgresEnumeration, WireEnumeration {
    case queued, scraping, collecting, extracting, validating, done
}

enum DiscoveryMethod: String, PostgresEnumeration, WireEnumeration {
    case ocr, pdf, api
    case webScraping = "web_scraping"
}

enum ValidationStatus: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case pending, valid, invalid, uncertain
}

/// Why a source gave nothing.
enum SourceProblem: String, PostgresEnumeration, WireEnumeration {
    case gone, unreadable, timeout, refused, network
    case tooLarge = "too_large"
    case nothingFound = "nothing_found"
    case retriesExhausted = "retries_exhausted"

    /// Whether trying again may help.
    var mayPass: Bool { self == .timeout || self == .network }
}
