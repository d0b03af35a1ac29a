import Foundation
import ServiceKit

/// What it takes to open an account; the password is hashed already.
struct NewUser: Sendable {
    var id = UUID.v7()
    var email: EmailAddress
    var passwordHash: String
    var firstName: String?
    var lastName: String?
    var fullName: String?
    var phone: String?
    var userType: UserType
    var locale: String
    var timezone: String
    var consents: Consents
    /// Which text the consents were given to; the present one when it is not said.
    var consentTextVersion: String?
}
