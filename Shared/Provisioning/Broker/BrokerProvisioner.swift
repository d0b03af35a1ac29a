import Contracts
import Foundation
import Logging
import Messaging

/// Creates a vhost, the services' users with their permissions in it, and the exchanges that services share. Safe to run from many processes at once.
public struct BrokerProvisioner: Sendable {
    public let management: ManagementAPI
    private let logger: Logger

    /// - Parameter managementURL: an administrator of the management API.
    /// - Throws: `ProvisioningError` when it is not a URL.
    public init(managementURL: String, logger: Logger) throws {
        management = try ManagementAPI(url: managementURL)
        self.logger = logger
    }

    /// One request makes all of it; then bindings go that no service declares any more. Users belong to the whole broker: one without a password here
    /// keeps the one it has, and must exist.
    public func provision(vhost: String, services: [ServiceName] = ServiceName.allCases, passwords: [ServiceName: String]) async throws {
        let definitions = BrokerDefinitions(vhost: vhost, services: services, passwords: passwords)
        for attempt in 1... {
            do {
                try await management.send("POST", ["definitions"], body: definitions)
                break
            } catch  where attempt < 3 {
                // Two imports that create the same user at the same moment: one fails, and finds it there when it tries again.
                logger.debug("import of the broker's definitions is tried again", metadata: ["error": "\(error)"])
                try await Task.sleep(for: .milliseconds(100 * attempt))
            }
        }
        try await dropStaleBindings(vhost: vhost, services: services)
    }

    /// A handler that a release no longer has leaves its binding behind, as queues and bindings are durable, and its messages would end as dead letters.
    /// A service cannot know what an earlier release declared, and it may no longer touch such a binding itself: the permissions come before this.
    private func dropStaleBindings(vhost: String, services: [ServiceName]) async throws {
        let heard = Dictionary(uniqueKeysWithValues: services.map { (Topology.queue(of: $0.rawValue), Hearing($0).byOneCopy) })
        let answer = try await management.send("GET", ["exchanges", vhost, Topology.events, "bindings", "source"])
        for binding in try JSONDecoder().decode([BrokerBinding].self, from: answer) where binding.isOfQueue {
            guard let keys = heard[binding.destination], !keys.contains(binding.routingKey) else { continue }
            try await management.send("DELETE", ["bindings", vhost, "e", Topology.events, "q", binding.destination, binding.propertiesKey])
            logger.notice("A stale binding is gone", metadata: ["queue": "\(binding.destination)", "key": "\(binding.routingKey)"])
        }
    }

    /// Forgets a vhost and everything in it. The users stay.
    public func deleteVhost(_ name: String) async throws {
        try await management.send("DELETE", ["vhosts", name])
    }
}
