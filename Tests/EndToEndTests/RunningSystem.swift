import ClientKit
import Foundation
import Testing

@testable import Demo

/// The seven services and the gateway as `make test` started them: processes of their own, reached through the gateway alone.
enum RunningSystem {
    static let environment = ProcessInfo.processInfo.environment
    static let isUp = environment["HEARTH_GATEWAY_URL"]?.isEmpty == false
    static let whyNot: Comment = "HEARTH_GATEWAY_URL is not set: `make test` starts the services that these tests drive"
    static let hasRealData = environment["HEARTH_REAL_DATA"].map { FileManager.default.fileExists(atPath: $0 + "/listings") } ?? false
    static let whyNoRealData: Comment = "HEARTH_REAL_DATA names no folder with saved pages of real portals"
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    /// The origin that `make test` lets the gateway allow.
    static let frontEnd = "https://front.hearth.example"

    static func settings() throws -> DemoSettings { try DemoSettings(environment) }

    static func flow() throws -> DemoFlow {
        let settings = try settings()
        return DemoFlow(gatewayURL: settings.gatewayURL, mailURL: settings.mailURL, story: .silent)
    }

    static func gateway() throws -> HearthClient { HearthClient(baseURL: try settings().gatewayURL) }

    static func administrator() async throws -> Person {
        try await Person.signIn(DemoSettings.administrator, password: settings().administratorPassword, at: gateway())
    }

    /// Everything that the gateway's own document describes.
    static func operations() async throws -> [Operation] { Operation.all(in: try await gateway().get("/openapi.json")) }

    /// On the one port of this machine that the scraper may read.
    static func site(_ tour: Tour) throws -> ProviderSite { tour.site(port: try settings().sitePort) }

    static func sampleTour(run: String) throws -> Tour { try .samplePages(root.appendingPathComponent("deploy/demo/Site"), run: run) }

    /// Runs one of the scripts that started the system.
    static func script(_ name: String, _ arguments: String...) async throws { try await script(name, arguments) }

    static func script(_ name: String, _ arguments: [String]) async throws {
        let scripts = LocalScript(
            folder: root.appendingPathComponent("deploy/local"), environment: environment.merging(["HEARTH_INSTANCE": "test"]) { $1 })
        try await scripts.run(name, arguments)
    }
}
