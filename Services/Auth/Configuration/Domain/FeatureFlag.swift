import Contracts
import Foundation
import Postgres
import ServiceKit

/// A feature flag as administrators see it.
struct FeatureFlag: Codable, Sendable, Versioned {
    var id: UUID
    var name: String
    var description: String?
    var enabled: Bool
    var config: FeatureFlagRules
    var version: Int64
    var createdAt: Date
    var updatedAt: Date

    var state: FeatureFlagState { FeatureFlagState(enabled: enabled, config: config) }
    var snapshot: FeatureFlagSnapshot { FeatureFlagSnapshot(name: name, enabled: enabled, config: config) }

    enum CodingKeys: String, CodingKey {
        case id, name, description, enabled, config, version
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension FeatureFlag: RowDecodable {
    static let columns: SQL = "id, name, description, enabled, config, version, created_at, updated_at"

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        description = try row["description"]
        enabled = try row["enabled"]
        config = try row.json("config")
        version = try row["version"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
