import Postgres
import ServiceKit

/// The purpose of a template.
enum TemplateType: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case transactional, notification, marketing, system, administrative
}

/// What a template is about; also what a person unsubscribes from.
enum TemplateCategory: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case welcome, reminder, announcement, newsletter
    case passwordReset = "password_reset"
    case emailVerification = "email_verification"
    case applicationUpdate = "application_update"
    case adoptionConfirmation = "adoption_confirmation"
    case rescueVerification = "rescue_verification"
    case staffInvitation = "staff_invitation"
    case notificationDigest = "notification_digest"
    case systemAlert = "system_alert"
    case newListing = "new_listing"
}

/// Only an active template is mailed.
enum TemplateStatus: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case draft, active, inactive, archived
}
