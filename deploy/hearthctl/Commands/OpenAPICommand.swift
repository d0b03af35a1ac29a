import ArgumentParser
import Contracts
import Foundation

/// The document that the gateway serves.
struct OpenAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Works with the services' OpenAPI documents.", subcommands: [Join.self])

    struct Join: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Joins the services' documents into the one that the gateway serves.")

        @Option(help: "The folder that holds a folder per service; HEARTH_SERVICES_PATH or Services by default.")
        var services: String?

        @Option(help: "The gateway's route table.")
        var routes: String?

        @Option(help: "Where to write; the standard output by default.")
        var output: String?

        func run() async throws {
            let folder = services ?? ProcessInfo.processInfo.environment["HEARTH_SERVICES_PATH"] ?? "Services"
            let table = routes ?? "\(folder)/../deploy/gateway/routes.tsv"
            var joined = JoinedOpenAPI(routes: try RouteTable(contentsOf: table))
            for service in ServiceName.allCases {
                let path = "\(folder)/\(service.rawValue.capitalized)/openapi.json"
                guard let data = FileManager.default.contents(atPath: path) else { throw CleanError("\(path) cannot be read.") }
                do {
                    try joined.add(data, of: service)
                } catch {
                    throw CleanError("\(path) is not an OpenAPI document: \(error)")
                }
            }
            let document = try joined.document()
            guard let output else { return Console.say(String(decoding: document, as: UTF8.self)) }
            try document.write(to: URL(fileURLWithPath: output), options: .atomic)
        }
    }
}
