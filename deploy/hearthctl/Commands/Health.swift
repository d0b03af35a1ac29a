import ArgumentParser
import AsyncHTTPClient

/// A health check for containers that have no curl.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends with status 0 when a URL answers 2xx, such as http://127.0.0.1:7201/readyz.")

    @Argument(help: "The URL.")
    var url: String

    func run() async throws {
        let answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(3))
        guard (200..<300).contains(answer.status.code) else { throw CleanError("\(url) answers \(answer.status.code).") }
    }
}
