import Foundation
import Postgres
import ServiceKit

/// What a person may change of their own account: a merge patch.
struct ProfileChange: Decodable, Sendable {
    var username: Change<String>
    var firstName: Change<String>
    var lastName: Change<String>
    var fullName: Change<String>
    var phone: Change<String>
    var dateOfBirth: Change<CalendarDay>
    var gender: Change<String>
    var nationality: Change<String>
    var locale: String?
    var timezone: String?
    var avatarURL: Change<String>
    var bio: Change<String>
    var location: Change<String>
    var preferences: [String: JSONValue]?
    var userType: UserType?
    var consents: ConsentChange?

    struct ConsentChange: Decodable, Sendable {
        var gdpr: Bool?
        var dataProcessing: Bool?
        var marketing: Bool?
        var analytics: Bool?
        /// Which text the person saw; the present one when it is not said.
        var textVersion: String?

        enum CodingKeys: String, CodingKey {
            case gdpr, marketing, analytics
            case textVersion = "text_version"
            case dataProcessing = "data_processing"
        }
    }

    enum CodingKeys: String, CodingKey {
        case username, phone, gender, nationality, locale, timezone, bio, location, preferences, consents
        case firstName = "first_name"
        case lastName = "last_name"
        case fullName = "full_name"
        case dateOfBirth = "date_of_birth"
        case avatarURL = "avatar_url"
        case userType = "user_type"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        username = try container.change(.username)
        firstName = try container.change(.firstName)
        lastName = try container.change(.lastName)
        fullName = try container.change(.fullName)
        phone = try container.change(.phone)
        dateOfBirth = try container.change(.dateOfBirth)
        gender = try container.change(.gender)
        nationality = try container.change(.nationality)
        locale = try container.decodeIfPresent(String.self, forKey: .locale)
        timezone = try container.decodeIfPresent(String.self, forKey: .timezone)
        avatarURL = try container.change(.avatarURL)
        bio = try container.change(.bio)
        location = try container.change(.location)
        preferences = try container.decodeIfPresent([String: JSONValue].self, forKey: .preferences)
        userType = try container.decodeIfPresent(UserType.self, forKey: .userType)
        consents = try container.decodeIfPresent(ConsentChange.self, forKey: .consents)
    }
}

extension ProfileChange: Validated {
    func validate(_ check: inout Validation) {
        if let username = username.value {
            let allowed = username.wholeMatch(of: /[a-z0-9][a-z0-9_.-]{2,49}/) != nil
            check(allowed, "/username", "format", "must be 3 to 50 of a-z, 0-9, _, . and -, beginning with a letter or digit")
        }
        check.text(firstName.value, "/first_name", maximum: 100)
        check.text(lastName.value, "/last_name", maximum: 100)
        check.text(fullName.value, "/full_name", maximum: 255)
        check.phone(phone.value, "/phone")
        check.text(gender.value, "/gender", maximum: 20)
        check.text(nationality.value, "/nationality", maximum: 100)
        check.locale(locale, "/locale")
        check.timezone(timezone, "/timezone")
        check.webAddress(avatarURL.value, "/avatar_url", maximum: 2000)
        check.text(bio.value, "/bio", maximum: 2000, multiline: true)
        check.text(location.value, "/location", maximum: 255)
        check.text(consents?.textVersion, "/consents/text_version", maximum: 50)
        if let day = dateOfBirth.value {
            check((1900...2100).contains(day.year) && day < .today, "/date_of_birth", "range", "must be a day since 1900 that is past")
        }
    }
}

extension CalendarDay {
    fileprivate static var today: CalendarDay {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day], from: Date())
        return CalendarDay(year: parts.year ?? 9999, month: parts.month ?? 12, day: parts.day ?? 31) ?? CalendarDay.distant
    }

    private static var distant: CalendarDay { CalendarDay(year: 9999, month: 12, day: 31) ?? .today }
}
