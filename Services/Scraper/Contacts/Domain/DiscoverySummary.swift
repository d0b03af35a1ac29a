/// What a job came to.
struct DiscoverySummary: Codable, Sendable, Equatable {
    /// Results by how they were read, by what validation says, and how many have each field.
    var byMethod: [String: Int]
    var byValidation: [String: Int]
    var byField: [String: Int]
    /// Sources that gave nothing, by the reason.
    var failures: [String: Int]

    enum CodingKeys: String, CodingKey {
        case byMethod = "by_method"
        case byValidation = "by_validation"
        case byField = "by_field"
        case failures
    }
}
