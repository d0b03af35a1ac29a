import Postgres
import ServiceKit

/// What a person may agree to, and take back.
enum ConsentPurpose: String, WireEnumeration, PostgresEnumeration {
    case gdpr
    case dataProcessing = "data_processing"
    case marketing, analytics
}

extension Consents {
    /// Whether it is given.
    subscript(purpose: ConsentPurpose) -> Bool {
        switch purpose {
        case .gdpr: gdpr
        case .dataProcessing: dataProcessing
        case .marketing: marketing
        case .analytics: analytics
        }
    }
}
