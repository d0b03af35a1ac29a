import Foundation

/// Who somebody is at a provider, as far as Hearth believes it.
struct ProviderIdentity: Sendable, Hashable {
    var subject: String
    var email: EmailAddress?
    /// Whether the provider has made sure that the address is theirs, and is believed in that.
    var isEmailVerified: Bool
    var firstName: String?
    var lastName: String?
    var fullName: String?
}
