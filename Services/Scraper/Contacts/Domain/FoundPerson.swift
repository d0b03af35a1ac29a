import ContactValues
import Foundation

/// Whom a source says to turn to: of each kind the value that is surest.
struct FoundPerson: Sendable {
    var values: [ContactField: FoundValue]
    /// landlord, agent, owner, contact_person
    var type: String
    /// The text around the values, for whoever checks the result.
    var excerpt: String

    /// The mean over the values, a name counting half: it leads to nobody by itself.
    var confidence: Double {
        let weights = values.map { ($0.value.confidence, $0.key == .name ? 0.5 : 1.0) }
        let total = weights.reduce(0) { $0 + $1.1 }
        return total == 0 ? 0 : weights.reduce(0) { $0 + $1.0 * $1.1 } / total
    }

    /// The share of the five fields.
    var completeness: Double { Double(values.count) / Double(ContactField.allCases.count) }
    var isReachable: Bool { values[.phone] != nil || values[.email] != nil }
}
