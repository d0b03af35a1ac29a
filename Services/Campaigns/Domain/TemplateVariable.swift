/// What a template asks for.
struct TemplateVariable: Codable, Sendable, Hashable {
    var name: String
    var description: String
    /// A mail without it fails rather than going out with a hole.
    var required: Bool
    /// Arrives sealed and is put in only while the mail is being sent.
    var sealed: Bool

    init(name: String, description: String = "", required: Bool = false, sealed: Bool = false) {
        self.name = name
        self.description = description
        self.required = required
        self.sealed = sealed
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        description = try container.decodeIfPresent(String.self, forKey: .description) ?? ""
        required = try container.decodeIfPresent(Bool.self, forKey: .required) ?? false
        sealed = try container.decodeIfPresent(Bool.self, forKey: .sealed) ?? false
    }

    enum CodingKeys: String, CodingKey {
        case name, description, required, sealed
    }
}
