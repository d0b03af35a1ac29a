import Foundation
import ServiceKit

/// What an administrator sets of an agency's subscription: a merge patch.
struct SubscriptionChange: Decodable, Sendable {
    var tier: Agency.Tier?
    var status: Agency.SubscriptionStatus?
    var expiresAt: Change<Date>

    enum CodingKeys: String, CodingKey {
        case tier, status
        case expiresAt = "expires_at"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        tier = try container.decodeIfPresent(Agency.Tier.self, forKey: .tier)
        status = try container.decodeIfPresent(Agency.SubscriptionStatus.self, forKey: .status)
        expiresAt = try container.change(.expiresAt)
    }
}
