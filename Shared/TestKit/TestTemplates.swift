import Contracts
import Foundation

/// The databases that tests copy: one per service, made when the first test asks for it. A copy takes a tenth of the time that extensions and migrations do.
actor TestTemplates {
    static let shared = TestTemplates()

    private var names: [ServiceName: Task<String, any Error>] = [:]

    /// The name of a service's template; `make` fills the database of that name, once.
    func name(of service: ServiceName, _ make: @escaping @Sendable (_ name: String) async throws -> Void) async throws -> String {
        let task =
            names[service]
            ?? Task {
                let name = "hearth_template_\(service.rawValue)_" + UUID().uuidString.lowercased().prefix(8)
                try await make(name)
                return name
            }
        names[service] = task
        return try await task.value
    }
}
