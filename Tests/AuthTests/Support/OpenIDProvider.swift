import AsyncHTTPClient
import Foundation
import NIOCore
import TestKit
import Testing

@testable import Auth

/// An OpenID provider as others have written it (PyPI), in a process of its own: `deploy/local/openid.sh` installs it.
struct OpenIDProvider: Sendable {
    private static let python = ProcessInfo.processInfo.environment["HEARTH_OPENID_PYTHON"] ?? ""

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: python) }
    static let whyNot: Comment = "HEARTH_OPENID_PYTHON names no Python with oidc-provider-mock; deploy/local/openid.sh installs it from PyPI"

    let issuer: String

    static func with(_ body: @Sendable (OpenIDProvider) async throws -> Void) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("openid_provider.py").path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        let (ports, found) = AsyncStream<Int>.makeStream()
        output.fileHandleForReading.readabilityHandler = { handle in
            let text = String(decoding: handle.availableData, as: UTF8.self)
            if let port = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) { found.yield(port) } else { found.finish() }
        }
        try process.run()
        defer {
            output.fileHandleForReading.readabilityHandler = nil
            // Worker threads block SIGTERM, and a child takes that over.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        try await body(OpenIDProvider(issuer: "http://127.0.0.1:\(port)"))
    }

    /// Somebody who has an account there.
    func add(_ subject: String, _ claims: String) async throws {
        var request = HTTPClientRequest(url: "\(issuer)/users/\(subject)")
        request.method = .PUT
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: claims))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        #expect((200..<300).contains(response.status.code))
    }

    /// What the browser brings back when somebody says yes there.
    func agree(_ url: String, as subject: String) async throws -> [String: String] {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: "sub=\(subject)"))
        let client = HTTPClient(configuration: .init(redirectConfiguration: .disallow))
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, timeout: .seconds(60))
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
        #expect(response.status == .found)
        return try URL.query(of: try #require(response.headers.first(name: "Location")))
    }
}

extension URL {
    /// The parameters of a URL.
    static func query(of url: String) throws -> [String: String] {
        let items = try #require(URLComponents(string: url)?.queryItems)
        return items.reduce(into: [:]) { $0[$1.name] = $1.value }
    }
}
