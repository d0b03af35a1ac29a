import Contracts
import Postgres
import ServiceKit

/// What holds, from auth's own tables: for its own copies, and for every other service that asks.
struct StoredConfiguration: ConfigurationSource {
    let postgres: Postgres
    let limits: RateLimitStore

    func configuration() async throws -> ListConfiguration.Response {
        let settings: [StoredSetting] = try await postgres.all(
            as: ServiceCaller(), "SELECT \(StoredSetting.columns) FROM system_configuration WHERE is_active ORDER BY key")
        let flags: [FeatureFlag] = try await postgres.all(as: ServiceCaller(), "SELECT \(FeatureFlag.columns) FROM feature_flags ORDER BY name")
        return ListConfiguration.Response(settings: settings.map(\.snapshot), flags: flags.map(\.snapshot), blocks: try await limits.blocks())
    }
}
