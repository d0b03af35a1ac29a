/// What figures do not need and must not keep.
enum PersonalData {
    private static let names: Set<String> = [
        "email", "to_email", "to_name", "full_name", "first_name", "last_name", "phone", "contact_name", "contact_phone_sealed",
        "contact_email_sealed", "sealed_data", "date_of_birth", "description", "images",
    ]

    /// The same without members that name or reach a person, and without long texts.
    static func removed(from value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(members.filter { !names.contains($0.key) }.mapValues(removed))
        case .list(let values): .list(values.map(removed))
        // No text of the database holds a NUL.
        case .text(let text): .text(text.replacing("\0", with: ""))
        default: value
        }
    }
}
