import ContactValues

/// How a job reads its sources: `provider_config`.
struct DiscoverySettings: Codable, Sendable, Equatable {
    /// The fields that are wanted; all of them when it does not say.
    var fields: [String]?
    /// A result below it is not taken.
    var minimumConfidence: Double?
    /// Whether pictures are recognised, which takes its time.
    var recognise: Bool?
    /// What whoever is found is, where the text does not say.
    var contactType: String?

    enum CodingKeys: String, CodingKey {
        case fields
        case minimumConfidence = "min_confidence"
        case recognise
        case contactType = "contact_type"
    }

    var wanted: Set<ContactField> {
        guard let fields else { return Set(ContactField.allCases) }
        return Set(fields.compactMap(ContactField.init(rawValue:)))
    }
}
