import Contracts
import Foundation
import Postgres
import ServiceKit

/// A tenant: a brokerage or a rescue.
struct Agency: Codable, Sendable, Versioned {
    enum Kind: String, WireEnumeration, PostgresEnumeration {
        case brokerage, rescue, system
        /// What a person may found; the platform's own is made with the schema.
        static let allCases: [Kind] = [.brokerage, .rescue]
    }

    enum Tier: String, WireEnumeration, PostgresEnumeration { case basic, professional, enterprise }

    enum SubscriptionStatus: String, WireEnumeration, PostgresEnumeration {
        case active, canceled, suspended
        case pastDue = "past_due"
    }

    var id: UUID
    var kind: Kind
    var name: String
    var licenseNumber: String?
    var address: PostalAddress?
    var phone: String?
    var email: String?
    var website: String?
    var logoURL: String?
    var brandingConfig: Branding
    var subscriptionTier: Tier
    var subscriptionStatus: SubscriptionStatus
    var subscriptionExpiresAt: Date?
    var settings: [String: JSONValue]
    var version: Int64
    var createdAt: Date
    var updatedAt: Date

    /// What other services keep of it.
    var snapshot: AgencySnapshot {
        AgencySnapshot(
            id: id, kind: kind.rawValue, name: name, subscriptionTier: subscriptionTier.rawValue, subscriptionStatus: subscriptionStatus.rawValue,
            subscriptionExpiresAt: subscriptionExpiresAt, version: version)
    }

    enum CodingKeys: String, CodingKey {
        case id, kind, name, address, phone, email, website, settings, version
        case licenseNumber = "license_number"
        case logoURL = "logo_url"
        case brandingConfig = "branding_config"
        case subscriptionTier = "subscription_tier"
        case subscriptionStatus = "subscription_status"
        case subscriptionExpiresAt = "subscription_expires_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension Agency: RowDecodable {
    static let columns: SQL = """
        agencies.id, kind, name, license_number, address, phone, email, website, logo_url, branding_config, subscription_tier, \
        subscription_status, subscription_expires_at, settings, version, agencies.created_at, agencies.updated_at
        """

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        name = try row["name"]
        licenseNumber = try row["license_number"]
        address = try row.jsonIfPresent("address")
        phone = try row["phone"]
        email = try row["email"]
        website = try row["website"]
        logoURL = try row["logo_url"]
        brandingConfig = try row.json("branding_config")
        subscriptionTier = try row["subscription_tier"]
        subscriptionStatus = try row["subscription_status"]
        subscriptionExpiresAt = try row["subscription_expires_at"]
        settings = try row.json("settings")
        version = try row["version"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
