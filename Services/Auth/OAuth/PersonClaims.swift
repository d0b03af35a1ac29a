import Foundation
import ServiceKit

/// What an id_token or a page about the person says of them. Facebook says `id`, `first_name` and `last_name`.
struct PersonClaims: Decodable, Sendable {
    var subject: String
    var email: String?
    var isEmailVerified: Bool?
    var fullName: String?
    var firstName: String?
    var lastName: String?

    private enum CodingKeys: String, CodingKey {
        case sub, id, email, name
        case emailVerified = "email_verified"
        case givenName = "given_name"
        case familyName = "family_name"
        case firstName = "first_name"
        case lastName = "last_name"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        subject = try container.decodeIfPresent(String.self, forKey: .sub) ?? container.decode(String.self, forKey: .id)
        email = try? container.decodeIfPresent(String.self, forKey: .email)
        // Some say "true".
        isEmailVerified =
            (try? container.decodeIfPresent(Bool.self, forKey: .emailVerified))
            ?? (try? container.decodeIfPresent(String.self, forKey: .emailVerified)).map { $0 == "true" }
        fullName = try? container.decodeIfPresent(String.self, forKey: .name)
        firstName =
            (try? container.decodeIfPresent(String.self, forKey: .givenName)) ?? (try? container.decodeIfPresent(String.self, forKey: .firstName))
        lastName =
            (try? container.decodeIfPresent(String.self, forKey: .familyName)) ?? (try? container.decodeIfPresent(String.self, forKey: .lastName))
    }

    func identity(from provider: OAuthProvider) throws(OAuthFailure) -> ProviderIdentity {
        guard (1...255).contains(subject.unicodeScalars.count), !subject.contains("\0") else { throw OAuthFailure("it names nobody") }
        let address = email.map { EmailAddress($0) }.flatMap { $0.isValid ? $0 : nil }
        let claimed: Bool
        if case .plain = provider.kind { claimed = isEmailVerified ?? true } else { claimed = isEmailVerified ?? false }
        func text(_ value: String?, _ limit: Int) -> String? {
            let line = value.map { $0.filter { !$0.isNewline && $0 != "\0" } }
            return line.flatMap { $0.isEmpty ? nil : $0.limited(to: limit) }
        }
        return ProviderIdentity(
            subject: subject, email: address, isEmailVerified: address != nil && claimed && provider.trustsEmail, firstName: text(firstName, 100),
            lastName: text(lastName, 100), fullName: text(fullName, 255))
    }
}
