/// What is known of somebody to turn to. The seeds' quality score counts these five.
public enum ContactField: String, CaseIterable, Codable, Sendable, Hashable, Comparable {
    case name, phone, email, address, website

    public static func < (one: ContactField, other: ContactField) -> Bool { one.rawValue < other.rawValue }
}
