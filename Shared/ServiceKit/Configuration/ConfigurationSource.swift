import Contracts
import Messaging

/// Where a process learns what holds: `auth` from its own tables, every other service by asking it.
public protocol ConfigurationSource: Sendable {
    func configuration() async throws -> ListConfiguration.Response
}

struct RemoteConfiguration: ConfigurationSource {
    let requests: Requests

    func configuration() async throws -> ListConfiguration.Response { try await requests.ask(ListConfiguration()) }
}
