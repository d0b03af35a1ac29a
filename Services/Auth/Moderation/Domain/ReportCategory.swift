import Postgres
import ServiceKit

enum ReportCategory: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case spam, harassment, scam, other
    case inappropriateContent = "inappropriate_content"
    case falseInformation = "false_information"
    case animalWelfare = "animal_welfare"
    case identityTheft = "identity_theft"

    /// Where a report of this kind begins in the queue when its author does not say.
    var severity: Severity {
        switch self {
        case .spam, .other: .low
        case .inappropriateContent, .falseInformation: .medium
        case .harassment, .scam, .animalWelfare, .identityTheft: .high
        }
    }
}
