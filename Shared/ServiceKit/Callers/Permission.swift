/// Something that may be done, by itself or in an agency. Who may do it stands in `Permissions.swift`, and nowhere else.
///
/// The raw values are what `agency_members.permissions` and `api_keys.permissions` hold and what an operation of an OpenAPI document names as `x-permission`.
public enum Permission: String, WireEnumeration, Comparable {
    /// One's own account, sessions and preferences.
    case accountRead = "account.read"
    case accountWrite = "account.write"
    case agenciesFound = "agencies.found"
    case apiKeysRead = "api_keys.read"
    case apiKeysWrite = "api_keys.write"

    /// An agency itself, its settings and who belongs to it.
    case agencyRead = "agency.read"
    case agencyManage = "agency.manage"
    /// What only an owner does: making another one, handing the agency over.
    case agencyOwn = "agency.own"
    case membersRead = "members.read"
    case membersManage = "members.manage"
    case teamsRead = "teams.read"
    case teamsManage = "teams.manage"
    /// API keys that act for the agency, whoever made them.
    case agencyKeysManage = "agency_keys.manage"
    case subscriptionsManage = "subscriptions.manage"

    case searchesRead = "searches.read"
    case searchesWrite = "searches.write"
    case documentsRead = "documents.read"
    case documentsWrite = "documents.write"
    case templatesRead = "templates.read"
    case templatesManage = "templates.manage"
    case emailsRead = "emails.read"
    case notificationsRead = "notifications.read"
    case notificationsWrite = "notifications.write"
    case scrapingRead = "scraping.read"
    case scrapingRun = "scraping.run"

    /// Contacts of one's own, and those of listings that match one's saved searches; what is sealed in them only by `contacts.reveal`.
    case contactsRead = "contacts.read"
    case contactsWrite = "contacts.write"
    /// Reading the sealed values; each reading is an event.
    case contactsReveal = "contacts.reveal"
    /// Everybody's contacts, the blacklist, and what people whose contact it is ask for.
    case contactsManage = "contacts.manage"

    /// One's own trail; everybody's for an administrator.
    case eventsRead = "events.read"
    case auditRead = "audit.read"
    /// Figures of the whole platform.
    case analyticsRead = "analytics.read"
    case usersManage = "users.manage"

    /// Telling moderators of something.
    case reportsWrite = "reports.write"
    /// Going through reports and acting on them.
    case moderationManage = "moderation.manage"
    /// Setting what is no setting of the system itself; the rest is for administrators.
    case configurationManage = "configuration.manage"
    /// Making and deleting settings.
    case configurationDefine = "configuration.define"
    case featureFlagsManage = "feature_flags.manage"
    case rateLimitsManage = "rate_limits.manage"

    public static func < (one: Permission, other: Permission) -> Bool { one.rawValue < other.rawValue }
}
