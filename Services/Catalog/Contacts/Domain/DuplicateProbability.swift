import ContactValues
import Foundation

/// How likely two contacts are one.
///
/// Each value that both have says so with a weight of its own, and the weights combine as independent evidence: 1 − Π(1 − w). Names that differ, and
/// numbers or addresses that contradict each other, count against it. Offices share a number and an `info@` address, so those weigh less.
struct DuplicateProbability: Sendable, Equatable {
    /// From here on two contacts are taken for one without asking, if their names do not differ.
    static let certain = 0.8
    /// From here on a person is asked.
    static let worthAsking = 0.5

    /// 0…1, in hundredths.
    var value: Double
    /// What spoke for it, by field, before anything spoke against it.
    var reasons: [String: Double]
    /// Whether it may be acted upon without asking: somebody can be reached in the same way, and nothing in the names says otherwise.
    var isSame: Bool

    /// - Parameters:
    ///   - shared: the fields whose values are the same.
    ///   - contradicting: the fields that both have, with different values.
    init(shared: [ContactField: ContactValue], contradicting: Set<ContactField>, name: String?, otherName: String?) {
        reasons = [:]
        for (field, value) in shared { reasons[field.rawValue] = Self.weight(value) }
        let similarity = name.flatMap { name in otherName.map { PersonName.similarity(name, $0) } }
        if let similarity, similarity > 0 { reasons[ContactField.name.rawValue] = Self.rounded(0.5 * similarity) }
        var probability = 1 - reasons.values.reduce(1) { $0 * (1 - $1) }
        if let similarity, similarity < 0.34 { probability *= 0.5 }
        for field in [ContactField.phone, .email] where contradicting.contains(field) { probability *= 0.9 }
        value = Self.rounded(probability)
        isSame = value >= Self.certain && (shared[.phone] != nil || shared[.email] != nil) && (similarity ?? 1) >= 0.75
    }

    private static func weight(_ value: ContactValue) -> Double {
        switch value.field {
        case .email: EmailAddress(value.text)?.isRole == true ? 0.5 : 0.85
        case .phone: PhoneNumber(value.key)?.kind == .service ? 0.3 : 0.8
        case .address: 0.35
        case .website: 0.2
        case .name: 0.5
        }
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
