import Foundation
import Postgres

/// What `agency:{id}:settings` holds: branding, configuration, subscription.
struct AgencySettings: Codable, Sendable {
    struct Subscription: Codable, Sendable {
        var tier: Agency.Tier
        var status: Agency.SubscriptionStatus
        var expiresAt: Date?
        var allowance: Allowance

        /// Whether it has run out since the allowance was worked out.
        var hasLapsed: Bool { allowance.effectiveTier != .basic && expiresAt.map { $0 <= Date() } ?? false }

        enum CodingKeys: String, CodingKey {
            case tier, status, allowance
            case expiresAt = "expires_at"
        }
    }

    var agencyID: UUID
    var branding: Branding
    var settings: [String: JSONValue]
    var subscription: Subscription
    var version: Int64

    enum CodingKeys: String, CodingKey {
        case settings, subscription, version
        case agencyID = "agency_id"
        case branding = "branding_config"
    }

    static func key(_ agency: UUID) -> String { "agency:\(agency.uuidString.lowercased()):settings" }
}

extension AgencySettings: RowDecodable {
    init(row: Row) throws {
        agencyID = try row["id"]
        branding = try row.json("branding_config")
        settings = try row.json("settings")
        version = try row["version"]
        subscription = Subscription(
            tier: try row["subscription_tier"], status: try row["subscription_status"], expiresAt: try row["subscription_expires_at"],
            allowance: try Allowance(row: row))
    }
}
