import Foundation
import ServiceKit

/// What somebody reports.
struct NewReport: Decodable, Sendable, Validated {
    /// So many reports may one person file in a day, unless `moderation.reports_per_day` of the configuration says otherwise.
    static let mostPerDay = 20

    var reportedEntityType: ModeratedEntity
    var reportedEntityID: UUID
    /// Whom it is about, where the reporter knows; of a user it is that user.
    var reportedUserID: UUID?
    var category: ReportCategory
    /// Their own judgement, up to high; moderators judge anew.
    var severity: Severity?
    var title: String
    var description: String
    var evidence: [Evidence]?
    var metadata: [String: JSONValue]?

    var user: UUID? { reportedEntityType == .user ? reportedEntityID : reportedUserID }

    enum CodingKeys: String, CodingKey {
        case category, severity, title, description, evidence, metadata
        case reportedEntityType = "reported_entity_type"
        case reportedEntityID = "reported_entity_id"
        case reportedUserID = "reported_user_id"
    }

    func validate(_ check: inout Validation) {
        check(severity != .critical, "/severity", "unknown_value", "must be one of: low, medium, high")
        check.text(title, "/title", maximum: 255)
        check.text(description, "/description", maximum: 5000, multiline: true)
        Evidence.validate(evidence, &check, at: "/evidence")
        check.metadata(metadata, "/metadata")
    }
}

extension Validation {
    mutating func metadata(_ value: [String: JSONValue]?, _ pointer: String) {
        let size = value.flatMap { try? JSONEncoder().encode($0).count } ?? 0
        self(size <= AgencyChange.largestSettings, pointer, "length", "must be at most \(AgencyChange.largestSettings) bytes of JSON")
    }
}
