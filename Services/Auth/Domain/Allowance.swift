import Postgres

/// What a subscription allows, from `subscription_tiers`; nil is no limit.
struct Allowance: Codable, Sendable, Hashable {
    /// Of a subscription that has ended, what the lowest tier allows.
    var effectiveTier: Agency.Tier
    var maxMembers: Int?
    var maxTeams: Int?
    var maxAPIKeys: Int?
    /// `branding`: colours, fonts and logo of its own.
    var features: [String]

    enum CodingKeys: String, CodingKey {
        case features
        case effectiveTier = "effective_tier"
        case maxMembers = "max_members"
        case maxTeams = "max_teams"
        case maxAPIKeys = "max_api_keys"
    }
}

extension Allowance: RowDecodable {
    /// Columns of `agencies JOIN subscription_tiers`.
    static let columns: SQL = "tiers.tier AS effective_tier, max_members, max_teams, max_api_keys, features"

    /// Joins what the subscription of `agencies` allows now.
    static let join: SQL = """
        JOIN subscription_tiers AS tiers ON tiers.tier = effective_tier(subscription_tier, subscription_status, subscription_expires_at)
        """

    init(row: Row) throws {
        effectiveTier = try row["effective_tier"]
        maxMembers = try row["max_members"]
        maxTeams = try row["max_teams"]
        maxAPIKeys = try row["max_api_keys"]
        features = try row["features"]
    }
}
