/// One value of a contact in the forms that Hearth needs: as it is shown, and as it is compared.
public struct ContactValue: Sendable, Hashable {
    public let field: ContactField
    /// As people read it, tidied: a number in its national form, an address in lower case where case says nothing.
    public let text: String
    /// What two spellings of one value have in common; never shown, and stored only as a keyed hash.
    public let key: String

    /// Nil when the text is nothing of the kind, or longer than any is.
    public init?(_ field: ContactField, _ text: String) {
        self.field = field
        switch field {
        case .phone:
            guard let phone = PhoneNumber(text) else { return nil }
            (self.text, key) = (phone.national, phone.e164)
        case .email:
            guard let email = EmailAddress(text) else { return nil }
            (self.text, key) = (email.text, email.key)
        case .website:
            guard let website = WebAddress(text) else { return nil }
            (self.text, key) = (website.text, website.key)
        case .name:
            guard let name = PersonName(text) else { return nil }
            (self.text, key) = (name.text, name.key)
        case .address:
            guard let address = AddressText(text) else { return nil }
            (self.text, key) = (address.text, address.key)
        }
    }

    init(_ field: ContactField, text: String, key: String) {
        (self.field, self.text, self.key) = (field, text, key)
    }
}
