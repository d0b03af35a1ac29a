import Contracts
import Foundation
import Postgres
import ServiceKit

/// An account as its owner sees it.
struct User: Codable, Sendable, Versioned {
    var id: UUID
    var email: String
    var username: String?
    var firstName: String?
    var lastName: String?
    var fullName: String?
    var phone: String?
    var dateOfBirth: CalendarDay?
    var gender: String?
    var nationality: String?
    var locale: String
    var timezone: String
    var avatarURL: String?
    var bio: String?
    var location: String?
    var preferences: [String: JSONValue]
    var role: PlatformRole
    var userType: UserType
    var status: UserStatus
    var emailVerified: Bool
    var mfaEnabled: Bool
    var consents: Consents
    var version: Int64
    var createdAt: Date
    var updatedAt: Date

    enum CodingKeys: String, CodingKey {
        case id, email, username, phone, gender, nationality, locale, timezone, bio, location, preferences, role, status, consents, version
        case firstName = "first_name"
        case lastName = "last_name"
        case fullName = "full_name"
        case dateOfBirth = "date_of_birth"
        case avatarURL = "avatar_url"
        case userType = "user_type"
        case emailVerified = "email_verified"
        case mfaEnabled = "mfa_enabled"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    var snapshot: UserSnapshot {
        UserSnapshot(
            id: id, email: email, fullName: fullName, firstName: firstName, lastName: lastName, locale: locale, timezone: timezone,
            role: role.rawValue, userType: userType.rawValue, status: status.rawValue, emailVerified: emailVerified, version: version)
    }
}

extension User: RowDecodable {
    static let columns: SQL = """
        id, email, username, first_name, last_name, full_name, phone, date_of_birth, gender, nationality, locale, timezone, avatar_url, bio, \
        location, preferences, role, user_type, status, email_verified, mfa_enabled, gdpr_consent_given, gdpr_consent_date, \
        data_processing_consent, marketing_consent, analytics_consent, version, created_at, updated_at
        """

    init(row: Row) throws {
        id = try row["id"]
        email = try row["email"]
        username = try row["username"]
        firstName = try row["first_name"]
        lastName = try row["last_name"]
        fullName = try row["full_name"]
        phone = try row["phone"]
        dateOfBirth = try row["date_of_birth"]
        gender = try row["gender"]
        nationality = try row["nationality"]
        locale = try row["locale"]
        timezone = try row["timezone"]
        avatarURL = try row["avatar_url"]
        bio = try row["bio"]
        location = try row["location"]
        preferences = try row.json("preferences")
        role = try row["role"]
        userType = try row["user_type"]
        status = try row["status"]
        emailVerified = try row["email_verified"]
        mfaEnabled = try row["mfa_enabled"]
        consents = try Consents(row: row)
        version = try row["version"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
