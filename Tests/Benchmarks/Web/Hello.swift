import ArgumentParser
import Hummingbird

/// The least that Hummingbird can do: what services are measured against.
struct Hello: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves hello at every path.")

    @Option var port: Int

    func run() async throws {
        let router = Router()
        router.get("**") { _, _ in "hello" }
        let application = Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: Servers.logger)
        try await application.runService()
    }
}
