import Contracts
import Foundation
import ServiceKit
import Synchronization

/// The platform's configuration as a test sets it: what `auth` would answer. The service hears of a change as it does of any other, by event.
public final class TestConfiguration: ConfigurationSource {
    private let answer = Mutex(ListConfiguration.Response(settings: [], flags: []))

    init() {}

    public func configuration() async throws -> ListConfiguration.Response { answer.withLock { $0 } }

    /// Sets a value, as JSON; nil takes it away.
    public func set(_ key: String, _ json: String?, requiresRestart: Bool = false) {
        answer.withLock { answer in
            answer.settings.removeAll { $0.key == key }
            guard let json else { return }
            answer.settings.append(SettingSnapshot(key: key, value: json, sealedValue: nil, isPublic: false, requiresRestart: requiresRestart))
        }
    }

    /// Sets a flag.
    public func set(flag name: String, enabled: Bool, _ rules: FeatureFlagRules = .init()) {
        answer.withLock { answer in
            answer.flags.removeAll { $0.name == name }
            answer.flags.append(FeatureFlagSnapshot(name: name, enabled: enabled, config: rules))
        }
    }
}
