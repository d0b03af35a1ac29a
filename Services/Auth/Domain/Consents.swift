import Foundation
import Postgres

/// What a person agreed to.
struct Consents: Codable, Sendable, Hashable {
    var gdpr = false
    /// When `gdpr` was given; null when it was not.
    var gdprDate: Date?
    var dataProcessing = false
    var marketing = false
    var analytics = false

    enum CodingKeys: String, CodingKey {
        case gdpr, marketing, analytics
        case gdprDate = "gdpr_date"
        case dataProcessing = "data_processing"
    }
}

extension Consents: RowDecodable {
    static let columns: SQL = """
        gdpr_consent_given, gdpr_consent_date, data_processing_consent, marketing_consent, analytics_consent
        """

    init(row: Row) throws {
        gdpr = try row["gdpr_consent_given"]
        gdprDate = try row["gdpr_consent_date"]
        dataProcessing = try row["data_processing_consent"]
        marketing = try row["marketing_consent"]
        analytics = try row["analytics_consent"]
    }
}
