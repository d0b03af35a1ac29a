import Hummingbird
import Passwords
import ServiceKit

/// Opening an account and confirming its address.
struct RegistrationRoutes: Sendable {
    let users: UserStore
    let hasher: PasswordHasher
    let limits: EndpointLimits

    func add(to router: some RouterMethods<APIContext>) {
        router.post("/v1/auth/register", use: register)
        router.post("/v1/auth/verify-email", use: verify)
        router.post("/v1/auth/verify-email/resend", use: resend)
    }

    struct RegisterBody: Decodable, Validated {
        var email: EmailAddress
        var password: String
        var firstName: String?
        var lastName: String?
        var fullName: String?
        var phone: String?
        var userType: UserType?
        var locale: String?
        var timezone: String?
        var consents: ProfileChange.ConsentChange?

        enum CodingKeys: String, CodingKey {
            case email, password, phone, locale, timezone, consents
            case firstName = "first_name"
            case lastName = "last_name"
            case fullName = "full_name"
            case userType = "user_type"
        }

        func validate(_ check: inout Validation) {
            check.email(email, "/email")
            check.newPassword(password, of: email.text, "/password")
            check.text(firstName, "/first_name", maximum: 100)
            check.text(lastName, "/last_name", maximum: 100)
            check.text(fullName, "/full_name", maximum: 255)
            check.phone(phone, "/phone")
            check.locale(locale, "/locale")
            check.timezone(timezone, "/timezone")
            check.text(consents?.textVersion, "/consents/text_version", maximum: 50)
        }

        func user(passwordHash: String) -> NewUser {
            let parts = [firstName, lastName].compactMap(\.self)
            return NewUser(
                email: email, passwordHash: passwordHash, firstName: firstName, lastName: lastName,
                fullName: fullName ?? (parts.isEmpty ? nil : parts.joined(separator: " ")), phone: phone, userType: userType ?? .seeker,
                locale: locale ?? "de-DE", timezone: timezone ?? "Europe/Berlin",
                consents: Consents(
                    gdpr: consents?.gdpr ?? false, dataProcessing: consents?.dataProcessing ?? false,
                    marketing: consents?.marketing ?? false, analytics: consents?.analytics ?? false),
                consentTextVersion: consents?.textVersion)
        }
    }

    struct TokenBody: Decodable, Validated {
        var token: String
        func validate(_ check: inout Validation) { check.token(token, "/token") }
    }

    struct EmailBody: Decodable, Validated {
        var email: EmailAddress
        func validate(_ check: inout Validation) { check.email(email, "/email") }
    }

    @Sendable func register(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(as: RegisterBody.self, context: context)
        try await limits.expect("registration", account: body.email.text)
        let hash = try await hasher.hashed(body.password)
        try await users.register(body.user(passwordHash: hash))
        return try .json(Accepted.registration, status: .accepted, request: request)
    }

    @Sendable func verify(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let body = try await request.decode(as: TokenBody.self, context: context)
        guard try await users.verifyEmail(OpaqueToken(body.token)) else { throw APIError.uselessToken }
        return .noContent
    }

    @Sendable func resend(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(as: EmailBody.self, context: context)
        try await limits.expect("verification", account: body.email.text)
        try await Pace.even { try await users.resendVerification(to: body.email) }
        return try .json(Accepted.mail, status: .accepted, request: request)
    }
}
