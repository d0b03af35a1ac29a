import Foundation
import ServiceKit

/// What a team is made of, or what is to change of it: a merge patch, of which a new team needs the name.
struct TeamChange: Decodable, Sendable {
    var name: String?
    var description: Change<String>
    var leadUserID: Change<UUID>
    var settings: [String: JSONValue]?

    enum CodingKeys: String, CodingKey {
        case name, description, settings
        case leadUserID = "lead_user_id"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        description = try container.change(.description)
        leadUserID = try container.change(.leadUserID)
        settings = try container.decodeIfPresent([String: JSONValue].self, forKey: .settings)
    }
}

extension TeamChange: Validated {
    func validate(_ check: inout Validation) {
        check.text(name, "/name", maximum: 255)
        check.text(description.value, "/description", maximum: 2000, multiline: true)
        let size = settings.flatMap { try? JSONEncoder().encode($0).count } ?? 0
        check(size <= AgencyChange.largestSettings, "/settings", "length", "must be at most \(AgencyChange.largestSettings) bytes of JSON")
    }
}
